"""Addressed luck: the same address gives the same number in every scenario (common random numbers)."""

from hashlib import blake2b
from math import exp, log
from statistics import NormalDist
from struct import Struct

_NORMAL = NormalDist()
_SCALE = 2.0**-53
_WORDS = Struct("<8Q")
_from_bytes = int.from_bytes


class Luck:
    """Random numbers of one replication, each found by purpose, entity and occasion.

    A keyed hash of study seed and replication; adding a draw elsewhere changes no other draw.
    With `at_median` every uniform is one half, for runs without randomness.
    """

    __slots__ = ("_at_median", "_blocks", "_prefix")

    def __init__(self, seed: int, replication: int, *, at_median: bool = False) -> None:
        self._prefix = blake2b(f"{seed}/{replication}/".encode(), digest_size=8)
        self._at_median = at_median
        self._blocks: dict[tuple[str, str], tuple[int, tuple[int, ...]]] = {}

    def uniform(self, purpose: str, entity: str, occasion: object = 0) -> float:
        """A number strictly between 0 and 1."""
        if self._at_median:
            return 0.5
        digest = self._prefix.copy()
        digest.update(f"{purpose}/{entity}/{occasion}".encode())
        return ((_from_bytes(digest.digest(), "little") >> 11) + 0.5) * _SCALE

    def lognormal(self, spread: float, purpose: str, entity: str, occasion: object = 0) -> float:
        """A positive factor with median one; `spread` is the standard deviation of its logarithm."""
        return exp(spread * _NORMAL.inv_cdf(self.uniform(purpose, entity, occasion)))

    def normal(self, purpose: str, entity: str, occasion: object = 0) -> float:
        """A standard normal number."""
        return _NORMAL.inv_cdf(self.uniform(purpose, entity, occasion))

    def threshold(self, purpose: str, entity: str, occasion: object = 0) -> float:
        """A unit-exponential threshold that an accumulated hazard must reach."""
        return -log(1.0 - self.uniform(purpose, entity, occasion))

    def monthly(self, purpose: str, entity: str, month: int) -> float:
        """The uniform number of one month; one hash gives those of eight months."""
        if self._at_median:
            return 0.5
        block = month >> 3
        kept = self._blocks.get((purpose, entity))
        if kept is None or kept[0] != block:
            digest = blake2b(self._prefix.digest() + f"{purpose}/{entity}/{block}".encode())
            kept = self._blocks[purpose, entity] = (block, _WORDS.unpack(digest.digest()))
        return ((kept[1][month & 7] >> 11) + 0.5) * _SCALE

    def count(self, n: int, p: float, purpose: str, entity: str, month: int) -> int:
        """A month's binomial count by inverse transform: how many of `n` do what each does with chance `p`."""
        if n <= 0 or p <= 0.0:
            return 0
        if p >= 1.0:
            return n
        u = self.monthly(purpose, entity, month)
        odds = p / (1.0 - p)
        total = term = (1.0 - p) ** n
        for k in range(n):
            if total >= u:
                return k
            term *= odds * (n - k) / (k + 1)
            total += term
        return n
