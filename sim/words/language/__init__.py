"""Vocabulary shared by all words: numbers, dates, names, keys and their values."""
