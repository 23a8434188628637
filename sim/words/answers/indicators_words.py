"""Words for early indicators: the measures that predict an ending, with ranges and a caution about cause."""

from __future__ import annotations

from typing import Any

from sim.analysis.estimates import Estimate
from sim.analysis.indicators.foretelling import ENDINGS, FEW, Foretold, Indicators, Score
from sim.core import words
from sim.words.finding import StudyFinding, records
from sim.words.verdict_words import cannot_be_told_apart, ends_of_100

CAUTION = (
    "A measure that foretells does not for that reason cause: what lifts it need not avert the ending. It holds in "
    "this model and these plans alone."
)
HOW = (
    "A score is the number of pairs ranked rightly of 100: pairs of histories of the same plan, one with the ending "
    "and one without. Chance alone gives 50. Scores are of histories that were not used to choose; ranges are 95% "
    "intervals."
)
MORE = (
    "That nothing can be told from chance does not say that nothing foretells: weak signs need more histories, such as "
    "study.replications=1000."
)
_SUMS = ("hr_queue", "od_queue", "recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m")
"""Measures that are amounts: there is much or little of them; of all others there are high or low levels."""
SURVEYS = (
    "What councils would see: surveys that are two months late and a few points off, and the saving in force. "
    "Queues and load are not surveyed."
)


def headline(found: Indicators) -> str:
    """One sentence naming the best predictor of the best predicted ending, or saying that nothing predicts one."""
    able = [part for part in found.parts if part.source == "level" and part.foretells]
    if able:
        return sentence(max(able, key=lambda part: part.best.share.value))
    if not any(part.scored for part in found.parts):
        return "Too few histories end badly, or too few do not, to say what foretells an ending"
    most = words.counted(max(part.histories + part.left_out for part in found.parts), "history", "histories")
    return (
        f"From {most} no measure in the first year and a half can be told from chance in foretelling how a history ends"
    )


def said(found: Indicators) -> str:
    """All indicator results, one statement per line: each ending by month, what councils would see, method, caution."""
    plans = words.listed(words.plan_name(plan) for plan in found.plans[:6])
    more = f" and {len(found.plans) - 6} more" if len(found.plans) > 6 else ""
    lines = [f"What foretells how a history ends, {plans}{more}.", HOW]
    for ending in found.endings:
        lines.append(f"{words.start_of(ENDINGS[ending])}:")
        for month in found.months:
            lines += [f"  {line}" for line in _lines(found, ending, month)]
    if not any(part.foretells for part in found.parts):
        lines.append(MORE)
    return "\n".join([*lines, SURVEYS, CAUTION])


def _lines(found: Indicators, ending: str, month: int) -> list[str]:
    part = found.part(ending, month)
    if not part.scored:
        return [words.sentence(too_few(part))]
    lines = [f"{sentence(part)}. {_basis(part)}"]
    lines.append(words.sentence(_model(part)))
    surveyed = [one for one in found.parts if (one.ending, one.month, one.source) == (ending, month, "survey")]
    return [*lines, *(words.sentence(_surveyed(one)) for one in surveyed if part.foretells)]


def too_few(part: Foretold) -> str:
    """Sentence saying that too few histories have, or lack, the ending for a score."""
    return (
        f"at month {part.month} nothing is scored: {_of(part)}, and fewer than {FEW} with it or without it tell nothing"
    )


def sentence(part: Foretold) -> str:
    """Sentence naming the measure that best predicts an ending at a month, or saying that none does."""
    best = part.best
    if not part.foretells:
        return (
            f"At month {part.month} no measure can be told from chance in foretelling {ENDINGS[part.ending]}: "
            f"the best, {named(best)}, ranks {_pairs(best)} of 100 pairs of histories rightly"
        )
    level = [score for score in part.scores if score.level]
    text = (
        f"At month {part.month} the measure that best foretells {ENDINGS[part.ending]} is {named(best)}: of 100 pairs "
        f"of histories it ranks {_pairs(best)} rightly"
    )
    if not level:
        return text
    others = f" and {len(level) - 1} more" if len(level) > 1 else ""
    return f"{text}; {cannot_be_told_apart('it', f'from {named(level[0])}{others}')}"


def named(score: Score) -> str:
    """A measure with the direction that predicts the ending: "low back-bench buy-in at Redditch"."""
    adjective = {"high": "much", "low": "little"} if score.series in _SUMS else {"high": "high", "low": "low"}
    measure = score.measure
    if measure.startswith(("highest ", "lowest ")):
        return f"a {score.when} level of the {measure}"
    return f"{adjective[score.when]} {measure}"


def _pairs(score: Score) -> str:
    return _ranged(score.share)


def _ranged(found: Estimate) -> str:
    """Pairs of 100 that are ranked rightly: "68 (range 61 to 74)"."""
    return f"{round(100 * found.value)} (range {ends_of_100(found)})"


def _of(part: Foretold) -> str:
    out = f", {part.left_out} that had ended by then left out" if part.left_out else ""
    return f"{part.happens} of {words.counted(part.histories, 'history', 'histories')} come to it{out}"


def _basis(part: Foretold) -> str:
    anew = "choosing the measure anew without the histories it is scored on gives"
    return words.sentence(f"{_of(part)}; {anew} {_ranged(part.afresh)}")


def _model(part: Foretold) -> str:
    model = part.together
    if model is None:
        return ""
    text = f"all measures together rank {_ranged(model.share)}"
    if model.skill.low <= 0:
        return f"{text}; what they say of a history is no surer than the plan's base rate"
    less = f"{round(100 * model.skill.value)}% less than the plan's base rate (range {ends_of_100(model.skill)})"
    return f"{text}; they err {less}; {calibration(part)}"


def calibration(part: Foretold) -> str:
    """Sentence on calibration: do the predicted chances come true as often as they say?"""
    if part.together is None:
        return ""
    first, last = part.together.parts[0], part.together.parts[-1]
    agrees = all(one.agrees for one in part.together.parts)
    verdict = "they come true about as often as they say" if agrees else "they do not come true as often as they say"
    told = [
        f"{words.percent(one.said)} said, {words.percent(one.came / one.histories)} "
        f"({round(100 * one.interval[0])} to {round(100 * one.interval[1])}) seen"
        for one in (first, last)
    ]
    return f"{verdict}: in the third thought safest {told[0]}, in the third thought most at risk {told[1]}"


def _surveyed(part: Foretold) -> str:
    if not part.scored:
        return f"of what councils would see {too_few(part)}"
    if not part.foretells:
        return (
            f"what councils would see cannot be told from chance: choosing among it anew gives {_ranged(part.afresh)}"
        )
    return f"of what councils would see, {named(part.best)} tells most: {_pairs(part.best)}"


def finding(found: Indicators, study: str) -> StudyFinding[Indicators]:
    """Answer of indicators: measures that foretell an ending."""
    content = {
        "study": found.study,
        "plans": list(found.plans),
        "histories_lived_again": found.relived,
        "scores": records(found.table),
        "parts": [_part_content(part) for part in found.parts],
    }
    title = f"What foretells how a history ends, {study}"
    lines = said(found).splitlines()
    return StudyFinding(found, headline(found), lines, content, {"indicators": found.table}, "indicators", title)


def _part_content(part: Foretold) -> dict[str, Any]:
    known = part.together
    content: dict[str, Any] = {
        "ending": part.ending,
        "month": part.month,
        "source": part.source,
        "histories": part.histories,
        "with_ending": part.happens,
        "left_out": part.left_out,
        "scored": part.scored,
        "foretells": part.foretells,
    }
    if known is not None:
        content["chosen_afresh"] = _ends("share", part.afresh)
        content["together"] = {
            **_ends("share", known.share),
            "skill": known.skill.value,
            "skill_low": known.skill.low,
            "skill_high": known.skill.high,
            "calibration": [
                {"said": group.said, "came": group.came, "histories": group.histories} for group in known.parts
            ],
        }
    return content


def _ends(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.value, "low": found.low, "high": found.high}
