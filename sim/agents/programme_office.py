"""The programme office: releases packages by precedence and pace, watches the agreed timeframe, pauses on a rule."""

from collections.abc import Sequence
from typing import Any, Literal

from sim.agents.members import MembersLevers
from sim.history import ABSORBED
from sim.levers import LeverGroup, lever
from sim.packages import (
    BACKGROUND,
    CHANGES,
    JOINT,
    ORGANISATION,
    REDESIGN,
    TIER,
    Extent,
    Package,
    SequenceName,
    ServiceOrder,
    Shape,
)
from sim.pool import Late
from sim.rules import Rule, parse_rule
from sim.world import Process, World

NEVER = 1.0
BROUGHT_FORWARD_TO = 2.0 / 3.0
"""One pair brought three years down to two (S2 §3, D-TIMEFRAME)."""
ENGAGED = 0.9
"""Engagement of members while votes are held and members engaged: nearly all that is possible."""


class SequenceLevers(LeverGroup):
    """What is shared, and in which order."""

    sequence: SequenceName = lever(
        "structure_first", "Which comes first: shared structure or redesigned services",
        unit="choice", source="D-SEQ", changes="at the start",
    )  # fmt: skip
    extent: Extent = lever(
        "most_services", "How far sharing goes", unit="choice", source="D-EXTENT", changes="at the start"
    )
    service_order: ServiceOrder = lever(
        "customer_first", "Which services go first", unit="choice", source="D-SEQ", changes="at the start"
    )
    shape: Shape = lever(
        "vertical", "Redesign service by service, or across several services at once",
        unit="choice", source="D-SHAPE", changes="at the start",
    )  # fmt: skip
    ambition: Literal["first_order", "second_order"] = lever(
        "first_order", "Change within the framework, or of the framework itself",
        unit="choice", source="D-ORDER", changes="at the start",
    )  # fmt: skip
    redesign_after: float = lever(
        0.5, "Share of the first phase (teams joined, or services redesigned) done before the second phase begins",
        unit="share", source="D-SEQ", changes="at the start", ge=0.0, le=1.0,
    )  # fmt: skip
    order: tuple[str, ...] = lever(
        (), "Further rules of precedence, each 'package > later package'",
        unit="rules", source="D-SEQ", changes="at the start", max_length=200, strict=False,
    )  # fmt: skip


class PaceLevers(LeverGroup):
    """How fast, and what happens to the agreed timeframe."""

    months_between_waves: float = lever(
        3.0, "Months from one wave of packages to the next", unit="months", source="D-PACE", ge=0.0, le=24.0
    )
    packages_at_once: int = lever(5, "Most packages in hand at once", unit="packages", source="D-PACE", ge=1, le=40)
    timeframe: Literal["held", "slips", "brought_forward"] = lever(
        "slips", "Whether the agreed timeframe is held under pressure, allowed to slip, or brought forward by a third",
        unit="choice", source="D-TIMEFRAME",
    )  # fmt: skip
    agreed_months: float = lever(
        0.0, "Agreed length of the programme (0: what the plan itself needs, with its contingency)",
        unit="months", source="D-TIMEFRAME", changes="at the start", ge=0.0, le=240.0,
    )  # fmt: skip
    pause_when_fatigue_over: float = lever(
        NEVER, "Pause new packages when staff fatigue goes over this (1: never)",
        unit="share", source="D-ADAPT", ge=0.0, le=1.0,
    )  # fmt: skip
    pause_months: int = lever(4, "Length of such a pause", unit="months", source="D-ADAPT", ge=1, le=24)
    paused: bool = lever(
        False, "Whether new packages are held back; those in hand go on", unit="true or false", source="D-ADAPT"
    )
    votes_held: bool = lever(
        False, "Whether votes are held back while members are engaged", unit="true or false", source="D-ADAPT"
    )
    rules: tuple[str, ...] = lever(
        (),
        "Adaptive rules, each 'when <measure> > <line> <action> for <n> months'; actions: pause, slow, "
        "hold votes and engage, freshen up",
        unit="rules", source="D-ADAPT", changes="at the start", max_length=20, strict=False,
    )  # fmt: skip


class ProgrammeOffice:
    """Turns the plan into released packages, and tells all how far the programme is."""

    levers = (SequenceLevers, PaceLevers)

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting = {package.name: package for package in world.packages}
        self.unmet = {package.name: len(package.after) for package in world.packages}
        self.sequence = world.current(SequenceLevers).sequence
        self.planned = len(world.packages)
        self.staff_weight = world.given.staff_sizes
        self.contingency = world.e("plan.contingency")
        self.hurry = world.e("plan.hurry_when_held")
        self.ready: list[Package] = []
        self.rules = [parse_rule(text) for text in world.current(PaceLevers).rules]
        self.resting = [0.0] * len(self.rules)
        self.crossed = [False] * len(self.rules)
        self.in_force: dict[str, tuple[float, dict[str, Any], dict[str, Any]]] = {}
        self.in_round = self.rounds_planned()
        self.ended_in_round = dict.fromkeys(self.in_round, 0)
        self.looked_through = False
        self.announced: set[str] = set()
        self.rested_until = 0.0
        self.was_paused = False
        world.at_decision(self.read_levers)

    def read_levers(self) -> None:
        """The pace now in force, and how fast the promise is to be kept."""
        self.pace = pace = self.world.current(PaceLevers)
        promise = self.world.given.promise
        agreed = pace.agreed_months or promise.months * self.contingency
        if pace.timeframe == "brought_forward":
            agreed *= BROUGHT_FORWARD_TO
        self.clock_rate = promise.months / agreed if agreed else 0.0
        self.held = pace.timeframe != "slips"
        if pace.paused != self.was_paused:
            self.was_paused = pace.paused
            self.world.record("partnership", "programme paused" if pace.paused else "programme resumed", "decision")

    def start(self) -> None:
        """Begin releasing packages."""
        self.world.at_pulse(self.refresh)
        self.world.env.process(self.release_in_waves())
        if self.world.packages:
            self.world.env.process(self.come_apart())

    def come_apart(self) -> Process:
        """Once a dissolved partnership is unwound nothing is joined any more; of redesigns a part is kept."""
        world, progress = self.world, self.world.progress
        yield world.milestone("dissolved")
        yield world.env.timeout(world.e("endings.unwinding_months"))
        progress.joined_share = 0.0
        progress.transformed_share *= world.e("endings.redesign_kept")

    def release_in_waves(self) -> Process:
        """Release what may start, wave by wave, until nothing waits."""
        world, env = self.world, self.world.env
        next_wave = 0.0
        while self.waiting and world.progress.status == "running":
            pace = self.pace
            if env.now >= next_wave and not pace.paused and self.release_wave(pace.packages_at_once):
                next_wave = env.now + pace.months_between_waves
            if env.now < next_wave:
                yield Late(env, next_wave - env.now)
            elif self.waiting:
                yield world.reports.arrival()
                yield Late(env)
            self.read_reports()

    def release_wave(self, at_once: int) -> int:
        """Release eligible packages in order of preference while there is room; how many were released."""
        if not self.looked_through:
            self.look_through()
        released = self.ready[: max(at_once - self.world.progress.in_hand, 0)]
        for package in released:
            self.world.progress.in_hand += 1
            self.hand_out(package)
        del self.ready[: len(released)]
        return len(released)

    def look_through(self) -> None:
        """Find the packages that nothing holds back any more; what teams of its own carry begins at once."""
        eligible = [package for name, package in self.waiting.items() if not self.unmet[name]]
        self.ready = [package for package in eligible if package.kind not in BACKGROUND]
        self.announce(self.ready)
        self.looked_through = True
        for package in eligible:
            if package.kind in BACKGROUND:
                self.hand_out(package)

    def hand_out(self, package: Package) -> None:
        """Release one package."""
        del self.waiting[package.name]
        self.world.record(package.name, "package released", self.sequence)
        self.world.release(package)

    def announce(self, eligible: Sequence[Package]) -> None:
        """Staff learn that their service is next in line, and stay unsettled until it is done."""
        for package in eligible:
            if package.covers and package.name not in self.announced:
                self.announced.add(package.name)
                self.world.notices.put(("announced", package, self.world.env.now))

    def read_reports(self) -> None:
        """Take in what became of packages, and drop those whose ground has gone."""
        for package, result in self.world.reports.take():
            if result == "formed":
                self.world.progress.in_hand -= 1
                self._count_share(package)
                continue
            if result == "dropped" and package.kind not in BACKGROUND:
                self.world.progress.in_hand -= 1
            self._end(package, result)

    def _count_share(self, package: Package) -> None:
        progress = self.world.progress
        share = sum([self.staff_weight[name] for name in package.covers])
        if package.kind == JOINT:
            progress.joined_share += share
        elif package.kind == REDESIGN:
            progress.transformed_share += share
        elif package.covers:
            progress.commissioned_share += share

    def _end(self, package: Package, result: str) -> None:
        progress, ended = self.world.progress, package.name
        progress.ended += 1
        self.looked_through = False
        for name, later in self.waiting.items():
            if ended in later.after:
                self.unmet[name] -= 1
        self._count_round(package.kind)
        if result == "finished" and ended == "merger":
            self._absorb()
        if result == "finished":
            progress.finished[package.kind] = progress.finished.get(package.kind, 0) + 1
        else:
            for later in [p for p in self.waiting.values() if ended in p.needs]:
                self.waiting.pop(later.name, None)
                self.world.record(later.name, "package dropped", f"{ended} was dropped")
                self._end(later, "dropped")
        if progress.ended == self.planned:
            progress.status = "complete" if progress.status == "running" else progress.status
            came_of_it = progress.finished or progress.status != "complete"
            self.world.record("partnership", "programme ended", progress.status if came_of_it else "given up")

    def rounds_planned(self) -> dict[int, int]:
        """Packages of each round of change: management, services joined, services changed, the organisation."""
        planned: dict[int, int] = {}
        for package in self.world.packages:
            if package.kind in _ROUND:
                planned[_ROUND[package.kind]] = planned.get(_ROUND[package.kind], 0) + 1
        return planned

    def _absorb(self) -> None:
        """A merger joins the teams that were still apart; they need no package any more."""
        for later in [p for p in self.waiting.values() if p.kind == JOINT]:
            self.waiting.pop(later.name, None)
            self.world.record(later.name, "package dropped", ABSORBED)
            self.world.reach(f"formed {later.name}")
            self._count_share(later)
            self._end(later, "dropped")

    def _count_round(self, kind: str) -> None:
        """A round of change counts as gone through when half of its packages have ended."""
        number = _ROUND.get(kind)
        if number is not None:
            self.ended_in_round[number] += 1
            done = [2 * self.ended_in_round[n] >= self.in_round[n] for n in self.in_round]
            self.world.progress.rounds = sum(done)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """How far behind the agreed timeframe, and whether the fatigue rule calls for a pause."""
        world, progress = self.world, self.world.progress
        if world.reports.items:
            self.read_reports()
        if self.announced and progress.status != "running":
            self.call_off(now)
        finished = world.given.promise.finished
        if finished and self.planned:
            at = int(now * self.clock_rate)
            planned = finished[at] if at < len(finished) else finished[-1]
            behind = planned - progress.ended / self.planned
            progress.behind = behind if behind > 0.0 else 0.0
            if self.held:
                running = progress.status == "running"
                progress.haste = min(1.0, self.hurry * progress.behind) if running else 0.0
        if self.pace.pause_when_fatigue_over < NEVER and self.waiting and progress.status == "running":
            self.pause_if_tired(now, self.pace)
        if self.rules and self.waiting and progress.status == "running":
            self.heed_rules(now, levels)

    def call_off(self, now: float) -> None:
        """Nothing new is begun: those told that their service is next know that it is not."""
        for name in sorted(self.announced & self.waiting.keys()):
            self.world.notices.put(("settled", self.waiting[name], now))
        self.announced.clear()

    def heed_rules(self, now: float, levels: list[float]) -> None:
        """Ask for what each rule says, when its measure lies across its line and it is not at rest."""
        for i, rule in enumerate(self.rules):
            crossed = rule.holds(self.measured(rule.measure, levels))
            again = rule.measure != "rounds" or not self.crossed[i]
            self.crossed[i] = crossed
            if crossed and again and now >= self.resting[i]:
                self.resting[i] = now + 1 + rule.months
                self.follow(rule, now + 1, self.resting[i])

    def measured(self, measure: str, levels: list[float]) -> float:
        """What a rule watches: means over staff, the lowest buy-in and trust, or the office's own count."""
        world = self.world
        if measure in ("fatigue", "load"):
            return float(getattr(world.people, measure))
        if measure in ("behind", "rounds"):
            return float(getattr(world.progress, measure))
        if measure == "hr_queue":
            return float(world.hr.queue)
        found = [
            level for name, level in zip(world.states.names, levels) if name.startswith((f"{measure}:", f"{measure} "))
        ]
        if measure in ("engagement", "uncertainty"):
            return sum(share * level for share, level in zip(world.given.headcount_shares, found))
        return min(found)

    def follow(self, rule: Rule, begin: float, end: float) -> None:
        """Put the rule's action before the engine as decisions: its beginning, and its end."""
        pace, members = self.pace, self.world.current(MembersLevers)
        change: dict[str, Any]
        back: dict[str, Any]
        if rule.action == "pause":
            change, back = {"pace.paused": True}, {"pace.paused": False}
        elif rule.action == "slow":
            slower = min(24.0, 2.0 * max(pace.months_between_waves, 1.0))
            change = {"pace.months_between_waves": slower}
            back = {"pace.months_between_waves": pace.months_between_waves}
        elif rule.action == "freshen up":
            change, back = {"staff.freshening": True}, {"staff.freshening": False}
        else:
            names = ("leader_engagement", "backbench_engagement")
            usual = {f"members.{name}": getattr(members, name) for name in names}
            more = {name: max(ENGAGED, value) for name, value in usual.items()}
            change, back = {"pace.votes_held": True} | more, {"pace.votes_held": False} | usual
        self.hold(rule.action, change, back, begin, end)

    def hold(self, action: str, change: dict[str, Any], back: dict[str, Any], begin: float, end: float) -> None:
        """Decide on an action and its end; one that is in force still is prolonged, and ends as it would have."""
        until, *kept = self.in_force.get(action, (0.0, change, back))
        if begin <= until:
            begin, (change, back) = until, kept
        if begin < end:
            self.in_force[action] = end, change, back
            self.world.decisions += [(begin, change, "rule"), (end, back, "rule")]

    def pause_if_tired(self, now: float, pace: PaceLevers) -> None:
        """Ask for a pause when fatigue is over the rule's line, and for its end."""
        if pace.paused or now < self.rested_until or self.world.people.fatigue <= pace.pause_when_fatigue_over:
            return
        self.rested_until = now + 1 + pace.pause_months
        self.hold("pause", {"pace.paused": True}, {"pace.paused": False}, now + 1, self.rested_until)

    def finish(self) -> None:
        """Nothing to close at the horizon."""


_ROUND = {TIER: 1, JOINT: 2, **dict.fromkeys(CHANGES, 3), ORGANISATION: 4}
