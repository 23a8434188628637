"""Elected members: who is in power, how they feel and vote, and how a partnership ends."""
