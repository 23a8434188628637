"""Searches for plans: settings unbeaten by others, and values at which a target is lost."""
