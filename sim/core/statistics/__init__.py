"""Intervals and stopping rules from the standard library alone."""
