"""Reach: the figures that the second model must reach, each measured and set beside what is asked of it."""
