"""Paired comparison of cells that met the same luck, and the intervals every figure needs (Q-S1, Q-S2)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

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

LEVEL = 0.95
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


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95% interval for the chance of what `k` of `n` histories show; (0, 1) where there are none."""
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    p, w = k / n, z * z / n
    middle = (p + w / 2) / (1 + w)
    half = z * math.sqrt(p * (1 - p) / n + w / (4 * n)) / (1 + w)
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for their number by Holm's step-down rule, in the order given."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    corrected = [1.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return corrected


def t_two_sided(t: float, df: int) -> float:
    """Chance that |T| exceeds |t|, for Student's T with `df` degrees of freedom."""
    return _beta_share(df / 2, 0.5, df / (df + t * t))


@lru_cache(maxsize=1024)
def t_quantile(p: float, df: int) -> float:
    """The value that Student's T stays below with chance `p` (0 < p < 1).

    Newton's method from the normal quantile, which lies nearer to 0; the distribution function is concave
    from there on, so that the steps never overshoot.
    """
    if p < 0.5:
        return -t_quantile(1 - p, df)
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    t = NormalDist().inv_cdf(p)
    for _ in range(100):
        density = scale * math.exp(-(df + 1) / 2 * math.log1p(t * t / df))
        step = (t_two_sided(t, df) / 2 - (1 - p)) / density
        t += step
        if abs(step) <= 1e-14 * max(1.0, t):
            break
    return t


def _beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by a continued fraction where that converges fast."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta_share(b, a, 1.0 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * _beta_fraction(a, b, x))


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of 1 + d1/(1 + d2/(1 + …)), the denominator of the incomplete beta function."""
    value, c, d = 1.0, 1.0, 0.0
    for term in _beta_terms(a, b, x):
        d = 1.0 / (1.0 + term * d)
        c = 1.0 + term / c
        value *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return value


def _beta_terms(a: float, b: float, x: float) -> Iterator[float]:
    for m in range(10_000):
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        yield (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2))


def sign_test(better: int, worse: int) -> float:
    """Two-sided chance of a split at least this uneven, if better and worse were equally likely."""
    if better == worse:
        return 1.0
    most, fewest = max(better, worse), min(better, worse)
    return min(1.0, 2 * _beta_share(most, fewest + 1, 0.5))


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
    interval = _flag_interval(difference) if _flags(a) and _flags(b) else mean_interval(difference)
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
    """Compare a study's cells with its reference, write comparison.csv and note warnings in the manifest."""
    table = compare(study.runs, study.reference)
    write_csv(study.folder / "comparison.csv", list(table.columns), table.itertuples(index=False))
    study.manifest["warnings"] = weak_pairing(table)
    write_manifest(study.folder, study.manifest)
    return table


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
