"""Rows of the table of reach on joining and money: when services are joined, and what is saved by when."""

from __future__ import annotations

from math import inf
from statistics import fmean

from sim.analysis.validation.case_runs import validate
from sim.assurance.reach.figures import (
    Reached,
    ReachRow,
    middle,
    range_of,
    ratio,
    told_chance,
    told_mean,
    told_middle,
)
from sim.assurance.reach.lived import Plan, drawn, lived
from sim.core.inputs.shipped import SHIPPED
from sim.core.statistics.intervals import wilson

DEFAULT: Plan = ("scenario=structure_first",)
ONCE: Plan = (*DEFAULT, "levers.sequence.joining=single_restructure")
WHOLE: Plan = ("scenario=whole_organisation",)
CORPORATE: Plan = (*DEFAULT, "levers.sequence.extent=corporate_services")
"""A plan that is over by year six in most histories."""
CHILTERN: Plan = ("case=chiltern_south_bucks",)
SEQUENCES: tuple[Plan, Plan] = (DEFAULT, ("scenario=transform_first",))
PARTNERSHIPS = tuple(sorted(path.stem for path in (SHIPPED[0] / "partnership").glob("*.yaml")))
UPSET = ("dissolved", "partners_left", "defaulted", "services_failed")
"""Outcomes that are nought where nothing befell the councils."""
EACH = 4
"""Histories in each draw of the evidence."""
YEARS = (2, 3, 5, 8, 10)
PUBLISHED = (
    "C-2 4.3% in year 8; C-3 4.1% about year 5, a forecast; C-20 5.2% at month 27; C-25 1.3% after four and a half"
)
"""What was published of service expenditure, from docs/evidence.md."""


def first_team(n: int) -> Reached:
    """The month in which the first joint team is formed under the default plan."""
    months = [row["team_1"] for row in lived(DEFAULT, n)]
    return Reached(f"month {told_middle(months)}", n, 12.0 <= middle(months)[0] <= 24.0)


def sixteenth_team(n: int) -> Reached:
    """The share of histories of Chiltern & South Bucks, as documented, in which all services are joined by month 64."""
    months = [row["team_16"] for row in lived(CHILTERN, n)]
    count = sum(month <= 64 for month in months)
    told = f"{told_chance(count, n)}; in the middle history month {told_middle(months)}"
    return Reached(told, n, 0.3 <= count / n <= 0.7)


def three_quarters(n: int) -> Reached:
    """The share of histories of Bromsgrove & Redditch in which three quarters of the plan are shared by month 96."""
    count = sum(row["three_quarters"] <= 96 for row in lived(DEFAULT, n))
    return Reached(told_chance(count, n), n, count >= n / 2)


def at_once(n: int) -> Reached:
    """Saving at month 27: a single restructure over service by service, by two plans and two ways of counting."""
    told, firsts = [], []
    for name, plan in (("the lever alone", ONCE), ("the shipped plan", WHOLE)):
        for counted, key in (("net of running costs", "saving_m27"), ("gross", "gross_m27")):
            found, low, high = ratio(*([row[key] for row in lived(one, n)] for one in (plan, DEFAULT)))
            told.append(f"{name}, {counted} {found:.2f} ({low:.2f} to {high:.2f})")
            firsts.append(found)
    return Reached("; ".join(told), n, firsts[0] >= 2.0)


def lasting(n: int) -> Reached:
    """Saving at year 10 over year 6 where no package is worked on after year 6 and nothing befell the councils."""
    rows = [row for row in lived(CORPORATE, n) if row["last_worked"] <= 72 and not any(row[name] for name in UPSET)]
    ratios = [row["saving_m120"] / row["saving_m72"] for row in rows if row["saving_m72"] > 0.0]
    if not ratios:
        return Reached("no history is over by year six", 0, False)
    within = sum(2 / 3 <= one <= 4 / 3 for one in ratios)
    said = f"{told_mean(ratios)} of it, {min(ratios):.2f} to {max(ratios):.2f} in all; within a third in {within}"
    return Reached(said, len(ratios), within == len(ratios))


def shares_saved(n: int) -> Reached:
    """Saving as a share of service expenditure by year and plan, among partnerships that have not parted."""
    told = []
    for name, plan in (("service by service", DEFAULT), ("at once", WHOLE), ("transform first", SEQUENCES[1])):
        rows = lived(plan, n)
        means = (fmean(row[f"share_y{y}"] for row in rows if row["parted_month"] > 12 * y) for y in YEARS)
        told.append(f"{name} " + ", ".join(f"{mean:.1%} in year {y}" for y, mean in zip(YEARS, means, strict=True)))
    return Reached(f"{'; '.join(told)}. Published: {PUBLISHED}", n)


def calibrated(n: int) -> Reached:
    """Figures of role calibrate inside their 90% ranges over draws of evidence, undocumented levers and luck."""
    draws = max(3 * n // 5, 10)
    found = validate(draws=draws).of_role("calibrate")
    inside = [one for one in found if one.inside]
    outside = "; ".join(
        f"{one.case}, {one.figure.name}: {one.figure.value or one.figure.low} against "
        f"{one.interval[0]:.3g} to {one.interval[1]:.3g}"
        for one in found
        if not one.inside
    )
    return Reached(f"{len(inside)} of {len(found)}" + (f"; outside: {outside}" if outside else ""), draws, not outside)


def sequence_wins(n: int) -> Reached:
    """The share of draws in which structure first has the higher net present value, on each partnership."""
    number = max(n // 8, 5)
    shares = {}
    for place in PARTNERSHIPS:
        first, second = (drawn((*plan, f"partnership={place}"), number, EACH) for plan in SEQUENCES)
        gains = [
            fmean(a["npv_gbp_m"] - b["npv_gbp_m"] for a, b in zip(*pair, strict=True))
            for pair in zip(first, second, strict=True)
        ]
        shares[place] = sum(gain > 0.0 for gain in gains) / number
    told = ", ".join(f"{place.replace('_', ' ')} {share:.0%}" for place, share in shares.items())
    decided = all(share > 0.85 for share in shares.values()) or all(share < 0.15 for share in shares.values())
    return Reached(f"structure first ahead in {told}", number, not decided)


def beyond_alone(n: int) -> Reached:
    """Net gain beyond going alone over draws of the evidence and all partnerships; P-33 expects about nought."""
    number = max(n // 8, 5)
    by_draw = [0.0] * number
    for place in PARTNERSHIPS:
        for draw, rows in enumerate(drawn((*DEFAULT, f"partnership={place}"), number, EACH)):
            by_draw[draw] += fmean(row["net_of_going_alone_gbp_m"] for row in rows) / len(PARTNERSHIPS)
    low, high = range_of(by_draw)
    said = f"£{told_mean(by_draw)}m a partnership over ten years, nine draws in ten from {low:.1f} to {high:.1f}"
    return Reached(
        f"{said}; studies with comparison groups find about nought (P-33)", number * EACH * len(PARTNERSHIPS)
    )


def endings(n: int) -> Reached:
    """Voluntary endings a year: with central evidence on all partnerships, and over draws of it."""
    rows = [row for place in PARTNERSHIPS for row in lived((*DEFAULT, f"partnership={place}"), max(n // 4, 10))]
    central = sum(row["parted_month"] < inf for row in rows) / sum(row["years"] for row in rows)
    number = max(n // 8, 5)
    parted, years = [0.0] * number, [0.0] * number
    for place in PARTNERSHIPS:
        for draw, own in enumerate(drawn((*DEFAULT, f"partnership={place}"), number, EACH)):
            parted[draw] += sum(row["parted_month"] < inf for row in own)
            years[draw] += sum(row["years"] for row in own)
    rates = [a / b for a, b in zip(parted, years, strict=True)]
    low, high = range_of(rates)
    told = f"{central:.1%} with central evidence; {fmean(rates):.1%} over draws, nine in ten {low:.1%} to {high:.1%}"
    holds = 0.01 <= central <= 0.03 and 0.005 <= fmean(rates) <= 0.05
    return Reached(told, len(rows) + number * EACH * len(PARTNERSHIPS), holds)


def votes_lost(n: int) -> Reached:
    """Votes lost in ten years under the default plan."""
    lost = [row["votes_lost"] for row in lived(DEFAULT, n)]
    many = sum(one > 12 for one in lost)
    told = f"{told_middle(lost)}; more than 12 in {told_chance(many, n)}"
    return Reached(told, n, 0 <= middle(lost)[0] <= 3 and wilson(many, n)[0] < 0.01)


MONEY = (
    ReachRow("First joint team formed, default plan", "month 12 to 24 in the middle history", first_team),
    ReachRow(
        "All sixteen services joined by month 64, Chiltern & South Bucks as documented",
        "in 30 to 70% of histories",
        sixteenth_team,
    ),
    ReachRow(
        "Three quarters of what the plan shares joined by month 96, Bromsgrove & Redditch",
        "in half of histories",
        three_quarters,
    ),
    ReachRow("Saving at month 27, a single restructure against service by service", "at least twice", at_once),
    ReachRow("Saving at year 10 against year 6, no package worked on after year 6", "within a third", lasting),
    ReachRow("Saving as a share of service expenditure", "no target", shares_saved),
    ReachRow("Published figures of role calibrate inside their 90% ranges", "all", calibrated),
    ReachRow(
        "Structure first against transform first over draws of the evidence",
        "neither ahead in over 85% of draws on all partnerships",
        sequence_wins,
    ),
    ReachRow("Net of going alone", "no target; beside P-33", beyond_alone),
    ReachRow("Votes lost in ten years", "0 to 3 in the middle, more than 12 in fewer than 1%", votes_lost),
    ReachRow("Voluntary endings a year", "2% in the middle, 0.5 to 5% over the register", endings),
)
