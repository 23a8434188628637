"""Words for scenario discovery: the regions of input space in which a plan fails."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.analysis.estimates import Estimate
from sim.analysis.regions.boxes import Limit
from sim.analysis.regions.discovery import ALL, Discovery, Failing, Region
from sim.core import words
from sim.plans import key_words
from sim.words.finding import StudyFinding, records
from sim.words.verdict_words import cannot_be_told_apart, ends_of_100, percent


def headline(found: Discovery) -> str:
    """One sentence naming the best-supported failing region, or saying that there is none."""
    best = standing_out(found)
    if best is None:
        return f"No region stands out among the {found.factors} things that varied"
    plan, region = best
    under = f"Under {words.mid(plan.plan)}" if plan.plan != ALL else "Over all plans"
    often = words.percent(region.density.value)
    start = f"{under}, {often}" if len(found.plans) > 1 else words.start_of(often)
    overall = f"{words.percent(plan.overall.value)} overall"
    return f"{start} of histories fail where {place(region)}, against {overall}"


def standing_out(found: Discovery) -> tuple[Failing, Region] | None:
    """The validated failing region whose failure rate exceeds its plan's overall rate by most."""
    every = [(plan, region) for plan in found.plans for region in plan.regions if region.holds_up]
    return max(every, key=_weight, default=None)


def _weight(pair: tuple[Failing, Region]) -> float:
    plan, region = pair
    return (region.density.value - plan.overall.value) * region.coverage.value


def place(region: Region) -> str:
    """Limits of a region in words: "service review is over 5.2 months and trust at the start is under 45%"."""
    keys = list(dict.fromkeys(limit.key for limit in region.limits))
    return words.listed(_bounds(key, [limit for limit in region.limits if limit.key == key]) for key in keys)


def _bounds(key: str, limits: Sequence[Limit]) -> str:
    name = key_words.name(key)
    if limits[0].values:
        return f"{name} is {' or '.join(words.plain(value) for value in limits[0].values)}"
    low = next((limit.over for limit in limits if limit.over is not None), None)
    high = next((limit.under for limit in limits if limit.under is not None), None)
    unit = key_words.unit(key)
    if low is not None and high is not None:
        return f"{name} is between {key_words.amount(low, unit)} and {key_words.amount(high, unit)}"
    end = f"over {key_words.amount(low, unit)}" if low is not None else f"under {key_words.amount(high or 0.0, unit)}"
    return f"{name} is {end}"


def said(found: Discovery) -> str:
    """All discovery results, one statement per line: meaning of failure, plans, their regions, and the validation."""
    lines = [f"A history fails where {found.condition.words}."]
    for plan in found.plans:
        lines += _plan(plan)
    lines.append(
        "Regions were found in one half of the rows; these figures are those of the other half. "
        "In brackets: 95% intervals, which count both what was drawn and luck."
    )
    return "\n".join(lines)


def _plan(plan: Failing) -> list[str]:
    overall = f"{plan.plan}: {percent(plan.overall)} of {plan.overall.n:,} histories in {plan.rows:,} rows fail"
    lines = [f"{overall}; {_apart(plan)}."]
    if plan.unknown:
        lines.append(f"Left out: {words.counted(plan.unknown, 'history', 'histories')} of which this cannot be said.")
    if plan.note:
        lines.append(words.sentence(f"no region was looked for: {plan.note}"))
    elif not any(region.holds_up for region in plan.regions):
        lines.append(_nothing(plan))
    lines += [_region(region, number) for number, region in enumerate(plan.regions) if region.holds_up]
    return lines


def _apart(plan: Failing) -> str:
    """Standard error of a plan's failure rate, split into drawn rows and luck (Q-S4), in percentage points."""
    rows, luck = plan.parts.rows_error, plan.parts.luck_error
    if not plan.parts.error:
        return "all alike, whatever was drawn and whatever the luck"
    if math.isnan(luck):
        return f"each row met one history, so that {cannot_be_told_apart('luck and what was drawn')}"
    advice = "; more histories a row would narrow this far more than more rows" if luck > 2 * rows else ""
    return f"one standard error is {_points(rows)} for the rows drawn and {_points(luck)} for luck{advice}"


def _points(share: float, digits: int = 1) -> str:
    amount = words.decimal(100 * share, digits)
    return f"{amount} point{'' if amount == '1' else 's'}"


def _region(region: Region, number: int) -> str:
    score = (
        f"{words.percent(region.density.value)} of histories fail, {_more(region)}; density {_ranged(region.density)}; "
        f"coverage {_ranged(region.coverage)}; n = {region.density.n:,} histories in {region.rows:,} rows"
    )
    start = "Elsewhere, where" if number else "Where"
    return f"{start} {place(region)}, {score}."


def _more(region: Region) -> str:
    """Excess failure rate inside a region, with its 95% interval: "43 points more than elsewhere (20 to 60)"."""
    gap = region.more
    if gap.value < 0:
        return f"{_points(-gap.value, 0)} less than elsewhere ({words.span(-100 * gap.high, -100 * gap.low, 0)})"
    return f"{_points(gap.value, 0)} more than elsewhere ({words.span(100 * gap.low, 100 * gap.high, 0)})"


def _ranged(share: Estimate) -> str:
    return f"{words.percent(share.value)}, {ends_of_100(share)}"


def _nothing(plan: Failing) -> str:
    if not plan.regions:
        return "No region stands out: no limit makes a difference that luck would not."
    region = plan.regions[0]
    there = f"{words.percent(region.found[0])} of histories fail in the half that found it"
    if not region.more.n:
        return (
            f"No region holds up: where {place(region)}, {there}, but the other half has none there, or none elsewhere."
        )
    kept = f"in the other half {percent(region.density)}, {_more(region)}"
    return f"No region holds up: where {place(region)}, {there}; {kept}, which chance alone may bring."


def finding(found: Discovery) -> StudyFinding[Discovery]:
    """Answer of discovery: regions in which histories fail."""
    first = f"{headline(found)}."
    content = {"when": found.condition.text, "regions": records(found.table)}
    tables = {"discover": found.table}
    return StudyFinding(
        found, first, [first, *said(found).splitlines()], content, tables, "discover", "Where it goes wrong"
    )
