"""The diary of one history: its events by month, milestones, and the rule that chose the history."""
