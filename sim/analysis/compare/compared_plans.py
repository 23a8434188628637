"""Comparison within one study: cells, or plans of a sample over its points; comparison.csv; means by cell."""

import math
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare.history_values import NEVER, flags, mean_interval, values_of
from sim.analysis.compare.paired_differences import COLUMNS, MANY, compare, judge, paired, signed, weak_pairing
from sim.analysis.two_way import mean_of
from sim.core.statistics.intervals import sign_test, t_two_sided, wilson
from sim.engine.outcomes import DECIDING, OUTCOMES
from sim.study.files.store import write_csv, write_manifest
from sim.study.study import Study
from sim.study.tables import QUANTILES

MOST = 300
"""Maximum number of cells compared one by one; more cost too much time for their worth."""


def write(study: Study) -> pd.DataFrame:
    """Compare a study's cells with its reference, write comparison.csv and add warnings to the manifest.

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
    """Differences of a sample's plans from the reference plan, in the columns of `compare`.

    The interval is that of a mean over points that share their luck and histories that share their point
    (crossed); `n` counts the points. Outcomes that may be never have no mean and are left out, and so is a plan
    that a stopped sweep has not reached.
    """
    joined = by_point(study).set_index(["scenario", "row", "replication"]).drop(columns="cell")
    names = [str(name) for name in joined]
    reference = pooled(study)[1]
    played = joined.index.unique("scenario")
    lines = []
    for plan in dict.fromkeys(study.design["scenario"]):
        if plan != reference and plan in played and reference in played:
            ours, theirs = joined.loc[plan], joined.loc[reference]
            head = {"reference_cell": reference, "cell": plan, "label": plan}
            about = {name: {**head, "outcome": name, "unit": OUTCOMES[name].unit} for name in names}
            found = [{**about[name], **over_points(ours[name], theirs[name], name)} for name in names]
            lines += [line for line in found if line["pairs"]]
    judge(lines, len(played), _family(joined, list(played)))
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _family(joined: pd.DataFrame, played: list[str]) -> list[float]:
    """P-values of deciding outcomes, over all pairs of the sample's plans; empty for very many plans."""
    if DECIDING not in joined or len(played) > MANY:
        return []
    values = [joined.loc[plan][DECIDING] for plan in played]
    found = (over_points(*pair, DECIDING) for pair in combinations(values, 2))
    return [line["p"] for line in found if line["pairs"]]


def over_points(ours: pd.Series, theirs: pd.Series, name: str) -> dict[str, Any]:
    """Comparison of one outcome of two plans by row and replication, as in `paired`, with a crossed-points interval."""
    ours, theirs = ours.align(theirs, join="inner")
    line = paired(ours.to_numpy(float), theirs.to_numpy(float), OUTCOMES[name].better)
    if not line["pairs"]:
        return line
    found = mean_of((ours - theirs).unstack("replication").to_numpy(float))
    line |= {
        "half_width": found.half_width,
        "df": found.df,
        "by_value": found.error > 0,
        "n": len(ours.index.unique("row")),
        "sign": signed(found.mean, OUTCOMES[name].better),
    }
    line["p"] = t_two_sided(found.mean / found.error, found.df) if found.error > 0 else sign_test(found.n, 0)
    return line


def compared(study: Study) -> tuple[pd.DataFrame, str]:
    """Runs to compare, and the id of the reference among them."""
    if study.sampled:
        return pooled(study)
    runs, kept = study.runs, {*list(study.labels)[:MOST], study.reference}
    return (runs[runs["cell"].isin(kept)] if len(study.labels) > MOST else runs), study.reference


def by_point(study: Study) -> pd.DataFrame:
    """Outcomes with a mean, one row for each plan, point of the sample and history."""
    names = [name for name in OUTCOMES if name in study.runs and name not in NEVER]
    rows = study.design[["row", "cell", "scenario"]]
    return rows.merge(study.runs[["cell", "replication", *names]], on="cell")


def pooled(study: Study) -> tuple[pd.DataFrame, str]:
    """Mean of every outcome over histories, with a row for each plan and point of the sample.

    `cell` is the plan, `replication` the point: plans are paired on the same values of the quantities and the
    same luck. Outcomes that may be never have no mean and are left out.
    """
    rows, points = study.design, by_point(study).drop(columns=["cell", "replication"])
    means = points.groupby(["scenario", "row"], sort=False).mean().reset_index()
    means = means.rename(columns={"row": "replication"}).assign(cell=means["scenario"], label=means["scenario"])
    usual = rows.loc[rows["cell"] == study.reference, "scenario"]
    return means, str(usual.iloc[0] if len(usual) else rows["scenario"].iloc[0])


def describe(runs: pd.DataFrame) -> pd.DataFrame:
    """Statistics of every outcome in every cell: n, never, mean with 95% interval, quantiles over histories.

    `n` counts the histories with a value or never, `never` those among them that never got there (NEVER),
    and `never_low`, `never_high` bound that chance by Wilson's interval. The interval of the mean is Wilson's
    if every value is 0 or 1. With any never, mean and interval are null; in quantiles never exceeds every
    value, and quantiles that reach it are null.
    """
    names = [name for name in OUTCOMES if name in runs]
    lines: list[dict[str, Any]] = []
    for (cell, label), rows in runs.groupby(["cell", "label"], sort=False):
        head = {"cell": cell, "label": label}
        lines += [{**head, "outcome": name, **_description(values_of(rows, name))} for name in names]
    return pd.DataFrame(lines)


def _description(values: Values) -> dict[str, float]:
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
    found = mean_interval(values)
    ends = wilson(int(values.sum()), found.n) if found.n and flags(values) else found.ends
    return found.value, *ends
