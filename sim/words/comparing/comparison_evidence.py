"""Words for dominance, regret and the method of a comparison."""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import TYPE_CHECKING

from sim.analysis.compare.compared_figures import pairs_of_others
from sim.analysis.compare.dominance import CROSSING, FIRST, SECOND, SEEMING, UNKNOWN
from sim.analysis.estimates import NOT_APART
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.words.comparing.naming import size, standing, title, with_unit
from sim.words.verdict_words import cannot_be_told_apart, chance

if TYPE_CHECKING:
    from sim.analysis.compare.hindsight_regret import HindsightRegret
    from sim.analysis.compare.side_by_side import Comparison
    from sim.analysis.estimates import Estimate
    from sim.words.comparing.naming import Called

_FEW_PAIRS = 3


def dominance(found: Comparison, called: Called, most: int = _FEW_PAIRS) -> str:
    """Sentence on stochastic dominance: plans ahead at every quantile of the leading outcome, surely or seemingly."""
    if not found.dominance:
        return ""
    what = f"ahead at every level of {title(found.lead)}, from the tenth to the ninetieth history in a hundred"
    sure, seeming = _over(found, called, (FIRST, SECOND), most), _over(found, called, (SEEMING,), most)
    verdicts = Counter(pair.verdict for pair in found.dominance)
    one = len(found.dominance) == 1
    parts = [f"{what} (95% confidence): {sure}"] if sure else []
    if seeming:
        lead = "seemingly so, but too few histories to be sure" if sure else f"seemingly {what}, but not for sure"
        parts.append(f"{lead}: {seeming}")
    if verdicts[CROSSING]:
        whom = "neither plan dominates" if one else f"in {words.counted(verdicts[CROSSING], 'pair')} neither dominates"
        parts.append(f"{whom}: each is for sure ahead at some level of {title(found.lead)}")
    if verdicts[UNKNOWN]:
        whom = "whether one plan" if one else f"in {words.counted(verdicts[UNKNOWN], 'pair')} whether one"
        parts.append(f"{whom} is ahead at every level of {title(found.lead)} cannot be told")
    return "; ".join(parts)


def _over(found: Comparison, called: Called, verdicts: tuple[str, ...], most: int) -> str:
    """The dominating plans, each with those it dominates: "parallel over HR first and pilot"."""
    behind: dict[str, list[str]] = {}
    for pair in found.dominance:
        if pair.verdict in verdicts:
            behind.setdefault(pair.ahead, []).append(pair.second if pair.ahead == pair.first else pair.first)
    parts = [f"{called.mid(key)} over {called.several(others)}" for key, others in behind.items()]
    more = f" and {words.counted(len(parts) - most, 'other plan')}" if len(parts) > most else ""
    return "; ".join(parts[:most]) + more


def regret(found: Comparison, called: Called, full: bool = False) -> str:
    """Sentence on each plan's mean regret: its shortfall from the best plan in hindsight, history by history."""
    if not found.regrets:
        if found.reference.sampled:
            return "over a sample regret is told by tandem robust"
        return "it cannot be told, history by history, between plans that met other luck" if found.paired[1] else ""
    by_lead = sorted(found.regrets, key=lambda each: each.expected.value)
    shown = by_lead if full or len(by_lead) <= _FEW_PAIRS else by_lead[:_FEW_PAIRS]
    parts = [f"{called.mid(each.plan)} {_interval(found, each.expected)}" for each in shown]
    text = f"beside the best in hindsight, history by history, choosing costs on average: {words.listed(parts)}"
    if full:
        often = [f"{called.mid(each.plan)} in {chance(each.best)}" for each in by_lead]
        text += f"; best, or equal best, is {words.listed(often)}"
    return text + (_overall(found, called) if len(found.concerns) > 1 else "")


def _interval(found: Comparison, cost: Estimate) -> str:
    cost = cost.within(0.0, inf)
    if OUTCOMES[found.lead].unit == "flag":
        low, high = (words.decimal(100 * end, 0) for end in cost.ends)
        return f"{size(cost.value, found.lead, found.in_shares)} ({low} to {high})"
    return standing(cost, found.lead, found.in_shares)


def _overall(found: Comparison, called: Called) -> str:
    least = next(each for each in found.regrets if each.least)
    level = [each for each in found.regrets if each.level and not each.least]
    if level:
        names = called.several(each.plan for each in (least, *level))
        told = f"over all concerns, counted alike, {cannot_be_told_apart(names, 'in regret')}"
    else:
        told = f"over all concerns, counted alike, {called.mid(least.plan)} has the least regret"
    worst = found.regrets[-1]
    other = f", {called.mid(worst.plan)} {_spread(worst)}" if worst is not least else ""
    return f". {words.start_of(told)}: {_spread(least)} of the usual spread between histories{other}"


def _spread(each: HindsightRegret) -> str:
    return f"{words.decimal(each.overall.value, 2)} ({words.span(*each.overall.within(0.0, inf).ends, 2)})"


def method(found: Comparison) -> list[str]:
    """Notes on how plans were compared (paired or not, number of histories) and on differences in their set-up."""
    together, apart = found.paired
    counts = sorted({found.histories(side) for side in found.sides.every})
    if found.reference.sampled:
        how = "Plans of a sample, paired on the same points and the same luck"
    elif not apart:
        how = "Paired: every plan met the same luck, history by history"
    elif not together:
        how = "Not paired: the plans met different luck, so the intervals are Welch's, and wider"
    else:
        how = (
            f"{words.start_of(words.counted(together, 'plan'))} met the luck of the reference and "
            f"{'is' if together == 1 else 'are'} paired with it; {words.counted(apart, 'plan')} did not, with Welch's "
            "intervals"
        )
    each = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
    noun = "history" if counts == [1] else "histories"
    made = int((found.table["beside"] == "the reference").sum())
    made += pairs_of_others(found.sides) * len(found.outcomes)
    doubt = "of the points drawn and of luck" if found.reference.sampled else "of luck alone"
    lines = [
        f"{how}; {each} {noun} of each plan. In brackets: 95% intervals, {doubt} (out of pocket, in the black: "
        f"nine histories in ten); of differences, the wider ones that their verdicts rest on. "
        f"{words.start_of(words.counted(made, 'comparison'))}: what decides is judged by itself over all pairs, "
        "the rest are corrected together (Holm)."
    ]
    if counts[0] < 2:
        lines.append("One history of a plan tells nothing about the next: run more.")
    return lines + [words.sentence(note) for note in found.notes]


def behind(found: Comparison) -> str:
    """The outcomes that make up each concern."""
    if found.asked:
        return ""
    told = [f"{c.name.lower()}: {words.listed(title(name) for name in c.outcomes)}" for c in found.concerns]
    return (
        f"Figures are of the first outcome behind each concern ({'; '.join(told)}). Better, worse: for sure on one of "
        f"them, and on none the other way; mixed: each way on one; tied: {NOT_APART}"
    )


def heading(found: Comparison, outcome: str, concern: str) -> str:
    """A column heading: "Savings, £m", or the outcome's own name."""
    name = with_unit(outcome, found.in_shares)
    return f"{concern}, {name.rpartition(', ')[2]}" if concern and ", " in name else concern or name
