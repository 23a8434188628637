"""Regions of what a study varied: where histories fail, which plan wins where, and which stays good throughout."""
