"""Interfaces for people and programs: Python API, command line, terminal, local page and printed brief."""
