"""Cells × replications → tables: which cells run, running them on all cores, the study and its folder."""
