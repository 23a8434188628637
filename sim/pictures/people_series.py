"""Monthly series on staff and members, for the figure of a study and the panels of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STAFF = {
    "engagement": "Engagement of staff",
    "fatigue": "Fatigue of staff",
    "uncertainty": "Uncertainty of staff",
    "trust": "Trust",
}
MEMBERS = {"buy_in_leaders": "Leaders' buy-in", "buy_in_backbench": "Back benchers' buy-in"}
"""Series that each council has of its own."""


@dataclass(frozen=True)
class SeriesPanel:
    """One small chart: a series, its title, and the council it is of, if it is of one."""

    series: str
    title: str
    council: str = ""


def series_panels(councils: Sequence[str]) -> list[list[SeriesPanel]]:
    """Panels of the whole partnership, then one group for leaders and one for back benchers, by council."""
    whole = [SeriesPanel(series, title) for series, title in STAFF.items()]
    own = [
        [SeriesPanel(f"{key}: {name}", f"{title}, {name}", name) for name in councils] for key, title in MEMBERS.items()
    ]
    return [whole, *own]
