"""Tandem's plugin for Hydra: a sweep becomes one study."""
