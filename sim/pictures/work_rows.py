"""Rows of a history's programme, one for each service or tier, for the figure of a study and the chart of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.core import words
from sim.core.inputs.packages import PRINCIPLE, QUICK_WINS, TIERS, WHOLE
from sim.engine.settings import Settings
from sim.words.diary.programme import Span, Work
from sim.words.names import Names

MANAGEMENT, CORPORATE, CUSTOMER = "Management", "Corporate services", "Customer-facing services"
SYSTEMS, ACROSS = "Systems and terms", "Across services"
GROUPS = (MANAGEMENT, CORPORATE, CUSTOMER, SYSTEMS, ACROSS)
"""Headings of the rows, in order."""
SHORTEST = 0.1
"""Shortest wait drawn, in months."""


@dataclass(frozen=True)
class ProgrammeRow:
    """One service or tier: its title, its group, and its packages."""

    title: str
    group: str
    works: tuple[Work, ...]


def work_rows(works: Mapping[str, Work], settings: Settings) -> list[ProgrammeRow]:
    """Rows in the order of their groups, then of their beginnings."""
    by_service: dict[str, list[Work]] = {}
    for work in works.values():
        by_service.setdefault(work.service, []).append(work)
    names = Names.of(settings)
    rows = [ProgrammeRow(_title(key, names), _group(key, settings), tuple(own)) for key, own in by_service.items()]
    return sorted(rows, key=lambda row: (GROUPS.index(row.group), min(work.start for work in row.works)))


def waits(work: Work) -> list[Span]:
    """The waits of a package that are long enough to draw."""
    return [span for span in work.waits if span.end - span.start >= SHORTEST]


def _title(key: str, names: Names) -> str:
    return words.start_of(names.services.get(key) or names.package(key).removeprefix("the "))


def _group(key: str, settings: Settings) -> str:
    if key in (PRINCIPLE, *TIERS):
        return MANAGEMENT
    if key in settings.services:
        return CORPORATE if settings.services[key].kind == "corporate" else CUSTOMER
    return ACROSS if ": " in key or key in (QUICK_WINS, WHOLE) else SYSTEMS
