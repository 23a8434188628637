"""The boxes of the causal diagram, from choices and given facts (left) to results (right)."""

from __future__ import annotations

from pathlib import Path

from sim.pictures.causal.parts import DECLARED, Thing
from sim.plans.strict import read_document

COLUMNS = ("Chosen and given", "Capacity", "People", "The work", "Trust and fairness", "Members", "What comes of it")
"""Headings of the columns, from left to right."""
PACKAGE = Path(__file__).resolve().parents[2]
AGENTS = {
    path.name: path.relative_to(PACKAGE.parent).as_posix() for path in sorted((PACKAGE / "agents").rglob("[a-z]*.py"))
}
"""Repository paths of the agents' files, by name."""


def path_of(file: str) -> str:
    """Repository path of a file; agents' files are given by name alone."""
    return file if "/" in file else AGENTS[file]


THINGS: dict[str, Thing] = {
    key: Thing(
        key=key,
        **{
            **written,
            "column": COLUMNS.index(written["column"]),
            "files": [path_of(each) for each in written["files"]],
        },
    )
    for key, written in read_document(DECLARED / "things.yaml").items()
}
"""Every box by its key; groups of levers have the group's name."""
