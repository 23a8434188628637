"""Foundations of the model: lanes, soft states, formulas, events, and the world where agents meet."""
