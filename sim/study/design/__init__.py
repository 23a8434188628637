"""Designs of studies: the cells of a run or sweep, and the points of a sample."""
