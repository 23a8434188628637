"""Words for tipping points: the lever values at which a plan stops meeting its target."""

from __future__ import annotations

from sim.analysis.plan_measures import between
from sim.analysis.seeking.tipping import Keeping, Scale, Tipping
from sim.core import words
from sim.core.statistics.intervals import LEVEL
from sim.words.finding import StudyFinding


def headline(found: Tipping) -> str:
    """The answer in one sentence."""
    kept, lost = _spans(found, "kept"), _spans(found, "lost")
    measured, limit = found.target.measure.subject, found.target.limit
    asked = f"{measured} is {limit}"
    whole = f"from {_span(found.scale, found.scale.low, found.scale.high)}"
    where = f"with {found.scale.name}"
    if not found.at("open") and not lost:
        return words.sentence(f"{asked} {where} anywhere {whole}")
    if not found.at("open") and not kept:
        return words.sentence(f"{measured} is nowhere {limit} {where} {whole}")
    if not kept and not lost:
        return words.sentence(f"whether {asked} cannot be told {where} {whole}")
    if not kept:
        return words.sentence(f"{measured} is not {limit} {where} {words.listed(lost)}")
    rest = f", and is not {words.listed(lost)}" if lost else ""
    return words.sentence(f"{asked} {where} {words.listed(kept)}{rest}")


def said(found: Tipping) -> str:
    """The tipping-point results in plain words, one statement per line; the first is the answer."""
    lines = [headline(found)]
    if len(found.crossings) > 1:
        lines += [f"The target is crossed {words.number(len(found.crossings))} times: the way is not one way only."]
    for crossing in found.crossings:
        low, high = sorted((crossing.safe, crossing.unsafe))
        lines += [
            f"It tips between {_span(found.scale, low, high, ' and ')}; {found.scale.said(crossing.safe)} is safe."
        ]
    doubtful = _spans(found, "open")
    if doubtful and (found.at("kept") or found.at("lost")):
        lines += [f"It cannot be told {words.listed(doubtful)}; up to {found.most:,} histories were allowed."]
    own = next((point for point in found.points if point.value == found.scale.now), None)
    if own is not None:
        measure, now = found.target.measure, own.measured
        lines += [f"The plan has {found.scale.said(own.value)}: {measure.said(now.value)} ({measure.span(*now.ends)})."]
    if found.unknown:
        lines += [
            f"Left out at most at a value: {words.counted(found.unknown, 'history', 'histories')} that say nothing."
        ]
    least, most = min(point.measured.n for point in found.points), max(point.measured.n for point in found.points)
    histories = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    lines += [
        f"From {histories} histories at each of {words.number(len(found.points))} values, the same luck at all. "
        f"All of this is right with {LEVEL:.0%} confidence, {found.looks} looks allowed for; it shows luck alone."
    ]
    return "\n".join(lines)


def _spans(found: Tipping, verdict: Keeping) -> list[str]:
    """Ranges of lever values with the given verdict: "from 3 to 6 months", "at 12 months"."""
    spans = [(low, high) for kind, low, high in found.segments if kind == verdict]
    return [
        f"at {found.scale.said(low)}" if low == high else f"from {_span(found.scale, low, high)}" for low, high in spans
    ]


def _span(scale: Scale, low: float, high: float, joint: str = " to ") -> str:
    return between(scale.said(low), scale.said(high), joint)


def finding(found: Tipping, plan: str, target: str) -> StudyFinding[Tipping]:
    """Answer of tipping points: values of a lever at which a plan loses the target, given as typed."""
    name = f"tip_{found.scale.key.removesuffix('.value').rpartition('.')[2]}"
    content = {
        "lever": found.scale.key,
        "target": target,
        "crossings": [vars(crossing) for crossing in found.crossings],
        "points": [point.row for point in found.points],
        "looks": found.looks,
        "alpha": found.alpha,
    }
    title = f"{plan}: {found.target.measure.text} by {found.scale.name}"
    return StudyFinding(found, headline(found), said(found).splitlines(), content, {name: found.table}, name, title)
