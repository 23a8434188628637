"""Candidates: numbered joint draws of all evidence within its ranges, each found again from its number alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sim.core.inputs.quantity import Quantity
from sim.core.luck import Luck

OF_PLACES, STANDINGS = "places", ("pace", "saving")
"""The topic and its quantities that differ from partnership to partnership within one candidate."""
LUCKS = 2
"""Histories in a row that meet the same draw, each with luck of its own, so that both can be told apart."""
Register = Mapping[str, Mapping[str, Quantity]]


def address(key: str, partnership: str) -> str:
    """Name under which a quantity is drawn: its own, with the partnership's where each stands apart from others."""
    topic, _, name = key.partition(".")
    return f"{key} of {partnership}" if topic == OF_PLACES and name in STANDINGS else key


def shares(candidate: int, addresses: Iterable[str], seed: int) -> list[float]:
    """For each address, the share of its draws that lie below this candidate's value."""
    luck = Luck(seed, candidate)
    return [luck.uniform("candidate", each) for each in addresses]


def values(candidate: int, register: Register, partnership: str, seed: int) -> dict[str, float]:
    """Every quantity's value in a candidate, by 'topic.quantity', for one partnership."""
    luck = Luck(seed, candidate)
    return {
        f"{topic}.{name}": quantity.at(luck.uniform("candidate", address(f"{topic}.{name}", partnership)))
        for topic, group in register.items()
        for name, quantity in group.items()
    }


def fingerprint(register: Register) -> str:
    """Short hash of all ranges: the same candidate means the same values only where it is equal."""
    told = [
        f"{topic}.{name}: {quantity.low!r} {quantity.believed!r} {quantity.high!r}"
        for topic, group in sorted(register.items())
        for name, quantity in sorted(group.items())
    ]
    return blake2b("\n".join(told).encode(), digest_size=8).hexdigest()


class Ensemble(BaseModel):
    """Candidates of equal weight that histories meet in turn: what could be true, as far as evidence tells."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    seed: Annotated[int, Field(ge=0, le=2**63 - 1)]
    candidates: Annotated[tuple[int, ...], Field(strict=False, min_length=2, max_length=10_000)]

    def draw(self, replication: int) -> int:
        """Place of the draw that a history meets: the first LUCKS histories meet the first draw, and so on, in turn."""
        return replication // LUCKS % len(self.candidates)
