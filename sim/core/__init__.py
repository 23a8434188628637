"""What everything stands on: lanes, soft states, the formulas, the events, and the world where agents meet."""
