"""Q-V6: the core schedule a second time, written from docs/model.md on a plain list of what happens next.

The core is packages with precedence, waves, pools of officers and committee dates; every vote is won and nothing feeds
back. How long each stage is to take is given. It shares the plan with the simulator and nothing that moves time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from math import floor

from sim.packages import JOINT, REDESIGN, TIER, Package

Fact = tuple[float, str, str, str]
"""Month, package, what happened, and which stage if it is one."""
Place = tuple[int, float, float, int]
"""In a queue: urgency, when it asked, when members had it before them, place in the plan."""

STEPS = {
    TIER: ("approval", "appointment", "formed", "finished"),
    JOINT: ("review", "consultation", "decision", "implementation", "formed", "bedding_in", "finished"),
    REDESIGN: ("design", "decision", "redesign", "implementation", "formed", "bedding_in", "finished"),
}


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


class Officers:
    """People of one kind; when all else of an instant has happened, those who are free turn to who comes first."""

    def __init__(self, number: int, at_last: Callable[[Callable[[], None]], None]) -> None:
        self.free = number
        self.at_last = at_last
        self.asked = 0
        self.queue: list[tuple[Place, int, Callable[[], None]]] = []

    def ask(self, place: Place, begin: Callable[[], None]) -> None:
        """Wait for one of them, and then begin."""
        self.asked += 1
        heappush(self.queue, (place, self.asked, begin))
        self.at_last(self._serve)

    def give_back(self) -> None:
        """One is free again."""
        self.free += 1
        self.at_last(self._serve)

    def _serve(self) -> None:
        while self.free and self.queue:
            self.free -= 1
            heappop(self.queue)[2]()


class Schedule:
    """One programme from month 0 to its horizon; `facts` is what happened, in order of time."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.now = 0.0
        self.facts: list[Fact] = []
        self.agenda: list[tuple[float, bool, int, Callable[[], None]]] = []
        self.numbered = 0
        at_last = partial(self.then, 0.0, last=True)
        self.hr, self.od = Officers(terms.hr_officers, at_last), Officers(terms.od_officers, at_last)
        self.laid: dict[str, float] = {}
        self.waiting = list(terms.plan)
        self.in_hand = 0
        self.next_wave = 0.0
        self.formed: set[str] = set()
        self.finished: set[str] = set()
        self.apart: set[str] = set()
        """Redesigns that were begun before the teams were joined."""

    def run(self) -> list[Fact]:
        """Play it."""
        self.release()
        while self.agenda and self.agenda[0][0] < self.terms.horizon:
            self.now, _, _, happen = heappop(self.agenda)
            happen()
        return self.facts

    def then(self, months: float, happen: Callable[[], None], last: bool = False) -> None:
        """Have something happen in some months' time; if `last`, when all else of that instant has happened."""
        self.numbered += 1
        heappush(self.agenda, (self.now + months, last, self.numbered, happen))

    def note(self, package: Package, kind: str, stage: str = "") -> None:
        """A fact."""
        self.facts.append((self.now, package.name, kind, stage))

    # -- the programme office --

    def release(self) -> None:
        """Release a wave, if one is due: in order of preference, what nothing holds back, while there is room."""
        if self.now < self.next_wave:
            return
        ready = [package for package in self.waiting if self.finished.issuperset(package.after)]
        wave = ready[: max(self.terms.packages_at_once - self.in_hand, 0)]
        for package in wave:
            self.waiting.remove(package)
            self.in_hand += 1
            self.note(package, "package released")
        for package in wave:
            self.step(package, 0)
        if wave and self.terms.months_between_waves:
            self.next_wave = self.now + self.terms.months_between_waves
            self.then(self.terms.months_between_waves, self.release, last=True)

    # -- a package, step by step --

    def step(self, package: Package, number: int) -> None:
        """Begin one step of a package; what it leads to is the next step."""
        name = STEPS[package.kind][number]
        after = partial(self.step, package, number + 1)
        if name in ("formed", "finished"):
            self.reach(package, name, after)
        elif name in ("decision", "approval"):
            self.meet(package, name, after)
        elif name == "appointment":
            self.appoint(package, after)
        elif name == "consultation":
            self.consult(package, after)
        elif name == "redesign":
            self.redesign(package, after)
        else:
            self.stage(package, name, self.months(package, name), after)

    def reach(self, package: Package, name: str, after: Callable[[], None]) -> None:
        """A joint team or way of working is in place, which makes room; or the package has bedded in."""
        if name == "formed":
            self.formed.add(package.name)
            self.in_hand -= 1
            if package.kind == TIER:
                return after()
        else:
            self.note(package, "package finished")
            self.finished.add(package.name)
        self.then(0.0, self.release, last=True)
        return after() if name == "formed" else None

    def stage(self, package: Package, name: str, months: float, after: Callable[[], None]) -> None:
        """Work that takes some months."""
        self.note(package, "stage started", name)

        def end() -> None:
            self.note(package, "stage finished", name)
            after()

        self.then(months, end)

    def meet(self, package: Package, name: str, after: Callable[[], None]) -> None:
        """The next committee date, at which every council agrees; for tiers it is no stage."""
        self.laid[package.name] = self.now
        cycle = self.terms.committee_cycle
        until = cycle * (floor(self.now / cycle) + 1) - self.now
        if name == "approval":
            self.then(until, after)
        else:
            self.stage(package, name, until, after)

    def appoint(self, package: Package, after: Callable[[], None]) -> None:
        """HR's part with an officer, then managers' own."""
        terms = self.terms
        self.note(package, "stage started", "appointment")

        def end() -> None:
            self.note(package, "stage finished", "appointment")
            after()

        def officer_done() -> None:
            self.hr.give_back()
            self.then(max(terms.work("appointment", package) - terms.appointing, 0.0), end)

        self.hr.ask(self.place(0, package), lambda: self.then(terms.appointing / terms.hr_speed, officer_done))

    def consult(self, package: Package, after: Callable[[], None]) -> None:
        """HR's work, once an officer is free; then notice runs, and HR can turn to others meanwhile."""
        terms = self.terms

        def begin() -> None:
            self.note(package, "HR arrived")
            self.note(package, "stage started", "consultation")
            self.then(self.months(package, "consultation") / terms.hr_speed, officer_done)

        def officer_done() -> None:
            self.hr.give_back()
            self.then(terms.notice, end)

        def end() -> None:
            self.note(package, "stage finished", "consultation")
            after()

        self.note(package, "waiting for HR")
        self.hr.ask(self.place(0 if package.service == "hr" else 1, package), begin)

    def redesign(self, package: Package, after: Callable[[], None]) -> None:
        """A stage that an OD officer carries to its end, once one is free."""
        months = self.months(package, "redesign") / self.terms.od_speed

        def give_back() -> None:
            self.od.give_back()
            after()

        def begin() -> None:
            self.note(package, "OD arrived")
            self.stage(package, "redesign", months, give_back)

        self.note(package, "waiting for OD")
        self.od.ask(self.place(0, package), begin)

    def place(self, urgency: int, package: Package) -> Place:
        """Where a package that asks now comes in a queue: ties go to whom members saw first, then to the plan."""
        return urgency, self.now, self.laid.get(package.name, 0.0), package.rank

    def months(self, package: Package, name: str) -> float:
        """Work in a stage: less to review where a redesign came before, more to redesign while teams are apart."""
        share = 1.0
        if name == "review" and f"{REDESIGN}: {package.service}" in self.finished:
            share = self.terms.review_after_redesign
        if name == "design" and f"{JOINT}: {package.service}" not in self.formed:
            self.apart.add(package.name)
        if name in ("design", "redesign") and package.name in self.apart:
            share = self.terms.redesign_apart
        return share * self.terms.work(name, package)
