"""Figures of analyses: one file per figure."""
