"""Figures of a study, figures of its analyses, and the causal diagram of the model."""
