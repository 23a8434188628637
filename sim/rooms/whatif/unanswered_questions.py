"""Uncertainty from unanswered decision-map questions: each history draws a random answer to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.core.luck import Luck
from sim.engine.outcomes import OUTCOMES
from sim.rooms.whatif import questions
from sim.rooms.whatif.asked_plans import PagePlan
from sim.rooms.whatif.form import FormPart
from sim.study.running.worker import Rows
from sim.words.summary.study_view import range_of
from sim.words.verdict_words import chance

HISTORIES = 60
"""Histories drawn; each end of a nine-in-ten range then rests on three, so it is reported as a first look."""
_SAVING, _PARTED = "recurrent_saving_y5_gbp_m", "dissolved"


class Opened(FormPart):
    """Effect of open questions: their number, and a sentence on the uncertainty they leave."""

    questions: int
    histories: int
    sentence: str


def drawn(plan: PagePlan, seed: int, histories: int = HISTORIES) -> list[dict[str, Any]]:
    """Changes made by each history's random answers to the open questions; levers moved by hand stay."""
    return [_changes(plan, Luck(seed, number)) for number in range(histories)]


def _changes(plan: PagePlan, luck: Luck) -> dict[str, Any]:
    answers = dict(plan.answers)
    for question in questions.open_questions(plan.answers):
        place = int(luck.uniform("open question", question.name) * len(question.answers))
        answers[question.name] = question.answers[place].name
    return {key: value for key, value in questions.changes(answers).items() if key not in plan.values}


def opened(plan: PagePlan, name: str, rows: Sequence[Rows]) -> Opened:
    """Sentence on the savings and dissolutions of the plan called `name` over those histories."""
    values = np.frombuffer(b"".join(each.values for each in rows), dtype=np.float64).reshape(-1, len(OUTCOMES))
    saving, parted = (values[:, list(OUTCOMES).index(outcome)] for outcome in (_SAVING, _PARTED))
    count = len(questions.open_questions(plan.answers))
    found = range_of(saving)
    told = f"{words.counted(count, 'question')} of the decision map {'has' if count == 1 else 'have'} no answer yet"
    low, high = words.decimal(found.low), words.decimal(found.high)
    saved = words.bracketed(f"{words.money(found.value)} a year by year five", low, high, alike=words.NEARLY_ALL)
    said = (
        f"{told}. With each history answering by lot, {name} saves {saved} "
        f"and breaks down in "
        f"{chance(Estimate.of_count(int((parted > 0).sum()), len(parted)))}, from {len(parted)} histories"
        if found.value == found.value
        else told
    )
    return Opened(questions=count, histories=len(values), sentence=words.sentence(said))
