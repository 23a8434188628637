"""Comparison of every plan with a reference by outcome, paired on shared luck (Q-S2)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare.history_values import paired_mean, t_test, values_of
from sim.analysis.estimates import IDENTICAL, NOT_APART, Estimate
from sim.core.statistics.intervals import (
    LEVEL,
    Judged,
    judged,
    judged_each,
    sign_interval,
    sign_test,
    stretch,
    wilson,
)
from sim.engine.outcomes import DECIDING, OUTCOMES

Number = TypeVar("Number", float, Values)
_COLUMNS = """
reference_cell cell label outcome unit mean_difference half_width confidence half_width_alone p_better variance_ratio p
p_corrected verdict n
"""
COLUMNS = tuple(_COLUMNS.split())
ROUNDING, TINY = 1e-9, 1e-12
MANY = 20
"""Maximum plans for which all pairs are compared in deciding outcomes."""


def compare(
    runs: pd.DataFrame,
    reference: str,
    better: Mapping[str, str] | None = None,
    plans: int = 0,
    family: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Differences of every other cell from the reference cell by outcome, paired on replication.

    `mean_difference` ± `half_width` is over the `n` pairs with two values, at the `confidence` of the verdict;
    `half_width_alone` is the 95% half-width for a single comparison. In `p_better` ties count half and never
    (NEVER) is worse than any value; for a neutral outcome it is the chance of being higher. `variance_ratio`
    is the factor by which independent luck would raise the variance. `verdict` from `judge` is 'better',
    'worse' ('higher', 'lower' if neutral), 'cannot be told apart' or 'identical'. It uses the mean difference,
    or a sign test without half-width if never occurs or all differences are equal. An outcome without any pair
    (past the horizon) is left out. `better` replaces the declared directions. `plans` and `family` are the
    number of competing plans and `family_of` them, if there are more than those with histories here.
    """
    directions = better or {name: outcome.better for name, outcome in OUTCOMES.items()}
    names = [name for name in directions if name in runs]
    cells = {str(cell): rows.set_index("replication") for cell, rows in runs.groupby("cell", sort=False)}
    lines: list[dict[str, Any]] = []
    competing = max(plans, len(cells))
    if reference in cells:
        base = cells.pop(reference)
        for cell, rows in cells.items():
            head = {"reference_cell": reference, "cell": cell, "label": rows["label"].iloc[0]}
            found = _differences(rows, base, names, directions)
            lines += [head | line for line in found if line["pairs"]]
    judge(lines, competing, family_of(runs) if family is None and DECIDING in names else family or ())
    return pd.DataFrame(lines, columns=list(COLUMNS))


def family_of(runs: pd.DataFrame) -> list[float]:
    """P-values of deciding outcomes over all pairs of plans with histories; empty for very many plans."""
    cells = [rows.set_index("replication") for _, rows in runs.groupby("cell", sort=False)]
    if DECIDING not in runs or len(cells) > MANY:
        return []
    found = (next(_differences(*pair, [DECIDING], {DECIDING: "higher"})) for pair in combinations(cells, 2))
    return [line["p"] for line in found if line["pairs"]]


def _differences(
    rows: pd.DataFrame, base: pd.DataFrame, names: Sequence[str], directions: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    common = rows.index.intersection(base.index).sort_values()
    ours, theirs = rows.loc[common], base.loc[common]
    for name in names:
        unit = OUTCOMES[name].unit if name in OUTCOMES else ""
        found = paired(values_of(ours, name), values_of(theirs, name), directions[name])
        yield {"outcome": name, "unit": unit, **found}


def paired(ours: Values, theirs: Values, direction: str) -> dict[str, Any]:
    """Comparison of one outcome of two plans by history: a line of `compare`, and the basis of its verdict."""
    known = ~np.isnan(ours) & ~np.isnan(theirs)
    ours, theirs = ours[known], theirs[known]
    valued = np.isfinite(ours) & np.isfinite(theirs)
    a, b = ours[valued], theirs[valued]
    difference = a - b
    difference[np.abs(difference) <= np.maximum(ROUNDING * np.maximum(np.abs(a), np.abs(b)), TINY)] = 0.0
    scores = (ours > theirs).astype(float) - (ours < theirs).astype(float)
    scores[valued] = np.sign(difference)
    scores = signed(scores, direction)
    identical = not scores.any()
    interval = Estimate.around(0.0, 0.0, len(a)) if identical and len(a) else paired_mean(a, b, difference)
    by_value = bool(valued.all()) and interval.half_width > 0
    return {
        "mean_difference": interval.value,
        "half_width": interval.half_width,
        "df": interval.n - 1,
        "by_value": by_value,
        "all_valued": bool(valued.all()),
        "split": (int((scores > 0).sum()), int((scores < 0).sum())),
        "p_better": (float(scores.mean()) + 1) / 2 if len(scores) else math.nan,
        "variance_ratio": _variance_ratio(a, b, difference),
        "n": interval.n,
        "pairs": len(scores),
        "p": t_test(interval) if by_value else sign_test(int((scores > 0).sum()), int((scores < 0).sum())),
        "sign": signed(interval.value, direction) if by_value else float(scores.sum()),
        "neutral": direction == "neutral",
        "identical": identical,
    }


def signed(difference: Number, direction: str) -> Number:
    """Difference as a gain, with the sign changed where lower is better."""
    return -difference if direction == "lower" else difference


def _variance_ratio(ours: Values, theirs: Values, difference: Values) -> float:
    paired = float(difference.var(ddof=1)) if len(difference) > 1 else 0.0
    return float(ours.var(ddof=1) + theirs.var(ddof=1)) / paired if paired > 0 else math.nan


def judge(lines: Sequence[dict[str, Any]], plans: int, family: Sequence[float] = (), unmade: int = 0) -> None:
    """Verdict for every line, with the interval behind it.

    What decides between plans is a family of its own, so that two plans have one verdict wherever they are compared:
    all pairs together, by Holm's rule where `family` holds their p-values, else, for very many `plans`, by
    Bonferroni's. All else is corrected together by Holm's rule, with `unmade` comparisons more that were looked at.
    """
    deciding = [line for line in lines if line.get("outcome") == DECIDING]
    others = [line for line in lines if line.get("outcome") != DECIDING]
    found = _judged_alone([line["p"] for line in deciding], plans, family)
    found += judged([*(line["p"] for line in others), *[1.0] * unmade])
    for line, judgement in zip([*deciding, *others], found, strict=False):
        line["verdict"] = verdict_of(line, judgement.p)
        line |= {"p_corrected": judgement.p, "confidence": judgement.confidence}
        line["half_width_alone"] = line["half_width"]
        line["half_width"] = _half_width_judged(line, judgement.confidence)


def _judged_alone(p_values: Sequence[float], plans: int, family: Sequence[float]) -> list[Judged]:
    """P-values of deciding outcomes, corrected for all pairs of plans."""
    if not family:
        return judged_each(p_values, max(1, plans * (plans - 1) // 2))
    every = list(zip(family, judged(family), strict=True))
    return [min(every, key=lambda each: abs(each[0] - p))[1] for p in p_values]


def _half_width_judged(line: Mapping[str, Any], confidence: float) -> float:
    """Half-width of the interval that contains zero exactly if the verdict is "cannot be told apart"; NaN for none."""
    half = float(line["half_width"])
    if line["by_value"]:
        return half * stretch(line["df"], confidence)
    surely = line["verdict"] != NOT_APART and line["all_valued"]
    return half if surely else math.nan


def better_interval(line: Mapping[str, Any], confidence: float) -> tuple[float, float]:
    """Interval of the chance of being better in a history, ties half; for a sign test one that agrees with it."""
    n = int(line["pairs"])
    if line["by_value"] or not n:
        return wilson(line["p_better"] * n, n, confidence) if n else (0.0, 1.0)
    more, less = line["split"]
    ties = n - more - less
    if not more + less:
        return wilson(n / 2, n, confidence)
    low, high = sign_interval(more, less, confidence)
    return (low * (n - ties) + ties / 2) / n, (high * (n - ties) + ties / 2) / n


def verdict_of(line: Mapping[str, Any], p_value: float) -> str:
    """Verdict on a line of `paired`, given its p-value corrected for the number of lines."""
    if line["identical"]:
        return IDENTICAL
    if p_value >= 1 - LEVEL or line["sign"] == 0:
        return NOT_APART
    up, down = ("higher", "lower") if line["neutral"] else ("better", "worse")
    return up if line["sign"] > 0 else down


def weak_pairing(comparison: pd.DataFrame) -> list[str]:
    """Warning for each cell in which shared luck raised the variance of some difference."""
    weak = comparison[comparison["variance_ratio"] < 1]
    return [
        f"{label}: common luck did not help for {', '.join(rows['outcome'])} (variance ratio below 1)"
        for label, rows in weak.groupby("label", sort=False)
    ]
