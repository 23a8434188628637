"""Answers from samples of plans and evidence: what matters, what fails, where it tips, what is worth seeking."""
