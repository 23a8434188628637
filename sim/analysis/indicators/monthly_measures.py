"""Candidate predictors of an ending: true levels at a month, and what councils would see, late and with noise."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sim.core.errors import InputError
from sim.engine import Simulation
from sim.study.study import Study

MONTHS = (6, 12, 18)
"""Months of observation, early enough to change course."""
MONEY = ("recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m")
WORST = {
    "fatigue": "max",
    "uncertainty": "max",
    "engagement": "min",
    "buy_in_leaders": "min",
    "buy_in_backbench": "min",
    "trust": "min",
}
"""Worst end, lowest or highest, of measures taken at several councils or relationships."""
INDEX = ["cell", "replication"]

_WORDS = {
    "recurrent_saving_gbp_m": "saving in force",
    "cumulative_net_saving_gbp_m": "net saving so far",
    "fatigue": "fatigue",
    "engagement": "engagement",
    "uncertainty": "uncertainty",
    "buy_in_leaders": "leaders' buy-in",
    "buy_in_backbench": "back-bench buy-in",
    "trust": "trust",
    "hr_queue": "work waiting for HR",
    "od_queue": "work waiting for OD",
    "load": "managers' load",
}
_TRUST = {
    "trust leaders–leaders": "leaders' trust in one another, {0}",
    "trust HR–unions": "trust between HR and the unions",
    "trust HR–managers": "trust between HR and managers",
    "trust leaders–back bench": "leaders' and back benchers' trust at {0}",
    "trust members–officers": "members' and officers' trust at {0}",
    "trust managers–staff": "managers' and staff's trust at {0}",
}
_AT_WORST = {"max": "highest", "min": "lowest"}


def levels_at(study: Study, cells: Sequence[str], month: int) -> pd.DataFrame:
    """Each measure's true level at a month: rows by history (`cell`, `replication`), columns by measure.

    Councils' money is left out: by the sharing rule it is a fixed part of the whole.
    """
    readings = study.readings
    chosen = readings[(readings["month"] == month) & readings["cell"].isin(list(cells))]
    if chosen.empty:
        raise InputError(f"the study '{study.folder.name}' kept no levels at month {month}")
    wide = chosen.pivot(index=INDEX, columns="series", values="value")
    kept = [name for name in wide.columns if not name.startswith(tuple(f"{money}: " for money in MONEY))]
    return with_worst(wide[kept])


def with_worst(wide: pd.DataFrame) -> pd.DataFrame:
    """Measures that every history has, with the worst council's or relationship's level added."""
    known = wide.dropna(axis=1)
    found = {}
    for name, end in WORST.items():
        own = [column for column in known.columns if column.startswith((f"{name}: ", f"{name} "))]
        if len(own) > 1:
            found[f"{name}, {_AT_WORST[end]}"] = known[own].agg(end, axis=1)
    return pd.concat([known, pd.DataFrame(found, index=known.index)], axis=1)


def in_words(measure: str) -> str:
    """Name of a measure in plain words: "back-bench buy-in at Redditch", "highest fatigue at any council"."""
    name, _, whose = measure.partition(": ")
    if name in _TRUST:
        return _TRUST[name].format(whose)
    if whose:
        return f"{_WORDS.get(name, name)} at {whose}"
    name, _, end = measure.partition(", ")
    if end:
        where = "in any relation" if name == "trust" else "at any council"
        return f"{end} {_WORDS.get(name, name)} {where}"
    mean = name in WORST
    return f"mean {_WORDS[name]}" if mean else _WORDS.get(name, name)


MOST = 2_000
"""Maximum histories replayed for councils' observations, some fifteen seconds; above it the first of each plan."""
OVER = ("dissolved", "stalled")
CHECKED = "fatigue"
"""Series by which a replayed history is checked against the study's."""
Progress = Callable[[int, int], None]


class Seen(NamedTuple):
    """Observations at each month by history, and months in which each history was already over."""

    surveys: Mapping[int, pd.DataFrame]
    over: pd.DataFrame


def seen(
    study: Study,
    numbers: Mapping[str, Sequence[int]],
    ended: Mapping[str, Sequence[int]],
    months: Sequence[int],
    progress: Progress | None = None,
) -> Seen:
    """Replay histories up to the last month, and record at each month what their people could know.

    `numbers` are the replications by cell; of those beyond MOST only the ones that `ended` badly are lived
    again, to know when. InputError where the program has changed so that a history is no longer the same.
    """
    asked, plans = _share(numbers), {cell: study.settings(cell) for cell in numbers}
    todo = [(cell, n, n in asked[cell]) for cell in numbers for n in sorted({*asked[cell], *ended.get(cell, ())})]
    kept = _kept(study, numbers, months)
    rows: dict[int, list[dict[str, object]]] = {month: [] for month in months}
    over = []
    for done, (cell, number, wanted) in enumerate(todo, 1):
        simulation = Simulation(plans[cell], number, study.manifest["seed"])
        for month in months:
            simulation.advance(month)
            known = simulation.observe()
            over.append({"cell": cell, "replication": number, "month": month, "over": _over(simulation, known)})
            if wanted:
                rows[month].append({"cell": cell, "replication": number, **_told(known)})
        simulation.advance(months[-1] + 1)
        _check(study, simulation, kept, cell, number, months)
        if progress is not None:
            progress(done, len(todo))
    surveys = {month: with_worst(pd.DataFrame(found).set_index(INDEX)) for month, found in rows.items() if found}
    return Seen(surveys, pd.DataFrame(over, columns=[*INDEX, "month", "over"]))


def _share(numbers: Mapping[str, Sequence[int]]) -> dict[str, set[int]]:
    """First replications of each cell, in equal numbers within MOST."""
    each = max(MOST // max(len(numbers), 1), 1)
    return {cell: set(sorted(own)[:each]) for cell, own in numbers.items()}


def _kept(study: Study, cells: Mapping[str, Sequence[int]], months: Sequence[int]) -> dict[tuple[str, int, int], float]:
    table = study.readings
    own = table[(table["series"] == CHECKED) & table["month"].isin(list(months)) & table["cell"].isin(list(cells))]
    keys = zip(own["cell"].tolist(), own["replication"].tolist(), own["month"].tolist(), strict=True)
    return dict(zip(keys, own["value"].tolist(), strict=True))


def _over(simulation: Simulation, known: Mapping[str, object]) -> bool:
    talks_failed = any(event.kind == "talks failed" for event in known["events"])  # type: ignore[attr-defined]
    return known["status"] in OVER or talks_failed


def _told(known: Mapping[str, object]) -> dict[str, object]:
    surveys = {name: value for name, value in known["surveys"].items() if value is not None}  # type: ignore[attr-defined]
    return {"recurrent_saving_gbp_m": known["recurrent_saving_gbp_m"], **surveys}


def _check(
    study: Study,
    simulation: Simulation,
    kept: Mapping[tuple[str, int, int], float],
    cell: str,
    number: int,
    months: Sequence[int],
) -> None:
    """Check that replayed levels equal those kept in the study."""
    column = simulation.history.column(CHECKED)
    for month in months:
        told = kept.get((cell, number, month))
        if told is not None and not math.isclose(column[month], told, abs_tol=1e-9):
            raise InputError(
                f"the program has changed since the study '{study.folder.name}' was run, and its histories are no "
                "longer the same: run it again"
            )
