"""Prediction of dissolution, a stall and a missed target from early measures, with accuracy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.estimates import Estimate
from sim.analysis.indicators.joint_model import Together, together
from sim.analysis.indicators.monthly_measures import INDEX, MONTHS, Seen, in_words, levels_at, seen
from sim.analysis.indicators.prediction_scores import Cases, Ranking, divided, percentiles, ranked
from sim.core.errors import InputError
from sim.study.study import Study

ENDINGS = {"dissolved": "dissolution", "stalled": "a stall", "target_missed": "a missed target"}
"""Endings predicted, by outcome."""
FEW = 15
"""Minimum histories with and without an ending for scores; fewer give intervals over half the scale."""
SOURCES = {"level": "the true level", "survey": "what the councils would see"}
SEED = 1
"""Seed of folds and resamples, fixed so that a study always gives the same answer."""
_TABLE = """
ending month source measure series foretold_by pairs_ranked_rightly_of_100 low high level_with_best histories
with_ending left_out
"""
TABLE = tuple(_TABLE.split())
BY_CHANCE = Estimate(0.5, 0.0, 1.0)
"""Score of a guess."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Score:
    """One measure's share of pairs ranked correctly, out of sample, with its 95% interval.

    `when` is "low" or "high": the side that predicts the ending. `level` is true if the measure is not
    distinguishable from the best.
    """

    series: str
    measure: str
    when: str
    share: Estimate
    level: bool


@dataclass(frozen=True)
class Foretold:
    """Prediction of one ending from one month and source: measures best first, none for too few histories.

    `left_out` had already ended. `afresh` is the score, low and high, of choosing the best measure anew.
    """

    ending: str
    month: int
    source: str
    histories: int
    happens: int
    left_out: int
    scores: tuple[Score, ...] = ()
    afresh: Estimate = BY_CHANCE
    together: Together | None = None

    @property
    def scored(self) -> bool:
        """True if enough histories had the ending and enough did not."""
        return bool(self.scores)

    @property
    def best(self) -> Score:
        """Measure that ranks most pairs correctly."""
        return self.scores[0]

    @property
    def foretells(self) -> bool:
        """True if choosing a measure ranks significantly more than half of the pairs correctly."""
        return self.scored and self.afresh.low > 0.5 and self.best.share.low > 0.5


@dataclass(frozen=True)
class Indicators:
    """Full result: pooled plans (never compared), predictions, and a tidy table of every score."""

    study: str
    plans: tuple[str, ...]
    parts: tuple[Foretold, ...]
    table: pd.DataFrame
    relived: int

    def part(self, ending: str, month: int, source: str = "level") -> Foretold:
        """Result for one ending, month and source."""
        return next(part for part in self.parts if (part.ending, part.month, part.source) == (ending, month, source))

    @property
    def months(self) -> tuple[int, ...]:
        """Months that were scored."""
        return tuple(dict.fromkeys(part.month for part in self.parts))

    @property
    def endings(self) -> tuple[str, ...]:
        """Endings that were scored."""
        return tuple(dict.fromkeys(part.ending for part in self.parts))


def indicators(study: Study, plan: str | None = None, progress: Progress | None = None) -> Indicators:
    """Scores of every measure at months 6, 12 and 18, both true and as councils would observe it.

    InputError where the study kept no levels of single histories, or the program has changed since.
    """
    cells = _cells(study, plan)
    horizon = min(study.settings(cell).horizon_months for cell in cells)
    months = tuple(month for month in MONTHS if month < horizon)
    runs = study.runs[study.runs["cell"].isin(cells)]
    numbers = _numbers(runs)
    bad = runs[(runs["dissolved"] == 1) | (runs["stalled"] == 1) | (runs["ended_by"] == "talks failed")]
    ended = _numbers(bad)
    again = seen(study, numbers, ended, months, progress)
    parts = [part for month in months for part in _at(study, cells, runs, again, month)]
    parts.sort(key=lambda part: (list(ENDINGS).index(part.ending), part.month, part.source != "level"))
    labels = tuple(study.labels[cell] for cell in cells)
    relived = len(again.over) // len(months)
    return Indicators(study.folder.name, labels, tuple(parts), _table(parts), relived)


def _numbers(runs: pd.DataFrame) -> dict[str, list[int]]:
    """Replication numbers by cell."""
    return {str(cell): own["replication"].tolist() for cell, own in runs.groupby("cell", sort=False)}


def _cells(study: Study, plan: str | None) -> list[str]:
    known = set(study.readings["cell"].unique())
    if plan is None:
        return [cell for cell in study.labels if cell in known]
    cell = study.cell_named(plan)
    if cell not in known:
        raise InputError(f"the study '{study.folder.name}' kept no monthly figures of the plan '{plan}'")
    return [cell]


def _at(study: Study, cells: Sequence[str], runs: pd.DataFrame, again: Seen, month: int) -> list[Foretold]:
    levels = levels_at(study, cells, month)
    over = again.over[(again.over["month"] == month) & again.over["over"]]
    gone = pd.MultiIndex.from_frame(over[INDEX])
    found = []
    for source, wide in (("level", levels), ("survey", again.surveys.get(month))):
        if wide is not None:
            endings = runs[[*INDEX, *ENDINGS]]
            table = wide.reset_index().merge(endings, on=INDEX, how="inner", validate="one_to_one")
            alive = ~table.set_index(INDEX).index.isin(gone)
            for ending in ENDINGS:
                kept = table[alive & table[ending].notna().to_numpy()]
                left = int((~alive & table[ending].notna().to_numpy()).sum())
                found.append(_foretold(kept, list(wide.columns), ending, month, source, left))
    return found


def _foretold(
    table: pd.DataFrame, measures: list[str], ending: str, month: int, source: str, left_out: int
) -> Foretold:
    """Measures scored on histories still running, if enough have the ending and enough do not."""
    cases = Cases(
        pd.factorize(table["cell"])[0].astype(np.int64),
        table["replication"].to_numpy(dtype=np.int64),
        table[ending].to_numpy(dtype=float),
    )
    part = Foretold(ending, month, source, len(cases), cases.count, left_out)
    values = table[measures].to_numpy(dtype=float)
    varies = np.ptp(values, axis=0) > 0 if len(values) else np.zeros(len(measures), dtype=bool)
    if min(cases.count, len(cases) - cases.count) < FEW or not varies.any():
        return part
    return scored(part, values[:, varies], [name for name, kept in zip(measures, varies, strict=True) if kept], cases)


def scored(part: Foretold, values: Values, measures: Sequence[str], cases: Cases) -> Foretold:
    """Prediction with every measure scored, best first, and the joint model."""
    luck = np.random.default_rng((SEED, part.month))
    division = divided(cases, luck)
    ranking = ranked(values, cases, division)
    model = together(values, cases, division, luck)
    afresh = Estimate(ranking.afresh, *percentiles(ranking.afresh_resampled), len(cases))
    return replace(part, scores=_scores(ranking, measures, len(cases)), afresh=afresh, together=model)


def _scores(ranking: Ranking, measures: Sequence[str], n: int) -> tuple[Score, ...]:
    order = np.argsort(-ranking.share, kind="stable")
    best = order[0]
    found = []
    for place in order:
        behind, _ = percentiles(ranking.resampled[best] - ranking.resampled[place])
        side = "high" if ranking.side[place] > 0 else "low"
        level = place != best and behind <= 0
        share = Estimate(float(ranking.share[place]), *ranking.interval(place), n)
        found.append(Score(measures[place], in_words(measures[place]), side, share, bool(level)))
    return tuple(found)


def _table(parts: Sequence[Foretold]) -> pd.DataFrame:
    rows = [_row(part, score) for part in parts for score in part.scores]
    return pd.DataFrame(rows, columns=list(TABLE))


def _row(part: Foretold, score: Score) -> tuple[object, ...]:
    head = ENDINGS[part.ending], part.month, SOURCES[part.source], score.measure, score.series, f"a {score.when} level"
    figures = [round(100 * figure, 1) for figure in (score.share.value, *score.share.ends)]
    return *head, *figures, "yes" if score.level else "no", part.histories, part.happens, part.left_out
