"""Sensitivity of outcomes to the factors of a sample: which inputs matter, and how much is luck."""
