"""Rooms of the local page without HTTP: What-if, Workshop and Glass box."""
