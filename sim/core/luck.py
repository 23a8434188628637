"""Addressed luck: the same address gives the same number in every scenario (common random numbers)."""

from hashlib import blake2b
from math import exp, log
from statistics import NormalDist
from struct import Struct

_quantile = NormalDist().inv_cdf
_SCALE = 2.0**-53
_WORDS = Struct("<8Q")
_from_bytes = int.from_bytes
BLOCK = 8
"""Months whose numbers come from one hash."""


class Luck:
    """Random numbers of one replication, each found by purpose, entity and occasion.

    A keyed hash of study seed and replication; adding a draw elsewhere changes no other draw.
    With `at_median` every uniform is one half, for runs without randomness.
    """

    __slots__ = ("_at_median", "_prefix")

    def __init__(self, seed: int, replication: int, *, at_median: bool = False) -> None:
        self._prefix = blake2b(f"{seed}/{replication}/".encode(), digest_size=8)
        self._at_median = at_median

    def uniform(self, purpose: str, entity: str, occasion: object = 0) -> float:
        """A number strictly between 0 and 1."""
        if self._at_median:
            return 0.5
        digest = self._prefix.copy()
        digest.update(f"{purpose}/{entity}/{occasion}".encode())
        return ((_from_bytes(digest.digest(), "little") >> 11) + 0.5) * _SCALE

    def lognormal(self, spread: float, purpose: str, entity: str, occasion: object = 0) -> float:
        """A positive factor with median one; `spread` is the standard deviation of its logarithm."""
        return luck_factor(spread, _quantile(self.uniform(purpose, entity, occasion)))

    def normal(self, purpose: str, entity: str, occasion: object = 0) -> float:
        """A standard normal number."""
        return _quantile(self.uniform(purpose, entity, occasion))

    def threshold(self, purpose: str, entity: str, occasion: object = 0) -> float:
        """A unit-exponential threshold that an accumulated hazard must reach."""
        return -log(1.0 - self.uniform(purpose, entity, occasion))

    def block(self, purpose: str, entity: str, number: int) -> tuple[float, ...]:
        """The uniform numbers of BLOCK successive months, block by block from month 0; they cost one hash."""
        if self._at_median:
            return (0.5,) * BLOCK
        digest = blake2b(self._prefix.digest() + f"{purpose}/{entity}/{number}".encode())
        return tuple([((word >> 11) + 0.5) * _SCALE for word in _WORDS.unpack(digest.digest())])


def luck_factor(spread: float, draw: float) -> float:
    """A positive factor with median one, from a draw from a bell curve about nought."""
    return exp(spread * draw)


def binomial(n: int, p: float, u: float) -> int:
    """How many of `n` do what each does with chance `p`, by inverse transform of a uniform number."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    odds = p / (1.0 - p)
    total = term = (1.0 - p) ** n
    most, last = odds * (n + 1), float(n)
    k = 0.0
    while total < u and k < last:
        k += 1.0
        term *= most / k - odds
        total += term
    return int(k)
