"""Figures of a study, figures of its analyses, and the causal picture of the model."""
