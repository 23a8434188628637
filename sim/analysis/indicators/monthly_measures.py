"""Candidate predictors of an ending: levels at a month, by council, at the worst council, and in the mean."""

from collections.abc import Sequence

import pandas as pd

from sim.core.errors import InputError
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
