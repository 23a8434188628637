"""The programme office: releases packages by precedence and pace, and hears what becomes of them."""

from dataclasses import dataclass, field
from typing import Literal

from sim.core.history import ABSORBED
from sim.core.inputs.levers import LeverGroup, choice, lever, share, yes_or_no
from sim.core.inputs.packages import (
    BACKGROUND,
    JOINT,
    REDESIGN,
    Extent,
    Joining,
    Package,
    SequenceName,
    ServiceOrder,
    Shape,
)
from sim.core.lanes import lane
from sim.core.pools import Late
from sim.core.world import Agent, Meeting, Process, World

NEVER = 1.0


class SequenceLevers(LeverGroup):
    """Levers of sequence: services to share, and their order."""

    sequence: SequenceName = choice(
        "structure_first", "Which comes first: shared structure or redesigned services", "D-SEQ", "at the start"
    )
    extent: Extent = choice("most_services", "How far sharing goes", "D-EXTENT", "at the start")
    service_order: ServiceOrder = choice("customer_first", "Which services go first", "D-SEQ", "at the start")
    shape: Shape = choice(
        "vertical", "Redesign service by service, or across several services at once", "D-SHAPE", "at the start"
    )
    ambition: Literal["first_order", "second_order"] = choice(
        "first_order", "Change within the framework, or of the framework itself", "D-ORDER", "at the start"
    )
    joining: Joining = choice(
        "service_by_service",
        "Whether services are joined one review at a time, or in one restructure of the whole organisation",
        "D-SEQ",
        "at the start",
    )
    quick_wins: bool = yes_or_no(
        False,
        "Whether a few quick wins come first: elections, member development, performance management, equalities",
        "D-PACE",
        "at the start",
    )
    redesign_after: float = share(
        0.5,
        "Share of the first phase (teams joined, or services redesigned) done before the second phase begins",
        "D-SEQ",
        "at the start",
    )
    arrangements: tuple[str, ...] = lever(
        (),
        "Who shares single services, in the place of what the partnership's file says, each 'service: apart' or "
        "'service: shared by A, B; led by A; with an outsider; left in month 60'",
        "rules",
        "D-PARTNERS",
        "at the start",
        max_length=60,
        strict=False,
    )
    order: tuple[str, ...] = lever(
        (),
        "Further rules of precedence, each 'package > later package'",
        "rules",
        "D-SEQ",
        "at the start",
        max_length=200,
        strict=False,
    )


class PaceLevers(LeverGroup):
    """Levers of pace: speed, and treatment of the agreed timeframe."""

    months_between_waves: float = lever(
        3.0, "Months from one wave of packages to the next", "months", "D-PACE", ge=0.0, le=24.0
    )
    packages_at_once: int = lever(5, "Most packages in hand at once", "packages", "D-PACE", ge=1, le=40)
    timeframe: Literal["held", "slips", "brought_forward"] = choice(
        "slips",
        "Whether the agreed timeframe is held under pressure, allowed to slip, or brought forward by a third",
        "D-TIMEFRAME",
    )
    agreed_months: float = lever(
        0.0,
        "Agreed length of the programme (0: what the plan itself needs, with its contingency)",
        "months",
        "D-TIMEFRAME",
        "at the start",
        ge=0.0,
        le=240.0,
    )
    pause_when_fatigue_over: float = share(
        NEVER, "Pause new packages when staff fatigue goes over this (1: never)", "D-ADAPT"
    )
    pause_months: int = lever(4, "Length of such a pause", "months", "D-ADAPT", ge=1, le=24)
    paused: bool = yes_or_no(False, "Whether new packages are held back; those in hand go on", "D-ADAPT")
    votes_held: bool = yes_or_no(False, "Whether votes are held back while members are engaged", "D-ADAPT")
    rules: tuple[str, ...] = lever(
        (),
        "Adaptive rules, each 'when <measure> > <line> <action> for <n> months'; actions: pause, slow, "
        "hold votes and engage, freshen up",
        "rules",
        "D-ADAPT",
        "at the start",
        max_length=20,
        strict=False,
    )

    @property
    def adaptive(self) -> bool:
        """True if an adaptive rule is agreed."""
        return bool(self.rules) or self.pause_when_fatigue_over < NEVER


@dataclass(slots=True)
class Desk:
    """State of one history's programme office: waiting packages, number each waits for, next release."""

    waiting: dict[str, Package]
    unmet: dict[str, int]
    ready: list[Package] = field(default_factory=list)
    looked_through: bool = False
    announced: set[str] = field(default_factory=set)
    was_paused: bool = False


class ProgrammeOffice(Agent):
    """Agent that releases the plan's packages in waves."""

    levers = (SequenceLevers, PaceLevers)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.desks: list[Desk] = meeting.gathered(_desk)
        self.states.fact(self, in_hand=0, ended=0, planned_packages=lane([len(w.packages) for w in meeting.worlds]))
        meeting.readers |= {"reports": self.hear, "called_off": self.called_off, "not_needed": self.not_needed}

    def begin(self, world: World) -> None:
        """Start to release packages."""
        world.env.process(self.release_in_waves(world))

    def decided(self, world: World) -> None:
        """Wake waiting processes and record the start or end of a pause."""
        desk, paused = self.desks[world.place], world.current(PaceLevers).paused
        if paused != desk.was_paused:
            desk.was_paused = paused
            world.record("partnership", "programme paused" if paused else "programme resumed", "decision")
        world.reports.wake()

    def release_in_waves(self, world: World) -> Process:
        """Release what may start, wave by wave, until nothing waits."""
        env, desk, next_wave = world.env, self.desks[world.place], 0.0
        while desk.waiting and world.status == "running":
            pace = world.current(PaceLevers)
            held = pace.paused or world.under_notice
            if env.now >= next_wave and not held and self.release_wave(world, desk, pace.packages_at_once):
                next_wave = env.now + pace.months_between_waves
            if env.now < next_wave:
                yield Late(env, next_wave - env.now)
            elif desk.waiting:
                yield world.reports.arrival()
                yield Late(env)

    def release_wave(self, world: World, desk: Desk, at_once: int) -> int:
        """Release eligible packages in order of preference while there is room. Returns their number."""
        if not desk.looked_through:
            self.look_through(world, desk)
        in_hand = int(world.fact("in_hand"))
        released = desk.ready[: max(at_once - in_hand, 0)]
        for package in released:
            in_hand += 1
            self.put(world, "in_hand", in_hand)
            self.hand_out(world, desk, package)
        del desk.ready[: len(released)]
        return len(released)

    def look_through(self, world: World, desk: Desk) -> None:
        """Find packages free of all precedence. Packages with teams of their own start at once.

        Staff learn that their service is next in line, and stay unsettled until it is done.
        """
        eligible = [package for name, package in desk.waiting.items() if not desk.unmet[name]]
        desk.ready = [package for package in eligible if package.kind not in BACKGROUND]
        desk.looked_through = True
        for package in desk.ready:
            if package.covers and package.name not in desk.announced:
                desk.announced.add(package.name)
                world.tell("notices", "announced", package)
        for package in eligible:
            if package.kind in BACKGROUND:
                self.hand_out(world, desk, package)

    def hand_out(self, world: World, desk: Desk, package: Package) -> None:
        """Release one package."""
        self.take_off(world, desk, package)
        world.record(package.name, "package released", world.current(SequenceLevers).sequence)
        world.release(package)

    def take_off(self, world: World, desk: Desk, package: Package) -> None:
        """Remove a package from those waiting."""
        desk.waiting.pop(package.name, None)
        if not desk.waiting:
            world.reach("nothing waits")

    def hear(self, world: World, package: Package, result: str) -> None:
        """Handle a report that a package formed, finished or was dropped; packages that depended on it go too."""
        if result == "formed" or (result == "dropped" and package.kind not in BACKGROUND):
            self.put(world, "in_hand", world.fact("in_hand") - 1)
        desk = self.desks[world.place]
        if result == "formed":
            world.tell("progress", package, result)
            if package.kind == REDESIGN:
                self.free(desk, package)
        else:
            self.close(world, desk, package, result)
        world.reports.wake()

    def free(self, desk: Desk, package: Package) -> None:
        """What waited for a package waits no more: for a redesign once it works, for all else once it has ended."""
        desk.looked_through = False
        for waiting, later in desk.waiting.items():
            if package.name in later.after:
                desk.unmet[waiting] -= 1

    def close(self, world: World, desk: Desk, package: Package, result: str) -> None:
        """Close a package: release those that waited for it, and drop those that need it if it was dropped."""
        ended, name = world.fact("ended") + 1, package.name
        self.put(world, "ended", ended)
        if package.kind != REDESIGN or not world.reached(f"formed {name}"):
            self.free(desk, package)
        world.tell("progress", package, result)
        if result == "dropped":
            for later in [p for p in desk.waiting.values() if name in p.needs]:
                self.drop(world, desk, later, f"{name} was dropped")
        elif name == "merger":
            self.absorb(world, desk)
        if ended == len(world.packages):
            world.tell("all_ended")

    def drop(self, world: World, desk: Desk, package: Package, cause: str) -> None:
        """Drop a waiting package that is no longer needed or possible."""
        self.take_off(world, desk, package)
        world.record(package.name, "package dropped", cause)
        self.close(world, desk, package, "dropped")

    def absorb(self, world: World, desk: Desk) -> None:
        """Drop join packages made needless by a merger, which joins the remaining teams."""
        for later in [p for p in desk.waiting.values() if p.kind == JOINT]:
            world.reach(f"formed {later.name}")
            world.tell("progress", later, "formed")
            self.drop(world, desk, later, ABSORBED)

    def not_needed(self, world: World, package: Package, cause: str) -> None:
        """Word that a package which waits is needed no more."""
        desk = self.desks[world.place]
        if package.name in desk.waiting:
            if package.name in desk.announced:
                world.tell("notices", "settled", package)
            self.drop(world, desk, package, cause)
            world.reports.wake()

    def called_off(self, world: World) -> None:
        """Record that no new package begins from now on."""
        self.asked.add(world.place)

    def act(self, world: World, now: float) -> None:
        """Stop new packages and tell staff whose service was next that it is off."""
        desk = self.desks[world.place]
        for name in sorted(desk.announced & desk.waiting.keys()):
            world.tell("notices", "settled", desk.waiting[name])
        desk.announced.clear()


def _desk(world: World) -> Desk:
    """Programme office's state of a history at the start."""
    return Desk(
        waiting={package.name: package for package in world.packages},
        unmet={package.name: len(package.after) for package in world.packages},
    )
