"""Figures of a study: one function per figure, from tables to a matplotlib Figure titled with its finding.

Figures change no global state and never use pyplot, so they can be made in any thread. A figure's
alternative text is its label; `svg` writes it into the file.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from sim.core.errors import InputError
from sim.pictures.figures.cumulative_net import cumulative_net
from sim.pictures.figures.gantt import gantt
from sim.pictures.figures.people_fan import people_and_members
from sim.pictures.figures.queues import queues
from sim.pictures.figures.risk_dots import risks
from sim.pictures.figures.savings_fan import savings_fan
from sim.pictures.figures.style import styled, svg
from sim.study.files.store import write_bytes
from sim.study.study import Study
from sim.words.summary.study_view import View

__all__ = ["FIGURES", "drawn", "save_all", "svg"]

FIGURES = {
    figure.__name__: figure for figure in (savings_fan, cumulative_net, risks, people_and_members, queues, gantt)
}
"""Every figure of a study folder, by file name."""


def drawn(name: str, study: Study) -> Figure:
    """One figure of a study; InputError where the study lacks its data."""
    with styled():
        return FIGURES[name](View(study))


def save_all(study: Study, folder: Path) -> list[str]:
    """Write figures/*.svg in the folder and return their names, leaving out figures whose data are missing."""
    place = folder / "figures"
    place.mkdir(exist_ok=True)
    written = []
    view = View(study)
    for name, figure in FIGURES.items():
        try:
            with styled():
                content = svg(figure(view))
        except InputError:
            continue
        write_bytes(place / f"{name}.svg", content)
        written.append(name)
    return written
