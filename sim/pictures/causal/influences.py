"""The arrows of the causal diagram."""

from __future__ import annotations

from typing import Any, cast

from sim.pictures.causal.parts import DECLARED, Influence, Sign
from sim.plans.strict import read_document


def _influence(arrow: str, **written: Any) -> Influence:
    """The arrow written `fatigue + load`."""
    source, sign, target = arrow.split(" ")
    return Influence(source, target, cast(Sign, sign), **written)


INFLUENCES = tuple(_influence(arrow, **rest) for arrow, rest in read_document(DECLARED / "influences.yaml").items())
"""Every arrow of the causal diagram."""
