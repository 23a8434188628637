"""Q-V6: the core schedule a second time, written from docs/model.md, on a plain list of what happens next.

The core is packages with precedence, waves, pools of officers and committee dates; every vote is won and nothing feeds
back. How long each stage is to take is given. It shares the plan with the simulator and nothing that moves time.
Its author had not read the simulator: where the page was unclear, event logs showed what was meant, and the page was
mended ("The core, exactly").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import floor

from sim.core.inputs.packages import JOINT, REDESIGN, TIER, Package

Fact = tuple[float, str, str, str]
"""Month, package, what happened, and which stage if it is one."""

MEETING, MANAGERS, HR, OD, FORMED = "meeting", "managers", "HR", "OD", "formed"
"""What carries a stage: a vote, managers, or an officer of one of two pools. To be formed is none: it takes no time."""
STAGES = {
    TIER: (("", MEETING), ("appointment", HR), ("", FORMED)),
    JOINT: (
        ("review", MANAGERS),
        ("consultation", HR),
        ("decision", MEETING),
        ("implementation", MANAGERS),
        ("", FORMED),
        ("bedding_in", MANAGERS),
    ),
    REDESIGN: (
        ("design", MANAGERS),
        ("decision", MEETING),
        ("redesign", OD),
        ("implementation", MANAGERS),
        ("", FORMED),
        ("bedding_in", MANAGERS),
    ),
}
"""Stages in order, and who carries them; what has no name leaves no fact."""


@dataclass(frozen=True)
class Terms:
    """What the core is told: officers and how fast one works, the calendar of meetings, the pace, and lengths.

    `work` gives the months of managers' or officers' undisturbed work in a stage of a package; `notice` is the end
    of a consultation, which runs when the officer has left, and `appointing` HR's part of an appointment.
    """

    plan: Sequence[Package]
    work: Callable[[str, Package], float]
    hr_officers: int
    hr_speed: float
    od_officers: int
    od_speed: float
    notice: float
    appointing: float
    committee_cycle: float
    months_between_waves: float
    packages_at_once: int
    review_after_redesign: float
    redesign_apart: float
    horizon: float


@dataclass
class Progress:
    """How far one package has come."""

    package: Package
    place: int
    stage: int = -1
    formed: bool = False
    finished: bool = False
    laid: float = 0.0
    factor: float = 1.0

    @property
    def now(self) -> tuple[str, str]:
        """The stage in hand and who carries it."""
        return STAGES[self.package.kind][self.stage]


@dataclass
class Officers:
    """A pool of whole officers, and who waits for one: urgency, when they asked, when members had it, their place."""

    free: int
    speed: float
    queue: list[tuple[int, float, float, int]] = field(default_factory=list)


class Schedule:
    """One programme from month 0 up to its horizon: `run` gives its facts in the order in which they come about."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.plan = [Progress(package, place) for place, package in enumerate(terms.plan)]
        self.pools = {HR: Officers(terms.hr_officers, terms.hr_speed), OD: Officers(terms.od_officers, terms.od_speed)}
        self.month = 0.0
        self.next_wave = 0.0
        self.ahead: list[tuple[float, int, Callable[[], None]]] = []
        self.numbers = count()
        self.log: list[Fact] = []

    def run(self) -> list[Fact]:
        """Play one instant after the other until nothing is left or the horizon is reached."""
        self.end_instant()
        while self.ahead and self.ahead[0][0] < self.terms.horizon:
            self.month = self.ahead[0][0]
            while self.ahead and self.ahead[0][0] == self.month:
                heappop(self.ahead)[2]()
            self.end_instant()
        return self.log

    def at(self, month: float, what: Callable[[], None]) -> None:
        """Put down what happens then."""
        heappush(self.ahead, (month, next(self.numbers), what))

    def tell(self, one: Progress, kind: str, stage: str = "") -> None:
        """Write down a fact."""
        self.log.append((self.month, one.package.name, kind, stage))

    def end_instant(self) -> None:
        """When all else of this instant has happened: officers go to those who wait, and a wave is released."""
        for pool in self.pools.values():
            while pool.free and pool.queue:
                self.arrive(self.plan[heappop(pool.queue)[-1]], pool)
        if self.month < self.next_wave:
            return
        finished = {one.package.name for one in self.plan if one.finished}
        ready = [one for one in self.plan if one.stage < 0 and finished.issuperset(one.package.after)]
        room = self.terms.packages_at_once - sum(one.stage >= 0 and not one.formed for one in self.plan)
        for one in ready[:room]:
            self.tell(one, "package released")
            self.go_on(one)
        if ready[:room] and self.terms.months_between_waves:
            self.next_wave = self.month + self.terms.months_between_waves
            self.at(self.next_wave, lambda: None)

    def go_on(self, one: Progress) -> None:
        """Begin the next stage; after the last the package has finished."""
        one.stage += 1
        if one.stage == len(STAGES[one.package.kind]):
            one.finished = True
            self.tell(one, "package finished")
            return
        stage, carrier = one.now
        if carrier == FORMED:
            one.formed = True
            self.go_on(one)
        elif carrier in (HR, OD):
            self.ask(one, carrier)
        else:
            if stage:
                self.tell(one, "stage started", stage)
            if carrier == MEETING:
                one.laid = self.month
            self.at(self.meeting() if carrier == MEETING else self.month + self.length(one), lambda: self.end(one))

    def end(self, one: Progress) -> None:
        """End the stage in hand and go on."""
        if one.now[0]:
            self.tell(one, "stage finished", one.now[0])
        self.go_on(one)

    def meeting(self) -> float:
        """The first committee date after this month; a meeting of today is too early (dates equal but for rounding)."""
        cycle = self.terms.committee_cycle
        return (floor(self.month / cycle + 1e-9) + 1) * cycle

    def length(self, one: Progress) -> float:
        """Months of work in the stage in hand, as longer or shorter as what came before makes it."""
        stage, service = one.now[0], one.package.covers
        same = [other for other in self.plan if other.package.covers == service]
        if stage == "review" and any(other.finished for other in same if other.package.kind == REDESIGN):
            return self.terms.work(stage, one.package) * self.terms.review_after_redesign
        if stage == "design" and not any(other.formed for other in same if other.package.kind == JOINT):
            one.factor = self.terms.redesign_apart
        return self.terms.work(stage, one.package) * (one.factor if stage in ("design", "redesign") else 1.0)

    def ask(self, one: Progress, carrier: str) -> None:
        """Stand in the queue of a pool. An appointment begins here; other stages begin when the officer comes."""
        appointment = one.package.kind == TIER
        if appointment:
            self.tell(one, "stage started", "appointment")
        else:
            self.tell(one, f"waiting for {carrier}")
        first = carrier == HR and (appointment or "hr" in one.package.covers)
        heappush(
            self.pools[carrier].queue, (0 if first else 1, self.month, 0.0 if appointment else one.laid, one.place)
        )

    def arrive(self, one: Progress, pool: Officers) -> None:
        """An officer comes, works and leaves; what is left of the stage then runs by itself."""
        stage, carrier = one.now
        work, rest = self.length(one), 0.0
        if stage == "appointment":
            work, rest = self.terms.appointing, max(0.0, work - self.terms.appointing)
        else:
            self.tell(one, f"{carrier} arrived")
            self.tell(one, "stage started", stage)
        if stage == "consultation":
            rest = self.terms.notice
        leaves = self.month + work / pool.speed
        pool.free -= 1
        self.at(leaves, lambda: self.give_back(pool))
        self.at(leaves + rest, lambda: self.end(one))

    def give_back(self, pool: Officers) -> None:
        """An officer is free again."""
        pool.free += 1
