"""Tables → figures: one function a figure, each a matplotlib Figure whose title is what the study finds.

No global state is left changed and pyplot is never used, so figures can be made anywhere. A figure's
alternative text is its label; `svg` writes it into the file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.core.errors import InputError
from sim.pictures.figures import cumulative_net as _cumulative_net
from sim.pictures.figures import gantt as _gantt
from sim.pictures.figures import people_fan as _people
from sim.pictures.figures import queues as _queues
from sim.pictures.figures import risk_dots as _risks
from sim.pictures.figures import savings_fan as _savings_fan
from sim.pictures.figures.style import styled, svg
from sim.study.files.store import write_bytes
from sim.words.summary.study_view import View

if TYPE_CHECKING:
    from sim.study.study import Study

__all__ = [
    "FIGURES",
    "cumulative_net",
    "gantt",
    "people_and_members",
    "queues",
    "risks",
    "save_all",
    "savings_fan",
    "svg",
]

_DRAWN: dict[str, Callable[[View], Figure]] = {
    "savings_fan": _savings_fan.savings_fan,
    "cumulative_net": _cumulative_net.cumulative_net,
    "risks": _risks.risks,
    "people_and_members": _people.people_and_members,
    "queues": _queues.queues,
    "gantt": _gantt.gantt,
}


def _figure(name: str, study: Study) -> Figure:
    with styled():
        return _DRAWN[name](View(study))


def savings_fan(study: Study) -> Figure:
    """Annual saving in force by month, £m a year: a fan for each plan. InputError without months."""
    return _figure("savings_fan", study)


def cumulative_net(study: Study) -> Figure:
    """Net saving since the start by month, £m, with payback and its range. InputError without months."""
    return _figure("cumulative_net", study)


def risks(study: Study) -> Figure:
    """Chance of each thing that can go wrong, by plan, with Wilson's 95% intervals."""
    return _figure("risks", study)


def people_and_members(study: Study) -> Figure:
    """Engagement, fatigue, uncertainty, trust and buy-in over time. InputError without months."""
    return _figure("people_and_members", study)


def queues(study: Study) -> Figure:
    """Work waiting for HR and OD officers by month. InputError without months."""
    return _figure("queues", study)


def gantt(study: Study, plan: str | None = None, replication: int | None = None) -> Figure:
    """One history as a chart of work; by default the typical one of the reference.

    `plan` is a label, scenario or cell id. InputError for a plan or replication the study does not have.
    """
    with styled():
        view = View(study)
        chosen = view.all.get(study.cell_named(plan)) if plan else view.reference
        if chosen is None:
            raise InputError(f"the plan '{plan}' has no finished history")
        return _gantt.gantt(view, chosen, replication)


FIGURES: dict[str, Callable[[Study], Figure]] = {
    "savings_fan": savings_fan,
    "cumulative_net": cumulative_net,
    "risks": risks,
    "people_and_members": people_and_members,
    "queues": queues,
    "gantt": gantt,
}
"""Every figure of a study folder by the name of its file."""


def save_all(study: Study, folder: Path) -> list[str]:
    """Write figures/*.svg in the folder and return their names; a figure that lacks its data is left out."""
    view = View(study)
    place = folder / "figures"
    place.mkdir(exist_ok=True)
    written = []
    for name, draw in _DRAWN.items():
        try:
            with styled():
                figure = draw(view)
        except InputError:
            continue
        write_bytes(place / f"{name}.svg", svg(figure))
        written.append(name)
    return written
