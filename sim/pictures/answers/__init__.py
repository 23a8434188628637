"""Figures of analyses: one file a figure."""
