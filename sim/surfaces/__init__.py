"""Surfaces people and programs use: Python API, command line, terminal, local page and printed brief."""
