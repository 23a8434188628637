"""Searches for the values of a few quantities that bring the model closest to the calibration figures.

    python -m sim.analysis.validation.calibration --screen --draws 240
    python -m sim.analysis.validation.calibration --draws 24 --evaluations 60

The first prints which quantities the calibration figures hang on most, by rank correlation over draws of all evidence.
The second is the search: least squares of log errors over the figures of role calibrate, on common random numbers
(every trial meets the same draws of all other evidence and the same luck), each parameter held near its register value
by a residual of its own: one, where it stands at the end of its range. It prints what it finds and writes nothing. It
needs the extra `analysis`.
"""

import argparse
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log
from pathlib import Path
from statistics import correlation
from typing import Any

import numpy as np

from sim.analysis.validation.case_results import Compared, Outturn, compared, log_error
from sim.analysis.validation.case_runs import SEED, CasePool, pool_of
from sim.analysis.validation.case_settings import Prepared
from sim.analysis.validation.evidence_draws import draws
from sim.core.errors import InputError, suggestion
from sim.core.inputs.quantity import Quantity

PARAMETERS = (
    "hr.months_per_review",
    "hr.free_for_change",
    "managers.packages_per_head",
    "time.review",
    "time.implementation",
    "time.bedding_in",
    "money.joint_teams_saving",
    "money.transformation_saving",
    "money.corporate_multiple",
    "services.size_counts",
)
"""Searched parameters: those of most weight in `--screen`, the largest savings, and causes of the largest misses:
how much more a support service saves (C-6), how long a review takes, and that of a larger service (C-3, C-4)."""
LISTED = 15
WORST = 3.0
"""Maximum log error, used also for a figure the model never reaches: a factor of twenty."""
STEP = 0.25
"""Step size of the search's slopes, as a share of the distance from register value to range end."""


@dataclass(frozen=True)
class Parameter:
    """One searched quantity: `at` maps a coordinate from −1 (low) through 0 (the register) to 1 (high)."""

    key: str
    quantity: Quantity

    def at(self, x: float) -> float:
        """Value at a coordinate."""
        q = self.quantity
        end = q.high if x > 0.0 else q.low
        if q.low > 0.0:
            return float(min(max(q.value * (end / q.value) ** abs(x), q.low), q.high))
        return min(max(q.value + (end - q.value) * abs(x), q.low), q.high)

    @property
    def room(self) -> tuple[float, float]:
        """Minimum and maximum coordinate; zero on a side where the range ends at the value."""
        q = self.quantity
        return (-1.0 if q.low < q.value else -1e-9), (1.0 if q.high > q.value else 1e-9)


class Search:
    """Residuals of successive trials, and the best trial so far."""

    def __init__(self, pool: CasePool, parameters: Sequence[Parameter], draws: int, evaluations: int) -> None:
        self.pool, self.parameters, self.draws, self.left = pool, parameters, draws, evaluations
        self.best: tuple[float, tuple[float, ...]] = (inf, ())
        self.known: dict[tuple[float, ...], list[float]] = {}

    def residuals(self, x: Sequence[float]) -> list[float]:
        """Log errors of the calibration figures, then each parameter's distance from the register."""
        place = tuple(float(at) for at in x)
        if place in self.known:
            return self.known[place]
        if self.left <= 0:
            raise Spent
        self.left -= 1
        values = {one.key: one.at(at) for one, at in zip(self.parameters, x, strict=True)}
        found = self.known[place] = [*self.errors(values), *place]
        loss = sum(one * one for one in found)
        if loss < self.best[0]:
            self.best = (loss, place)
        print(
            f"loss {loss:.3f} at " + ", ".join(f"{key} {value:.4g}" for key, value in values.items()), file=sys.stderr
        )
        return found

    def errors(self, values: dict[str, float]) -> list[float]:
        """The log error of each calibration figure at these values."""
        outturns = self.pool.run(self.draws, fixed=values)
        return [
            _error(one, case.file.case.horizon_months)
            for case, outturn in zip(self.pool.cases, outturns, strict=True)
            for one in compared(case, outturn, self.pool.seed)
            if one.figure.role == "calibrate"
        ]


class Spent(Exception):
    """Signal that all allowed trials are used."""


def _error(one: Compared, horizon: int) -> float:
    """Log error of the mean, which is smoother than the median; a month that never came counts as the horizon."""
    if not one.values:
        return -WORST
    mean = sum(min(value, float(horizon)) if one.unit == "months" else value for value in one.values) / len(one.values)
    error = log_error(mean, one.figure)
    return -WORST if error is None else max(-WORST, min(WORST, error))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the search from the command line. Exit code 0, or 2 for invalid input."""
    try:
        asked = _arguments(argv)
        return _screen(asked) if asked.screen else _search(asked)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sim.analysis.validation.calibration", description=__doc__)
    parser.add_argument("--draws", type=int, default=24, help="draws of evidence and luck in each trial")
    parser.add_argument("--screen", action="store_true", help="rank all quantities instead of searching")
    parser.add_argument("--evaluations", type=int, default=40, help="most trials")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: every core")
    parser.add_argument("--cases", type=Path, default=None, help="a folder of cases; default: the shipped ones")
    parser.add_argument("parameters", nargs="*", default=list(PARAMETERS), help="quantities as topic.quantity")
    return parser.parse_args(argv)


def _screen(asked: argparse.Namespace) -> int:
    """Print the quantities with the largest sum of squared rank correlations with calibration figures."""
    with pool_of(asked.cases, asked.seed, asked.workers, lambda case: _calibrates(case.file.case)) as pool:
        outturns = pool.run(asked.draws)
    weights: dict[str, float] = {}
    for case, outturn in zip(pool.cases, outturns, strict=True):
        if case.file.case.population is None:
            _weigh(case, outturn, asked.seed, weights)
    for key in sorted(weights, key=lambda key: -weights[key])[:LISTED]:
        print(f"{key}: {weights[key]:.2f}")
    return 0


def _weigh(case: Prepared, outturn: Outturn, seed: int, weights: dict[str, float]) -> None:
    """Add to each quantity's weight the squared rank correlations with a case's calibration figures."""
    member = case.members[0]
    sets = draws(member.plans[0][1].evidence, len(outturn.rows), seed, member.name)
    met = [(sets[draw], rows[0]) for draw, rows in outturn.whole]
    figures = [figure for figure in case.file.case.figures if figure.outcome is not None]
    for column, figure in enumerate(figures):
        if figure.role != "calibrate":
            continue
        read = _ranks([inf if row[column] is None else float(row[column] or 0.0) for _, row in met])
        for key in sets[0]:
            weights[key] = weights.get(key, 0.0) + _correlation(_ranks([values[key] for values, _ in met]), read) ** 2


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks, with their mean for ties."""
    ordered = sorted(values)
    return [(bisect_left(ordered, value) + bisect_right(ordered, value)) / 2.0 for value in values]


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    return correlation(one, other) if len(set(one)) > 1 and len(set(other)) > 1 else 0.0


def _search(asked: argparse.Namespace) -> int:
    try:
        from scipy.optimize import least_squares
    except ImportError:
        raise InputError("the search needs scipy; install Tandem with the extra: pip install '.[analysis]'") from None
    with pool_of(asked.cases, asked.seed, asked.workers, lambda case: _calibrates(case.file.case)) as pool:
        parameters = _parameters(pool, asked.parameters)
        search = Search(pool, parameters, asked.draws, asked.evaluations)
        start = [0.0] * len(parameters)
        before = sum(error * error for error in search.residuals(start))
        low, high = zip(*(one.room for one in parameters), strict=True)
        steps = [STEP if most > 0.5 else -STEP for most in high]
        try:
            least_squares(search.residuals, start, jac=lambda x: _slopes(search, x, steps), bounds=(low, high))
        except Spent:
            print("the trials allowed are used up", file=sys.stderr)
        _report(search, before)
    return 0


def _slopes(search: Search, x: Any, steps: Sequence[float]) -> Any:
    """Slopes of the residuals by parameter, over a step wide enough to exceed the noise."""
    here, slopes = search.residuals(x), []
    for i, step in enumerate(steps):
        there = [float(at) for at in x]
        move = step if abs(there[i] + step) <= 1.0 else -step
        there[i] += move
        slopes.append([(new - old) / move for new, old in zip(search.residuals(there), here, strict=True)])
    return np.array(slopes).T


def _calibrates(case: Any) -> bool:
    return any(figure.role == "calibrate" for figure in case.figures)


def _parameters(pool: CasePool, names: Sequence[str]) -> list[Parameter]:
    if not pool.settings:
        raise InputError("no case has a figure of role calibrate, so there is nothing to search by")
    register = pool.settings[0].evidence
    known = {f"{topic}.{name}": quantity for topic, group in register.items() for name, quantity in group.items()}
    for name in names:
        if name not in known:
            raise InputError(f"{name}: unknown quantity{suggestion(name, known)}")
    return [Parameter(name, known[name]) for name in names]


def _report(search: Search, before: float) -> None:
    loss, x = search.best
    print(f"loss before {before:.3f}, after {loss:.3f} (sum of squared log errors and distances from the register)")
    for one, at in zip(search.parameters, x, strict=True):
        q, value = one.quantity, one.at(at)
        moved = log(value / q.value) if q.value > 0.0 and value > 0.0 else value - q.value
        print(f"  {one.key}: {value:.4g} {q.unit} (register {q.value:g}, {q.low:g} to {q.high:g}; moved {moved:+.2f})")
    cases = [prepared.file.case for prepared in search.pool.cases]
    named = [f"{case.name}, {figure.name}" for case in cases for figure in case.figures if figure.role == "calibrate"]
    errors = search.errors({one.key: one.at(at) for one, at in zip(search.parameters, x, strict=True)})
    for name, error in zip(named, errors, strict=True):
        print(f"  {name}: log error {error:+.2f}")


if __name__ == "__main__":
    sys.exit(main())
