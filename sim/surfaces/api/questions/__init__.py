"""API functions for analyses of a study: one file per analysis."""
