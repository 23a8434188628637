"""Words for a comparison of plans: the answer, a small trade-off table, costs and savings by council, the method."""

from sim.words.comparing.comparison_page import headline, markdown, said
from sim.words.comparing.naming import Called

__all__ = ["Called", "headline", "markdown", "said"]
