"""Plans of one study or several, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.compare.dominance import Dominance
from sim.analysis.compare.side_by_side import side_by_side
from sim.analysis.estimates import MEDIAN, Estimate
from sim.pictures.answers.trade_off import trade_off
from sim.study.files.store import write_csv, write_text
from sim.study.integrity import complaints
from sim.surfaces.api.kept_answers import draw, records
from sim.words.comparing import headline, markdown
from sim.words.comparing.naming import Called

if TYPE_CHECKING:
    from sim.analysis.compare.side_by_side import Comparison
    from sim.study.study import Study


def compare(
    studies: Study | Sequence[Study],
    plans: Sequence[str] = (),
    reference: str | None = None,
    outcomes: Sequence[str] = (),
    in_shares: bool = False,
) -> Comparison:
    """Compare plans of these studies, all of them or those named, with the reference (the first study's own).

    Paired where they met the same luck, else by Welch's intervals. `outcomes` limits the comparison to these;
    `in_shares` allows other partnerships, with money as a share of service expenditure. Writes
    `answers/comparison.csv`, `.md`, `answers/comparison_dominance.csv`, `answers/comparison_regret.csv`,
    `answers/councils.csv` and `figures/trade_off.svg` into the first study's folder. InputError for plans,
    outcomes or partnerships that cannot be compared, and where no history has finished.
    """
    given = [studies] if not isinstance(studies, Sequence) else list(studies)
    every = list({study.folder.resolve(): study for study in given}.values())
    found = side_by_side(every, plans, reference, outcomes, in_shares, _complaints(every))
    _keep(every[0], found)
    return found


def _complaints(studies: Sequence[Study]) -> list[str]:
    """What is missing from the folders, or was altered; with the study's name where there are several."""
    several = len(studies) > 1
    return [f"{study.folder.name}: {text}" if several else text for study in studies for text in complaints(study)]


def _keep(study: Study, found: Comparison) -> None:
    folder = study.folder / "answers"
    folder.mkdir(exist_ok=True)
    tables = {
        "comparison": found.table,
        "comparison_dominance": _rows(found.dominance),
        "comparison_regret": regret_table(found),
        "councils": found.councils.table,
    }
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", list(table.columns), table.itertuples(index=False))
    write_text(folder / "comparison.md", markdown(found))
    draw(study, "trade_off", trade_off(found))


def _rows(found: Sequence[Any]) -> pd.DataFrame:
    return pd.DataFrame(found, columns=list(Dominance._fields))


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


def as_json(found: Comparison) -> dict[str, Any]:
    """A comparison for machines: plans, where each stands, every difference, dominance, regret, councils."""
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
    """Never, and nothing to say, as null."""
    return {
        key: None if isinstance(value, float) and not abs(value) < float("inf") else value for key, value in row.items()
    }
