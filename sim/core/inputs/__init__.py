"""Kinds of input to a history: partnership, work packages, levers, evidence quantities and adaptive rules."""
