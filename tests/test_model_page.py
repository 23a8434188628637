"""docs/model.md says where every id of docs/evidence.md is represented, and what it names exists."""

import re
from pathlib import Path

from sim.engine.outcomes import OUTCOMES
from sim.plans.declared_lists import evidence_entries, lever_entries, mechanism_entries

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
TABLE = PAGE[PAGE.index("## Where each id is") : PAGE.index("## Choices of our own")]
ID = re.compile(r"\b[DMKO]-[A-Z]+\d*\b")


def test_every_id_is_represented_or_the_reason_is_given() -> None:
    rows = re.findall(r"^\| ([DMKO]-[A-Z]+\d*) \|", TABLE, re.M)
    assert sorted(rows) == sorted(set(ID.findall(EVIDENCE)))
    assert len(rows) == len(set(rows))


def test_what_the_page_names_exists() -> None:
    levers = {entry["name"] for entry in lever_entries()}
    groups = {name.rpartition(".")[0] for name in levers}
    quantities = {entry["name"].removeprefix("evidence.") for entry in evidence_entries()}
    known = levers | groups | quantities | set(OUTCOMES)
    named = set(re.findall(r"`([a-z_]+(?:\.[a-z_0-9]+)+|[a-z_0-9]+_[a-z_0-9]+)`", TABLE))
    files = {path.name for path in (ROOT / "sim").rglob("*.py")} | {
        p.stem for p in (ROOT / "scenarios").rglob("*.yaml")
    }
    missing = {name for name in named if name not in known | files and name.split("/")[-1] not in files}
    assert missing <= {"earlier_cuts_share"}, missing


def test_every_switch_has_a_place_on_the_page() -> None:
    mechanisms = PAGE[PAGE.index("## Mechanisms") : PAGE.index("## Levers")]
    assert not [e["name"] for e in mechanism_entries() if f"`{e['name'].split('.')[-1]}`" not in mechanisms]
