"""Relationships that matter and the trust in each: slow to build, quick to lose, marked by past damage."""

from collections.abc import Sequence
from math import exp

from sim.agents.members import MembersLevers
from sim.agents.staff import StaffLevers
from sim.mechanisms import trust_response
from sim.world import World

BETWEEN_COUNCILS = ("leaders–leaders", "HR–unions")
AT_EACH_COUNCIL = ("leaders–back bench", "members–officers", "managers–staff")
HURT_BY_LOSSES = ("HR–unions", "managers–staff")
TOUCHED_BY_CHIEF_EXECUTIVE = ("leaders–leaders", "members–officers")


class Relationships:
    """Trust per relationship, fed by delivery, fair treatment, openness and kept timetables."""

    levers = ()

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        pairs = world.partnership.pairs
        known = sum(pair.prior_joint_working for pair in pairs) / len(pairs) if pairs else 0.0
        self.rows: list[tuple[int, str, int | None]] = []
        for kind in BETWEEN_COUNCILS:
            self.add(kind, None, e("trust.start") + e("trust.by_prior_working") * known)
        for kind in AT_EACH_COUNCIL:
            for c in world.councils:
                self.add(kind, c, e("trust.start"))
        self.indices = [index for index, _, _ in self.rows]
        self.places = range(len(self.rows))
        pulse = world.given.pulse
        build = exp(-pulse / e("trust.build_months"))
        erode = exp(-pulse * e("trust.erosion_factor") / e("trust.build_months"))
        self.damage = [0.0] * len(self.rows)
        self.hurt = [(i, c) for i, (_, kind, c) in enumerate(self.rows) if kind in HURT_BY_LOSSES]
        remembered = e("trust.damage_remembered") * (1.0 - erode)
        self.shape = (build, erode, exp(-pulse * e("trust.damage_fades")), remembered, e("trust.damage_lowers_ceiling"))
        self.by_results, self.by_losses = e("trust.by_results"), e("trust.by_losses")
        self.by_lateness = e("trust.by_lateness")
        self.change_costs = e("trust.change_of_people_costs")

    def add(self, kind: str, c: int | None, start: float) -> None:
        """One relationship, between the councils or within one."""
        world = self.world
        name = kind if c is None else f"{kind}: {world.names[c]}"
        start += world.e("trust.starting_spread") * world.luck.normal("starting trust", name)
        self.rows.append((world.soft(f"trust {name}", start, world.e("trust.build_months")), kind, c))

    def start(self) -> None:
        """Look up what members own."""
        self.results = self.world.index("results")
        if self.world.on("trust"):
            self.world.at_decision(self.read_levers)
            self.world.at_pulse(self.refresh)

    def read_levers(self) -> None:
        """How benevolent and how open the levers in force make each relationship."""
        staff, members = self.world.current(StaffLevers), self.world.current(MembersLevers)
        care = {
            "leaders–leaders": 0.3 + 0.5 * members.leader_engagement,
            "HR–unions": 0.35 + 0.25 * (staff.involvement + staff.communication),
            "leaders–back bench": 0.3 + 0.5 * members.backbench_engagement,
            "members–officers": 0.3 + 0.25 * (members.leader_engagement + members.backbench_engagement),
            "managers–staff": 0.35 + 0.5 * staff.involvement,
        }
        self.care = [care[kind] for _, kind, _ in self.rows]
        self.openness = 0.3 + 0.5 * staff.communication

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Where each trust heads: what was lately experienced, under the ceiling that past damage leaves."""
        world, keep, damage, shape = self.world, self.world.states.keep, self.damage, self.shape
        if world.notices_of_change.items:
            self.changes_of_people(levels)
        ability = 0.55 + self.by_results * (levels[self.results] - 0.5)
        common = ability + self.openness + 0.6 - self.by_lateness * world.progress.behind
        losses = world.people.redundancies
        care = self.benevolence(losses) if any(losses) else self.care
        for i, index, benevolence in zip(self.places, self.indices, care):
            aims[index], keep[index], damage[i] = trust_response(
                levels[index], 0.25 * (benevolence + common), damage[i], shape
            )

    def benevolence(self, losses: Sequence[float]) -> list[float]:
        """Fair treatment, less where posts were lately lost."""
        care, worst = self.care[:], max(losses)
        for i, c in self.hurt:
            care[i] -= self.by_losses * (worst if c is None else losses[c])
        return care

    def changes_of_people(self, levels: list[float]) -> None:
        """A new leader or chief executive starts again with part of the trust that was there."""
        for who, _ in self.world.notices_of_change.take():
            for index, kind, c in self.rows:
                if who == "chief executive":
                    touched = kind in TOUCHED_BY_CHIEF_EXECUTIVE
                else:
                    here = c is not None and self.world.names[c] == who and kind != "managers–staff"
                    touched = here or kind == "leaders–leaders"
                if touched:
                    levels[index] = max(levels[index] - self.change_costs, 0.0)

    def finish(self) -> None:
        """Nothing to close at the horizon."""
