"""A comparison in words: the answer first, the trade-offs as a small table, who pays and saves, how it was compared."""
