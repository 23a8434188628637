"""Relationships that matter and the trust in each, slow to build and quick to lose; and the cultures between."""

from math import exp
from typing import NamedTuple

from sim.agents.development import DevelopmentLevers
from sim.agents.employment import TermsLevers
from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.agents.hr import HrLevers
from sim.agents.members import MembersLevers
from sim.agents.programme_office import SequenceLevers
from sim.agents.staff import StaffLevers
from sim.mechanisms import culture_aim, trust_responses
from sim.world import World

BETWEEN_LEADERS, UNIONS, HR_MANAGERS = "leaders–leaders", "HR–unions", "HR–managers"
AT_EACH_COUNCIL = ("leaders–back bench", "members–officers", "managers–staff")
TOUCHED_BY_CHIEF_EXECUTIVE = (BETWEEN_LEADERS, "members–officers")
FEELS_UNFAIR = (BETWEEN_LEADERS, "leaders–back bench", "members–officers")


class Relation(NamedTuple):
    """One relationship: which state its trust is, its kind, and the councils that it concerns."""

    state: int
    kind: str
    councils: tuple[int, ...]


class Relationships:
    """Trust per relationship, fed by ability, benevolence, integrity and predictability; and the culture gap."""

    levers = ()

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.relations: list[Relation] = []
        self.begin_relations()
        self.all = slice(self.relations[0].state, self.relations[-1].state + 1)
        self.sort_by_feeling()
        self.damage = [0.0] * len(self.relations)
        self.learn_trust()
        pairs = world.partnership.pairs
        gap = sum(pair.culture_gap for pair in pairs) / len(pairs) if pairs else 0.0
        if world.current(GovernanceLevers).with_county:
            gap += e("governance.county_culture")
        self.gap_at_first = gap if world.on("culture") else 0.0
        self.gap = world.soft("culture gap", self.gap_at_first, e("culture.months"))
        self.by_vision, self.by_mixed, self.by_od = (
            e("culture.by_vision"),
            e("culture.by_mixed_teams"),
            e("culture.by_od"),
        )

    def begin_relations(self) -> None:
        """One relationship for each pair of councils, three at each council, and HR's with managers and unions."""
        world, e = self.world, self.world.e
        talks = self.talks()
        known = {frozenset(pair.between): pair.prior_joint_working for pair in world.partnership.pairs}
        for a, b in world.given.pairs:
            start = e("trust.start") + e("trust.by_prior_working") * known[frozenset((a, b))] + talks
            self.add(
                f"{BETWEEN_LEADERS}: {a} and {b}", BETWEEN_LEADERS, start, world.names.index(a), world.names.index(b)
            )
        for kind in (UNIONS, HR_MANAGERS):
            self.add(kind, kind, e("trust.start"), *world.councils)
        for kind in AT_EACH_COUNCIL:
            for c, name in enumerate(world.names):
                self.add(f"{kind}: {name}", kind, e("trust.start"), c)

    def talks(self) -> float:
        """What the choice of chief executive and the run-up of talks add to trust between leaders."""
        world, e, levers = self.world, self.world.e, self.world.current(GovernanceLevers)
        added = {"from_one_council": -e("governance.insider_trust"), "known_to_both": e("governance.known_trust")}
        start = added.get(levers.chief_executive, 0.0)
        start += e("governance.stands_aside_trust") if levers.other_stands_aside else 0.0
        years = levers.talks_months / 12.0
        if years:
            start += e("governance.talks_build") * years
            rushed = world.happens(1.0 - (1.0 - e("governance.rushed")) ** years, "talks rushed", "partnership")
            if rushed and world.on("shocks"):
                start -= e("governance.rushed_trust")
                world.record("partnership", "deal rushed", "a vacancy or a grant came before readiness")
        return start

    def add(self, name: str, kind: str, start: float, *councils: int) -> None:
        """One relationship."""
        world = self.world
        start += world.e("trust.starting_spread") * world.luck.normal("starting trust", name)
        index = world.soft(f"trust {name}", start, world.e("trust.build_months"))
        self.relations.append(Relation(index, kind, councils))

    def learn_trust(self) -> None:
        """How fast trust builds and is lost; in the rival form both alike, and damage is not remembered."""
        world, e, pulse = self.world, self.world.e, self.world.given.pulse
        self.moves, symmetric = world.on("trust"), world.given.switches["trust"] == "symmetric"
        build = exp(-pulse / e("trust.build_months"))
        erode = build if symmetric else exp(-pulse * e("trust.erosion_factor") / e("trust.build_months"))
        remembered = 0.0 if symmetric else e("trust.damage_remembered") * (1.0 - erode)
        self.shape = (build, erode, exp(-pulse * e("trust.damage_fades")), remembered, e("trust.damage_lowers_ceiling"))
        self.able, self.by_results = e("trust.ability_start"), e("trust.by_results")
        self.kept, self.by_lateness = e("trust.predictability_start"), e("trust.by_lateness")
        self.by_losses, self.by_strain = e("trust.by_losses"), e("trust.by_strain")
        self.by_unfair = e("fairness.on_trust") if world.on("fairness") else 0.0
        self.by_queue = e("trust.by_hr_queue")
        self.change_costs = e("trust.change_of_people_costs")

    def start(self) -> None:
        """Look up what others own."""
        world = self.world
        self.results, self.od = world.index("results"), world.index("od_capability")
        world.at_decision(self.read_levers)
        world.at_pulse(self.refresh)

    def read_levers(self) -> None:
        """How benevolent and how open the levers in force make each relationship; what joint vision closes."""
        world, e = self.world, self.world.e
        staff, members, hr = world.current(StaffLevers), world.current(MembersLevers), world.current(HrLevers)
        development = world.current(DevelopmentLevers)
        start, by_care = e("trust.benevolence_start"), e("trust.by_care")
        style = {"shared": e("development.shared_trust"), "commanding": -e("development.shared_trust")}
        led = style.get(development.leadership, 0.0) if world.on("leadership") else 0.0
        unions = world.current(TermsLevers).partnership(e("terms.officer_adds"))
        second_order = world.current(SequenceLevers).ambition == "second_order"
        care = {
            BETWEEN_LEADERS: start + by_care * members.leader_engagement,
            UNIONS: start + by_care * (staff.involvement + staff.communication + 2.0 * unions) / 4.0,
            HR_MANAGERS: start + by_care * (0.4 + 0.3 * hr.on_top_team + 0.3 * hr.joint_strategy),
            "leaders–back bench": start + by_care * members.backbench_engagement,
            "members–officers": start
            + by_care * (members.leader_engagement + members.backbench_engagement) / 2
            - second_order * e("trust.by_radical_change"),
            "managers–staff": start + by_care * staff.involvement + led,
        }
        self.care = [care[relation.kind] for relation in self.relations]
        openness = (staff.communication + world.current(MoneyLevers).openness) / 2.0
        self.integrity = e("trust.integrity_start") + e("trust.by_communication") * openness
        self.vision = self.by_vision * (0.5 * hr.joint_strategy + 0.25 * hr.on_top_team)
        self.vision += self.by_vision * 0.25 * (development.leadership == "shared" and world.on("leadership"))
        self.mixed = self.by_mixed * staff.involvement

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Where each trust and the culture gap head."""
        world, keep = self.world, self.world.states.keep
        if self.gap_at_first:
            mixed = self.mixed * world.progress.joined_share
            aims[self.gap] = culture_aim(self.gap_at_first, self.vision, mixed, self.by_od * levels[self.od])
        if not self.moves:
            return
        if world.notices_of_change.items:
            self.changes_of_people(levels)
        ability = self.able + self.by_results * (levels[self.results] - 0.5)
        common = ability + self.integrity + self.kept - self.by_lateness * world.progress.behind
        lived = [0.25 * (benevolence + common) for benevolence in self.benevolence()]
        aims[self.all], keep[self.all], self.damage = trust_responses(levels[self.all], lived, self.damage, self.shape)

    def sort_by_feeling(self) -> None:
        """Which relationships suffer from unfairness, from job losses, and from waiting for HR."""
        rows = list(enumerate(self.relations))
        self.resent = [(i, councils[0], councils[-1]) for i, (_, kind, councils) in rows if kind in FEELS_UNFAIR]
        self.mourn = [(i, councils[0]) for i, (_, kind, councils) in rows if kind == "managers–staff"]
        self.unions = next(i for i, (_, kind, _) in rows if kind == UNIONS)
        self.waits = next(i for i, (_, kind, _) in rows if kind == HR_MANAGERS)

    def benevolence(self) -> list[float]:
        """Fair treatment as it is felt: less where posts were lost, terms are fought over, or sharing seems unfair."""
        people, hr, care = self.world.people, self.world.hr, self.care[:]
        losses, unfair = people.losses, people.unfair
        if any(losses):
            by_losses = self.by_losses
            for i, c in self.mourn:
                care[i] -= by_losses * losses[c]
            care[self.unions] -= by_losses * max(losses)
        if any(unfair):
            by_unfair = self.by_unfair
            for i, a, b in self.resent:
                care[i] -= by_unfair * (unfair[a] if unfair[a] > unfair[b] else unfair[b])
        if people.strain:
            care[self.unions] -= self.by_strain * people.strain
        if hr.queue:
            care[self.waits] -= self.by_queue * min(hr.queue / hr.capacity, 1.0)
        return care

    def changes_of_people(self, levels: list[float]) -> None:
        """A new leader or chief executive starts again with part of the trust that was there; a default costs more."""
        world = self.world
        for who, _ in world.notices_of_change.take():
            for index, kind, councils in self.relations:
                names = [world.names[c] for c in councils]
                if who == "default":
                    cost = world.e("shocks.default_trust") if kind == BETWEEN_LEADERS else 0.0
                elif who == "chief executive":
                    cost = self.change_costs if kind in TOUCHED_BY_CHIEF_EXECUTIVE else 0.0
                else:
                    new = who in names and kind in (BETWEEN_LEADERS, "leaders–back bench", "members–officers")
                    cost = self.change_costs if new else 0.0
                levels[index] = max(levels[index] - cost, 0.0)

    def finish(self) -> None:
        """Nothing to close at the horizon."""
