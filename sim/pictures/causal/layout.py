"""A layered graph layout: columns are given; the order and heights within them are computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

BOX_WIDTH, BOX_HEIGHT = 148.0, 40.0
COLUMN_GAP = 92.0
BOX_GAP = 14.0
"""Minimum space between two boxes, in px."""
LANE = 7.0
"""Minimum space around an arrow that passes through a column, in px."""
SWEEPS = 24
"""Passes over the columns to reduce crossings; the order no longer changes after these."""
TOP = 46.0
"""Space above the boxes for column headings, in px."""
MARGIN = 12.0
BULGE = 46.0
"""Sideways swing of an arrow between two boxes of one column, in px."""
LARGEST_PORT = 15.0
"""Largest distance from a box's middle at which an arrow meets it, in px."""

Point = tuple[float, float]
Ends = tuple[str, str]


@dataclass(frozen=True)
class Placed:
    """A finished layout: the middle of each box, the points of each arrow, and the total size."""

    boxes: Mapping[str, Point]
    paths: Mapping[Ends, str]
    columns: Sequence[float]
    width: float
    height: float


def placed(columns: Mapping[str, int], arrows: Sequence[Ends]) -> Placed:
    """Place boxes, given their columns, and route the arrows between them around the others."""
    grid = _Grid(columns, arrows)
    grid.settle_order()
    heights = grid.heights()
    lefts = [MARGIN + i * (BOX_WIDTH + COLUMN_GAP) for i in range(grid.count)]
    boxes = {key: (lefts[column] + BOX_WIDTH / 2, heights[key]) for key, column in columns.items()}
    deepest = max((heights[key] + (BOX_HEIGHT / 2 if key in boxes else LANE) for key in heights), default=TOP)
    ports = _ports(columns, arrows, boxes)
    paths = {ends: _path(grid.chains[ends], ports[ends], boxes, heights, lefts, grid.columns) for ends in arrows}
    width = lefts[-1] + BOX_WIDTH + MARGIN + (BULGE if _bulges(columns, arrows, grid.count - 1) else 0.0)
    return Placed(boxes, paths, [left + BOX_WIDTH / 2 for left in lefts], width, deepest + MARGIN)


def _bulges(columns: Mapping[str, int], arrows: Sequence[Ends], column: int) -> bool:
    return any(columns[a] == columns[b] == column for a, b in arrows)


class _Grid:
    """Boxes and arrow lanes by column, ordered to have few crossings."""

    def __init__(self, columns: Mapping[str, int], arrows: Sequence[Ends]) -> None:
        self.columns = dict(columns)
        self.boxes = set(columns)
        self.count = max(columns.values(), default=0) + 1
        self.chains: dict[Ends, list[str]] = {}
        self.beside: dict[str, list[str]] = {key: [] for key in columns}
        for a, b in arrows:
            self.chains[a, b] = chain = self._chain(a, b)
            for one, other in pairwise(chain):
                if self.columns[one] != self.columns[other]:
                    self.beside[one].append(other)
                    self.beside[other].append(one)
        self.rows: list[list[str]] = [[] for _ in range(self.count)]
        for key, column in self.columns.items():
            self.rows[column].append(key)

    def _chain(self, a: str, b: str) -> list[str]:
        """The stops of an arrow: its two ends, and a lane in each column between."""
        first, last = self.columns[a], self.columns[b]
        step = 1 if last > first else -1
        lanes = []
        for column in range(first + step, last, step):
            lane = f"{a}--{b}@{column}"
            self.columns[lane] = column
            self.beside[lane] = []
            lanes.append(lane)
        return [a, *lanes, b]

    def settle_order(self) -> None:
        """Sort each column by its neighbours' positions, back and forth, and keep the order with fewest crossings."""
        best, fewest = [row[:] for row in self.rows], self.crossings()
        for sweep in range(SWEEPS):
            forth = sweep % 2 == 0
            for column in range(self.count) if forth else reversed(range(self.count)):
                self._sort(column, column - 1 if forth else column + 1)
            crossings = self.crossings()
            if crossings < fewest:
                best, fewest = [row[:] for row in self.rows], crossings
        self.rows = best

    def _sort(self, column: int, neighbour: int) -> None:
        if not 0 <= neighbour < self.count:
            return
        place = {key: i / max(len(self.rows[neighbour]) - 1, 1) for i, key in enumerate(self.rows[neighbour])}
        here = {key: i / max(len(self.rows[column]) - 1, 1) for i, key in enumerate(self.rows[column])}
        at = {}
        for key in self.rows[column]:
            known = [place[other] for other in self.beside[key] if other in place]
            at[key] = sum(known) / len(known) if known else here[key]
        self.rows[column].sort(key=lambda key: at[key])

    def crossings(self) -> int:
        """Number of pairs of arrows that cross between neighbouring columns."""
        total = 0
        for left in range(self.count - 1):
            place = {key: i for i, key in enumerate(self.rows[left + 1])}
            ends = [sorted(place[other] for other in self.beside[key] if other in place) for key in self.rows[left]]
            flat = [end for group in ends for end in group]
            total += sum(a > b for i, a in enumerate(flat) for b in flat[i + 1 :])
        return total

    def heights(self) -> dict[str, float]:
        """The height of each stop: near its neighbours, in the given order, without overlap."""
        at: dict[str, float] = {}
        for row in self.rows:
            at |= dict(zip(row, self._spread(row, [0.0] * len(row))))
        for sweep in range(SWEEPS):
            order = range(self.count) if sweep % 2 == 0 else reversed(range(self.count))
            for column in order:
                row = self.rows[column]
                wanted = [_mean([at[other] for other in self.beside[key]], at[key]) for key in row]
                at |= dict(zip(row, self._spread(row, wanted)))
        top = min((value - self._reach(key) for key, value in at.items()), default=0.0)
        return {key: value + TOP - top for key, value in at.items()}

    def _reach(self, key: str) -> float:
        """Distance from the middle of a stop to its upper or lower edge, in px."""
        return BOX_HEIGHT / 2 if key in self.boxes else LANE

    def _spread(self, row: Sequence[str], wanted: Sequence[float]) -> list[float]:
        """Least-squares heights nearest to those wanted that keep order and spacing (pool adjacent violators)."""
        offsets = [0.0]
        for one, other in pairwise(row):
            offsets.append(offsets[-1] + self._half(one) + self._half(other))
        blocks: list[tuple[float, int]] = []
        for want, offset in zip(wanted, offsets):
            mean, size = want - offset, 1
            while blocks and blocks[-1][0] > mean:
                before, many = blocks.pop()
                mean = (before * many + mean * size) / (many + size)
                size += many
            blocks.append((mean, size))
        means = [mean for mean, size in blocks for _ in range(size)]
        return [mean + offset for mean, offset in zip(means, offsets)]

    def _half(self, key: str) -> float:
        return (BOX_HEIGHT + BOX_GAP) / 2 if key in self.boxes else LANE


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _ports(
    columns: Mapping[str, int], arrows: Sequence[Ends], boxes: Mapping[str, Point]
) -> dict[Ends, tuple[float, float]]:
    """Offset from the box's middle at which each arrow leaves and arrives, so that arrows do not overlap."""
    sides: dict[tuple[str, bool], list[tuple[float, Ends, int]]] = {}
    for ends in arrows:
        a, b = ends
        right = columns[b] >= columns[a]
        sides.setdefault((a, right), []).append((boxes[b][1], ends, 0))
        arrives_right = columns[a] >= columns[b]
        sides.setdefault((b, arrives_right), []).append((boxes[a][1], ends, 1))
    found: dict[Ends, list[float]] = {ends: [0.0, 0.0] for ends in arrows}
    for meeting in sides.values():
        meeting.sort(key=lambda one: (one[0], one[1]))
        step = min(6.0, 2 * LARGEST_PORT / max(len(meeting) - 1, 1))
        for i, (_, ends, which) in enumerate(meeting):
            found[ends][which] = (i - (len(meeting) - 1) / 2) * step
    return {ends: (first, last) for ends, (first, last) in found.items()}


def _path(
    chain: Sequence[str],
    ports: tuple[float, float],
    boxes: Mapping[str, Point],
    heights: Mapping[str, float],
    lefts: Sequence[float],
    columns: Mapping[str, int],
) -> str:
    """An SVG path from one box to another, straight through the columns between."""
    a, b = chain[0], chain[-1]
    (ax, ay), (bx, by) = boxes[a], boxes[b]
    ay, by, half = ay + ports[0], by + ports[1], BOX_WIDTH / 2
    if columns[a] == columns[b]:
        x, out = ax + half, min(BULGE, 18.0 + abs(by - ay) / 8)
        return f"M{x:.1f},{ay:.1f} C{x + out:.1f},{ay:.1f} {x + out:.1f},{by:.1f} {x:.1f},{by:.1f}"
    way = 1 if columns[b] > columns[a] else -1
    points: list[Point] = [(ax + way * half, ay)]
    for lane in chain[1:-1]:
        left, y = lefts[columns[lane]], heights[lane]
        points += [(left, y), (left + BOX_WIDTH, y)] if way > 0 else [(left + BOX_WIDTH, y), (left, y)]
    points.append((bx - way * half, by))
    parts = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    for i, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        middle = (x + to_x) / 2
        curve = f"C{middle:.1f},{y:.1f} {middle:.1f},{to_y:.1f} {to_x:.1f},{to_y:.1f}"
        parts.append(curve if i % 2 == 0 else f"L{to_x:.1f},{to_y:.1f}")
    return " ".join(parts)
