"""Councils like yours: which real partnerships are nearest to one, and what was published about them."""

from sim.likeness.nearest import Difference, Likeness, Neighbour, nearest
from sim.likeness.published import Record, Statement, built_in, record_of
from sim.likeness.words import published, said

__all__ = [
    "Difference",
    "Likeness",
    "Neighbour",
    "Record",
    "Statement",
    "built_in",
    "nearest",
    "published",
    "record_of",
    "said",
]
