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

from sim.core.inputs.packages import JOINT, PRINCIPLE, QUICK_WINS, REDESIGN, TIER, TIERS, Package

Fact = tuple[float, str, str, str]
"""Month, package, what happened, and which stage if it is one."""

MEETING, MANAGERS, HR, OD, FORMED, ABOVE = "meeting", "managers", "HR", "OD", "formed", "above"
"""What carries a stage: a vote, managers, or an officer of one of two pools; to be formed takes no time, and a tier
waits for the tier above."""
STAGES = {
    PRINCIPLE: (("preparation", MANAGERS), ("decision", MEETING)),
    QUICK_WINS: (("implementation", MANAGERS), ("", FORMED)),
    TIER: (("", MEETING), ("", ABOVE), ("appointment", HR), ("", FORMED)),
    JOINT: (
        ("review", MANAGERS),
        ("consultation", HR),
        ("decision", MEETING),
        ("matching", HR),
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

    `work` gives the months of managers' or officers' undisturbed work in a stage of a package, `posts` the posts that
    are expected to go by it; `appointing` is HR's part of an appointment. Where fewer than 20 posts go consultation
    takes `few` months; the law was another one before month `new_law`.
    """

    plan: Sequence[Package]
    work: Callable[[str, Package], float]
    hr_officers: int
    hr_speed: float
    od_officers: int
    od_speed: float
    posts: Callable[[Package], float]
    few: float
    new_law: float
    appointing: float
    committee_cycle: float
    months_between_waves: float
    packages_at_once: int
    review_after_redesign: float
    redesign_apart: float
    restructure_longer: float
    restructure_breadth: float
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
    asked: float = 0.0
    begun: float = 0.0
    shared: int = 1
    """Officers among whom HR's work in the stage in hand is shared."""
    parts: int = 0
    """Those of them who have still to finish their part."""

    @property
    def now(self) -> tuple[str, str]:
        """The stage in hand and who carries it."""
        return STAGES[self.package.kind][self.stage]


@dataclass
class Officers:
    """A pool of whole officers, and who waits for one.

    In the queue stand urgency, when it was asked, when members had it, its place, and false for a further officer.
    """

    free: int
    speed: float
    posts: int
    queue: list[tuple[int, float, float, int, bool]] = field(default_factory=list)


class Schedule:
    """One programme from month 0 up to its horizon: `run` gives its facts in the order in which they come about."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.plan = [Progress(package, place) for place, package in enumerate(terms.plan)]
        self.pools = {
            HR: Officers(terms.hr_officers, terms.hr_speed, terms.hr_officers),
            OD: Officers(terms.od_officers, terms.od_speed, terms.od_officers),
        }
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
                *_, place, first = heappop(pool.queue)
                self.arrive(self.plan[place], pool, first)
        if self.month < self.next_wave:
            return
        finished = {o.package.name for o in self.plan if o.finished or (o.formed and o.package.kind == REDESIGN)}
        ready = [one for one in self.plan if one.stage < 0 and finished.issuperset(one.package.after)]
        for one in ready:
            if one.package.kind == PRINCIPLE:
                self.release(one)
        ready = [one for one in ready if one.stage < 0]
        held = [one for one in self.plan if one.stage >= 0 and not one.formed and one.package.kind != PRINCIPLE]
        room = self.terms.packages_at_once - len(held)
        for one in ready[:room]:
            self.release(one)
        if ready[:room] and self.terms.months_between_waves:
            self.next_wave = self.month + self.terms.months_between_waves
            self.at(self.next_wave, lambda: None)

    def release(self, one: Progress) -> None:
        """A package begins."""
        self.tell(one, "package released")
        self.go_on(one)

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
            for other in self.plan:
                if other.stage >= 0 and not other.finished and other.now[1] == ABOVE and self.above(other) is one:
                    self.go_on(other)
        elif carrier == ABOVE:
            above = self.above(one)
            if above is None or above.formed:
                self.go_on(one)
        elif carrier in (HR, OD):
            self.ask(one, carrier)
        else:
            if stage:
                self.tell(one, "stage started", stage)
            if carrier == MEETING:
                one.laid = self.month
            self.at(self.meeting() if carrier == MEETING else self.month + self.length(one), lambda: self.end(one))

    def above(self, one: Progress) -> Progress | None:
        """Who appoints to a tier, if the plan shares that tier too: the chief executive, or the directors."""
        names = TIERS[: min(TIERS.index(one.package.name), 2)]
        return next((other for name in names[::-1] for other in self.plan if other.package.name == name), None)

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
        stage, services = one.now[0], one.package.covers
        work = self.terms.work(stage, one.package)
        if one.package.kind == JOINT and len(services) > 1 and stage in ("review", "implementation"):
            work *= self.terms.restructure_longer
        if one.package.kind == JOINT and stage in ("consultation", "matching"):
            work *= len(services) ** self.terms.restructure_breadth
        if stage == "review" and all(self.done(REDESIGN, service) for service in services):
            work *= self.terms.review_after_redesign
        if stage == "design" and not all(self.done(JOINT, service) for service in services):
            one.factor = self.terms.redesign_apart
        return work * (one.factor if stage in ("design", "redesign") else 1.0)

    def done(self, kind: str, service: str) -> bool:
        """True once a package of this kind that touches a service is formed."""
        return any(one.formed for one in self.plan if one.package.kind == kind and service in one.package.covers)

    def consulted(self, one: Progress) -> float:
        """Months for which staff are consulted, under the law of the month in which HR was asked."""
        posts = self.terms.posts(one.package)
        if posts < 20:
            return self.terms.few
        if posts < 100:
            return 1.0
        return 3.0 if one.asked < self.terms.new_law else 1.5

    def ask(self, one: Progress, carrier: str) -> None:
        """Stand in the queue of a pool. An appointment begins here; other stages begin when the officer comes."""
        if one.package.kind == TIER:
            self.tell(one, "stage started", "appointment")
        else:
            self.tell(one, f"waiting for {carrier}")
        one.asked = self.month
        self.queue(one, carrier, first=True)

    def queue(self, one: Progress, carrier: str, *, first: bool) -> None:
        """Stand in the queue for the first officer or a further one."""
        tier = one.package.kind == TIER
        urgent = carrier == HR and (tier or "hr" in one.package.covers)
        place = (0 if urgent else 1, self.month, 0.0 if tier else one.laid, one.place, first)
        heappush(self.pools[carrier].queue, place)

    def arrive(self, one: Progress, pool: Officers, first: bool) -> None:
        """An officer comes, works and leaves; the first begins the stage and calls for those who share the work."""
        stage, carrier = one.now
        if first:
            one.begun = self.month
            one.parts = min(pool.posts, len(one.package.covers)) if carrier == HR and one.package.covers else 1
            if stage != "appointment":
                self.tell(one, f"{carrier} arrived")
                self.tell(one, "stage started", stage)
            for _ in range(one.parts - 1):
                self.queue(one, carrier, first=False)
            one.shared = one.parts
        work = self.terms.appointing if stage == "appointment" else self.length(one) / one.shared
        pool.free -= 1
        self.at(self.month + work / pool.speed, lambda: self.leave(one, pool))

    def leave(self, one: Progress, pool: Officers) -> None:
        """An officer is free again; when all have done their part, what is left of the stage runs by itself."""
        pool.free += 1
        one.parts -= 1
        if one.parts:
            return
        ends = self.month
        if one.now[0] == "appointment":
            ends += max(0.0, self.length(one) - self.terms.appointing)
        elif one.now[0] == "consultation":
            ends = max(ends, one.begun + self.consulted(one))
        if ends > self.month:
            self.at(ends, lambda: self.end(one))
        else:
            self.end(one)
