"""Every plan against a reference, outcome by outcome, paired on the luck they share (Q-S2)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sim.compare.values import Interval, paired_mean, values_of
from sim.intervals import LEVEL, holm, sign_test, t_quantile, t_two_sided
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.compare.values import Values

    Number = TypeVar("Number", float, NDArray[np.float64])

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
        line["verdict"] = verdict_of(line, p_value)
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _differences(
    rows: pd.DataFrame, base: pd.DataFrame, names: Sequence[str], directions: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    common = rows.index.intersection(base.index).sort_values()
    ours, theirs = rows.loc[common], base.loc[common]
    for name in names:
        yield {"outcome": name, **paired(values_of(ours, name), values_of(theirs, name), directions[name])}


def paired(ours: Values, theirs: Values, direction: str) -> dict[str, Any]:
    """One outcome of two plans, history by history: what `compare` says of it, and what its verdict rests on."""
    import numpy as np

    known = ~np.isnan(ours) & ~np.isnan(theirs)
    ours, theirs = ours[known], theirs[known]
    valued = np.isfinite(ours) & np.isfinite(theirs)
    a, b = ours[valued], theirs[valued]
    difference = a - b
    difference[np.abs(difference) <= np.maximum(ROUNDING * np.maximum(np.abs(a), np.abs(b)), TINY)] = 0.0
    scores = (ours > theirs).astype(float) - (ours < theirs).astype(float)
    scores[valued] = np.sign(difference)
    scores = signed(scores, direction)
    interval = paired_mean(a, b, difference)
    by_value = bool(valued.all()) and interval.half_width > 0
    return {
        "mean_difference": interval.mean,
        "half_width": interval.half_width,
        "p_better": (float(scores.mean()) + 1) / 2 if len(scores) else math.nan,
        "variance_ratio": _variance_ratio(a, b, difference),
        "n": interval.n,
        "pairs": len(scores),
        "p": _t_test(interval) if by_value else sign_test(int((scores > 0).sum()), int((scores < 0).sum())),
        "sign": signed(interval.mean, direction) if by_value else float(scores.sum()),
        "neutral": direction == "neutral",
        "identical": not scores.any(),
    }


def signed(difference: Number, direction: str) -> Number:
    """A difference as gain: turned round where lower is better."""
    return -difference if direction == "lower" else difference


def _variance_ratio(ours: Values, theirs: Values, difference: Values) -> float:
    paired = float(difference.var(ddof=1)) if len(difference) > 1 else 0.0
    return float(ours.var(ddof=1) + theirs.var(ddof=1)) / paired if paired > 0 else math.nan


def _t_test(interval: Interval) -> float:
    error = interval.half_width / t_quantile((1 + LEVEL) / 2, interval.n - 1)
    return t_two_sided(interval.mean / error, interval.n - 1)


def verdict_of(line: Mapping[str, Any], p_value: float) -> str:
    """The word for a line of `paired`, given its p-value corrected for the number of lines."""
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
