"""Adaptation: what the partnership agreed to do when a measure crosses a line, and does."""

from dataclasses import dataclass, field
from math import fsum
from typing import Any

from sim.agents.politics.members import MembersLevers
from sim.agents.programme_office import PaceLevers
from sim.core.inputs.rules import Rule, parse_rule
from sim.core.lanes import of_history
from sim.core.world import Agent, Meeting, World

ENGAGED = 0.9
"""Engagement of members while votes are held to engage them first: almost the maximum."""
Change = dict[str, Any]


@dataclass(slots=True)
class Agreed:
    """State of one history's adaptive rules: end of each rest period, lines crossed, actions in force."""

    rules: list[Rule]
    resting: list[float]
    crossed: list[bool]
    in_force: dict[str, tuple[float, Change, Change]] = field(default_factory=dict)
    rested_until: float = 0.0


class Adaptation(Agent):
    """Agent that submits a rule's action to the engine as two decisions: its start and its end."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.agreed: list[Agreed] = meeting.gathered(_agreed)

    def prepare(self, lever: Any, e: Any) -> None:
        """Mark the histories that have adaptive rules."""
        self.ruled = [world.place for world in self.meeting.worlds if world.current(PaceLevers).adaptive]

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Check the rules once a month."""
        self.asked.update(self.ruled)

    def act(self, world: World, now: float) -> None:
        """Apply the rules while the programme runs and some package waits to begin."""
        if world.status == "running" and world.packages and not world.reached("nothing waits"):
            own = self.agreed[world.place]
            self.pause_if_tired(world, own, now)
            self.heed_rules(world, own, now)

    def pause_if_tired(self, world: World, own: Agreed, now: float) -> None:
        """Request a pause when fatigue crosses its line, and the end of the pause."""
        pace = world.current(PaceLevers)
        tired = world.fact("mean_fatigue") > pace.pause_when_fatigue_over
        if tired and not pace.paused and now >= own.rested_until:
            own.rested_until = now + 1 + pace.pause_months
            self.hold(world, own, "pause", now + 1, own.rested_until)

    def heed_rules(self, world: World, own: Agreed, now: float) -> None:
        """Request each rule's action when its measure crosses its line, unless the rule is at rest."""
        for i, rule in enumerate(own.rules):
            crossed = rule.holds(measured(world, rule.measure))
            again = rule.measure != "rounds" or not own.crossed[i]
            own.crossed[i] = crossed
            if crossed and again and now >= own.resting[i]:
                own.resting[i] = now + 1 + rule.months
                self.hold(world, own, rule.action, now + 1, own.resting[i])

    def hold(self, world: World, own: Agreed, action: str, begin: float, end: float) -> None:
        """Decide on an action and its end. An action still in force is prolonged and ends as planned."""
        until, *kept = own.in_force.get(action, (0.0,))
        change, back = kept if begin <= until else changes_of(world, action)
        begin = max(begin, until)
        if begin < end:
            own.in_force[action] = end, change, back
            world.decisions += [(begin, change, "rule"), (end, back, "rule")]


def changes_of(world: World, action: str) -> tuple[Change, Change]:
    """Levers that an action changes, and the changes that undo it at its end."""
    pace, members = world.current(PaceLevers), world.current(MembersLevers)
    if action == "pause":
        return {"pace.paused": True}, {"pace.paused": False}
    if action == "freshen up":
        return {"staff.freshening": True}, {"staff.freshening": False}
    if action == "slow":
        slower = min(24.0, 2.0 * max(pace.months_between_waves, 1.0))
        return {"pace.months_between_waves": slower}, {"pace.months_between_waves": pace.months_between_waves}
    names = ("leader_engagement", "backbench_engagement")
    usual = {f"members.{name}": getattr(members, name) for name in names}
    more = {name: max(ENGAGED, value) for name, value in usual.items()}
    return {"pace.votes_held": True} | more, {"pace.votes_held": False} | usual


def measured(world: World, measure: str) -> float:
    """Value of a rule's measure: means over staff, the lowest buy-in or trust, or a count."""
    if measure == "fatigue":
        return float(world.fact("mean_fatigue"))
    if measure in ("load", "behind", "rounds"):
        return float(world.fact(measure))
    if measure == "hr_queue":
        return float(world.hr.queue)
    rows = of_history(getattr(world.states.old, measure), world.place)
    if measure in ("engagement", "uncertainty"):
        return float(fsum(share * level for share, level in zip(world.given.headcount_shares, rows)))
    return float(min(rows))


def _agreed(world: World) -> Agreed:
    """Rules' state of one history at the start."""
    rules = [parse_rule(text) for text in world.current(PaceLevers).rules]
    return Agreed(rules, resting=[0.0] * len(rules), crossed=[False] * len(rules))
