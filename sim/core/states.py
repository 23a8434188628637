"""Felt state of a batch of histories: soft states move by themselves, facts hold until they are changed.

Each row has one owner. A pulse reads the values at its start (`old`) and writes the values that follow (`new`), so
the order in which agents are refreshed has no effect.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import exp
from typing import Any, NoReturn

from sim.core.lanes import Lane, Rows, as_rows, by_row, each, mean_of, of_row, spread, stacked, vector


class SecondWriter(RuntimeError):
    """Error: an agent writes a quantity owned by another agent, or reads one that can only be written."""


class Frozen:
    """Values at the start of the pulse: one attribute for each quantity, a lane or rows of lanes."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"there is no state '{name}'")


class Pen:
    """Values written by one agent at a pulse: one write-only attribute for each quantity it owns."""

    __slots__ = ("_owned", "_owner", "_owners", "_written")
    _owned: set[str]
    _owner: str
    _owners: Mapping[str, str]
    _written: dict[str, Any]

    def __init__(self, owner: str, owners: Mapping[str, str], owned: set[str], written: dict[str, Any]) -> None:
        for name, value in (("_owner", owner), ("_owners", owners), ("_owned", owned), ("_written", written)):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._owned:
            _refuse(self._owner, name, self._owners)
        self._written[name] = value

    def __getattr__(self, name: str) -> NoReturn:
        raise SecondWriter(f"{self._owner} reads '{name}' while it is being written; read what held at the last pulse")


def _refuse(writer: str, name: str, owners: Mapping[str, str]) -> NoReturn:
    owner = owners.get(name)
    told = f"{owner} alone writes it" if owner else "no agent has declared it"
    raise SecondWriter(f"{writer} writes '{name}': {told}")


class States:
    """All soft states and facts of a batch of `width` histories.

    Soft states lie in [0, 1] and move toward their targets by exact first-order adjustment. A target is the aim
    extrapolated to the middle of the next pulse from the change since the last one: coupling of states is then
    accurate to second order, and the pulse's length hardly matters. `levels` are the values at the latest pulse,
    a row for each state; `at` gives a value between pulses; reading stores nothing.
    """

    def __init__(self, width: int, pulse: float) -> None:
        self.width, self.pulse = width, pulse
        self.since = 0.0
        self.names: list[str] = []
        self.levels: Rows = stacked([], width)
        self.old: Any = Frozen()
        self.owners: dict[str, str] = {}
        self._soft: dict[str, tuple[int, int, bool]] = {}
        self._rows: dict[str, int] = {}
        self._means: list[tuple[str, str, Sequence[float]]] = []
        self._written: dict[str, Any] = {}
        """Values written at this pulse, kept until all agents have been refreshed."""
        turned = by_row if width == 1 else vector
        self._midway, self._step = turned(_midway), turned(_step)
        self._anchors, self._aims, self._aimed, self._targets, self._keep, self._coming = (
            stacked([], width) for _ in range(6)
        )

    # -- declaring --

    def soft(self, owner: object, name: str, labels: Sequence[str] | str, values: Any, months: Lane) -> range:
        """Declare soft states of one name, at rest at their values; their places in `levels`.

        One row where `labels` is one text, else a row for each, with `values` one for all or rows of them.
        `months` is the time constant. The owner writes `<name>` (where they head) and may write `<name>_keep`
        (the share of the distance to the target that one pulse leaves).
        """
        first, several = len(self.names), not isinstance(labels, str)
        self.names += [labels] if isinstance(labels, str) else labels
        count = len(self.names) - first
        rows = each(_within, as_rows(values if several else [values], count, self.width))
        keep = as_rows(each(_kept, self.pulse, months), count, self.width)
        for held in ("levels", "_anchors", "_aims", "_aimed", "_targets", "_coming"):
            setattr(self, held, self._joined(getattr(self, held), rows))
        self._keep = self._joined(self._keep, keep)
        self._soft[name] = (first, len(self.names), several)
        self._own(owner, name, f"{name}_keep")
        self._show(name)
        return range(first, len(self.names))

    def _joined(self, held: Rows, rows: Rows) -> Rows:
        return stacked([*held, *rows], self.width)

    def part(self, owner: object, name: str, of: str, first: int, count: int, *, single: bool) -> None:
        """Give some rows of a soft state a read-only name; a single lane where `single` is set."""
        start = self._soft[of][0] + first
        self._soft[name] = (start, start + count, not single)
        self._own(owner, name)
        self._show(name)

    def fact(self, owner: object, **starts: Any) -> None:
        """Declare facts: one lane each, or rows where the start is a tuple with an entry for each row."""
        for name, start in starts.items():
            self._own(owner, name)
            if type(start) is tuple:
                self._rows[name] = len(start)
                setattr(self.old, name, stacked(start, self.width))
            else:
                setattr(self.old, name, spread(start, self.width))

    def mean(self, owner: object, name: str, of: str, shares: Sequence[float]) -> None:
        """Declare a fact that is always the mean of a soft state's rows at the latest pulse."""
        self._own(owner, name)
        self._means.append((name, of, shares))
        setattr(self.old, name, mean_of(shares, getattr(self.old, of)))

    def _own(self, owner: object, *names: str) -> None:
        told = type(owner).__name__
        for name in names:
            if name in self.owners:
                raise SecondWriter(f"{told} declares '{name}', which {self.owners[name]} owns")
            self.owners[name] = told

    def pen(self, owner: object) -> Pen:
        """The agent's pen: the object it writes its quantities with at a pulse."""
        told = type(owner).__name__
        return Pen(told, self.owners, {name for name, whose in self.owners.items() if whose == told}, self._written)

    def put(self, owner: object, place: int, name: str, value: Any, row: int | None = None) -> None:
        """Write one history's fact at once. Only the owner may."""
        if self.owners.get(name) != type(owner).__name__:
            _refuse(type(owner).__name__, name, self.owners)
        held = getattr(self.old, name)
        if self.width == 1:
            if row is None:
                setattr(self.old, name, value)
            else:
                held[row] = value
        elif row is None:
            held[place] = value
        else:
            held[row, place] = value

    # -- reading and moving one history --

    def index(self, name: str, row: int = 0) -> int:
        """Row number of a soft state in `levels`."""
        return self._soft[name][0] + row

    def target(self, index: int, place: int) -> float:
        """Target of one history's soft state until the next pulse."""
        return float(of_row(self._targets, index, place))

    def _motion(self, index: int, place: int) -> tuple[float, float, float]:
        """One history's soft state since the latest pulse: its anchor, its target and the share kept a pulse."""
        if self.width == 1:
            return self._anchors[index], self._targets[index], self._keep[index]
        return self._anchors.item(index, place), self._targets.item(index, place), self._keep.item(index, place)

    def at(self, index: int, place: int, now: float) -> float:
        """Value of a soft state at `now`, which is not before the latest pulse."""
        anchor, target, keep = self._motion(index, place)
        return float(anchor + (target - anchor) * (1.0 - keep ** ((now - self.since) / self.pulse)))

    def jump(self, index: int, place: int, now: float, value: float) -> None:
        """Set a soft state at once; it moves toward its target from the new value."""
        _, target, keep = self._motion(index, place)
        left = keep ** ((now - self.since) / self.pulse)
        anchor = target + (min(max(value, 0.0), 1.0) - target) / left
        at = index if self.width == 1 else (index, place)
        self._anchors[at] = anchor
        self._coming[at] = anchor + (target - anchor) * (1.0 - keep)

    def standing(self, now: float) -> Rows:
        """Copy of all values at `now`, a pulse, including those set at that pulse."""
        held = self._anchors if now == self.since else self.levels
        return held[:] if self.width == 1 else held.copy()

    # -- a pulse --

    def arrive(self, now: float) -> None:
        """Bring all levels to `now`, a pulse, and show the values to readers."""
        self.levels = levels = self._coming if now > self.since else self._anchors
        old = self.old
        for name, (first, last, several) in self._soft.items():
            setattr(old, name, levels[first:last] if several else levels[first])
        for name, of, shares in self._means:
            setattr(old, name, mean_of(shares, getattr(old, of)))

    def _show(self, name: str) -> None:
        first, last, several = self._soft[name]
        setattr(self.old, name, self.levels[first:last] if several else self.levels[first])

    def settle(self) -> None:
        """Put all values written at this pulse into effect, after every agent has been refreshed."""
        old, width, soft, rows = self.old, self.width, self._written_to, self._rows
        for name, value in self._written.items():
            if name in soft:
                held, first, last, several = soft[name]
                if width > 1:
                    held[first:last] = value
                elif several:
                    held[first:last] = value if type(value) is list else [value] * (last - first)
                else:
                    held[first] = value
            elif name in rows:
                setattr(old, name, as_rows(value, rows[name], width))
            else:
                setattr(old, name, value if width == 1 else spread(value, width))
        self._written.clear()

    @cached_property
    def _written_to(self) -> dict[str, tuple[Rows, int, int, bool]]:
        """Arrays and rows to which aims and kept shares of soft states are written, found once all are declared."""
        aims = {name: (self._aims, *place) for name, place in self._soft.items()}
        return aims | {f"{name}_keep": (self._keep, *place) for name, place in self._soft.items()}

    def depart(self, now: float) -> None:
        """Compute new targets from the aims, and the levels at the next pulse."""
        self._targets = targets = self._midway(self._aims, self._aimed if now > 0.0 else self._aims)
        self._coming = self._step(targets, self.levels, self._keep)
        self._aimed, self._anchors, self.since = self._aims[:], self.levels[:], now
        if self.width > 1:
            self._aimed, self._anchors = self._aimed.copy(), self._anchors.copy()


def _within(value: float) -> float:
    """The value limited to [0, 1]."""
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


def _kept(pulse: float, months: float) -> float:
    """Share of the distance to target that remains after a pulse."""
    return exp(-pulse / months)


def _midway(aim: float, past: float) -> float:
    """Extrapolated aim midway to the next pulse, limited to [0, 1]."""
    target = 1.5 * aim - 0.5 * past
    return 0.0 if target < 0.0 else 1.0 if target > 1.0 else target


def _step(target: float, level: float, keep: float) -> float:
    """Level one pulse later; exactly unchanged if all of the distance is kept."""
    return level + (target - level) * (1.0 - keep)
