"""Figures for the brief: SVG that is safe beside others on one page, and the table behind each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from markupsafe import Markup

from sim.core import words
from sim.core.errors import InputError
from sim.pictures.figures.risk_dots import risks as risks_figure
from sim.pictures.figures.savings_fan import SERIES, savings_fan
from sim.pictures.figures.style import styled, svg
from sim.surfaces.brief.blocks import BriefTable, Drawing
from sim.surfaces.brief.body import ranged
from sim.surfaces.brief.marks import Marker
from sim.words.summary import findings
from sim.words.summary.risk_words import risk_rows
from sim.words.summary.study_view import View, at_month
from sim.words.verdict_words import chance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FAN_HEIGHT, FAN_ROW, RISKS_HEIGHT = 2.55, 1.3, 3.1
"""Body heights of the figures in inches, so that two figures and the text fit two pages."""
MOST_SVG = 300_000
"""Largest stored figure included, in bytes, so that a brief stays below one megabyte."""
_FACES = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif"
_SPACE = "http://www.w3.org/2000/svg"
_LINK = "http://www.w3.org/1999/xlink"
_ELEMENTS = frozenset(
    ("svg", "g", "defs", "path", "use", "clipPath", "rect", "text", "tspan", "title", "desc", "pattern")
)
_LEFT_OUT = frozenset(("style", "metadata"))


def fan(view: View, marker: Marker) -> Drawing | None:
    """The savings fan with the payback sentence above it; None if the study kept no monthly figures.

    The fan's own finding is left out, since it repeats the answer above.
    """
    try:
        with styled():
            figure = savings_fan(view, headed=False, height=FAN_HEIGHT, row=FAN_ROW)
    except InputError:
        return None
    about = str(figure.get_label()).partition("\n")[2]
    finding = words.sentence(findings.payback(view))
    return Drawing(
        "fan", marker(finding), marker(f"{about} (an exact count)"), inlined(figure, "fan"), _fan_table(view, marker)
    )


def _fan_table(view: View, marker: Marker) -> BriefTable:
    """Table of the fan at the end of each year: median and nine-in-ten range."""
    years = range(1, view.horizon // 12 + 1)
    tables = {plan: view.trajectory(plan, SERIES) for plan in view.plans}
    kept = {plan: table for plan, table in tables.items() if table is not None}
    rows = [
        (marker(f"Year {year}"), *(marker(ranged(at_month(table, 12 * year))) for table in kept.values()))
        for year in years
    ]
    caption = marker("Saving in force at the end of each year, £m a year: the middle, and nine histories in ten")
    return BriefTable(caption, ("End of", *(plan.name for plan in kept)), tuple(rows))


def risks(view: View, marker: Marker) -> Drawing | None:
    """Figure of the chances of risks; None if the study has no risk outcomes."""
    rows = risk_rows(view)
    if not rows:
        return None
    with styled():
        figure = risks_figure(view, headed=False, most=RISKS_HEIGHT)
    finding, about = str(figure.get_label()).partition("\n")[::2]
    cells = []
    for row in rows:
        told = {plan: chance(found) for plan, found in row.chances.items()}
        cells.append((marker(row.title), *(marker(told.get(plan, "does not apply")) for plan in view.plans)))
    caption = marker("In how many histories it happens, with the 95% interval of the share")
    table = BriefTable(caption, ("What can go wrong", *(plan.name for plan in view.plans)), tuple(cells))
    return Drawing("risks", marker(finding), marker(f"{about} (an exact count)"), inlined(figure, "risks"), table)


def inlined(figure: Figure, key: str) -> Markup:
    """A figure as SVG for a page, with its own ids, no wide-reaching style sheet, and the page's typeface."""
    made = safe(svg(figure).decode(), key)
    if made is None:
        raise ValueError(f"the figure {key} holds what a page may not show")
    return made


def safe(text: str, key: str) -> Markup | None:
    """SVG that is safe beside others on a page; None if it contains anything a drawing does not need.

    Only drawing elements are allowed, without event attributes or external references, because a stored
    file may have been altered.
    """
    if len(text) > MOST_SVG or "<!ENTITY" in text:
        return None
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None
    for parent in list(root.iter()):
        for child in [child for child in parent if _name(child) in _LEFT_OUT]:
            parent.remove(child)
    if not all(_harmless(element) for element in root.iter()):
        return None
    for element in root.iter():
        _renamed(element, key)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    ElementTree.register_namespace("", _SPACE)
    ElementTree.register_namespace("xlink", _LINK)
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).removeprefix(f"{{{_SPACE}}}")


def _harmless(element: ElementTree.Element) -> bool:
    values = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    links = [values[name] for name in ("href", "src") if name in values]
    outside = any(re.search(r"url\((?!#)|@import|javascript:", value) for value in values.values())
    acts = any(name.lower().startswith("on") for name in values)
    return _name(element) in _ELEMENTS and not acts and not outside and all(link.startswith("#") for link in links)


def _renamed(element: ElementTree.Element, key: str) -> None:
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2]
        if plain == "id":
            element.attrib[name] = f"{key}-{value}"
        elif plain == "href":
            element.attrib[name] = f"#{key}-{value[1:]}"
        elif plain == "aria-labelledby":
            element.attrib[name] = " ".join(f"{key}-{one}" for one in value.split())
        elif "url(#" in value:
            element.attrib[name] = value.replace("url(#", f"url(#{key}-")
        elif plain == "style" and "DejaVu" in value:
            element.attrib[name] = value.replace("'DejaVu Sans'", _FACES)
