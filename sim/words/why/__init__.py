"""Words for the answer to "why do two plans differ": levers, mechanisms, and the middle pair of histories."""
