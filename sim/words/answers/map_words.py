"""The map of winners in words: who wins in how many places and where, and how surely."""

from __future__ import annotations

from sim.analysis.estimates import NOT_APART
from sim.analysis.regions.winners import NO_RESULT, WinnerMap
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.plans import key_words
from sim.words.finding import StudyFinding, records
from sim.words.verdict_words import cannot_be_told_apart

LEANING = 0.25
"""Minimum share of an axis by which a plan's places must lean to one end for that to be reported."""


def headline(found: WinnerMap) -> str:
    """Result in one sentence: places won by each plan, and places where plans cannot be told apart."""
    whole = int((found.places["n"] > 0).sum())
    won = [(plan, found.won(plan)) for plan in found.plans if found.won(plan)]
    level = int((found.places["verdict"] == NOT_APART).sum())
    if not won:
        plans = words.start_of(words.listed(map(words.mid, found.plans)))
        return cannot_be_told_apart(plans, "anywhere on this map")
    if won[0][1] == whole:
        return f"{won[0][0]} wins in every place of this map"
    (first, most), *others = sorted(won, key=lambda one: -one[1])
    parts = [f"{first} wins in {words.number(most)} of {words.counted(whole, 'place')}"]
    parts += [f"{words.mid(plan)} in {words.number(count)}" for plan, count in others]
    rest = f"; in {words.number(level)} {cannot_be_told_apart()}" if level else ""
    return words.listed(parts) + rest


def measured(found: WinnerMap) -> str:
    """Outcome that plans compete on, in words: "net present value over the horizon"."""
    meaning = key_words.meaning(OUTCOMES[found.outcome].meaning)
    return f"whether {meaning}" if OUTCOMES[found.outcome].unit == "flag" else meaning


def said(found: WinnerMap) -> str:
    """The map in words, one statement a line."""
    lines = [words.sentence(headline(found))]
    lines += [text for text in (_where(found, plan) for plan in found.plans) if text]
    clear = found.places[~found.places["verdict"].isin([NOT_APART, NO_RESULT])]
    if len(clear):
        best = clear.sort_values("chance_best", kind="stable").iloc[-1]
        at = f"{found.x.name} {best['x_value']} and {found.y.name} {best['y_value']}"
        chance = f"{words.percent(best['chance_best'])} ({round(100 * best['low'])} to {round(100 * best['high'])})"
        plan = words.mid(best["verdict"])
        lines.append(f"It is surest with {at}: there {plan} is best in {chance} of the histories.")
    lines.append(f"Best means: does best on {measured(found)} in a history, all plans under the same luck.")
    lines.append(_basis(found))
    return "\n".join(lines)


def _where(found: WinnerMap, plan: str) -> str:
    """Ends of the axes toward which a plan wins, if its places lie apart from others'."""
    mine = found.places[found.places["verdict"] == plan]
    others = found.places[(found.places["verdict"] != plan) & (found.places["n"] > 0)]
    if mine.empty or others.empty:
        return ""
    ends = []
    for side_name, along in (("x", found.x), ("y", found.y)):
        apart = (mine[side_name].mean() - others[side_name].mean()) / max(1, len(along.labels) - 1)
        if along.ordered and abs(apart) >= LEANING:
            ends.append(f"{'high' if apart > 0 else 'low'} values of {along.name}")
    return f"{plan} wins mostly at {words.listed(ends)}." if ends else ""


def histories(found: WinnerMap) -> str:
    """Number of histories behind a place."""
    n = found.places.loc[found.places["n"] > 0, "n"]
    span = f"{n.min():,}" if n.min() == n.max() else f"{n.min():,} to {n.max():,}"
    return f"{span} histories of each plan at each place"


def _basis(found: WinnerMap) -> str:
    over = [name for name in found.over if name != "row"]
    if found.x.ranges or found.y.ranges or "row" in found.over:
        about = "Each place is a range of values; the evidence varies inside it, and the intervals count that and luck."
    elif over:
        about = f"Averaged over the values of {words.listed(key_words.name(key) for key in over)}."
    else:
        about = "The intervals show luck alone: everything else stands at one value."
    return f"From {histories(found)}. {about}"


def finding(found: WinnerMap) -> StudyFinding[WinnerMap]:
    """Answer of the map: the plan that wins in each place."""
    content = {"x": found.x.key, "y": found.y.key, "places": records(found.table)}
    lines = said(found).splitlines()
    return StudyFinding(found, lines[0], lines, content, {"map": found.table}, "map", "Which plan wins where")
