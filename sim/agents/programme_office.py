"""The programme office: releases packages by precedence and pace, watches the agreed timeframe, pauses on a rule."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any, Literal

from sim.agents.members import MembersLevers
from sim.core.given import Promise
from sim.core.history import ABSORBED
from sim.core.inputs.levers import LeverGroup, lever
from sim.core.inputs.packages import (
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
from sim.core.inputs.rules import Rule, parse_rule
from sim.core.lanes import lane, listed, of_row
from sim.core.pools import Late
from sim.core.world import Agent, Meeting, Process, World

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


@dataclass(slots=True)
class Desk:
    """What the programme office of one history keeps: what waits, what is next, its rules, how far each round is."""

    waiting: dict[str, Package]
    unmet: dict[str, int]
    rules: list[Rule]
    resting: list[float]
    crossed: list[bool]
    in_round: dict[int, int]
    ended_in_round: dict[int, int]
    ready: list[Package] = field(default_factory=list)
    in_force: dict[str, tuple[float, dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    looked_through: bool = False
    announced: set[str] = field(default_factory=set)
    rested_until: float = 0.0
    was_paused: bool = False


class ProgrammeOffice(Agent):
    """Turns the plan into released packages, and tells all how far the programme is."""

    levers = (SequenceLevers, PaceLevers)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        packages = [len(world.packages) for world in meeting.worlds]
        self.desks: list[Desk] = meeting.gathered(_desk)
        self.promises = meeting.gathered(_promise)
        self.states.fact(
            self, in_hand=0, ended=0, joined=0.0, transformed=0.0, commissioned=0.0, rounds=0, redesigns=0,
            anything_finished=0.0, tier_shared=0.0, begun=0.0, behind=0.0, haste=0.0, planned_packages=lane(packages),
            planned=lane([1.0 if count else 0.0 for count in packages]), running=meeting.draw(_runs),
        )  # fmt: skip
        meeting.readers |= {"ending": self.end, "reports": self.hear}

    def prepare(self, lever: Any, e: Any) -> None:
        """The pace now in force, and how fast the promise is to be kept."""
        self.held = lever.pace.is_("timeframe", "held", "brought_forward")
        self.clock_rate = self.meeting.draw(_clock_rate)
        self.ruled = [
            world.place
            for world, desk in zip(self.meeting.worlds, self.desks)
            if desk.rules or world.current(PaceLevers).pause_when_fatigue_over < NEVER
        ]

    def begin(self, world: World) -> None:
        """Begin releasing packages."""
        world.env.process(self.release_in_waves(world))
        if world.packages:
            world.env.process(self.come_apart(world))

    def decided(self, world: World) -> None:
        """Those who wait look up; a pause that begins or ends is told."""
        desk, paused = self.desks[world.place], world.current(PaceLevers).paused
        if paused != desk.was_paused:
            desk.was_paused = paused
            world.record("partnership", "programme paused" if paused else "programme resumed", "decision")
        world.reports.wake()

    def come_apart(self, world: World) -> Process:
        """Once a dissolved partnership is unwound nothing is joined any more; of redesigns a part is kept."""
        yield world.milestone("dissolved")
        yield world.env.timeout(world.e("endings.unwinding_months"))
        self.put(world, "joined", 0.0)
        self.put(world, "transformed", world.fact("transformed") * world.e("endings.redesign_kept"))

    def release_in_waves(self, world: World) -> Process:
        """Release what may start, wave by wave, until nothing waits."""
        env, desk, next_wave = world.env, self.desks[world.place], 0.0
        while desk.waiting and world.status == "running":
            pace = world.current(PaceLevers)
            if env.now >= next_wave and not pace.paused and self.release_wave(world, desk, pace.packages_at_once):
                next_wave = env.now + pace.months_between_waves
            if env.now < next_wave:
                yield Late(env, next_wave - env.now)
            elif desk.waiting:
                yield world.reports.arrival()
                yield Late(env)

    def release_wave(self, world: World, desk: Desk, at_once: int) -> int:
        """Release eligible packages in order of preference while there is room; how many were released."""
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
        """Find the packages that nothing holds back any more; what teams of its own carry begins at once."""
        eligible = [package for name, package in desk.waiting.items() if not desk.unmet[name]]
        desk.ready = [package for package in eligible if package.kind not in BACKGROUND]
        self.announce(world, desk, desk.ready)
        desk.looked_through = True
        for package in eligible:
            if package.kind in BACKGROUND:
                self.hand_out(world, desk, package)

    def hand_out(self, world: World, desk: Desk, package: Package) -> None:
        """Release one package."""
        del desk.waiting[package.name]
        world.record(package.name, "package released", world.current(SequenceLevers).sequence)
        world.release(package)

    def announce(self, world: World, desk: Desk, eligible: Sequence[Package]) -> None:
        """Staff learn that their service is next in line, and stay unsettled until it is done."""
        for package in eligible:
            if package.covers and package.name not in desk.announced:
                desk.announced.add(package.name)
                world.tell("notices", "announced", package)

    # -- what became of packages --

    def hear(self, world: World, package: Package, result: str) -> None:
        """Word that a package has formed, finished or been dropped; those whose ground has gone go with it."""
        if result == "formed" or (result == "dropped" and package.kind not in BACKGROUND):
            self.put(world, "in_hand", world.fact("in_hand") - 1)
        if result == "formed":
            self.count_share(world, package)
        else:
            self.close(world, self.desks[world.place], package, result)
        world.reports.wake()

    def count_share(self, world: World, package: Package) -> None:
        """Staff whose service is joined, redesigned or commissioned from now on, as a share."""
        share = fsum([world.given.staff_sizes[name] for name in package.covers])
        if package.kind == JOINT:
            self.put(world, "joined", world.fact("joined") + share)
        elif package.kind == REDESIGN:
            self.put(world, "transformed", world.fact("transformed") + share)
        elif package.covers:
            self.put(world, "commissioned", world.fact("commissioned") + share)

    def close(self, world: World, desk: Desk, package: Package, result: str) -> None:
        """A package has ended: what waited for it may go on, what needed it goes with it if it was dropped."""
        ended, name = world.fact("ended") + 1, package.name
        self.put(world, "ended", ended)
        desk.looked_through = False
        for waiting, later in desk.waiting.items():
            if name in later.after:
                desk.unmet[waiting] -= 1
        self.count_round(world, desk, package.kind)
        if result == "finished":
            self.count_finished(world, package.kind)
            if name == "merger":
                self.absorb(world, desk)
        else:
            for later in [p for p in desk.waiting.values() if name in p.needs]:
                desk.waiting.pop(later.name, None)
                world.record(later.name, "package dropped", f"{name} was dropped")
                self.close(world, desk, later, "dropped")
        if ended == len(world.packages):
            self.set_status(world, "complete" if world.status == "running" else world.status)
            came_of_it = world.finished or world.status != "complete"
            world.record("partnership", "programme ended", world.status if came_of_it else "given up")

    def count_finished(self, world: World, kind: str) -> None:
        """One more package of this kind is finished; from the first one on something is shared."""
        world.finished[kind] = world.finished.get(kind, 0) + 1
        self.put(world, "anything_finished", 1.0)
        if world.status != "dissolved":
            self.put(world, "begun", 1.0)
        if kind == TIER:
            self.put(world, "tier_shared", 1.0)
        elif kind == REDESIGN:
            self.put(world, "redesigns", world.finished[kind])

    def absorb(self, world: World, desk: Desk) -> None:
        """A merger joins the teams that were still apart; they need no package any more."""
        for later in [p for p in desk.waiting.values() if p.kind == JOINT]:
            desk.waiting.pop(later.name, None)
            world.record(later.name, "package dropped", ABSORBED)
            world.reach(f"formed {later.name}")
            self.count_share(world, later)
            self.close(world, desk, later, "dropped")

    def count_round(self, world: World, desk: Desk, kind: str) -> None:
        """A round of change counts as gone through when half of its packages have ended."""
        number = _ROUND.get(kind)
        if number is not None:
            desk.ended_in_round[number] += 1
            self.put(world, "rounds", sum(2 * desk.ended_in_round[n] >= desk.in_round[n] for n in desk.in_round))

    # -- how the programme stands --

    def end(self, world: World, how: str, cause: str) -> None:
        """Word that the partnership parts, stalls, merges or is reorganised."""
        if how == "reorganised" and world.status not in ("running", "complete"):
            return
        if how != "reorganised" or "merger" not in world.in_place:
            world.history.ended_by = how
        world.record("partnership", how, cause)
        if how == "dissolved":
            self.put(world, "begun", 0.0)
        if how != "merged":
            self.set_status(world, how)

    def set_status(self, world: World, status: str) -> None:
        """How the programme stands from now on."""
        world.status = status
        self.put(world, "running", _runs(world))
        if status != "running":
            self.asked.add(world.place)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """How far behind the agreed timeframe, and how far that hurries people."""
        rates = listed(self.clock_rate, len(self.promises))
        planned = lane([promise.finished_by(now * rate) for promise, rate in zip(self.promises, rates)])
        new.behind = behind = self.formula.behind_of(planned, old.ended, old.planned_packages)
        new.haste = self.formula.haste_of(self.held, e.plan.hurry_when_held, behind, old.running)
        self.asked.update(self.ruled)

    def act(self, world: World, now: float) -> None:
        """Rules are heeded while the programme runs; when it does no more, those next in line are told."""
        desk, pace = self.desks[world.place], world.current(PaceLevers)
        if world.status != "running":
            if desk.announced:
                self.call_off(world, desk)
        elif desk.waiting:
            if pace.pause_when_fatigue_over < NEVER:
                self.pause_if_tired(world, desk, now, pace)
            if desk.rules:
                self.heed_rules(world, desk, now)

    def call_off(self, world: World, desk: Desk) -> None:
        """Nothing new is begun: those told that their service is next know that it is not."""
        for name in sorted(desk.announced & desk.waiting.keys()):
            world.tell("notices", "settled", desk.waiting[name])
        desk.announced.clear()

    # -- adaptive rules --

    def heed_rules(self, world: World, desk: Desk, now: float) -> None:
        """Ask for what each rule says, when its measure lies across its line and it is not at rest."""
        for i, rule in enumerate(desk.rules):
            crossed = rule.holds(measured(world, rule.measure))
            again = rule.measure != "rounds" or not desk.crossed[i]
            desk.crossed[i] = crossed
            if crossed and again and now >= desk.resting[i]:
                desk.resting[i] = now + 1 + rule.months
                self.follow(world, desk, rule, now + 1, desk.resting[i])

    def follow(self, world: World, desk: Desk, rule: Rule, begin: float, end: float) -> None:
        """Put the rule's action before the engine as decisions: its beginning, and its end."""
        pace, members = world.current(PaceLevers), world.current(MembersLevers)
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
        self.hold(world, desk, rule.action, change, back, begin, end)

    def hold(
        self, world: World, desk: Desk, action: str, change: dict[str, Any], back: dict[str, Any], begin: float,
        end: float,
    ) -> None:  # fmt: skip
        """Decide on an action and its end; one that is in force still is prolonged, and ends as it would have."""
        until, *kept = desk.in_force.get(action, (0.0, change, back))
        if begin <= until:
            begin, (change, back) = until, kept
        if begin < end:
            desk.in_force[action] = end, change, back
            world.decisions += [(begin, change, "rule"), (end, back, "rule")]

    def pause_if_tired(self, world: World, desk: Desk, now: float, pace: PaceLevers) -> None:
        """Ask for a pause when fatigue is over the rule's line, and for its end."""
        tired = world.fact("mean_fatigue") > pace.pause_when_fatigue_over
        if pace.paused or now < desk.rested_until or not tired:
            return
        desk.rested_until = now + 1 + pace.pause_months
        self.hold(world, desk, "pause", {"pace.paused": True}, {"pace.paused": False}, now + 1, desk.rested_until)


def measured(world: World, measure: str) -> float:
    """What a rule watches: means over staff, the lowest buy-in and trust, or the office's own count."""
    if measure == "fatigue":
        return float(world.fact("mean_fatigue"))
    if measure in ("load", "behind", "rounds"):
        return float(world.fact(measure))
    if measure == "hr_queue":
        return float(world.hr.queue)
    if measure in ("engagement", "uncertainty"):
        return float(fsum(share * world.fact(measure, c) for c, share in enumerate(world.given.headcount_shares)))
    states = world.states
    found = [i for i, name in enumerate(states.names) if name.startswith((f"{measure}:", f"{measure} "))]
    return float(min(of_row(states.levels, index, world.place) for index in found))


def _desk(world: World) -> Desk:
    """The office of a history at the start."""
    packages = world.packages
    rules = [parse_rule(text) for text in world.current(PaceLevers).rules]
    rounds = [_ROUND[package.kind] for package in packages if package.kind in _ROUND]
    planned = {number: rounds.count(number) for number in dict.fromkeys(rounds)}
    return Desk(
        waiting={package.name: package for package in packages},
        unmet={package.name: len(package.after) for package in packages},
        rules=rules,
        resting=[0.0] * len(rules),
        crossed=[False] * len(rules),
        in_round=planned,
        ended_in_round=dict.fromkeys(planned, 0),
    )


def _runs(world: World) -> float:
    """1 while a programme runs."""
    return 1.0 if world.packages and world.status == "running" else 0.0


def _promise(world: World) -> Promise:
    """What the business case said."""
    return world.given.promise


def _clock_rate(world: World) -> float:
    """How fast the promise is to be kept, against the time that its plan needs."""
    pace, promise = world.current(PaceLevers), world.given.promise
    agreed = pace.agreed_months or promise.months * world.e("plan.contingency")
    if pace.timeframe == "brought_forward":
        agreed *= BROUGHT_FORWARD_TO
    return promise.months / agreed if agreed else 0.0


_ROUND = {TIER: 1, JOINT: 2, **dict.fromkeys(CHANGES, 3), ORGANISATION: 4}
"""Rounds of change: management, services joined, services changed, the organisation."""
