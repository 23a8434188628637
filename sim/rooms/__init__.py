"""Logic of the local page's rooms without HTTP: What-if, Workshop and Glass box."""
