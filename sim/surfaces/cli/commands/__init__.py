"""Commands of `tandem`: one file a command or a small group of them."""
