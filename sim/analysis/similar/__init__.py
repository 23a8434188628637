"""Similar councils: nearest real partnerships to a given one, and published findings about them."""

from sim.analysis.similar.nearest_partnerships import Likeness, nearest
from sim.analysis.similar.published_findings import built_in, record_of

__all__ = ["Likeness", "built_in", "nearest", "record_of"]
