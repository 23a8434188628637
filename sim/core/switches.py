"""Effects of the switches: a neutral value for every quantity that a mechanism governs.

A mechanism that is off leaves its formulas as they are and takes the force out of them: evidence declares without
which mechanisms a quantity is nought, and few quantities are neutral at another value. `FORCES` are quantities that
no evidence speaks of: 1 where a mechanism acts, 0 where it does not. Luck, elections, talks and shocks are no
quantities: their owners ask `World.on`.
"""

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from sim.core.inputs.levers import LeverGroup
from sim.core.inputs.quantity import Quantity
from sim.core.mechanisms import load_speed, load_speed_queueing

Evidence = Mapping[str, Mapping[str, Quantity]]
FORCES = {
    "scale.by_councils": "scale",
    "staffing.by_route": "staffing",
    "terms.may_dispute": "terms",
    "enablers.save": "enablers",
}
"""Forces with no evidence, each with the mechanism it is of: attention by number of councils, route of leaving,
disputes over terms, system savings."""
REPLACED: dict[str, dict[str, float]] = {
    "load=off": {"managers.best_load": inf, "managers.sustainable_load": inf},
    "trust=off": {"trust.build_months": inf},
    "trust=symmetric": {"trust.erosion_factor": 1.0, "trust.damage_remembered": 0.0},
    "buy_in=off": {"members.leaders_months": inf, "members.backbench_months": inf, "members.vote_line": -inf},
    "momentum=off": {"momentum.revised_months": inf},
    "identity=off": {"identity.merger_open": 1.0, "identity.merger_intended": 1.0},
    "stall=off": {"endings.stall_months": inf},
}
"""By 'mechanism=form': values that replace evidence, other than nought for what is `zero_without` the mechanism."""
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


def neutralised(evidence: Evidence, mechanism: str, form: str) -> dict[str, float]:
    """Quantities whose force a mechanism's form takes away, by 'topic.name', and the value each then has."""
    found = dict(REPLACED.get(f"{mechanism}={form}", {}))
    if form == "off":
        found |= {name: 0.0 for name, switch in FORCES.items() if switch == mechanism}
        for topic, group in evidence.items():
            found |= {f"{topic}.{name}": 0.0 for name, each in group.items() if mechanism in each.zero_without}
    return found


def neutral_evidence(evidence: Evidence, values: Mapping[str, float], switches: Mapping[str, str]) -> dict[str, float]:
    """Values of all quantities, replaced where a mechanism is off or in a rival form."""
    known = {**dict.fromkeys(FORCES, 1.0), **values}
    for mechanism, form in switches.items():
        if form != "on":
            known |= neutralised(evidence, mechanism, form)
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
