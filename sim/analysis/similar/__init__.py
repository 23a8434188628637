"""Similar councils: nearest real partnerships to a given one, and published findings about them."""

from sim.analysis.similar.nearest_partnerships import Difference, Likeness, Neighbour, nearest
from sim.analysis.similar.published_findings import Record, Statement, built_in, record_of

__all__ = [
    "Difference",
    "Likeness",
    "Neighbour",
    "Record",
    "Statement",
    "built_in",
    "nearest",
    "record_of",
]
