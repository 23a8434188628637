"""The local page of `tandem serve`: three rooms in a browser, for this machine only. Importing it loads nothing."""
