"""Why two plans differ, in words: the answer, the levers, the mechanisms, the middle pair of histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.core import words
from sim.words.why.amounts import Amounts
from sim.words.why.middle_pair import middle_pair
from sim.words.why.plan_names import Pair, pair_of
from sim.words.why.why_answer import headline, levers, mechanisms

if TYPE_CHECKING:
    from sim.analysis.attribution.attribution_finding import Why

__all__ = ["Amounts", "Pair", "headline", "pair_of", "said", "title"]


def title(why: Why) -> str:
    """What the answer is about: "Why transform first differs from structure first"."""
    pair = pair_of(why)
    return f"Why {pair.second} differs from {pair.first}"


def said(why: Why) -> str:
    """The whole answer, a line for each thing said; the first is the answer itself."""
    pair, amounts = pair_of(why), Amounts.of(why.outcome)
    lines = [
        words.sentence(headline(why)),
        *levers(why, pair, amounts),
        *mechanisms(why, amounts),
        *middle_pair(why, pair, amounts),
        *_notes(why),
    ]
    return "\n".join(lines)


def _notes(why: Why) -> list[str]:
    notes = [
        "All ranges are of means, at 95% or wider where several are judged together, and show luck alone: each piece "
        "of evidence stands at one value."
    ]
    if why.dropped:
        many = words.counted(why.dropped, "history", "histories")
        notes.append(f"{words.start_of(many)} in which some plan has no value of the outcome left out.")
    if why.changed:
        notes.append(
            "The program has changed since this study was made: both plans were simulated again, and may differ from "
            "its tables."
        )
    return notes
