"""Outcomes: numbers computed from a finished history, each with unit, better-direction and meaning."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from sim.history import PENCE_PER_GBP_M, History
from sim.ledger import ONE_OFF, PROGRAMME_COST, present_value
from sim.packages import JOINT, REDESIGN
from sim.settings import Settings

Better = Literal["higher", "lower", "neutral"]
Value = float | None


class Finished:
    """A finished history with the views that several outcomes share; each is computed at most once."""

    def __init__(self, history: History, settings: Settings) -> None:
        self.history = history
        self.settings = settings

    def value(self, quantity: str) -> float:
        """The value of an evidence quantity."""
        return self.settings.evidence_values[quantity]

    @cached_property
    def kinds(self) -> Counter[str]:
        """How often each kind of event happened."""
        return Counter(event.kind for event in self.history.events)

    @cached_property
    def saving(self) -> Sequence[float]:
        """Annual rate of recurrent net saving by month, £m."""
        return self.history.column("recurrent_saving_gbp_m")

    @cached_property
    def cumulative(self) -> Sequence[float]:
        """Cumulative net saving by month, £m."""
        return self.history.column("cumulative_net_saving_gbp_m")

    @cached_property
    def fatigue(self) -> Sequence[float]:
        """Mean fatigue of all staff by month."""
        return self.history.column("fatigue")

    @cached_property
    def engagement(self) -> Sequence[float]:
        """Mean engagement of all staff by month."""
        return self.history.column("engagement")

    @cached_property
    def finished(self) -> Counter[str]:
        """Packages finished, by kind."""
        ends = (event.entity for event in self.history.events if event.kind == "package finished")
        return Counter(name.partition(":")[0] for name in ends)

    def lowest(self, name: str) -> float:
        """The lowest monthly level of a soft state at any council or relationship."""
        history = self.history
        return min(min(history.column(state)) for state in history.state_names if state.startswith(name))

    def month_of(self, kind: str) -> float | None:
        """When an event of this kind first happened."""
        return next((event.month for event in self.history.events if event.kind == kind), None)


@dataclass(frozen=True)
class Outcome:
    """One outcome: what it is, its unit, which direction is better, and how it is computed."""

    name: str
    unit: str
    better: Better
    meaning: str
    compute: Callable[[Finished], Value]


OUTCOMES: dict[str, Outcome] = {}
"""All outcomes by name, in the order of the columns of a result."""


def outcome(unit: str, better: Better, meaning: str) -> Callable[[Callable[[Finished], Value]], Callable[..., Value]]:
    """Declare the function below as an outcome of its own name."""

    def declare(compute: Callable[[Finished], Value]) -> Callable[[Finished], Value]:
        name = compute.__name__
        OUTCOMES[name] = Outcome(name, unit, better, meaning, compute)
        return compute

    return declare


def row(history: History, settings: Settings) -> dict[str, Value]:
    """Every outcome of one history; None where it never happens or lies past the horizon, flags as 0.0 or 1.0."""
    finished = Finished(history, settings)
    return {name: outcome.compute(finished) for name, outcome in OUTCOMES.items()}


def outcome_entries() -> list[dict[str, Any]]:
    """One plain dictionary an outcome: name, unit, better, meaning."""
    return [{"name": o.name, "unit": o.unit, "better": o.better, "meaning": o.meaning} for o in OUTCOMES.values()]


def _at_year(series: Sequence[float], year: int) -> Value:
    month = 12 * year
    return series[month] if month < len(series) else None


@outcome("£m a year", "higher", "Recurrent net saving in force at the end of year 1")
def recurrent_saving_y1_gbp_m(f: Finished) -> Value:
    """Annual rate at month 12."""
    return _at_year(f.saving, 1)


@outcome("£m a year", "higher", "Recurrent net saving in force at the end of year 3")
def recurrent_saving_y3_gbp_m(f: Finished) -> Value:
    """Annual rate at month 36."""
    return _at_year(f.saving, 3)


@outcome("£m a year", "higher", "Recurrent net saving in force at the end of year 5")
def recurrent_saving_y5_gbp_m(f: Finished) -> Value:
    """Annual rate at month 60."""
    return _at_year(f.saving, 5)


@outcome("£m a year", "higher", "Recurrent net saving in force at the end of year 10")
def recurrent_saving_y10_gbp_m(f: Finished) -> Value:
    """Annual rate at month 120."""
    return _at_year(f.saving, 10)


@outcome("£m", "higher", "Cumulative net saving after ten years, all costs taken off")
def cumulative_net_saving_y10_gbp_m(f: Finished) -> Value:
    """Undiscounted, at month 120."""
    return _at_year(f.cumulative, 10)


@outcome("£m", "higher", "Net present value over the horizon; year 0 is not discounted")
def npv_gbp_m(f: Finished) -> Value:
    """Yearly net amounts discounted at the evidence rate."""
    years = [0] * ((f.history.horizon + 11) // 12)
    for by_month in f.history.money.values():
        for month, pence in by_month.items():
            years[month // 12] += pence
    return present_value(years, f.value("money.discount_rate")) / PENCE_PER_GBP_M


@outcome("months", "lower", "Month from which cumulative net saving stays positive; null where it never does")
def payback_month(f: Finished) -> Value:
    """Null as well where nothing was ever spent."""
    if min(f.cumulative) >= 0.0 and max(f.cumulative) <= 0.0:
        return None
    for month in range(len(f.cumulative) - 1, -1, -1):
        if f.cumulative[month] <= 0.0:
            return float(month + 1) if month + 1 < len(f.cumulative) else None
    return 0.0


@outcome("flag", "lower", "The costs are never earned back within the horizon")
def never_pays_back(f: Finished) -> Value:
    """Also where nothing is ever saved."""
    return float(payback_month(f) is None)


@outcome("£m", "lower", "One-off and programme costs: exits, set-up, added posts, external support, dissolution")
def setup_cost_gbp_m(f: Finished) -> Value:
    """Undiscounted, over the whole history."""
    return -sum(sum(f.history.money.get(kind, {}).values()) for kind in (ONE_OFF, PROGRAMME_COST)) / PENCE_PER_GBP_M


@outcome("share", "lower", "Share of the saving promised for the horizon that is not in force then")
def saving_missed(f: Finished) -> Value:
    """Against the business case; null where nothing was promised."""
    promised = f.history.target_saving_gbp_m * f.value("plan.prudence")
    return max(0.0, 1.0 - f.saving[-1] / promised) if promised > 0.0 else None


@outcome("flag", "lower", "Less than three quarters of the promised saving is in force at the horizon")
def target_missed(f: Finished) -> Value:
    """Null where nothing was promised."""
    missed = saving_missed(f)
    return None if missed is None else float(missed > 0.25)


@outcome("services", "neutral", "Services with a joint team at the horizon")
def services_integrated(f: Finished) -> Value:
    """Packages finished; none where the partnership dissolved."""
    return 0.0 if f.kinds["dissolved"] else float(f.finished[JOINT])


@outcome("services", "neutral", "Services redesigned and transformed")
def services_transformed(f: Finished) -> Value:
    """Packages finished."""
    return float(f.finished[REDESIGN])


@outcome("packages", "lower", "Packages dropped")
def packages_dropped(f: Finished) -> Value:
    """For lost votes, a lost footing or dissolution."""
    return float(f.kinds["package dropped"])


@outcome("packages", "lower", "Times that faulty work was found and redone")
def rework_rounds(f: Finished) -> Value:
    """Rounds of rework over all packages."""
    return float(f.kinds["rework found"])


@outcome("share", "lower", "Mean share of a package's work that was found wrong")
def rework_share(f: Finished) -> Value:
    """Over packages that bedded in; null where none did."""
    found = [event.value or 0.0 for event in f.history.events if event.kind == "rework found"]
    settled = f.finished[JOINT] + f.finished[REDESIGN]
    return sum(found) / settled if settled else None


@outcome("share", "lower", "Highest mean fatigue of staff in any month")
def peak_fatigue(f: Finished) -> Value:
    """From 0 to 1."""
    return max(f.fatigue)


@outcome("months", "lower", "Months in which mean fatigue is over its line")
def months_fatigue_over_line(f: Finished) -> Value:
    """On the monthly grid."""
    line = f.value("fatigue.line")
    return float(sum(level > line for level in f.fatigue))


@outcome("flag", "lower", "Mean fatigue goes over its line before most services are transformed")
def fatigue_over_before_transformed(f: Finished) -> Value:
    """Before more than half of all services are redesigned, or without their ever being."""
    line = f.value("fatigue.line")
    over = next((month for month, level in enumerate(f.fatigue) if level > line), None)
    ends = sorted(e.month for e in f.history.events if e.kind == "package finished" and e.entity.startswith(REDESIGN))
    half = len(f.settings.services) // 2
    return float(over is not None and (len(ends) <= half or over < ends[half]))


@outcome("share", "higher", "Mean engagement of staff at the horizon")
def engagement_end(f: Finished) -> Value:
    """From 0 to 1."""
    return f.engagement[-1]


@outcome("share", "higher", "Change of mean engagement from the start to the end of year 3")
def engagement_change_y3(f: Finished) -> Value:
    """Positive where it rose."""
    level = _at_year(f.engagement, 3)
    return None if level is None else level - f.engagement[0]


@outcome("share", "higher", "Lowest mean engagement of staff in any month")
def engagement_lowest(f: Finished) -> Value:
    """From 0 to 1."""
    return min(f.engagement)


@outcome("share", "higher", "Change of trust between HR and unions from the start to the end of year 3")
def union_relations_change_y3(f: Finished) -> Value:
    """Positive where relations improved."""
    trust = f.history.column("trust HR–unions")
    level = _at_year(trust, 3)
    return None if level is None else level - trust[0]


@outcome("person-months", "lower", "Person-months of uncertainty about one's own post")
def uncertainty_exposure(f: Finished) -> Value:
    """Mean uncertainty times headcount, summed over months."""
    return sum(f.history.column("uncertainty")) * f.settings.partnership.headcount


@outcome("share", "higher", "Lowest buy-in of back benchers at any council")
def min_buy_in_backbench(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("buy_in_backbench: ")


@outcome("share", "higher", "Lowest buy-in of leaders at any council")
def min_buy_in_leaders(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("buy_in_leaders: ")


@outcome("votes", "lower", "Votes lost at any council")
def votes_lost(f: Finished) -> Value:
    """Each counts once, also where the step was brought again and won."""
    return float(f.kinds["vote lost"])


@outcome("votes", "lower", "Votes lost from month 48 on")
def votes_lost_later(f: Finished) -> Value:
    """In the second part of a usual programme."""
    return float(sum(event.kind == "vote lost" and event.month >= 48 for event in f.history.events))


@outcome("share", "higher", "Lowest trust in any relationship")
def min_trust(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("trust ")


@outcome("share", "neutral", "Share of HR officers' time on change that is in use")
def hr_utilisation(f: Finished) -> Value:
    """Time-weighted over the history."""
    return _utilisation(f, "hr")


@outcome("share", "neutral", "Share of OD officers' time that is in use")
def od_utilisation(f: Finished) -> Value:
    """Time-weighted over the history."""
    return _utilisation(f, "od")


def _utilisation(f: Finished, pool: str) -> Value:
    use = f.history.pools[pool]
    return use.busy / use.capacity if use.capacity else 0.0


@outcome("months", "lower", "Mean wait of a package for an HR officer")
def hr_mean_wait_months(f: Finished) -> Value:
    """Null where none was asked for."""
    return _mean_wait(f, "hr")


@outcome("months", "lower", "Mean wait of a redesign for an OD officer")
def od_mean_wait_months(f: Finished) -> Value:
    """Null where none was asked for."""
    return _mean_wait(f, "od")


def _mean_wait(f: Finished, pool: str) -> Value:
    use = f.history.pools[pool]
    return use.waited / use.claims if use.claims else None


@outcome("packages", "lower", "Longest queue for HR officers")
def hr_longest_queue(f: Finished) -> Value:
    """Packages waiting at once."""
    return float(f.history.pools["hr"].longest_queue)


@outcome("number", "lower", "Highest load on managers, where one is what they can carry")
def peak_load(f: Finished) -> Value:
    """On the monthly grid."""
    return max(f.history.column("load"))


@outcome("months", "lower", "Months in which managers carry more than they can")
def manager_overload_months(f: Finished) -> Value:
    """Load over one, on the monthly grid."""
    return float(sum(load > 1.0 for load in f.history.column("load")))


@outcome("people", "lower", "Redundancies at all councils")
def redundancies(f: Finished) -> Value:
    """Management posts included."""
    return float(sum(account.redundancies for account in f.history.headcounts))


@outcome("people", "lower", "People who leave of their own accord")
def leavers(f: Finished) -> Value:
    """At all councils, over the history."""
    return float(sum(account.leavers for account in f.history.headcounts))


@outcome("share", "lower", "Actual duration of the programme over the planned one; null where unfinished")
def duration_ratio(f: Finished) -> Value:
    """Planned is the business case's; dissolved and stalled programmes are unfinished."""
    ended = next((e for e in f.history.events if e.kind == "programme ended"), None)
    if ended is None or ended.cause != "complete" or not f.history.planned_months:
        return None
    return ended.month / f.history.planned_months


@outcome("flag", "lower", "The programme is not complete at the horizon")
def unfinished(f: Finished) -> Value:
    """Counts stalled and dissolved ones; do nothing is complete."""
    return float(bool(f.history.planned_packages) and duration_ratio(f) is None)


@outcome("flag", "lower", "The partnership dissolved")
def dissolved(f: Finished) -> Value:
    """Within the horizon."""
    return float(f.kinds["dissolved"] > 0)


@outcome("flag", "lower", "The programme stalled")
def stalled(f: Finished) -> Value:
    """Within the horizon, before any dissolution."""
    return float(f.kinds["stalled"] > 0)


@outcome("flag", "lower", "Back benchers turn against the programme: buy-in below one quarter at some council")
def backlash(f: Finished) -> Value:
    """At any month."""
    return float(bool(f.history.planned_packages) and min_buy_in_backbench_value(f) < 0.25)


def min_buy_in_backbench_value(f: Finished) -> float:
    """The lowest buy-in of back benchers, as a plain number."""
    return f.lowest("buy_in_backbench: ")
