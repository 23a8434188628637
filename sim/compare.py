"""Paired comparison of cells that met the same luck, and the intervals every figure needs (Q-S1, Q-S2)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sim.crossed import mean_of
from sim.intervals import LEVEL, holm, sign_test, t_quantile, t_two_sided, wilson
from sim.outcomes import OUTCOMES
from sim.store import write_csv, write_manifest
from sim.study import Study
from sim.study.tables import QUANTILES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Number = TypeVar("Number", float, NDArray[np.float64])

MOST = 300
"""Cells that are compared one by one; more take longer than they tell."""
COLUMNS = (
    "reference_cell",
    "cell",
    "label",
    "outcome",
    "mean_difference",
    "half_width",
    "p_better",
    "variance_ratio",
    "verdict",
    "n",
)
ROUNDING, TINY = 1e-9, 1e-12
OURS, THEIRS = " of ours", " of theirs"
NEVER = {"payback_month": "never_pays_back", "duration_ratio": "unfinished"}
"""Outcomes whose null means never, and the flag that says so; any other null says nothing."""


class Interval(NamedTuple):
    """A mean with the half-width of its 95% interval; NaN where too few values say nothing."""

    mean: float
    half_width: float
    n: int


def mean_interval(values: Sequence[float] | Values) -> Interval:
    """Mean and half-width of its 95% t-interval."""
    import numpy as np

    given = np.asarray(values, dtype=float)
    n = len(given)
    if n < 2:
        return Interval(float(given[0]) if n else math.nan, math.nan, n)
    error = float(given.std(ddof=1)) / math.sqrt(n)
    return Interval(float(given.mean()), t_quantile((1 + LEVEL) / 2, n - 1) * error, n)


def compare(runs: pd.DataFrame, reference: str, better: Mapping[str, str] | None = None) -> pd.DataFrame:
    """How every other cell differs from the reference cell, outcome by outcome, paired on replication.

    `mean_difference` ± `half_width` (95%) is over the `n` pairs in which both have a value. In `p_better`
    ties count half and never (NEVER) is worse than any value; for a neutral outcome it is the chance of
    being higher. `variance_ratio` says how many times more variable independent luck would have made the
    difference. `verdict` is 'better', 'worse' ('higher', 'lower' if neutral), 'cannot be told apart' or
    'identical', at 5% over the whole table by Holm's rule. It rests on the mean difference, but where never
    occurs or all differences are equal on who is better how often (a sign test). An outcome that no pair
    has (past the horizon) is left out. `better` replaces the declared directions.
    """
    import pandas as pd

    directions = better or {name: outcome.better for name, outcome in OUTCOMES.items()}
    names = [name for name in directions if name in runs]
    cells = {str(cell): rows.set_index("replication") for cell, rows in runs.groupby("cell", sort=False)}
    lines: list[dict[str, Any]] = []
    if reference in cells:
        base = cells.pop(reference)
        for cell, rows in cells.items():
            head = {"reference_cell": reference, "cell": cell, "label": rows["label"].iloc[0]}
            found = _differences(rows, base, names, directions)
            lines += [head | line for line in found if line["pairs"]]
    for line, p_value in zip(lines, holm([line["p"] for line in lines]), strict=True):
        line["verdict"] = _verdict(line, p_value)
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _differences(
    rows: pd.DataFrame, base: pd.DataFrame, names: Sequence[str], directions: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    common = rows.index.intersection(base.index).sort_values()
    ours, theirs = rows.loc[common], base.loc[common]
    for name in names:
        yield {"outcome": name, **_difference(_values(ours, name), _values(theirs, name), directions[name])}


def _values(rows: pd.DataFrame, name: str) -> Values:
    """An outcome by history: infinity for never, NaN where there is nothing to say."""
    import numpy as np

    values: Values = rows[name].to_numpy(dtype=float)
    if name not in NEVER:
        return values
    never = np.isnan(values)
    if NEVER[name] in rows:
        never &= rows[NEVER[name]].to_numpy(dtype=float) == 1
    return np.where(never, np.inf, values)


def _difference(ours: Values, theirs: Values, direction: str) -> dict[str, Any]:
    import numpy as np

    known = ~np.isnan(ours) & ~np.isnan(theirs)
    ours, theirs = ours[known], theirs[known]
    valued = np.isfinite(ours) & np.isfinite(theirs)
    a, b = ours[valued], theirs[valued]
    difference = a - b
    difference[np.abs(difference) <= np.maximum(ROUNDING * np.maximum(np.abs(a), np.abs(b)), TINY)] = 0.0
    scores = (ours > theirs).astype(float) - (ours < theirs).astype(float)
    scores[valued] = np.sign(difference)
    scores = _sign(scores, direction)
    interval = _paired(a, b, difference)
    by_value = bool(valued.all()) and interval.half_width > 0
    return {
        "mean_difference": interval.mean,
        "half_width": interval.half_width,
        "p_better": (float(scores.mean()) + 1) / 2 if len(scores) else math.nan,
        "variance_ratio": _variance_ratio(a, b, difference),
        "n": interval.n,
        "pairs": len(scores),
        "p": _t_test(interval) if by_value else sign_test(int((scores > 0).sum()), int((scores < 0).sum())),
        "sign": _sign(interval.mean, direction) if by_value else float(scores.sum()),
        "neutral": direction == "neutral",
        "identical": not scores.any(),
    }


def paired_interval(ours: Values, theirs: Values) -> Interval:
    """Mean of ours less theirs, pair by pair, with its 95% interval; of flags that of Bonett and Price."""
    return _paired(ours, theirs, ours - theirs)


def _paired(ours: Values, theirs: Values, difference: Values) -> Interval:
    return _flag_interval(difference) if _flags(ours) and _flags(theirs) else mean_interval(difference)


def _flags(values: Values) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def _flag_interval(difference: Values) -> Interval:
    """Mean difference of paired flags; one pair more each way, against false certainty (Bonett–Price)."""
    n = len(difference)
    if n < 2:
        return mean_interval(difference)
    up, down = (int((difference > 0).sum()) + 1) / (n + 2), (int((difference < 0).sum()) + 1) / (n + 2)
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    return Interval(float(difference.mean()), z * math.sqrt((up + down - (up - down) ** 2) / (n + 2)), n)


def _sign(difference: Number, direction: str) -> Number:
    return -difference if direction == "lower" else difference


def _variance_ratio(ours: Values, theirs: Values, difference: Values) -> float:
    paired = float(difference.var(ddof=1)) if len(difference) > 1 else 0.0
    return float(ours.var(ddof=1) + theirs.var(ddof=1)) / paired if paired > 0 else math.nan


def _t_test(interval: Interval) -> float:
    error = interval.half_width / t_quantile((1 + LEVEL) / 2, interval.n - 1)
    return t_two_sided(interval.mean / error, interval.n - 1)


def _verdict(line: Mapping[str, Any], p_value: float) -> str:
    if line["identical"]:
        return "identical"
    if p_value >= 1 - LEVEL or line["sign"] == 0:
        return "cannot be told apart"
    up, down = ("higher", "lower") if line["neutral"] else ("better", "worse")
    return up if line["sign"] > 0 else down


def weak_pairing(comparison: pd.DataFrame) -> list[str]:
    """A warning for each cell in which the common luck made some difference more variable, not less."""
    weak = comparison[comparison["variance_ratio"] < 1]
    return [
        f"{label}: common luck did not help for {', '.join(rows['outcome'])} (variance ratio below 1)"
        for label, rows in weak.groupby("label", sort=False)
    ]


def write(study: Study) -> pd.DataFrame:
    """Compare a study's cells with its reference, write comparison.csv and note warnings in the manifest.

    In a sample its plans are compared, over the points of the sample. Of more than 300 cells the first 300 are.
    """
    table = compare_plans(study) if study.sampled else compare(*compared(study))
    write_csv(study.folder / "comparison.csv", list(table.columns), table.itertuples(index=False))
    cells = 0 if study.sampled else len(study.labels)
    left_out = [f"comparison.csv holds the first {MOST} of {cells:,} cells"] if cells > MOST else []
    study.manifest["warnings"] = [*left_out, *weak_pairing(table)]
    write_manifest(study.folder, study.manifest)
    return table


def compare_plans(study: Study) -> pd.DataFrame:
    """How the plans of a sample differ from the reference plan, in the columns of `compare`.

    The interval is that of a mean over points that share their luck and histories that share their point
    (crossed); `n` counts the points. Outcomes that may be never have no mean and are left out.
    """
    import pandas as pd

    rows = study.design[["row", "cell", "scenario"]]
    names = [name for name in OUTCOMES if name in study.runs and name not in NEVER]
    joined = rows.merge(study.runs[["cell", "replication", *names]], on="cell").set_index(
        ["scenario", "row", "replication"]
    )
    reference = pooled(study)[1]
    lines = []
    for plan in dict.fromkeys(rows["scenario"]):
        if plan != reference:
            ours, theirs = joined.loc[plan].add_suffix(OURS), joined.loc[reference].add_suffix(THEIRS)
            both = ours.join(theirs, how="inner")
            head = {"reference_cell": reference, "cell": plan, "label": plan}
            lines += [head | line for name in names for line in _over_points(both, name)]
    for line, p_value in zip(lines, holm([line["p"] for line in lines]), strict=True):
        line["verdict"] = _verdict(line, p_value)
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _over_points(both: pd.DataFrame, name: str) -> Iterator[dict[str, Any]]:
    """One outcome of two plans, if they have values of it: the usual line, its interval that of crossed points."""
    ours, theirs = both[f"{name}{OURS}"], both[f"{name}{THEIRS}"]
    line = {"outcome": name, **_difference(ours.to_numpy(float), theirs.to_numpy(float), OUTCOMES[name].better)}
    if not line["pairs"]:
        return
    found = mean_of((ours - theirs).unstack("replication").to_numpy(float))
    line |= {
        "half_width": found.half_width,
        "n": len(both.index.unique("row")),
        "sign": _sign(found.mean, OUTCOMES[name].better),
    }
    line["p"] = t_two_sided(found.mean / found.error, found.df) if found.error > 0 else sign_test(found.n, 0)
    yield line


def compared(study: Study) -> tuple[pd.DataFrame, str]:
    """The runs to compare, and the id of the reference among them."""
    if study.sampled:
        return pooled(study)
    runs, kept = study.runs, {*list(study.labels)[:MOST], study.reference}
    return (runs[runs["cell"].isin(kept)] if len(study.labels) > MOST else runs), study.reference


def pooled(study: Study) -> tuple[pd.DataFrame, str]:
    """A row for each plan and point of the sample, with the mean of every outcome over its histories.

    `cell` is the plan, `replication` the point: plans are paired on the same values of the quantities and the
    same luck. Outcomes that may be never have no mean and are left out.
    """
    rows = study.design[["row", "cell", "scenario"]]
    names = [name for name in OUTCOMES if name in study.runs and name not in NEVER]
    points = rows.merge(study.runs[["cell", *names]], on="cell").drop(columns="cell")
    means = points.groupby(["scenario", "row"], sort=False)[names].mean().reset_index()
    means = means.rename(columns={"row": "replication"}).assign(cell=means["scenario"], label=means["scenario"])
    usual = rows.loc[rows["cell"] == study.reference, "scenario"]
    return means, str(usual.iloc[0] if len(usual) else rows["scenario"].iloc[0])


def describe(runs: pd.DataFrame) -> pd.DataFrame:
    """Every outcome of every cell: n, never, mean with its 95% interval, quantiles over histories.

    `n` counts the histories of which there is something to say, `never` those among them that never got
    there (NEVER), `never_low`, `never_high` Wilson's interval for that chance. The interval of the mean is
    Wilson's where every value is 0 or 1. Never is not dropped: with any, mean and interval are null, and it
    counts as beyond every value in the quantiles, null where they reach it.
    """
    import pandas as pd

    names = [name for name in OUTCOMES if name in runs]
    lines: list[dict[str, Any]] = []
    for (cell, label), rows in runs.groupby(["cell", "label"], sort=False):
        head = {"cell": cell, "label": label}
        lines += [{**head, "outcome": name, **_description(_values(rows, name))} for name in names]
    return pd.DataFrame(lines)


def _description(values: Values) -> dict[str, float]:
    import numpy as np

    known = values[~np.isnan(values)]
    n, never = len(known), int(np.isinf(known).sum())
    mean, low, high = (math.nan, math.nan, math.nan) if never else _mean_and_ends(known)
    method: Any = "closest_observation" if never else "linear"
    ends = {key: float(np.quantile(known, q, method=method)) if n else math.nan for key, q in QUANTILES.items()}
    quantiles = {key: value if math.isfinite(value) else math.nan for key, value in ends.items()}
    never_low, never_high = wilson(never, n)
    chance = {"never": never, "never_low": never_low, "never_high": never_high}
    return {"n": n, **chance, "mean": mean, "low": low, "high": high, **quantiles}


def _mean_and_ends(values: Values) -> tuple[float, float, float]:
    mean, half, n = mean_interval(values)
    if n and ((values == 0) | (values == 1)).all():
        return mean, *wilson(int(values.sum()), n)
    return mean, mean - half, mean + half
