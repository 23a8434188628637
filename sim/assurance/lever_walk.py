"""The lever walk: each lever moved as declared in configs/assurance/levers.yaml, on common luck, where it can act.

`python -m sim.assurance.lever_walk` prints what each lever did beside what was asked of it; levers may be named, as in
`--pairs 40 hr.od_posts`. Exit code 1 if one falls short.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import erfc, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

import yaml

from sim.core.inputs.shipped import SHIPPED
from sim.core.statistics.intervals import holm
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.running.study_run import evaluate

PARTNERSHIPS = ("bromsgrove_redditch", "chiltern_south_bucks", "go_shared_services")
"""Partnerships on which each lever is tried, where its setting names none."""
PAIRS = 200
"""Number of pairs of histories at each partnership, unless asked otherwise."""
CONFIDENT = 0.05
"""Maximum probability, corrected for the number of tries, of an effect that luck alone would bring."""
_HALF_WIDTH = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class LeverPromise:
    """One lever moved from one value to another, the outcome that must follow, and where."""

    lever: str
    values: tuple[str, str]
    outcome: str
    sign: float
    size: float
    source: str
    where: tuple[str, ...]

    def arms(self, partnership: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The overrides before and after the lever is moved."""
        setting = self.where
        if not any(key.startswith("scenario=") for key in setting):
            setting = ("scenario=structure_first", *setting)
        if not any(key.startswith("partnership=") for key in setting):
            setting = (f"partnership={partnership}", *setting)
        before, after = ((*setting, f"levers.{self.lever}={value}") for value in self.values)
        return before, after

    @cached_property
    def partnerships(self) -> tuple[str, ...]:
        """Where it is tried: on all, or on the one that its setting names."""
        named = tuple(key.removeprefix("partnership=") for key in self.where if key.startswith("partnership="))
        return named or PARTNERSHIPS


def promises() -> dict[str, LeverPromise]:
    """Every declared promise by the lever it is of."""
    text = (SHIPPED[0] / "assurance" / "levers.yaml").read_text(encoding="utf-8")
    return {
        f"{group}.{lever}": LeverPromise(
            lever=f"{group}.{lever}",
            values=(told["from"], told["to"]),
            outcome=told["outcome"],
            sign=1.0 if told["direction"] == "higher" else -1.0,
            size=told["size"],
            source=told["source"],
            where=tuple(told.get("where", ())),
        )
        for group, levers in yaml.safe_load(text).items()
        for lever, told in levers.items()
    }


class LeverTrial(NamedTuple):
    """A lever as tried on one partnership: its effect in the declared direction, in standard deviations."""

    promise: LeverPromise
    partnership: str
    effect: float
    half_width: float
    """Half of the effect's 95% interval."""
    chance: float
    """Probability of an effect as large by luck alone, one-sided."""
    n: int

    def __str__(self) -> str:
        way = "higher" if self.promise.sign > 0.0 else "lower"
        interval = f"{self.effect - self.half_width:.2f} to {self.effect + self.half_width:.2f}"
        told = f"{self.promise.lever} at {self.partnership}: {self.promise.outcome} {way} by {self.effect:.2f} sd"
        return f"{told} ({interval}, n = {self.n}), {self.promise.size:g} asked"


def walk(asked: Iterable[LeverPromise], pairs: int, progress: Callable[[str], None] | None = None) -> list[LeverTrial]:
    """All these levers, each wherever it is to be tried."""
    wanted = list(asked)
    found = []
    for place in dict.fromkeys(place for promise in wanted for place in promise.partnerships):
        here = [promise for promise in wanted if place in promise.partnerships]
        if progress is not None:
            progress(f"{place}: {len(here)} levers, {pairs} pairs each")
        found += _walked(here, place, pairs)
    return found


def _walked(here: Sequence[LeverPromise], place: str, pairs: int) -> list[LeverTrial]:
    """These levers on one partnership; settings that several levers share are simulated once."""
    arms = [tuple(_cell(arm) for arm in promise.arms(place)) for promise in here]
    cells = {cell.id: cell for both in arms for cell in both}
    runs = evaluate(list(cells.values()), StudySettings(replications=pairs))
    of = {name: runs[runs["cell"] == name].sort_values("replication") for name in cells}
    return [tried(promise, place, of[a.id], of[b.id]) for promise, (a, b) in zip(here, arms, strict=True)]


def _cell(arm: tuple[str, ...]) -> Cell:
    settings: Settings = compose(list(arm)).settings
    name = settings.model_dump_json()
    return Cell(name, " ".join(arm), name, settings)


def tried(promise: LeverPromise, place: str, before: Any, after: Any) -> LeverTrial:
    """Effect of a lever on paired histories; pairs without a value of the outcome are left out."""
    a, b = before[promise.outcome].astype(float).to_numpy(), after[promise.outcome].astype(float).to_numpy()
    both = (a == a) & (b == b)
    a, b, n = a[both], b[both], int(both.sum())
    if n < 2:
        return LeverTrial(promise, place, 0.0, 0.0, 1.0, n)
    gains = promise.sign * (b - a)
    between, error = sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2.0), float(gains.std(ddof=1)) / sqrt(n)
    middle = float(gains.mean())
    by_luck = 0.5 * erfc(middle / error / sqrt(2.0)) if error else float(middle <= 0.0)
    scale = 1.0 / between if between else 0.0
    return LeverTrial(promise, place, middle * scale, _HALF_WIDTH * error * scale, by_luck, n)


def short(found: Sequence[LeverTrial]) -> list[LeverTrial]:
    """Those that fall short: too small, or not told from luck once many are tried (Holm)."""
    corrected = holm([one.chance for one in found])
    return [
        one for one, chance in zip(found, corrected, strict=True) if chance > CONFIDENT or one.effect < one.promise.size
    ]


def table(found: Sequence[LeverTrial]) -> str:
    """What each lever did beside what was asked of it, those that fall short first."""
    wanting = short(found)
    rest = [one for one in found if one not in wanting]
    lines = [f"SHORT  {one}" for one in wanting] + [f"       {one}" for one in rest]
    return "\n".join([*lines, f"{len(wanting)} of {len(found)} fall short."])


def main(argv: Sequence[str]) -> int:
    """Walk all levers, or those named, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m sim.assurance.lever_walk", description="walk the levers")
    parser.add_argument("levers", nargs="*", help="levers to try, such as hr.od_posts (none: all)")
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"pairs of histories each (usual: {PAIRS})")
    asked, declared = parser.parse_args(argv), promises()
    if unknown := [name for name in asked.levers if name not in declared]:
        parser.error(f"no such lever: {', '.join(unknown)}; the names stand in configs/assurance/levers.yaml")
    chosen = [declared[name] for name in asked.levers] or list(declared.values())
    found = walk(chosen, asked.pairs, lambda line: print(line, file=sys.stderr, flush=True))
    print(table(found))
    return 1 if short(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
