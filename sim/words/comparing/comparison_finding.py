"""Plans side by side, as an answer: the text, the tables, and the content for machines."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.analysis.compare.dominance import Dominance
from sim.analysis.compare.side_by_side import Comparison
from sim.analysis.estimates import MEDIAN, Estimate
from sim.words.comparing.comparison_page import headline, markdown, said
from sim.words.comparing.naming import Called
from sim.words.finding import StudyFinding, records


def finding(found: Comparison) -> StudyFinding[Comparison]:
    """Plans side by side, as an answer."""
    tables = {
        "comparison": found.table,
        "comparison_dominance": pd.DataFrame(list(found.dominance), columns=list(Dominance._fields)),
        "comparison_regret": regret_table(found),
        "councils": found.councils.table,
    }
    content, page = _content(found), markdown(found)
    lines = said(found).splitlines()
    return StudyFinding(found, headline(found), lines, content, tables, "comparison", "Plans side by side", page)


def regret_table(found: Comparison) -> pd.DataFrame:
    """Expected regret of each plan on the leading outcome and over all concerns, with 95% intervals."""
    columns = (
        "cell",
        "label",
        "outcome",
        "expected",
        "expected_half_width",
        "best_share",
        "best_low",
        "best_high",
        "overall",
        "overall_half_width",
        "n",
        "least",
        "level_with_least",
    )
    rows = [
        (
            each.plan,
            found.side(each.plan).label,
            found.lead,
            each.expected.value,
            each.expected.half_width,
            each.best.value,
            each.best.low,
            each.best.high,
            each.overall.value,
            each.overall.half_width,
            each.expected.n,
            each.least,
            each.level,
        )
        for each in found.regrets
    ]
    return pd.DataFrame(rows, columns=list(columns))


def _content(found: Comparison) -> dict[str, Any]:
    called = Called(found.sides.every)
    levels = [{"cell": key, "outcome": name, **_finite(_level(level))} for (key, name), level in found.levels.items()]
    return {
        "headline": headline(found),
        "reference": found.reference.key,
        "plans": [
            {
                "cell": side.key,
                "name": called.name(side.key),
                "study": side.study.folder.name,
                "histories": len(side.rows),
                "marks": {c.name or c.outcomes[0]: found.mark(side, c) for c in found.concerns}
                if side is not found.reference
                else {},
            }
            for side in found.sides.every
        ],
        "concerns": [concern._asdict() for concern in found.concerns],
        "levels": levels,
        "races": [{"outcome": race.outcome, "best": race.best, "level": race.level} for race in found.races.values()],
        "comparison": [_finite(row) for row in records(found.table)],
        "dominance": [each._asdict() for each in found.dominance],
        "regret": records(regret_table(found)),
        "councils": [_finite(row) for row in records(found.councils.table)],
        "complaints": list(found.complaints),
        "notes": list(found.notes),
    }


def _level(found: Estimate) -> dict[str, Any]:
    ends = {"middle": found.value, "low": found.low, "high": found.high}
    return {**ends, "n": found.n, "is_median": found.kind == MEDIAN}


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """The value for JSON, with infinite and missing numbers as null."""
    return {
        key: None if isinstance(value, float) and not abs(value) < float("inf") else value for key, value in row.items()
    }
