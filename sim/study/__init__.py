"""Studies: from cells and replications to tables, simulated on all cores and kept in a folder."""
