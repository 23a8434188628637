"""Effects of the switches: neutral values of every quantity that a mechanism governs, in one table.

A mechanism that is off leaves its formulas as they are and takes the force out of them. `FORCES` are quantities that
no evidence speaks of: 1 where a mechanism acts, 0 where it does not. Luck, elections, talks and shocks are no
quantities: their owners ask `World.on`.
"""

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from sim.core.inputs.levers import LeverGroup
from sim.core.mechanisms import load_speed, load_speed_queueing

FORCES = {"scale.by_councils": 1.0, "staffing.by_route": 1.0, "terms.may_dispute": 1.0, "enablers.save": 1.0}
"""Forces with no evidence: attention by number of councils, route of leaving, disputes over terms, system savings."""
NEUTRAL: dict[str, dict[str, float]] = {
    "load=off": {
        "managers.best_load": inf,
        "managers.sustainable_load": inf,
        "managers.time_for_people": 0.0,
        "managers.at_risk_slowing": 0.0,
    },
    "load=queueing": {},
    "scale=off": {"services.size_counts": 0.0, "scale.by_councils": 0.0},
    "fatigue=off": {"fatigue.by_load": 0.0, "fatigue.by_uncertainty": 0.0},
    "uncertainty=off": {
        "uncertainty.weight_joint": 0.0,
        "uncertainty.weight_redesign": 0.0,
        "uncertainty.weight_management": 0.0,
        "managers.at_risk_slowing": 0.0,
    },
    "engagement=off": {
        "engagement.launch": 0.0,
        "engagement.by_involvement": 0.0,
        "engagement.by_shared_roles": 0.0,
        "engagement.by_results": 0.0,
        "engagement.by_trust": 0.0,
        "engagement.by_fatigue": 0.0,
        "engagement.by_uncertainty": 0.0,
        "engagement.by_losses": 0.0,
        "staff.by_strain": 0.0,
        "staff.them_and_us": 0.0,
        "staff.by_shared_buildings": 0.0,
        "staff.by_commissioning": 0.0,
        "staff.by_security": 0.0,
        "staff.by_development": 0.0,
        "staff.by_purpose": 0.0,
    },
    "day_job=off": {"hr.months_per_leaver": 0.0, "terms.dispute_day_job": 0.0, "od.pulled_to_hr": 0.0},
    "enablers=off": {
        "enablers.separate_systems": 0.0,
        "enablers.missing_errors": 0.0,
        "enablers.missing_slows": 0.0,
        "terms.separate_errors": 0.0,
        "hr.by_loose_policy": 0.0,
        "hr.strategy_eases": 0.0,
        "enablers.save": 0.0,
    },
    "rework=off": {
        "rework.base": 0.0,
        "rework.by_fatigue": 0.0,
        "rework.by_haste": 0.0,
        "rework.by_knowledge_lost": 0.0,
        "rework.hr_not_joined": 0.0,
        "enablers.missing_errors": 0.0,
        "terms.separate_errors": 0.0,
        "culture.errors": 0.0,
    },
    "leavers=off": {"staff.turnover": 0.0, "staff.knowledge_per_leaver": 0.0},
    "staffing=off": {"staffing.by_route": 0.0, "staffing.security_unlocks": 0.0, "staff.by_security": 0.0},
    "terms=off": {
        "terms.harmonise_up_strain": 0.0,
        "terms.cost_neutral_strain": 0.0,
        "terms.new_scheme_strain": 0.0,
        "terms.negotiated_down_strain": 0.0,
        "terms.protected_transfer_strain": 0.0,
        "terms.dismiss_reengage_strain": 0.0,
        "terms.dispute": 0.0,
        "terms.may_dispute": 0.0,
    },
    "momentum=off": {"momentum.sensitivity": 0.0},
    "trust=off": {
        "managers.trust_speeds": 0.0,
        "trust.build_months": inf,
        "trust.change_of_people_costs": 0.0,
        "trust.change_of_control_costs": 0.0,
        "trust.lost_vote_costs": 0.0,
        "trust.notice_costs": 0.0,
        "shocks.default_trust": 0.0,
    },
    "trust=symmetric": {"trust.erosion_factor": 1.0, "trust.damage_remembered": 0.0},
    "fairness=off": {"fairness.by_benefit": 0.0, "fairness.by_losses": 0.0},
    "buy_in=off": {
        "members.leaders_months": inf,
        "members.backbench_months": inf,
        "members.vote_line": -inf,
        "members.called_in": 0.0,
        "governance.rival_opposes": 0.0,
    },
    "identity=off": {
        "identity.assurance_calms": 0.0,
        "identity.merger_open": 1.0,
        "identity.merger_intended": 1.0,
        "identity.insider": 0.0,
        "identity.unequal_sizes": 0.0,
        "governance.delegated_threat": 0.0,
    },
    "politics=off": {"members.by_politics": 0.0, "endings.by_politics": 0.0},
    "culture=off": {"staff.them_and_us": 0.0, "culture.slows": 0.0, "culture.errors": 0.0},
    "leadership=off": {
        "managers.capability_gain": 0.0,
        "development.by_spend": 0.0,
        "development.silences": 0.0,
        "managers.training_time": 0.0,
    },
    "learning=off": {"services.learning": 0.0},
    "coordination=off": {
        "governance.burden_per_pair": 0.0,
        "governance.burden_load": 0.0,
        "governance.burden_delays": 0.0,
        "governance.aligning_months": 0.0,
        "governance.distance_load": 0.0,
    },
    "leakage=off": {
        "leakage.base": 0.0,
        "leakage.by_fatigue": 0.0,
        "leakage.by_disengagement": 0.0,
        "leakage.by_overload": 0.0,
    },
    "quality=off": {
        "quality.by_redesign": 0.0,
        "quality.by_aim": 0.0,
        "quality.by_engagement": 0.0,
        "quality.anticipation_dip": 0.0,
        "quality.by_overload": 0.0,
        "quality.by_fatigue": 0.0,
        "quality.by_knowledge": 0.0,
        "quality.by_errors": 0.0,
        "quality.by_thin_management": 0.0,
        "failures.rate": 0.0,
        "quality.resilience_joined": 0.0,
        "quality.resilience_thinned": 0.0,
        "quality.resilience_knowledge": 0.0,
    },
    "dissolution=off": {"endings.motions": 0.0},
    "stall=off": {"endings.stall_months": inf},
    "shocks=off": {"shocks.default": 0.0},
}
"""By 'mechanism=form': the quantities and the values that replace their evidence."""
LEVERS: dict[str, dict[str, dict[str, Any]]] = {
    "staffing=off": {
        "staffing": {
            **dict.fromkeys(("voluntary", "retirement", "relocation", "redeployment", "recruitment_held"), 0.0),
            "timing": "as_planned",
        }
    },
    "leadership=off": {"development": {"leadership": "usual", "thinking_time": 0.0}},
}
"""By 'mechanism=form': lever choices replaced by the usual choice."""
LOAD_FORMS: dict[str, Callable[[float, float, float], float]] = {"queueing": load_speed_queueing}
"""Rival forms of the effect of load on speed; `load_speed` is the default."""


def neutral_evidence(values: Mapping[str, float], switches: Mapping[str, str]) -> dict[str, float]:
    """Values of all quantities, with the table's values where a mechanism is off or in a rival form."""
    known = {**FORCES, **values}
    for name, form in switches.items():
        known.update(NEUTRAL.get(f"{name}={form}", {}))
    return known


def neutral_levers(
    levers: Mapping[type[LeverGroup], LeverGroup], switches: Mapping[str, str]
) -> dict[type[LeverGroup], LeverGroup]:
    """Levers in force for the agents: as chosen, or the usual choice where the mechanism is off."""
    known = dict(levers)
    for name, form in switches.items():
        for group, update in LEVERS.get(f"{name}={form}", {}).items():
            kind = next(kind for kind in known if kind.key() == group)
            known[kind] = known[kind].model_copy(update=update)
    return known


def load_form(form: str) -> Callable[[float, float, float], float]:
    """Function for the effect of load on speed, by the name of its form."""
    return LOAD_FORMS.get(form, load_speed)
