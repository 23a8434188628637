"""Result of explaining a difference of plans as one table: plans, levers, mechanisms, typical history pair."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.attribution.attributed_effects import Effect
from sim.analysis.attribution.plan_factors import PlanFactor
from sim.analysis.attribution.telling_events import Deciding
from sim.analysis.estimates import Estimate
from sim.engine.settings import Settings


@dataclass(frozen=True)
class AttributedPlan:
    """One of the two plans: its cell, label and settings, and the outcome's mean over histories.

    `typed` is what a user types for it: its scenario, or the cell's id where several cells are of that scenario.
    """

    cell: str
    typed: str
    label: str
    settings: Settings
    level: Estimate


@dataclass(frozen=True)
class FactorShare:
    """Contribution of a factor to the difference, averaged over all orders.

    `alone` is what it adds to the first plan as it stands, `last` what it adds when all others are in place;
    None where not all plans in between were simulated.
    """

    factor: PlanFactor
    effect: Effect
    alone: Effect | None = None
    last: Effect | None = None


@dataclass(frozen=True)
class Rest:
    """Weight of a mechanism: the part of the difference lost when it is off in both plans, and the remainder.

    `quantities` counts the pieces of evidence it uses, `assumed` those that are assumptions.
    """

    mechanism: str
    effect: Effect
    left: Estimate
    quantities: int
    assumed: int


@dataclass(frozen=True)
class Why:
    """Explanation of the second plan's difference from the first in an outcome, under the same luck.

    `mixed` counts the simulated plans in between, `orders` the orders tried (0 for all). `dropped` counts
    histories left out because some plan has no value of the outcome in them, `skipped` names mechanisms not
    plainly on in both plans, and `changed` is true if the program has changed since the study, so that both
    plans were simulated again.
    """

    study: str
    outcome: str
    first: AttributedPlan
    second: AttributedPlan
    difference: Effect
    n: int
    dropped: int
    shares: tuple[FactorShare, ...]
    mixed: int
    orders: int
    rests: tuple[Rest, ...]
    rests_n: int
    skipped: tuple[str, ...]
    deciding: Deciding
    changed: bool = False

    @property
    def exact(self) -> bool:
        """True if every plan in between was simulated, so that shares average over all orders."""
        return not self.orders

    @property
    def table(self) -> pd.DataFrame:
        """Rows for each plan, the difference, each factor and each mechanism, with 95% intervals."""
        return pd.DataFrame(self._rows(), columns=list(COLUMNS))

    def _rows(self) -> list[dict[str, Any]]:
        sides = (self.first, self.second)
        plans = [{"part": "plan", "name": side.label} | _ends(side.level) | {"n": side.level.n} for side in sides]
        whole = _judged("difference", "second plan less first", self.difference, self.n)
        levers = [_share(share, self.n) for share in self.shares]
        off = [
            _judged("mechanism", rest.mechanism, rest.effect, rest.left.n)
            | {"left_without": rest.left.value, "left_half_width": rest.left.half_width}
            | {"quantities": rest.quantities, "assumed": rest.assumed}
            for rest in self.rests
        ]
        return [{"outcome": self.outcome} | line for line in [*plans, whole, *levers, *off]]


_COLUMNS = """
outcome part name from to mean low high half_width orders_half_width p verdict alone alone_half_width last
last_half_width left_without left_half_width quantities assumed n
"""
COLUMNS = tuple(_COLUMNS.split())


def _judged(part: str, name: str, found: Effect, n: int) -> dict[str, Any]:
    judged = {"half_width": found.half_width, "p": found.p, "verdict": found.verdict, "n": n}
    return {"part": part, "name": name} | _ends(found) | judged


def _ends(found: Estimate) -> dict[str, float]:
    return {"mean": found.value, "low": found.low, "high": found.high}


def _share(share: FactorShare, n: int) -> dict[str, Any]:
    beside = {
        f"{name}{end}": getattr(found, field) if found is not None else math.nan
        for name, found in (("alone", share.alone), ("last", share.last))
        for end, field in (("", "value"), ("_half_width", "half_width"))
    }
    ends = {"from": "; ".join(map(str, share.factor.first)), "to": "; ".join(map(str, share.factor.second))}
    own = {"orders_half_width": share.effect.order_half_width}
    return _judged("factor", " + ".join(share.factor.keys), share.effect, n) | beside | ends | own
