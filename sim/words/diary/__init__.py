"""The diary of one history: events month by month, milestones, and the history chosen to be told."""
