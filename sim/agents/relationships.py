"""Relationships that matter and the trust in each, slow to build and quick to lose; and the cultures between."""

from collections.abc import Callable, Sequence
from math import fsum
from typing import Any

from sim.agents.delivery.employment import TermsLevers
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers
from sim.agents.hr import HrLevers
from sim.agents.politics.members import MembersLevers
from sim.agents.programme_office import SequenceLevers
from sim.agents.staff import StaffLevers
from sim.core import mechanisms
from sim.core.lanes import Rows, chosen, each, highest, stacked
from sim.core.world import Agent, Meeting, World

KINDS = {
    "trust_leaders": "leaders–leaders",
    "trust_unions": "HR–unions",
    "trust_hr": "HR–managers",
    "trust_bench": "leaders–back bench",
    "trust_officers": "members–officers",
    "trust_managers": "managers–staff",
}
"""Names of relationship states: between pairs of leaders, HR's two, and three at each council."""
AT_EACH_COUNCIL = ("trust_bench", "trust_officers", "trust_managers")
TOUCHED_BY_LEADER = ("trust_leaders", "trust_bench", "trust_officers")
BLOWS: dict[str, tuple[tuple[str, ...], str]] = {
    "leader": (TOUCHED_BY_LEADER, "trust.change_of_people_costs"),
    "control": (TOUCHED_BY_LEADER, "trust.change_of_control_costs"),
    "chief executive": (("trust_leaders", "trust_officers"), "trust.change_of_people_costs"),
    "default": (("trust_leaders",), "shocks.default_trust"),
    "vote lost": (("trust_leaders", "trust_officers"), "trust.lost_vote_costs"),
    "notice": (("trust_leaders",), "trust.notice_costs"),
}
"""What costs trust at once: in which relationships, and how much."""


class Relationships(Agent):
    """Agent for trust in each relationship (ability, benevolence, integrity, predictability) and culture gaps."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        e, self.pairs = meeting.e, meeting.worlds[0].given.pairs
        rows = {
            "trust_leaders": tuple(f"{KINDS['trust_leaders']}: {a} and {b}" for a, b in self.pairs),
            **{kind: (KINDS[kind],) for kind in ("trust_unions", "trust_hr")},
            **{kind: tuple(f"{KINDS[kind]}: {name}" for name in meeting.names) for kind in AT_EACH_COUNCIL},
        }
        self.kinds = [kind for kind, names in rows.items() for _ in names]
        starts = [
            meeting.draw(_trust_at_first, kind, row, name)
            for kind, names in rows.items()
            for row, name in enumerate(names)
        ]
        labels = tuple(f"trust {name}" for names in rows.values() for name in names)
        self.all = self.states.soft(self, "trust", labels, stacked(starts, len(meeting.worlds)), e.trust.build_months)
        self.states.fact(self, damage=(0.0,) * len(labels), chemistry=(0.0,) * len(labels))
        self.met = [0] * len(meeting.worlds)
        first = 0
        for kind, names in rows.items():
            self.states.part(self, kind, "trust", first, len(names), single=kind in ("trust_unions", "trust_hr"))
            first += len(names)
        self.ones, self.others = ([meeting.names.index(pair[side]) for pair in self.pairs] for side in (0, 1))
        self.gap_at_first = meeting.draw(_gap_at_first)
        self.states.soft(self, "culture_gap", "culture gap", self.gap_at_first, e.culture.months)
        meeting.listeners["changes_of_people"] = self.asked

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute benevolence and openness in each relationship, and the effect of joint vision."""
        own, pulse = e.trust, self.states.pulse
        care = {kind: self.meeting.draw(cares) for kind, cares in CARE.items()}
        self.benevolence = stacked([care[kind] for kind in self.kinds], len(self.meeting.worlds))
        self.integrity = each(
            mechanisms.integrity_of,
            own.integrity_start,
            own.by_communication,
            lever.staff.communication,
            lever.money.openness,
        )
        self.vision = self.meeting.draw(_vision)
        self.mixed = each(mechanisms.product, e.culture.by_mixed_teams, lever.staff.involvement)
        self.building = each(mechanisms.share_kept, pulse, own.build_months)
        self.eroding = each(mechanisms.eroding_keep, pulse, own.build_months, own.erosion_factor)
        self.fades = each(mechanisms.damage_kept, pulse, own.damage_fades)
        self.remembered = each(mechanisms.fall_remembered, own.damage_remembered, self.eroding)

    def begin(self, world: World) -> None:
        """Draw how leaders get on; record a deal that talks have rushed."""
        self.meet(world, None)
        if _rushed(world):
            world.record("partnership", "deal rushed", "a vacancy or a grant came before readiness")

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set targets of each trust and of the culture gap."""
        culture, trust, on_trust = e.culture, e.trust, e.fairness.on_trust
        new.culture_gap = self.formula.culture_aim(
            *(self.gap_at_first, self.vision, self.mixed, old.joined, culture.by_od, old.od_capability),
        )
        losses = self.by_row.hurt_of_losses(trust.by_losses, old.losses)
        resented = self.by_row.worst_of(on_trust, old.unfairness, old.unfairness)
        between = self.by_row.worst_of(on_trust, chosen(old.unfairness, self.ones), chosen(old.unfairness, self.others))
        between = self.by_row.hurt_of_doubt(
            *(trust.by_doubt, e.members.leaders_start, chosen(old.buy_in_leaders, self.ones)),
            *(chosen(old.buy_in_leaders, self.others), between),
        )
        hurts = [
            *(between, [self.formula.hurt_of_unions(highest(losses), trust.by_strain, old.strain)]),
            *([self.formula.hurt_of_waiting(trust.by_hr_queue, old.hr_queue, old.officers)], resented),
            *(resented, losses),
        ]
        self.live(stacked([row for rows in hurts for row in rows], len(self.meeting.worlds)), old, e, new)

    def live(self, hurts: Rows, old: Any, e: Any, new: Any) -> None:
        """Trust from experience in each relationship, and its target."""
        own = e.trust
        ability = self.formula.ability_of(own.ability_start, own.by_results, old.results)
        lived = self.by_row.trust_lived(
            *(self.benevolence, hurts, ability, self.integrity, own.predictability_start),
            *(own.by_lateness, old.behind),
        )
        new.trust = aims = self.by_row.trust_aim(
            *(lived, own.reciprocity, old.trust, own.start, old.chemistry),
            *(own.damage_lowers_ceiling, old.damage),
        )
        new.trust_keep = self.by_row.trust_keep(aims, old.trust, self.building, self.eroding)
        new.damage = self.by_row.trust_damage(old.damage, self.fades, self.remembered, aims, old.trust)

    def act(self, world: World, now: float) -> None:
        """New people start again with part of the trust that was there; defaults, lost votes and notice cost it too."""
        for blow, council in world.changes_of_people.take():
            kinds, cost = BLOWS[blow]
            self.lose(world, kinds, council, world.e(cost))
            if blow in ("leader", "control"):
                self.meet(world, council)

    def meet(self, world: World, council: str | None) -> None:
        """Draw how leaders get on from now on: all of them, or one council's new one with those of the others."""
        spread, time = world.e("trust.chemistry_spread"), self.met[world.place]
        self.met[world.place] = time + 1
        for row, pair in enumerate(self.pairs):
            if council is None or council in pair:
                drawn = world.luck.normal("chemistry", " and ".join(pair), time)
                self.put(world, "chemistry", spread * drawn, row)

    def lose(self, world: World, kinds: Sequence[str], council: str | None, cost: float) -> None:
        """Reduce trust of these kinds at once, everywhere or for one council."""
        for kind in kinds:
            for row in range(self.kinds.count(kind)):
                index = self.all[self.kinds.index(kind) + row]
                concerned = self.pairs[row] if kind == "trust_leaders" else (world.names[row],)
                if council is None or council in concerned:
                    world.jump(index, world.felt(index) - cost)


def _trust_at_first(world: World, kind: str, row: int, name: str) -> float:
    """Trust in a relationship at the start: prior joint working and talks count between leaders."""
    if kind == "trust_leaders":
        return world.trust_before(world.given.pairs[row]) + _talked(world)
    draw = world.luck.normal("starting trust", name)
    return mechanisms.at_first(world.e("trust.start"), world.e("trust.starting_spread"), draw)


def _talked(world: World) -> float:
    """Trust between leaders added by the choice of chief executive and the run-up of talks."""
    e, levers = world.e, world.current(GovernanceLevers)
    added = {"from_one_council": -e("governance.insider_trust"), "known_to_both": e("governance.known_trust")}
    start = added.get(levers.chief_executive, 0.0)
    start += e("governance.stands_aside_trust") * (1.0 if levers.other_stands_aside else -1.0)
    start += e("governance.talks_build") * levers.talks_months / 12.0
    return start - (e("governance.rushed_trust") if _rushed(world) else 0.0)


def _rushed(world: World) -> bool:
    """True if luck makes the deal rushed: talks cut short by a vacancy or a grant."""
    years = world.current(GovernanceLevers).talks_months / 12.0
    if not years or not world.on("shocks"):
        return False
    chance = 1.0 - (1.0 - world.e("governance.rushed")) ** years
    return world.happens(chance, "talks rushed", "partnership")


def _gap_at_first(world: World) -> float:
    """Mean culture gap between councils at the start, larger if a county shares."""
    pairs = world.partnership.pairs
    gap = fsum(pair.culture_gap for pair in pairs) / len(pairs) if pairs else 0.0
    return gap + (world.e("governance.county_culture") if world.current(GovernanceLevers).with_county else 0.0)


def _care(world: World, share: float) -> float:
    """Perceived benevolence, set by the care taken."""
    return mechanisms.benevolence_of(world.e("trust.benevolence_start"), world.e("trust.by_care"), share)


def _unions(world: World) -> float:
    staff, terms = world.current(StaffLevers), world.current(TermsLevers)
    close = terms.partnership(world.e("terms.officer_adds"))
    return _care(world, (staff.involvement + staff.communication + 2.0 * close) / 4.0)


def _hr(world: World) -> float:
    hr = world.current(HrLevers)
    return _care(world, 0.4 + 0.3 * hr.on_top_team + 0.3 * hr.joint_strategy)


def _officers(world: World) -> float:
    members = world.current(MembersLevers)
    radical = world.current(SequenceLevers).ambition == "second_order"
    engaged = (members.leader_engagement + members.backbench_engagement) / 2.0
    return _care(world, engaged) - radical * world.e("trust.by_radical_change")


def _managers(world: World) -> float:
    style = {"shared": 1.0, "commanding": -1.0}.get(world.current(DevelopmentLevers).leadership, 0.0)
    return _care(world, world.current(StaffLevers).involvement) + style * world.e("development.shared_trust")


CARE: dict[str, Callable[[World], float]] = {
    "trust_leaders": lambda world: _care(world, world.current(MembersLevers).leader_engagement),
    "trust_unions": _unions,
    "trust_hr": _hr,
    "trust_bench": lambda world: _care(world, world.current(MembersLevers).backbench_engagement),
    "trust_officers": _officers,
    "trust_managers": _managers,
}
"""Perceived benevolence in each kind of relationship, from levers in force."""


def _vision(world: World) -> float:
    """Share of the culture gap that joint vision closes: one HR strategy, HR at the top, shared leadership."""
    hr, shared = world.current(HrLevers), world.current(DevelopmentLevers).leadership == "shared"
    return mechanisms.vision_of(world.e("culture.by_vision"), hr.joint_strategy, hr.on_top_team, shared)
