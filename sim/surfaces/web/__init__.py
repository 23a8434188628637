"""The local page of `tandem serve`: three rooms in a browser, on this machine alone. Imports nothing by itself."""
