"""The felt state of several histories: soft states that move by themselves, and facts that hold until they change.

Each row has one owner. A pulse reads what held when it began (`old`) and writes what holds from then on (`new`), so
the order in which agents are refreshed has no say.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from math import exp
from typing import Any, NoReturn

from sim.core.lanes import Lane, Value, mean_of, spread


class SecondWriter(RuntimeError):
    """An agent writes what another owns, or reads what is only being written."""


class Frozen:
    """What held when the pulse began; an attribute for each row, or a list of rows where there are several."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"there is no state '{name}'")


class Pen:
    """What one agent writes at a pulse: an attribute for each row it owns. Nothing can be read back."""

    __slots__ = ("_owned", "_owner", "_owners", "_written")
    _owned: set[str]
    _owner: str
    _owners: Mapping[str, str]
    _written: dict[str, Any]

    def __init__(self, owner: str, owners: Mapping[str, str], owned: set[str]) -> None:
        for name, value in (("_owner", owner), ("_owners", owners), ("_owned", owned), ("_written", {})):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._owned:
            _refuse(self._owner, name, self._owners)
        self._written[name] = value

    def taken(self) -> Mapping[str, Any]:
        """What was written at this pulse, taken up once."""
        written = self._written
        object.__setattr__(self, "_written", {})
        return written

    def __getattr__(self, name: str) -> NoReturn:
        raise SecondWriter(f"{self._owner} reads '{name}' while it is being written; read what held at the last pulse")


def _refuse(writer: str, name: str, owners: Mapping[str, str]) -> NoReturn:
    owner = owners.get(name)
    told = f"{owner} alone writes it" if owner else "no agent has declared it"
    raise SecondWriter(f"{writer} writes '{name}': {told}")


class States:
    """All rows of a batch: a lane for each row, a place for each history.

    Soft states lie in [0, 1] and move toward their targets by first-order adjustment, exactly. A target is held at
    where its aim, going on as since the last pulse, will be midway to the next: so the coupling of states is of
    second order in the pulse, and its length hardly matters. `levels` are the values at the latest pulse; `at` gives
    one between pulses; reading stores nothing.
    """

    def __init__(self, width: int, pulse: float) -> None:
        self.width, self.pulse = width, pulse
        self.since = 0.0
        self.names: list[str] = []
        self.levels: list[Lane] = []
        self.old: Any = Frozen()
        self.owners: dict[str, str] = {}
        self._soft: dict[str, tuple[int, int, bool]] = {}
        self._means: list[tuple[str, str, Sequence[float]]] = []
        self._pens: list[Pen] = []
        self._rows: set[str] = set()
        self._anchors: list[Lane] = []
        self._aims: list[Lane] = []
        self._aimed: list[Lane] = []
        self._targets: list[Lane] = []
        self._keep: list[Lane] = []
        self._coming: list[Lane] = []

    # -- declaring --

    def soft(self, owner: object, name: str, labels: Sequence[str] | str, values: Any, months: Value) -> range:
        """Declare soft states of one name, at rest at their values; their places in `levels`.

        One row where `labels` is one text, else a row for each, with `values` one for all or a list of them.
        `months` is the time constant. The owner writes `<name>` (where they head) and may write `<name>_keep`
        (the share of the distance to the target that one pulse leaves).
        """
        first, several = len(self.names), not isinstance(labels, str)
        rows = [values] if not several else values if type(values) is tuple else (values,) * len(labels)
        for label, value in zip([labels] if isinstance(labels, str) else labels, rows, strict=True):
            self.names.append(label)
            row = [0.0 if v < 0.0 else 1.0 if v > 1.0 else v for v in spread(value, self.width)]
            self.levels.append(row)
            for held in (self._anchors, self._aims, self._aimed, self._targets):
                held.append(row[:])
            self._coming.append(row[:])
            self._keep.append([exp(-self.pulse / m) for m in spread(months, self.width)])
        self._soft[name] = (first, len(self.names), several)
        self._own(owner, name, f"{name}_keep")
        self._show(name)
        return range(first, len(self.names))

    def fact(self, owner: object, **starts: Value | Sequence[Value]) -> None:
        """Declare facts: one row each, or a row for each entry where the start is a tuple."""
        for name, start in starts.items():
            self._own(owner, name)
            if type(start) is tuple:
                self._rows.add(name)
                setattr(self.old, name, [spread(row, self.width)[:] for row in start])
            else:
                setattr(self.old, name, spread(start, self.width)[:])

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
        """What this agent writes with at a pulse."""
        told = type(owner).__name__
        pen = Pen(told, self.owners, {name for name, whose in self.owners.items() if whose == told})
        self._pens.append(pen)
        return pen

    def put(self, owner: object, place: int, name: str, value: Any, row: int | None = None) -> None:
        """Write one history's fact at once; only its owner may."""
        if self.owners.get(name) != type(owner).__name__:
            _refuse(type(owner).__name__, name, self.owners)
        held = getattr(self.old, name)
        (held if row is None else held[row])[place] = value

    # -- reading and moving one history --

    def index(self, name: str, row: int = 0) -> int:
        """The place of a soft state in `levels`."""
        return self._soft[name][0] + row

    def target(self, index: int, place: int) -> float:
        """Where a soft state of one history heads until the next pulse."""
        return float(self._targets[index][place])

    def at(self, index: int, place: int, now: float) -> float:
        """Its value at `now`, no earlier than the latest pulse."""
        target = self._targets[index][place]
        left = self._keep[index][place] ** ((now - self.since) / self.pulse)
        anchor = self._anchors[index][place]
        return float(anchor + (target - anchor) * (1.0 - left))

    def jump(self, index: int, place: int, now: float, value: float) -> None:
        """Set it at once; it goes on toward its target from there."""
        keep, target = self._keep[index][place], self._targets[index][place]
        left = keep ** ((now - self.since) / self.pulse)
        anchor = target + (min(max(value, 0.0), 1.0) - target) / left
        if self._anchors[index] is self.levels[index]:
            self._anchors[index] = self.levels[index][:]
        self._anchors[index][place] = anchor
        self._coming[index][place] = anchor + (target - anchor) * (1.0 - keep)

    # -- a pulse --

    def arrive(self, now: float) -> None:
        """Bring all levels to `now`, a pulse, and show what holds there."""
        self.levels = self._coming if now > self.since else [row[:] for row in self._anchors]
        for name in self._soft:
            self._show(name)
        for name, of, shares in self._means:
            setattr(self.old, name, mean_of(shares, getattr(self.old, of)))

    def _show(self, name: str) -> None:
        first, last, several = self._soft[name]
        setattr(self.old, name, self.levels[first:last] if several else self.levels[first])

    def settle(self) -> None:
        """All have been refreshed: what they wrote holds from now on."""
        for pen in self._pens:
            for name, value in pen.taken().items():
                if name in self._soft:
                    self._take(self._aims, name, value)
                elif name.removesuffix("_keep") in self._soft:
                    self._take(self._keep, name.removesuffix("_keep"), value)
                elif name in self._rows:
                    setattr(self.old, name, [spread(row, self.width) for row in value])
                else:
                    setattr(self.old, name, spread(value, self.width))

    def _take(self, rows: list[Lane], name: str, value: Any) -> None:
        first, last, several = self._soft[name]
        for index, row in zip(range(first, last), value if several else (value,), strict=True):
            rows[index] = spread(row, self.width)

    def depart(self, now: float) -> None:
        """Move on: new targets from here on, and so the levels at the next pulse."""
        aims, levels, width = self._aims, self.levels, self.width
        before = self._aimed if now > 0.0 else aims
        self._aimed = aims[:]
        self._anchors = levels[:]
        self.since = now
        whole = [1.5 * aim - 0.5 * past for aim, past in zip(chain(*aims), chain(*before))]
        if min(whole) < 0.0 or max(whole) > 1.0:
            whole = [0.0 if target < 0.0 else 1.0 if target > 1.0 else target for target in whole]
        rows = zip(whole, chain(*levels), chain(*self._keep))
        moved = [level + (target - level) * (1.0 - keep) for target, level, keep in rows]
        starts = range(0, len(whole), width)
        self._targets = [whole[at : at + width] for at in starts]
        self._coming = [moved[at : at + width] for at in starts]
