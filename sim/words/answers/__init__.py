"""Words for the results of analyses: one file for each analysis."""
