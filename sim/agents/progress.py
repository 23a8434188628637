"""Progress: how far the programme is, how it stands, and how far the agreed timeframe hurries people."""

from typing import Any

from sim.agents.programme_office import PaceLevers
from sim.core.inputs.packages import CHANGES, JOINT, ORGANISATION, PRINCIPLE, REDESIGN, TIER, TIERS, Package
from sim.core.lanes import lane, listed
from sim.core.world import Agent, Meeting, Process, World

BROUGHT_FORWARD_TO = 2.0 / 3.0
"""Factor on the agreed months if brought forward: one pair cut three years to two (S2 §3, D-TIMEFRAME)."""
_ROUND = {TIER: 1, JOINT: 2, **dict.fromkeys(CHANGES, 3), ORGANISATION: 4}
"""Round of change by package kind: management, joining, change of services, organisation."""


class Progress(Agent):
    """Agent that reports the programme's progress: share joined, delay, status."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.promises = [world.given.promise for world in meeting.worlds]
        self.planned = meeting.gathered(_rounds)
        self.ended = [dict.fromkeys(planned, 0) for planned in self.planned]
        state = meeting.partnership.start_state
        shared, tier = (1.0 if found else 0.0 for found in (state, TIERS[0] in state))
        self.states.fact(self, joined=meeting.draw(_joined_at_first), transformed=0.0, commissioned=0.0)
        self.states.fact(self, rounds=0, redesigns=0, tier_shared=tier, anything_finished=shared, begun=shared)
        self.states.fact(self, done=0, ahead=0.0, behind=0.0, haste=0.0, running=meeting.draw(_runs))
        self.states.fact(self, planned=lane([1.0 if world.packages else 0.0 for world in meeting.worlds]))
        self.states.soft(self, "dates_revision", "dates revised", 0.5, meeting.e.momentum.revised_months)
        meeting.readers |= {"progress": self.hear, "all_ended": self.complete, "ending": self.end}
        meeting.readers["service_left"] = self.count_left

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute the timeframe in force and the pace the promise demands."""
        self.held = lever.pace.is_("timeframe", "held", "brought_forward")
        self.clock_rates = listed(self.meeting.draw(_clock_rate), len(self.promises))

    def begin(self, world: World) -> None:
        """Wait for the end of the partnership, if it comes."""
        if world.packages:
            world.env.process(self.come_apart(world))

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set the delay against the timeframe as last revised, and resulting hurry; a timeframe may be held instead."""
        promised = lane([promise.finished_by(now * rate) for promise, rate in zip(self.promises, self.clock_rates)])
        finished = self.formula.share_finished(old.done, old.planned_packages)
        new.dates_revision = self.formula.revision_aim(finished, promised)
        revised = self.formula.as_revised(promised, old.dates_revision)
        planned = self.formula.dates_in_force(promised, revised, self.held)
        new.ahead = self.formula.ahead_of(planned, old.done, old.planned_packages)
        new.behind = behind = self.formula.behind_of(planned, old.ended, old.planned_packages)
        new.haste = self.formula.haste_of(self.held, e.plan.hurry_when_held, behind, old.running)

    def come_apart(self, world: World) -> Process:
        """After a dissolved partnership is unwound, nothing is joined; part of the redesigns is kept."""
        yield world.milestone("dissolved")
        yield world.env.timeout(world.e("endings.unwinding_months"))
        self.put(world, "joined", 0.0)
        self.put(world, "transformed", world.fact("transformed") * world.e("endings.redesign_kept"))

    def hear(self, world: World, package: Package, result: str) -> None:
        """Handle a report that a package formed, finished or was dropped."""
        if result == "formed":
            self.count_share(world, package)
            return
        self.count_round(world, package.kind)
        if result == "finished":
            self.put(world, "done", world.fact("done") + 1)
            self.count_finished(world, package.kind)

    def count_share(self, world: World, package: Package) -> None:
        """Staff whose service is joined, redesigned or commissioned from now on, as a share."""
        share = world.given.touched([name for name in package.covers if name not in world.left])
        if package.kind == JOINT:
            self.put(world, "joined", world.fact("joined") + share)
        elif package.kind == REDESIGN:
            self.put(world, "transformed", world.fact("transformed") + share)
        elif package.covers:
            self.put(world, "commissioned", world.fact("commissioned") + share)

    def count_left(self, world: World, service: str, was_joined: bool, was_changed: bool) -> None:
        """Word that a service is shared no more: it is joined no longer, and of its redesign a part is kept."""
        share = world.given.touched([service])
        if was_joined:
            self.put(world, "joined", max(world.fact("joined") - share, 0.0))
        if was_changed:
            lost = share * (1.0 - world.e("endings.redesign_kept"))
            self.put(world, "transformed", max(world.fact("transformed") - lost, 0.0))

    def count_finished(self, world: World, kind: str) -> None:
        """Count one finished package of this kind; sharing begins with the first that shares anything."""
        if kind == PRINCIPLE:
            return
        world.finished[kind] = world.finished.get(kind, 0) + 1
        self.put(world, "anything_finished", 1.0)
        if world.status != "dissolved":
            self.put(world, "begun", 1.0)
        if kind == TIER:
            self.put(world, "tier_shared", 1.0)
        elif kind == REDESIGN:
            self.put(world, "redesigns", world.finished[kind])

    def count_round(self, world: World, kind: str) -> None:
        """Count a round of change as passed when half of its packages have ended."""
        number = _ROUND.get(kind)
        if number is not None:
            planned, ended = self.planned[world.place], self.ended[world.place]
            ended[number] += 1
            self.put(world, "rounds", sum(2 * ended[n] >= planned[n] for n in planned))

    def complete(self, world: World) -> None:
        """Record that every package has ended."""
        self.set_status(world, "complete" if world.status == "running" else world.status)
        came_of_it = world.finished or world.status != "complete"
        world.record("partnership", "programme ended", world.status if came_of_it else "given up")

    def end(self, world: World, how: str, cause: str) -> None:
        """Record that the partnership parts, stalls, merges or is reorganised."""
        if how == "reorganised" and world.status not in ("running", "complete"):
            return
        if how != "reorganised" or "merger" not in world.in_place:
            world.history.ended_by = how
        world.record("partnership", how, cause)
        if how in ("stalled", "reorganised"):
            world.tell("programme_over")
        if how == "dissolved":
            self.put(world, "begun", 0.0)
        if how != "merged":
            self.set_status(world, how)

    def set_status(self, world: World, status: str) -> None:
        """Set the programme's status."""
        world.status = status
        self.put(world, "running", _runs(world))
        if status != "running":
            world.tell("called_off")


def _joined_at_first(world: World) -> float:
    """Share of staff whose service is shared from the start."""
    return world.given.touched([name for name in world.partnership.start_state if name not in TIERS])


def _rounds(world: World) -> dict[int, int]:
    """Number of the plan's packages in each round of change."""
    rounds = [_ROUND[package.kind] for package in world.packages if package.kind in _ROUND]
    return {number: rounds.count(number) for number in dict.fromkeys(rounds)}


def _runs(world: World) -> float:
    """1 while a programme runs, else 0."""
    return 1.0 if world.packages and world.status == "running" else 0.0


def _clock_rate(world: World) -> float:
    """Pace demanded by the timeframe, relative to the time that the plan needs."""
    pace, promise = world.current(PaceLevers), world.given.promise
    agreed = pace.agreed_months or promise.months * world.e("plan.contingency")
    if pace.timeframe == "brought_forward":
        agreed *= BROUGHT_FORWARD_TO
    return promise.months / agreed if agreed else 0.0
