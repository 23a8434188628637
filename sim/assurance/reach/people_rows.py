"""Rows of the table of reach on people, capacity and endings that can be foretold."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, isnan, sqrt
from statistics import fmean

import numpy as np

from sim.analysis.compare import mean_interval
from sim.analysis.indicators.joint_model import foretold
from sim.analysis.indicators.prediction_scores import Cases
from sim.assurance.page import NOT_RUN, state
from sim.assurance.page import REACHED as LINE_REACHED
from sim.assurance.reach.figures import Reached, ReachRow, range_of, told_chance, told_mean
from sim.assurance.reach.lived import DECIDED, YEAR_FIVE, Row, lived
from sim.assurance.reach.money_rows import DEFAULT
from sim.assurance.record import read_record
from sim.core.inputs.shipped import SHIPPED

SMALLEST = ("bromsgrove_redditch", "chiltern_south_bucks", "christchurch_east_dorset")
"""The default partnership, and the two with the fewest staff."""
SOFT_AT_TOP = (
    "levers.members.leader_engagement=1",
    "levers.members.backbench_engagement=1",
    "levers.staff.involvement=1",
    "levers.staff.communication=1",
    "levers.development.spend_per_employee=400",
)
SCENARIOS = tuple(sorted(path.stem for path in (SHIPPED[1] / "scenario").glob("*.yaml")))
FORETELL = ("trust_leaders", "buy_in_backbench", "unfairness", "culture_gap")


def gain(before: Sequence[Row], after: Sequence[Row], name: str) -> list[float]:
    """What a figure gains, pair by pair on the same luck; pairs in which it has no value are left out."""
    pairs = ((min(a[name], 120.0), min(b[name], 120.0)) for a, b in zip(before, after, strict=True))
    return [b - a for a, b in pairs if not isnan(a) and not isnan(b)]


def capacity(n: int) -> Reached:
    """How far the eighth team is delayed by half of managers' and HR's capacity, and sped up by twice as much."""
    told, holds, count = [], True, min(n, 200)
    for place in SMALLEST:
        plan = (*DEFAULT, f"partnership={place}")
        usual, half, double = (lived(plan, count, times) for times in (1.0, 0.5, 2.0))
        loses, gains = gain(usual, half, "team_8"), gain(double, usual, "team_8")
        lost, gained = mean_interval(loses), mean_interval(gains)
        waits = fmean(row["hr_longest_wait"] for row in usual)
        told.append(
            f"{place.replace('_', ' ')}: halving delays by {told_mean(loses, 1)} months, doubling speeds up by "
            f"{told_mean(gains, 1)}; longest wait for HR {waits:.1f} months"
        )
        holds = holds and lost.low >= 3.0 and gained.high < lost.low
    return Reached("; ".join(told), count, holds)


def to_the_bone(n: int) -> Reached:
    """What cutting 80% of managers' posts loses against a moderate cut, and the services that fail."""
    moderate, deep = (lived((*DEFAULT, f"levers.structure.management_posts_cut={cut}"), n) for cut in (0.35, 0.8))
    worse = [-one for one in gain(moderate, deep, "npv_gbp_m")]
    failed = told_mean(gain(moderate, deep, "services_failed"))
    told = f"£{told_mean(worse)}m less in net present value; services failed {failed} more"
    return Reached(told, n, mean_interval(worse).low > 0.0)


def dismissal(n: int) -> Reached:
    """How often members carry dismissal and re-engagement, and what follows where they do."""
    forced, agreed = (
        lived((*DEFAULT, f"levers.terms.approach={way}"), n) for way in ("dismiss_reengage", "cost_neutral")
    )
    asked = sum(row["dismissal_asked"] for row in forced)
    pairs = [(a, b) for a, b in zip(agreed, forced, strict=True) if b["dismissal_carried"]]
    falls = [
        [-one for one in gain([a for a, _ in pairs], [b for _, b in pairs], name)]
        for name in ("engagement_lowest", "min_trust_hr_unions")
    ]
    told = f"carried in {told_chance(len(pairs), round(asked))} of those asked"
    told += f"; there engagement falls by {told_mean(falls[0])}, unions' trust by {told_mean(falls[1])}"
    hurt = all(len(one) > 1 and mean_interval(one).low > 0.0 for one in falls)
    return Reached(told, round(asked), len(pairs) <= 0.3 * asked and hurt)


def soft_at_top(n: int) -> Reached:
    """How much later the eighth team, and how much dearer the programme, with every soft lever at its top."""
    usual, top = lived(DEFAULT, n), lived((*DEFAULT, *SOFT_AT_TOP), n)
    later, dearer = gain(usual, top, "team_8"), gain(usual, top, "setup_cost_gbp_m")
    told = f"eighth team later by {told_mean(later, 1)} months, set-up dearer by £{told_mean(dearer)}m"
    return Reached(told, n, mean_interval(later).low > 0.0 or mean_interval(dearer).low > 0.0)


def states(n: int) -> Reached:
    """Spread of trust and buy-in at year five over histories, and their difference between shipped plans."""
    told, holds = [], True
    for name, key in (("trust of leaders", "trust_leaders"), ("back-bench buy-in", "buy_in_backbench")):
        column = f"{key}_m{YEAR_FIVE}"
        low, high = range_of([row[column] for row in lived(DEFAULT, n)])
        means = {one: fmean(row[column] for row in lived((f"scenario={one}",), max(n // 4, 10))) for one in SCENARIOS}
        best, worst = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
        apart = means[best] - means[worst]
        told.append(
            f"{name} spreads over {100 * (high - low):.0f} points, {100 * apart:.0f} between "
            f"{best.replace('_', ' ')} and {worst.replace('_', ' ')}"
        )
        holds = holds and high - low >= 0.3 and apart >= 0.1
    return Reached("; ".join(told), n, holds)


def foretold_endings(n: int) -> Reached:
    """Endings in the tenth of histories that look worst at month 24 over the tenth that looks best, on one half."""
    rows = [row for row in lived(DEFAULT, 10 * n) if min(row["parted_month"], 12 * row["years"]) > DECIDED]
    measures = np.array([[*(row[f"{name}_m{DECIDED}"] for name in FORETELL), row["hostile"]] for row in rows])
    happens = np.array([float(row["parted_month"] < inf) for row in rows])
    numbers = np.arange(len(rows))
    cases = Cases(np.zeros(len(rows), dtype=np.int64), numbers, happens)
    fit, test = numbers % 2 == 0, numbers % 2 == 1
    order = np.argsort(foretold(measures, cases, fit, test), kind="stable")
    own, tenth = happens[test][order], max(len(order) // 10, 1)
    best, worst = float(own[:tenth].sum()), float(own[-tenth:].sum())
    if not best or not worst:
        return Reached(f"{worst:.0f} of {tenth} against {best:.0f}: too few to tell", len(rows), None)
    times = worst / best
    half = 1.96 * sqrt(1.0 / worst - 1.0 / tenth + 1.0 / best - 1.0 / tenth)
    low, high = times * exp(-half), times * exp(half)
    told = f"{worst:.0f} of {tenth} against {best:.0f}: {times:.1f} times ({low:.1f} to {high:.1f})"
    return Reached(told, len(rows), low > 2.0)


def line_of(name: str) -> Reached:
    """What the checks reached on a line that they measure themselves, when they last ran."""
    parts = read_record().get(name, {})
    told = "; ".join(text for part in parts.values() for text in part["reached"])
    found, count = state(parts), max((one for part in parts.values() for one in part["n"]), default=0)
    if found == NOT_RUN or not told:
        return Reached("not run yet: make assure measures it", 0, None)
    return Reached(f"{told} (when the checks last ran)", count, found == LINE_REACHED)


PEOPLE = (
    ReachRow(
        "Voluntary endings foretold at month 24 (P-32), worst tenth against best",
        "more than twice, on the half not fitted",
        foretold_endings,
    ),
    ReachRow(
        "Capacity (P-26): the eighth team with half and twice of managers and HR",
        "halving delays 3 months or more, doubling gains less",
        capacity,
    ),
    ReachRow("Cutting 80% of managers against 35%", "worse, by more than its interval", to_the_bone),
    ReachRow("Dismissal and re-engagement", "seldom carried; engagement and unions' trust fall", dismissal),
    ReachRow("Every soft lever at its top", "later or dearer than at the usual", soft_at_top),
    ReachRow(
        "Trust of leaders and back-bench buy-in at year five",
        "90% of histories over 30 points or more, plans apart by 10",
        states,
    ),
    ReachRow("Levers short of what they declare", "none", lambda n: line_of("Levers")),
    ReachRow("Time of a first answer", "as the line First answer asks", lambda n: line_of("First answer")),
    ReachRow("Time of one history", "as the line Speed asks", lambda n: line_of("Speed")),
)
