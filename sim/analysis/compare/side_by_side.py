"""Comparison of plans from one study or several: the full result of `tandem compare`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare.compared_figures import best_on, every_line, level_of, race, share_luck
from sim.analysis.compare.compared_sides import Side, Sides, gathered
from sim.analysis.compare.concerns import SCALE_FREE, Concern, mark, weighed
from sim.analysis.compare.council_money import Councils, councils
from sim.analysis.compare.dominance import FEWEST, Dominance, dominance
from sim.analysis.compare.hindsight_regret import HindsightRegret, regrets
from sim.analysis.compare.history_values import NEVER
from sim.analysis.estimates import Estimate, Race
from sim.core.errors import InputError, suggestion
from sim.engine.outcomes import OUTCOMES
from sim.study.study import Study

NAMED = 3
"""Maximum quantities or mechanisms named; more are counted."""


def unlike(sides: Sides) -> list[str]:
    """Differences of basis between the plans, one sentence each."""
    firsts = list({side.study.folder: side for side in reversed(sides.every)}.values())
    found = [_horizons(sides), _evidence(sides), _mechanisms(sides), _partnerships(sides)]
    codes = {str(side.study.manifest["code"]) for side in firsts}
    if len(codes) > 1:
        found.append("The studies were run by different versions of the program: part of the difference may be its own")
    if firsts[0].study.code_differs:
        found.append("The program has changed since the study was run" if len(firsts) == 1 else "")
    return [text for text in found if text]


def _horizons(sides: Sides) -> str:
    months = sorted({side.settings.horizon_months for side in sides.every})
    if len(months) == 1:
        return ""
    told = " and ".join(f"{month} months" for month in (months[0], months[-1]))
    return f"Horizons differ ({told}): what is counted over the whole horizon is not like for like"


def _evidence(sides: Sides) -> str:
    base = _quantities(sides.reference)
    apart = {
        name
        for side in sides.others
        for name, value in _quantities(side).items()
        if base.get(name, (None, ""))[0] != value[0]
    }
    meanings = sorted(base.get(name, (None, name))[1] for name in apart)
    return f"Evidence differs in {_named(meanings)}: not only the plans do" if apart else ""


def _quantities(side: Side) -> dict[str, tuple[Any, str]]:
    evidence = side.settings.evidence
    return {
        f"{topic}.{name}": (quantity.value, quantity.meaning)
        for topic, quantities in evidence.items()
        for name, quantity in quantities.items()
    }


def _mechanisms(sides: Sides) -> str:
    base = sides.reference.settings.mechanisms.model_dump()
    others = [side.settings.mechanisms.model_dump() for side in sides.others]
    apart = sorted({name.replace("_", " ") for other in others for name in other if other[name] != base.get(name)})
    return f"Mechanisms differ in {_named(apart)}: not only the plans do" if apart else ""


def _named(names: list[str]) -> str:
    told = "; ".join(f"‘{name}’" for name in names[:NAMED])
    return told + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _partnerships(sides: Sides) -> str:
    base = sides.reference.partnership
    others = [side.partnership for side in sides.others if side.partnership != base]
    if not others:
        return ""
    names = sorted({partnership.name for partnership in (base, *others)})
    if len(names) == 1:
        return f"The given facts of {names[0]} differ between the plans"
    return f"The plans are of different partnerships ({_named(names)}): the same number is only partly the same luck"


SHOWN = 6
"""Maximum plans in a figure or small table: the reference and the leaders on the first outcome."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Result of comparing plans. Sides are named by their key; `shown` begins with the reference.

    `table` has every comparison, with the reference and of the best with the rest; `levels` has each plan's
    value on each outcome, `races` the best plan on each outcome of a concern.
    """

    sides: Sides
    shown: tuple[Side, ...]
    concerns: tuple[Concern, ...]
    table: pd.DataFrame
    levels: dict[tuple[str, str], Estimate]
    races: dict[str, Race[str]]
    dominance: tuple[Dominance, ...]
    regrets: tuple[HindsightRegret, ...]
    councils: Councils
    complaints: tuple[str, ...]
    notes: tuple[str, ...]
    in_shares: bool
    asked: bool

    @property
    def reference(self) -> Side:
        """Plan that the others are compared with."""
        return self.sides.reference

    @property
    def lead(self) -> str:
        """Leading outcome: the first in savings, or the first asked for."""
        return self.concerns[0].outcomes[0]

    @property
    def race(self) -> Race[str]:
        """The race on the outcome that leads."""
        return self.races[self.lead]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """All outcomes of all concerns."""
        return tuple(name for concern in self.concerns for name in concern.outcomes)

    def side(self, key: str) -> Side:
        """Side with this key."""
        return next(side for side in self.sides.every if side.key == key)

    def line(self, side: Side, outcome: str) -> pd.Series | None:
        """Line comparing a plan with the reference; None if there is none."""
        mine = self.table[(self.table["cell"] == side.key) & (self.table["outcome"] == outcome)]
        mine = mine[mine["reference_cell"] == self.reference.key]
        return None if mine.empty else mine.iloc[0]

    def verdict(self, side: Side, outcome: str) -> str:
        """Verdict on a plan against the reference; "" if there is none."""
        found = self.line(side, outcome)
        return "" if found is None else str(found["verdict"])

    def mark(self, side: Side, concern: Concern) -> str:
        """Word for a plan on a concern: better, worse, mixed, tied or same as the reference."""
        return mark([verdict for name in concern.outcomes if (verdict := self.verdict(side, name))])

    def histories(self, side: Side) -> int:
        """Number of histories behind a plan's own figures: those shared by all plans of its luck."""
        return len(_shared(side, self.sides))

    @property
    def paired(self) -> tuple[int, int]:
        """Number of other plans with the reference's luck, and of those without."""
        together = sum(share_luck(side, self.reference) for side in self.sides.others)
        return together, len(self.sides.others) - together


def side_by_side(
    studies: Sequence[Study],
    plans: Sequence[str] = (),
    reference: str | None = None,
    outcomes: Sequence[str] = (),
    in_shares: bool = False,
    complaints: Sequence[str] = (),
) -> Comparison:
    """Compare plans of these studies; see `gathered` for refusals.

    With `outcomes` only these are compared, each as a concern of its own. With `in_shares` money is a share of
    service expenditure and what depends on size is left out.
    """
    sides = gathered(studies, plans, reference, in_shares)
    names = _names(sides, outcomes, in_shares)
    concerns = weighed(names, outcomes)
    told = [name for concern in concerns for name in concern.outcomes]
    alone = {side.key: side.over(_shared(side, sides)) for side in sides.every}
    levels = {(key, name): level_of(side, name, in_shares) for key, side in alone.items() for name in told}
    table, races = _compared(sides, names, told, levels, in_shares)
    shown = _shown(sides, told[0], levels)
    return Comparison(
        sides,
        shown,
        concerns,
        table,
        levels,
        races,
        tuple(_dominance(shown, told[0], in_shares)),
        tuple(_regrets(sides, concerns, in_shares)),
        councils(sides, shown, in_shares),
        tuple(complaints),
        (*sides.notes, *unlike(sides)),
        in_shares,
        bool(outcomes),
    )


def _names(sides: Sides, asked: Sequence[str], in_shares: bool) -> list[str]:
    """Names of outcomes that every plan has. Raises InputError for unknown or incomparable ones."""
    for name in asked:
        if name not in OUTCOMES:
            raise InputError(f"'{name[:80]}' is not an outcome{suggestion(name, OUTCOMES)}")
        if in_shares and OUTCOMES[name].unit not in SCALE_FREE:
            raise InputError(
                f"'{name}' is counted in {OUTCOMES[name].unit}, which partnerships of different size do not share"
            )
    free = [name for name in asked or OUTCOMES if not in_shares or OUTCOMES[name].unit in SCALE_FREE]
    names = [name for name in free if all(side.has(name) for side in sides.every)]
    lacking = [name for name in asked if name not in names]
    if lacking:
        raise InputError(f"not every plan has a value of '{lacking[0]}': the horizon may end before it")
    if not weighed(names, asked):
        raise InputError("these plans have no outcome in common that could be compared")
    return names


def _compared(
    sides: Sides, names: list[str], told: list[str], levels: dict[tuple[str, str], Estimate], in_shares: bool
) -> tuple[pd.DataFrame, dict[str, Race[str]]]:
    best = best_on(sides, told, levels)
    table = every_line(sides, names, told, best, in_shares)
    return table, {name: race(name, best[name], sides, table, levels) for name in told}


def _shown(sides: Sides, lead: str, levels: dict[tuple[str, str], Estimate]) -> tuple[Side, ...]:
    """The reference and the leading other plans, in order of the studies."""
    sign = -1.0 if OUTCOMES[lead].better == "lower" else 1.0
    best = sorted(sides.others, key=lambda side: -sign * levels[side.key, lead].value)[: SHOWN - 1]
    return (sides.reference, *(side for side in sides.others if side in best))


def _dominance(shown: Sequence[Side], lead: str, in_shares: bool) -> list[Dominance]:
    """Dominance between shown plans on the leading outcome; none for a sample or a neutral outcome."""
    if shown[0].sampled or OUTCOMES[lead].better == "neutral" or min(len(side.rows) for side in shown) < FEWEST:
        return []
    pairs = {}
    for one, other in combinations(shown, 2):
        together = share_luck(one, other)
        common = _common((one, other)) if together else None
        ours, theirs = (_values(side, lead, in_shares, common) for side in (one, other))
        pairs[one.key, other.key] = (ours, theirs, together)
    return dominance(pairs, OUTCOMES[lead].better == "higher")


def _shared(side: Side, sides: Sides) -> pd.Index:
    """Histories of a plan common to all plans of its luck; all of its own if none are common."""
    common = _common([side, *(other for other in sides.every if share_luck(side, other))])
    return common if len(common) else side.rows.index


def _common(sides: Sequence[Side]) -> pd.Index:
    """Replication numbers common to all."""
    common = sides[0].rows.index
    for side in sides[1:]:
        common = common.intersection(side.rows.index)
    return common.sort_values()


def _values(side: Side, name: str, in_shares: bool, common: pd.Index | None) -> Values:
    values = side.values(name, in_shares)
    return values if common is None else values[side.rows.index.get_indexer(common)]


def _regrets(sides: Sides, concerns: Sequence[Concern], in_shares: bool) -> list[HindsightRegret]:
    """Hindsight regret, where all plans share luck and outcomes have a direction and no never."""
    useful = [c for c in concerns if all(OUTCOMES[n].better != "neutral" and n not in NEVER for n in c.outcomes)]
    together = all(share_luck(side, sides.reference) for side in sides.others)
    if sides.reference.sampled or not together or not useful or useful[0] is not concerns[0]:
        return []
    common = _common(sides.every)
    values = {
        name: {side.key: _values(side, name, in_shares, common) for side in sides.every}
        for concern in useful
        for name in concern.outcomes
    }
    return regrets(values, useful)
