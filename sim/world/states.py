"""Soft states: values of people and relationships that move toward where they head, exactly."""

from math import exp


class SoftStates:
    """Soft values in [0, 1] that move toward their targets by first-order adjustment, exactly.

    A state is known by its index. `levels` are all values at the latest pulse, `at` gives a value between
    pulses; reading stores nothing. `keep` is the share of the distance to the target that one pulse leaves.
    A target is held at where its aim, going on as since the last pulse, will be midway to the next: so the
    coupling of states is of second order in the pulse, and its length hardly matters.
    """

    __slots__ = ("_aimed", "_before", "_coming", "aims", "anchors", "keep", "levels", "names", "pulse", "since")

    def __init__(self, pulse: float) -> None:
        self.pulse = pulse
        self.since = 0.0
        self.names: list[str] = []
        self.levels: list[float] = []
        self.anchors: list[float] = []
        self.aims: list[float] = []
        self.keep: list[float] = []
        self._aimed: list[float] = []
        self._before: list[float] = []
        self._coming: list[float] = []

    def add(self, name: str, value: float, months: float) -> int:
        """A new state at rest at `value`, which moves with time constant `months`; its index."""
        value = min(max(value, 0.0), 1.0)
        self.names.append(name)
        for values in (self.levels, self.anchors, self.aims, self._aimed, self._before):
            values.append(value)
        self.keep.append(exp(-self.pulse / months))
        return len(self.names) - 1

    def target(self, index: int) -> float:
        """Where the state heads until the next pulse."""
        return min(max(1.5 * self._aimed[index] - 0.5 * self._before[index], 0.0), 1.0)

    def at(self, index: int, now: float) -> float:
        """The value at `now`, no earlier than the latest pulse."""
        target = self.target(index)
        return target + (self.anchors[index] - target) * float(self.keep[index] ** ((now - self.since) / self.pulse))

    def jump(self, index: int, now: float, value: float) -> None:
        """Set the value at once; it goes on toward its target from there."""
        left = self.keep[index] ** ((now - self.since) / self.pulse)
        target = self.target(index)
        if self.anchors is self.levels:
            self.anchors = self.levels[:]
        self.anchors[index] = anchor = target + (min(max(value, 0.0), 1.0) - target) / left
        self._coming[index] = target + (anchor - target) * self.keep[index]

    def arrive(self, now: float) -> None:
        """Bring all levels to `now`, a pulse."""
        self.levels = self._coming if now > self.since else self.anchors[:]

    def depart(self, now: float) -> None:
        """Apply what was aimed at: new targets from here on, and so the levels at the next pulse."""
        aims = self.aims
        self._before = before = self._aimed if now > 0.0 else aims[:]
        self._aimed = aims[:]
        self.anchors = levels = self.levels
        self.since = now
        targets = [1.5 * aim - 0.5 * past for aim, past in zip(aims, before)]
        if min(targets) < 0.0 or max(targets) > 1.0:
            targets = [0.0 if target < 0.0 else 1.0 if target > 1.0 else target for target in targets]
        self._coming = [t + (level - t) * keep for t, level, keep in zip(targets, levels, self.keep)]
