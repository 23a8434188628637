"""Levels of one history at each half-year, and the month from which it has paid for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.engine.outcomes.declared import Finished

if TYPE_CHECKING:
    from sim.core.history import History
    from sim.engine.settings import Settings
    from sim.words.event_reasons.vote_support import Level

EVERY = 6
"""Months between two lines of levels; equals the interval of decisions in a workshop."""
_SAVING, _NET = "recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m"


@dataclass(frozen=True)
class Milestone:
    """Levels at one month in words; `turning` names the turning point in that month, if any."""

    month: int
    text: str
    levels: dict[str, float]
    turning: str = ""


def levels_of(history: History) -> Level:
    """Function giving the level of any series of a history at the start of the month of a given time."""

    def level(series: str, month: float) -> float:
        column = history.column(series)
        return float(column[min(int(month), len(column) - 1)])

    return level


def milestones(history: History, settings: Settings) -> tuple[Milestone, ...]:
    """Levels of each half-year, then the payback month if the history pays back."""
    last = len(history.column(_SAVING)) - 1
    months = sorted({*range(EVERY, last + 1, EVERY), last})
    found = [_levels(history, month) for month in months]
    payback = OUTCOMES["payback_month"].compute(Finished(history, settings))
    if payback:
        found.append(_paid_back(history, int(payback)))
    return tuple(found)


def _levels(history: History, month: int) -> Milestone:
    level = levels_of(history)
    series = (_SAVING, _NET, "fatigue", "buy_in_leaders", "buy_in_backbench")
    found = {name: level(name, month) for name in series}
    tired, leaders, bench = (words.out_of_100(found[name]) for name in series[2:])
    text = (
        f"Levels (exact): {words.money(found[_SAVING])} a year of saving in force, {_net(found[_NET])}; "
        f"fatigue {tired}, leaders' buy-in {leaders}, back benchers' {bench} out of 100."
    )
    return Milestone(month, text, found)


def _net(net: float) -> str:
    if round(net, 1) == 0:
        return "as much saved as spent so far"
    return f"{words.money(net)} saved net so far" if net > 0 else f"{words.money(-net)} more spent than saved so far"


def _paid_back(history: History, month: int) -> Milestone:
    level = levels_of(history)
    saving = level(_SAVING, month)
    text = f"from here on more has been saved than spent: {words.money(saving)} a year of saving is in force."
    return Milestone(month, text, {_SAVING: saving, _NET: level(_NET, month)}, text)
