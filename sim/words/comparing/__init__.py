"""A comparison in words: the answer first, the trade-offs as a small table, who pays and saves, how it was compared."""

from sim.words.comparing.comparison_page import headline, markdown, said
from sim.words.comparing.naming import Called

__all__ = ["Called", "headline", "markdown", "said"]
