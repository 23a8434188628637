"""Findings in figures: plans compared, what drives a study, where it fails or tips, and published figures beside it."""
