"""Words for nearest partnerships: which are most like yours, by which measures, their published results, limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.analysis.similar.nearest_partnerships import MEASURES, Difference, Likeness, Neighbour
from sim.analysis.similar.published_findings import Record
from sim.core import words
from sim.words.finding import StudyFinding

_MEASURES = {measure.key: measure for measure in MEASURES}
_LEADS = {
    "formed": "Beginning",
    "cost": "Set-up cost",
    "saving": "Savings",
    "expected": "Expected, not yet seen",
    "happened": "What happened",
}
THIN = "Nothing else about it is in the sources: no saving, no cost, no account of what happened."
LIMITS = (
    "It is the nearest of ten, not a forecast: the ten volunteered, answered a survey and were still sharing, and the "
    "sources end in 2016.",
    "Staff, spending and control of the ten are of about 2014; distances are road miles from general geography. "
    "Nearness counts {count} measures alike, each in spreads of the ten (the width of the middle half over 1.35; for "
    "political control and the number of councils one step is one spread). It is exact arithmetic on these facts: no "
    "range belongs to it.",
    "Across more than 300 English councils sharing services went with no change in administrative cost (S10), so do "
    "not read a saving here as what sharing brings.",
)


def said(found: Likeness) -> str:
    """The whole answer, one statement per line."""
    return "\n".join(_lines(found))


def _lines(found: Likeness) -> Iterator[str]:
    yield _headline(found)
    if found.own is not None:
        yield f"Published about {words.one_line(found.name)} itself:"
        yield from (f"  {line}" for line in published(found.own))
    for rank, each in enumerate(found.neighbours, 1):
        yield from _told(rank, each)
    if found.told is not None:
        yield "The nearest of which more than its beginning was published:"
        yield from _told(*found.told)
    yield from (limit.format(count=words.number(len(MEASURES))) for limit in LIMITS)


def _told(rank: int, each: Neighbour) -> Iterator[str]:
    yield f"{rank}. {each.name}: {each.apart:.1f} spreads apart on average"
    yield from (f"  {difference_said(one)}" for one in each.differences)
    if each.shares:
        yield f"  It shares {words.listed(map(words.one_line, each.shares))} with this one."
    yield from (f"  {line}" for line in published(each.record))


def _headline(found: Likeness) -> str:
    names, own = [each.name for each in found.neighbours], words.one_line(found.name)
    rest = f", then {words.listed(names[1:])}" if names[1:] else ""
    first = f"Of {words.number(found.compared)} real partnerships {names[0]} is nearest to {own}{rest}."
    if found.lone:
        first += " None is close: it lies further from all of them than any of them from its own nearest."
    return f"{first} {_firmness(found, found.neighbours[0])}"


def _firmness(found: Likeness, first: Neighbour) -> str:
    """Sentence on whether the nearest partnership would change if one measure were left out."""
    others: dict[str, list[str]] = {}
    for measure, name in found.without.items():
        if name != first.name:
            others.setdefault(name, []).append(measure)
    if not others:
        return "That one stays first whichever measure is left out."
    changes = [f"{name} would be first without {words.listed(left)}" for name, left in others.items()]
    return f"That hangs on what is counted: {'; '.join(changes)}."


def published(record: Record) -> list[str]:
    """Published statements about a partnership, one per line with the source id, and a note if there are few."""
    lines = [f"{_LEADS[each.kind]}: {each.text} ({each.source})." for each in record.statements]
    return [*lines, THIN] if record.thin else lines


def difference_said(one: Difference) -> str:
    """One measure of a neighbour beside your own: "604 staff, here 1,045 (42% lower)"."""
    measure = _MEASURES[one.measure]
    if one.there is None or one.here is None:
        whose = "here" if one.here is None else "there"
        known = one.there if one.there is not None else one.here
        beside = f"; {'there' if one.there is not None else 'here'} {measure.shown(known)}" if known is not None else ""
        return f"{words.start_of(one.title)} is unknown {whose}, so not counted as near{beside}."
    there, here = measure.shown(one.there), measure.shown(one.here)
    if there == here:
        return f"{words.start_of(there)}, as here."
    return f"{words.start_of(there)}, here {_short(here, there)}{_ratio(one)}."


def _short(here: str, there: str) -> str:
    """The second of two figures, without the unit words that the first already has."""
    ours, theirs = here.split(" "), there.split(" ")
    while len(ours) > 1 and len(theirs) > 1 and ours[-1] == theirs[-1]:
        ours, theirs = ours[:-1], theirs[:-1]
    return " ".join(ours)


def _ratio(one: Difference) -> str:
    if _MEASURES[one.measure].step or one.measure == "distance" or not one.here or one.there is None:
        return ""
    share = one.there / one.here - 1
    return f" ({words.percent(abs(share))} {'higher' if share > 0 else 'lower'})"


def finding(found: Likeness) -> StudyFinding[Likeness]:
    """Councils like yours, as an answer."""
    content = {
        "partnership": found.name,
        "published": _record(found.own),
        "compared": found.compared,
        "lone": found.lone,
        "neighbours": [_neighbour(rank, each) for rank, each in enumerate(found.neighbours, 1)],
        "nearest_with_more_published": None if found.told is None else _neighbour(*found.told),
        "first_without": dict(found.without),
        "said": said(found),
    }
    return StudyFinding(found, _headline(found), list(_lines(found)), content)


def _neighbour(rank: int, each: Neighbour) -> dict[str, Any]:
    return {
        "rank": rank,
        "name": each.key,
        "title": each.name,
        "apart": each.apart,
        "shares": list(each.shares),
        "differences": [{**vars(one), "known": one.known} for one in each.differences],
        "published": _record(each.record),
    }


def _record(record: Record | None) -> list[dict[str, str]] | None:
    return None if record is None else [dict(statement) for statement in record.statements]
