"""A comparison in words: the answer first, the trade-offs as a small table, who pays and saves, how it was compared."""

from sim.explain.comparing.naming import Called
from sim.explain.comparing.page import headline, markdown, said

__all__ = ["Called", "headline", "markdown", "said"]
