"""Vocabulary shared by all text: numbers, dates, names, keys and their values."""
