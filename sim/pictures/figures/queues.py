"""Work waiting for HR and OD officers, month by month."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.core.errors import InputError
from sim.pictures.figures.drawing import UPPER_LEFT, plan_legend, write
from sim.pictures.figures.fan import OVERLAID, lines
from sim.pictures.figures.palette import GREY
from sim.pictures.figures.style import MARGIN, WIDTH, sheet
from sim.pictures.figures.time_axis import time_axis
from sim.words.summary import findings
from sim.words.summary.study_view import View

_LEFT, _EDGE, _BELOW = 0.62, 0.2, 0.55
_ROW, _HEAD = 1.75, 0.45
_PANELS = (("hr_queue", "Waiting for an HR officer"), ("od_queue", "Waiting for an OD officer"))


def queues(view: View) -> Figure:
    """Average number of pieces of work waiting for HR and for OD, with the range over histories."""
    panels = [(series, name) for series, name in _PANELS if view.trajectory(view.reference, series) is not None]
    if not panels:
        raise InputError("this study kept no monthly figures: run it with study.trajectories=all")
    key = plan_legend(view, lines=True)
    of = "" if len(view.plans) <= OVERLAID else f" of {view.reference.mid}"
    subtitle = f"Pieces of work in the queue (line: average; band: nine histories in ten{of}); {view.scope}"
    page = sheet(findings.queues(view), subtitle, key.height + _ROW * len(panels) + _BELOW)
    key.draw(page)
    for number, (series, name) in enumerate(panels):
        below = page.top - key.height - (number + 1) * _ROW
        axes = page.axes(_LEFT, below, WIDTH - _LEFT - _EDGE, _ROW - _HEAD)
        time_axis(axes, view, labelled=number == len(panels) - 1)
        highest = lines(axes, view, series, "mean")
        axes.set_ylim(0, max(1.0, 1.08 * highest))
        axes.locator_params(axis="y", nbins=4, integer=True)
        write(axes, name, 0, 0.12, UPPER_LEFT, weight="bold")
        write(axes, "pieces", MARGIN - _LEFT, 0.12, UPPER_LEFT, color=GREY)
    return page.figure
