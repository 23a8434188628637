"""Recurrent annual saving by month and plan, with its uncertainty."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.pictures.figures import fan
from sim.pictures.figures.style import sheet
from sim.words.summary import findings
from sim.words.summary.study_view import View

SERIES = "recurrent_saving_gbp_m"


def savings_fan(view: View, headed: bool = True, height: float = 3.7, row: float = fan.ROW) -> Figure:
    """Fan of the annual saving in force, by plan.

    In inches: `height` if the plans share one pair of axes, `row` for each row of small axes if not.
    """
    shown = fan.fans(view, SERIES, " a year")
    beside = len(shown) > fan.OVERLAID
    thin = f"; thin blue line: {shown[0].plan.mid}" if beside else ""
    subtitle = f"Saving net of running costs, £m a year ({fan.BANDS}{thin}); {view.scope}"
    page = sheet(findings.saving(view), subtitle, fan.body(shown, height, row), headed)
    if beside:
        fan.side_by_side(page, view, shown, page.bottom + fan.BELOW)
    else:
        fan.overlaid(page, view, shown, "£m a year", page.bottom + fan.BELOW)
    return page.figure
