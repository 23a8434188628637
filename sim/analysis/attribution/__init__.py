"""Why two plans differ: the shares of their levers, what rests on each mechanism, and the middle pair of histories."""
