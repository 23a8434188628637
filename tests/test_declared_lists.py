"""Levers, evidence and outcomes are declared once, whole, and used; one test names every offender at once."""

import re
from pathlib import Path

import pytest
from quantities import asked, readers, seen

from sim.core.errors import InputError
from sim.core.inputs.quantity import UNITS, Quantity
from sim.core.switches import FORCES
from sim.engine.outcomes import outcome_entries
from sim.plans.compose import compose
from sim.plans.declared_lists import evidence_entries, lever_entries, mechanism_entries

ROOT = Path(__file__).parents[1]
REGISTER = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
MODULES = [path.read_text(encoding="utf-8") for path in readers(ROOT / "sim")]
CODE = "\n".join(MODULES)
FORMED = [
    re.compile(re.sub(r"\\{.*?\\}", "[a-z0-9_]+", re.escape(text)))
    for text in re.findall(r'\be\(f"([a-z_]+\.[^"]+)"\)', CODE)
]
"""Names of quantities that are put together where they are read."""
SEEN = set().union(*map(seen, MODULES))
ID = re.compile(r"\b(?:S\d+|[DMKOCP]-[A-Z]*\d*)\b")
FIXED_OUTCOMES = (
    "recurrent_saving_y1_gbp_m",
    "recurrent_saving_y3_gbp_m",
    "recurrent_saving_y5_gbp_m",
    "recurrent_saving_y10_gbp_m",
    "cumulative_net_saving_y10_gbp_m",
    "npv_gbp_m",
    "payback_month",
    "setup_cost_gbp_m",
    "services_integrated",
    "services_transformed",
    "peak_fatigue",
    "months_fatigue_over_line",
    "min_buy_in_backbench",
    "min_buy_in_leaders",
    "votes_lost",
    "engagement_end",
    "min_trust",
    "hr_utilisation",
    "hr_mean_wait_months",
    "redundancies",
    "leavers",
    "duration_ratio",
    "dissolved",
    "stalled",
)


def cited_but_unknown(text: str) -> list[str]:
    """Ids in a citation that docs/evidence.md does not hold."""
    return [found for found in ID.findall(text) if not re.search(rf"\b{re.escape(found)}\b", REGISTER)]


def test_every_lever_says_what_a_user_needs() -> None:
    offenders = []
    for entry in lever_entries():
        missing = [key for key in ("type", "unit", "meaning", "source", "changes") if not entry.get(key)]
        if entry["type"] in ("number", "whole number") and not {"low", "high"} <= entry.keys():
            missing.append("bounds")
        if entry["type"] == "choice" and len(entry["choices"]) < 2:
            missing.append("choices")
        if not entry["source"].startswith("D-") or cited_but_unknown(entry["source"]):
            missing.append("a D- id of docs/evidence.md")
        offenders += [f"{entry['name']}: {what}" for what in missing]
    assert not offenders


def test_every_lever_is_read_somewhere() -> None:
    """As an attribute of its group, as `lever.group.is_("name", ...)`, or by its name where that is put together."""
    names = [entry["name"].rpartition(".")[2] for entry in lever_entries()]
    assert not [name for name in names if not re.search(rf'\.{name}\b|"{name}"', CODE)]


def test_every_evidence_quantity_is_sound_cited_and_used() -> None:
    offenders = []
    for entry in evidence_entries():
        name = entry["name"].removeprefix("evidence.")
        if entry["unit"] not in UNITS or not entry["low"] <= entry["value"] <= entry["high"]:
            offenders.append(f"{name}: unit or range")
        if entry["low"] == entry["high"]:
            offenders.append(f"{name}: no range to explore")
        if entry["grade"] == "assumption" and len(entry["source"]) < len("assumption: because"):
            offenders.append(f"{name}: an assumption without a reason")
        if entry["grade"] != "assumption" and not (ID.search(entry["source"]) or "Green Book" in entry["source"]):
            offenders.append(f"{name}: graded {entry['grade']} without a source")
        offenders += [f"{name}: cites {unknown}" for unknown in cited_but_unknown(entry["source"])]
        if name not in SEEN and f'"{name}"' not in CODE and not any(formed.fullmatch(name) for formed in FORMED):
            offenders.append(f"{name}: read nowhere")
    assert not offenders


def test_code_reads_no_quantity_that_is_not_declared() -> None:
    declared = {entry["name"].removeprefix("evidence.") for entry in evidence_entries()}
    topics = {name.partition(".")[0] for name in declared | FORCES.keys()}
    for read in (set().union(*map(asked, MODULES)), {name for name in SEEN if name.partition(".")[0] in topics}):
        assert len(read) > 100
        assert not read - declared - FORCES.keys()


def test_every_outcome_has_a_unit_a_direction_and_a_meaning() -> None:
    entries = outcome_entries()
    assert not [
        e for e in entries if not e["unit"] or not e["meaning"] or e["better"] not in ("higher", "lower", "neutral")
    ]
    assert set(FIXED_OUTCOMES) <= {entry["name"] for entry in entries}
    assert {e["better"] for e in entries if e["name"] in ("services_integrated", "services_transformed")} == {"neutral"}


def test_every_mechanism_says_what_it_is() -> None:
    assert not [entry for entry in mechanism_entries() if not entry["meaning"] or "on" not in entry["choices"]]


def test_an_overridden_quantity_loses_its_citation() -> None:
    settings = compose(["evidence.staff.turnover.value=0.15"]).settings
    quantity = settings.evidence["staff"]["turnover"]
    assert quantity.value == 0.15
    assert quantity.grade == "assumption"
    assert quantity.source == "assumption: overridden by the user"
    assert compose([]).settings.evidence["staff"]["turnover"].source == "S6"


def test_a_value_outside_its_evidence_range_is_refused() -> None:
    with pytest.raises(InputError, match=r"evidence\.staff\.turnover.*outside its range 0.1 to 0.18"):
        compose(["evidence.staff.turnover.value=0.5"])


@pytest.mark.parametrize(
    "change", [{"unit": "furlongs"}, {"source": " "}, {"grade": "assumption", "source": "S6"}, {"low": 0.2}]
)
def test_an_unsound_quantity_is_refused(change: dict[str, object]) -> None:
    sound = {"value": 0.1, "unit": "share", "low": 0.0, "high": 1.0, "grade": "A", "source": "S6", "meaning": "x"}
    Quantity.model_validate(sound)
    with pytest.raises(ValueError, match=r"unit|source|assumption|range"):
        Quantity.model_validate(sound | change)
