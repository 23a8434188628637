"""The answer of a comparison: the plan ahead on the leading outcome, and the plans' standing on other concerns."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.analysis.compare.concerns import BETTER, MIXED, SAME, TIED, WORSE
from sim.analysis.compare.history_values import NEVER
from sim.analysis.estimates import CLEAR, IDENTICAL, UP, Estimate, Verdict
from sim.core import words
from sim.engine.outcomes import DECIDING, OUTCOMES
from sim.words.comparing.naming import Called, size, span_of, standing, title
from sim.words.summary import ranking_words
from sim.words.summary.ranking_words import Lead
from sim.words.verdict_words import cannot_be_told_apart, chance

if TYPE_CHECKING:
    from sim.analysis.compare.concerns import Concern
    from sim.analysis.compare.side_by_side import Comparison

_TELLING = {BETTER: "better on", WORSE: "worse on", MIXED: "better in one way and worse in another on"}


def headline(found: Comparison, called: Called) -> str:
    """The answer in a sentence or two."""
    if max(found.histories(side) for side in found.sides.every) < 2:
        return "With one history of each plan nothing can be told of how they differ"
    return _of_two(found, called) if len(found.sides.every) == 2 else _of_many(found, called)


def _of_two(found: Comparison, called: Called) -> str:
    other, reference = found.sides.others[0], found.reference
    verdicts = {concern: found.mark(other, concern) for concern in found.concerns}
    lines = found.table[found.table["verdict"] != IDENTICAL]
    names = f"{called.name(reference.key)} and {called.mid(other.key)}"
    if lines.empty:
        return f"{names} give the same result in every history"
    if all(mark in (TIED, SAME) for mark in verdicts.values()):
        return cannot_be_told_apart(names, f"on {_on(found, list(verdicts))}{_sizes(found, called)}")
    line = found.line(other, found.lead)
    if _decides(found):
        lead = _decided(found, called)
    elif line is None or str(line["verdict"]) not in CLEAR:
        lead = cannot_be_told_apart(names, f"in {title(found.lead)}{_sizes(found, called)}")
    else:
        lead = _ahead(found, called, line)
    return f"{lead}{_elsewhere(found, called, verdicts)}"


def _decides(found: Comparison) -> bool:
    """True if the leading outcome is the deciding one and every plan has a paired line against the best."""
    best, others = found.race.best, found.race.others
    return found.lead == DECIDING and all(_line_of(found, best, key) is not None for key in others)


def _decided(found: Comparison, called: Called) -> str:
    """Sentence saying which plan is ahead on the deciding outcome, in the wording used wherever plans are ranked."""
    best, level, others = found.race.best, found.race.level, found.race.others
    tied = called.several(side.key for side in found.sides.every if side.key == best or side.key in level)
    leads = [_lead(found, best, key) for key in others if key in (level or others[:1])]
    names = called.mid(best), called.mid(found.race.rival)
    return ranking_words.ranked(len(found.sides.every), names, tied if level else "", leads, _over(found))


def decimals(found: Comparison) -> int:
    """Fewest decimals at which no two plans that differ clearly on the deciding outcome print alike."""
    if not _decides(found):
        return 1
    return max((_lead(found, found.race.best, key).places for key in found.race.others), default=1)


def _over(found: Comparison) -> str:
    """Period of the plans' worth: "over ten years", with "of a year's spending" where money is a share."""
    of = "of a year's spending " if found.in_shares else ""
    return f"{of}over {words.length(found.reference.settings.horizon_months)}"


def _lead(found: Comparison, best: str, rival: str) -> Lead:
    """The best plan's lead over another on the deciding outcome, from their line of the comparison table."""
    line = _line_of(found, best, rival)
    sign = 1.0 if str(line["cell"]) == best else -1.0
    gap, first = sign * float(line["mean_difference"]), found.levels[best, found.lead]
    verdict = Verdict(str(line["verdict"]), Estimate.around(gap, float(line["half_width"])))
    second = replace(found.levels[rival, found.lead], value=first.value - gap)
    return Lead(first, second, verdict, _often(line, sign > 0), found.in_shares)


def _often(line: Any, first: bool) -> str:
    """In how many histories the first plan of a line is better than the other, or the other than the first."""
    share, low, high = (float(line[f"p_better{end}"]) for end in ("", "_low", "_high"))
    ahead = Estimate(share, low, high, int(line["pairs"]))
    if not first:
        ahead = Estimate(1 - ahead.value, 1 - ahead.high, 1 - ahead.low, ahead.n)
    return chance(ahead)


def _sizes(found: Comparison, called: Called) -> str:
    """The two plans' values of the leading outcome, and their difference if it is the deciding one."""
    if _decides(found):
        lead = _lead(found, *found.race.order[:2])
        return f": they are worth {' and '.join(lead.worth)} {_over(found)}, {lead.by} apart"
    told = [
        standing(found.levels[side.key, found.lead], found.lead, found.in_shares)
        for side in (found.reference, *found.sides.others)
    ]
    return f": {title(found.lead)} {' and '.join(told)}"


def _ahead(found: Comparison, called: Called, line: Any) -> str:
    """Clause naming the plan ahead on one outcome, by how much and in how many histories, from a table line."""
    wins = str(line["verdict"]) in UP
    ours, theirs = (str(line["cell"]), str(line["reference_cell"]))
    first, second = (ours, theirs) if wins else (theirs, ours)
    name = str(line["outcome"])
    verb = "is higher than" if OUTCOMES[name].better == "neutral" else "does better than"
    by = _by(found, name, line)
    return f"{called.name(first)} {verb} {called.mid(second)}{by}, in {_often(line, wins)}"


def _by(found: Comparison, name: str, line: Any) -> str:
    mean, half = float(line["mean_difference"]), float(line["half_width"])
    about = f" on {title(name)}"
    if name in NEVER or isnan(mean):
        return about
    return f"{about} by {size(mean, name, found.in_shares)} ({span_of(mean, half, name, found.in_shares)})"


def _elsewhere(found: Comparison, called: Called, marks: dict[Concern, str]) -> str:
    """Sentence on the other plan's verdicts on the remaining concerns, grouped by better, worse, mixed and tied."""
    other = found.sides.others[0]
    rest = {c: mark for c, mark in marks.items() if c.outcomes[0] != found.lead or mark == MIXED}
    parts = [
        f"{_TELLING[word]} {_on(found, which)}"
        for word in (BETTER, WORSE, MIXED)
        if (which := [concern for concern, mark in rest.items() if mark == word])
    ]
    tied = [concern for concern, mark in rest.items() if mark in (TIED, SAME)]
    text = f". {called.name(other.key)} is {words.listed(parts)}" if parts else ""
    if tied:
        text += f"{'; on ' if parts else '. On '}{_on(found, tied)} {cannot_be_told_apart()}"
    return text


def _on(found: Comparison, concerns: list[Concern]) -> str:
    return words.listed(concern.name.lower() or title(concern.outcomes[0]) for concern in concerns)


def _of_many(found: Comparison, called: Called) -> str:
    race, count = found.race, len(found.sides.every)
    best = found.levels[race.best, found.lead]
    figures = standing(best, found.lead, found.in_shares)
    if _decides(found):
        lead = _decided(found, called)
    elif len(race.level) == count - 1:
        lead = cannot_be_told_apart(f"The {words.number(count)} plans", f"in {title(found.lead)}")
    elif race.level:
        tied = called.several((race.best, *race.level))
        lead = (
            f"Of {words.number(count)} plans {cannot_be_told_apart(f'{tied} are ahead in {title(found.lead)} and')}; "
            f"the best of them stands at {figures}"
        )
    else:
        next_best = race.others[0]
        line = _line_of(found, race.best, next_best)
        lead = f"{called.name(race.best)} is the best of {words.number(count)} plans in {title(found.lead)}, {figures}"
        lead += f": it is ahead of the next, {called.mid(next_best)},{_gap(found, line)}" if line is not None else ""
    return f"{lead}{_fronts(found, called)}"


def _line_of(found: Comparison, one: str, other: str) -> Any:
    table = found.table[found.table["outcome"] == found.lead]
    mine = table[table["cell"].isin([one, other]) & table["reference_cell"].isin([one, other])]
    return None if mine.empty else mine.iloc[0]


def _gap(found: Comparison, line: Any) -> str:
    mean, half = float(line["mean_difference"]), float(line["half_width"])
    if found.lead in NEVER or isnan(mean):
        return " more often than not"
    return f" by {size(mean, found.lead, found.in_shares)} ({span_of(mean, half, found.lead, found.in_shares)})"


def _fronts(found: Comparison, called: Called) -> str:
    """The leading plan on the first outcome of each other concern; ties are named as ties."""
    parts = []
    for concern in found.concerns[1:]:
        race = found.races[concern.outcomes[0]]
        tied = len(race.level)
        if tied == len(found.sides.every) - 1:
            who = "none can be told apart"
        elif tied:
            who = f"{called.several((race.best, *race.level))}, tied"
        else:
            who = called.mid(race.best)
        parts.append(f"{concern.name.lower() or title(concern.outcomes[0])}: {who}")
    return f". Best on {'; on '.join(parts)}" if parts else ""
