"""Reasons of events: as recorded, or worked out from earlier facts and levels."""
