"""Searches for plans: settings no other beats, and the values at which a target is lost."""
