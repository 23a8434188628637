"""Results of a team's decisions in many other histories, simulated in the background."""

from __future__ import annotations

import math
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from sim.core import words
from sim.core.statistics.intervals import wilson
from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Settings
from sim.rooms.workshop.game.replay import Memory
from sim.rooms.workshop.game.run_scores import NAMES, leading, shown
from sim.study.running.worker import Piece, Rows
from sim.words.verdict_words import cannot_be_told_apart

OTHERS = 200
"""Number of other histories: enough to tell one in six from one in four, a few seconds of work per team."""
PIECE = 20
"""Histories per block of work; the first picture comes after about a second."""
REMEMBERED = 64
"""Plans whose histories are kept: twelve teams and their what-ifs."""
BINS = 20
OUTERMOST = 0.025
"""Share of histories in each of a histogram's two end bars, so that extreme ones do not squeeze the rest."""
MATERIAL = 0.05
"""Differences smaller than this, in £m, look the same after rounding."""
LEADING = "cumulative_net_saving_y10_gbp_m"
"""Outcome by which luck is judged first; the other leading outcomes are shown beside it."""
_FLAGS = ("dissolved", "stalled")


class PieceWorkers(Protocol):
    """Interface of a worker pool that simulates blocks of histories."""

    def run(self, pieces: Sequence[Piece], bases: tuple[str, ...], seed: int) -> Future[list[Rows]]:
        """Future with the rows of these blocks."""


@dataclass(frozen=True)
class OtherHistories:
    """Outcomes of a plan in the other histories simulated so far, by replication."""

    rows: dict[int, dict[str, float]]
    asked: int
    failed: str = ""

    def values(self, name: str) -> list[float]:
        """Defined values of one outcome, in replication order."""
        found = (row[name] for _, row in sorted(self.rows.items()))
        return [value for value in found if not math.isnan(value)]


@dataclass
class _Draw:
    """State of one plan being simulated in other histories."""

    waiting: list[Future[list[Rows]]]
    rows: dict[int, dict[str, float]] = field(default_factory=dict)
    failed: str = ""

    def take(self) -> bool:
        """Collect finished blocks; False if a worker process died and the rest will never arrive."""
        done = [future for future in self.waiting if future.done()]
        self.waiting = [future for future in self.waiting if not future.done()]
        whole = True
        for future in done:
            try:
                for found in future.result():
                    self.rows.update(_rows(found))
                    self.failed = self.failed or found.error or ""
            except Exception:
                whole = False
        return whole


class Lottery:
    """Background simulation of plans in other histories; each starts once, and partial results can be read."""

    def __init__(self, workers: PieceWorkers) -> None:
        self.workers = workers
        self._lock = threading.Lock()
        self._draws: OrderedDict[Hashable, _Draw] = OrderedDict()
        self.pictures = Memory()

    def begin(self, plans: Mapping[Hashable, Callable[[], Settings]], lived: int, seed: int, count: int) -> None:
        """Start simulating several plans in `count` other histories; first blocks of all plans come first."""
        with self._lock:
            fresh = {key: plan().model_dump_json() for key, plan in plans.items() if key not in self._draws}
            for key in fresh:
                self._draws[key] = _Draw([])
            for piece in _pieces(lived, count) if fresh else []:
                for key, base in fresh.items():
                    self._draws[key].waiting.append(self.workers.run([piece], (base,), seed))
            for key in plans:
                self._draws.move_to_end(key)
            while len(self._draws) > REMEMBERED:
                _, dropped = self._draws.popitem(last=False)
                for future in dropped.waiting:
                    future.cancel()

    def sample(self, key: Hashable, count: int) -> OtherHistories:
        """Results so far of a plan that was started."""
        with self._lock:
            draw = self._draws.get(key)
            if draw is None:
                return OtherHistories({}, count, "")
            if not draw.take():
                self._draws.pop(key, None)
                return OtherHistories(dict(draw.rows), count, "A simulating process was lost; the rest is begun anew.")
            return OtherHistories(dict(draw.rows), count, draw.failed)


def _pieces(lived: int, count: int) -> list[Piece]:
    """`count` replications from 0, without the team's own, split into blocks."""
    stretches = [(0, min(lived, count))] if lived else []
    if lived < count:
        stretches.append((lived + 1, count + 1))
    return [
        Piece(0, 0, {}, first, min(PIECE, end - first), False)
        for begin, end in stretches
        for first in range(begin, end, PIECE)
    ]


def _rows(found: Rows) -> dict[int, dict[str, float]]:
    values = array("d")
    values.frombytes(found.values)
    width = len(OUTCOMES)
    return {
        found.first + i: dict(zip(OUTCOMES, values[i * width : (i + 1) * width], strict=True))
        for i in range(found.done)
    }


def picture(sample: OtherHistories, own: dict[str, float | None]) -> dict[str, Any]:
    """Distribution of the leading outcomes, the team's own place in it, and a verdict on luck."""
    return {
        "done": len(sample.rows),
        "asked": sample.asked,
        "failed": sample.failed,
        "says": verdict(sample, own) if sample.rows else "The other histories are being lived; a moment.",
        "figures": [_figure(sample, name, own) for name in leading() if name not in _FLAGS] if sample.rows else [],
        "risks": [_risk(sample, name) for name in _FLAGS] if sample.rows else [],
    }


def verdict(sample: OtherHistories, own: dict[str, float | None]) -> str:
    """Sentence on whether the team was lucky, as a natural frequency with its interval."""
    mine, values = own[LEADING], sample.values(LEADING)
    if mine is None or not values:
        return "In money, this run cannot be set beside the others."
    better = sum(value >= mine for value in values)
    low, high = wilson(better, len(values))
    text = (
        f"The same decisions in {len(values)} other histories saved as much or more in {_share(better, len(values))}."
    )
    if high < 0.5:
        return f"You were lucky. {text}"
    if low > 0.5:
        return f"You were unlucky. {text}"
    return f"Neither lucky nor unlucky, as far as {len(values)} histories can tell. {text}"


def _figure(sample: OtherHistories, name: str, own: dict[str, float | None]) -> dict[str, Any]:
    values = sorted(sample.values(name))
    mine = own[name]
    low, middle, high = (quantile(values, p) for p in (0.05, 0.5, 0.95))
    figures = {"own": mine, "low": low, "middle": middle, "high": high}
    told = {which: shown(name, value) for which, value in figures.items()}
    return {"name": name, "title": NAMES[name], "bars": bars(values), **figures, "shown": told}


def _risk(sample: OtherHistories, name: str) -> dict[str, Any]:
    values = sample.values(name)
    count, (low, high) = int(sum(values)), wilson(sum(values), len(values))
    what = {"dissolved": "The partnership was dissolved", "stalled": "The programme stalled"}[name]
    said = f"{what} in {_share(count, len(values))}."
    return {"name": name, "share": count / len(values), "low": low, "high": high, "says": said}


def _share(count: int, total: int) -> str:
    """A natural frequency with its per cent and interval."""
    low, high = (words.percent(end) for end in wilson(count, total))
    return f"{words.frequency(count, total)} ({words.percent(count / total)}, range {low} to {high})"


def quantile(values: Sequence[float], p: float) -> float:
    """A quantile of sorted values, by linear interpolation."""
    at = p * (len(values) - 1)
    below = math.floor(at)
    above = min(below + 1, len(values) - 1)
    return values[below] + (at - below) * (values[above] - values[below])


def bars(values: Sequence[float]) -> list[dict[str, float]]:
    """A histogram of sorted values: start and end of each bar, and number of histories in it.

    The outermost bars include the values beyond them.
    """
    low, high = quantile(values, OUTERMOST), quantile(values, 1.0 - OUTERMOST)
    width = (high - low) / BINS or 1.0
    counts = [0] * BINS
    for value in values:
        counts[min(max(int((value - low) / width), 0), BINS - 1)] += 1
    return [{"from": low + i * width, "to": low + (i + 1) * width, "count": n} for i, n in enumerate(counts)]


def paired(first: OtherHistories, second: OtherHistories) -> dict[str, Any]:
    """Paired comparison of a changed plan with the one played, history by history."""
    both = sorted(set(first.rows) & set(second.rows))
    pairs = [(first.rows[r][LEADING], second.rows[r][LEADING]) for r in both]
    differences = sorted(b - a for a, b in pairs if not (math.isnan(a) or math.isnan(b)))
    if not differences:
        return {"done": 0, "asked": second.asked, "says": "The other histories are being lived; a moment."}
    n, better = len(differences), sum(d >= MATERIAL for d in differences)
    worse = sum(d <= -MATERIAL for d in differences)
    low, high = wilson(better, n)
    ends = f"{words.money(quantile(differences, 0.05))} and {words.money(quantile(differences, 0.95))}"
    said = (
        f"In {n} other histories the swap saved more in {_share(better, n)}, less in {words.percent(worse / n)}, and "
        f"the same to £0.1m in the rest; nine differences in ten lie between {ends} over ten years. "
    )
    return {"done": n, "asked": second.asked, "says": said + _apart(low, high, worse, n)}


def _apart(low: float, high: float, worse: int, n: int) -> str:
    fewer, _ = wilson(worse, n)
    if low > 0.5:
        return "It would more often have been the better order."
    if high < 0.5 and fewer > 0.5:
        return "The order that was played was more often the better one."
    return f"{cannot_be_told_apart('Over many histories the two orders')}."
