"""Words for analyses: one file a finding."""
