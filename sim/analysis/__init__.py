"""Analyses of studies: comparison of plans, drivers, failures, tipping points, and published figures."""
