"""Why two plans differ, in words: the answer, the levers, the mechanisms, the middle pair of histories."""
