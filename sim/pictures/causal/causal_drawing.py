"""The causal diagram as SVG: boxes as links, arrows with sign shown by colour and dash; no scripts."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sim.pictures.causal.layout import BOX_HEIGHT, BOX_WIDTH, MARGIN, TOP, Placed, placed
from sim.pictures.causal.parts import Influence, Sign, Thing

COLOURS: dict[Sign, str] = {"+": "#0072b2", "-": "#d55e00", "±": "#5b6770"}
"""Arrow colours (Okabe–Ito): blue for more, vermilion for less, grey for either."""
DASHES: dict[Sign, str] = {"+": "", "-": "6 4", "±": "1.5 3"}
FILLS = {"lever": "#dbe9f4", "given": "#efe9dc", "state": "#f4f6f8", "result": "#e2f1ea"}
INK = "#1f2933"
LINE = 17
"""Most characters in a line of a box's title, at 13 px in a box 148 px wide."""

WIDE, MIDDLING = 1100, 500
"""Widths in px above which a diagram keeps a minimum size and scrolls, so that it is readable on a phone."""

Address = Callable[[str], str]


@dataclass(frozen=True)
class DrawnThing:
    """A thing placed in one diagram; its column may differ from the declared one."""

    key: str
    thing: Thing
    column: int
    current: bool = False


@dataclass(frozen=True)
class Arrow:
    """An influence between two boxes of one diagram."""

    source: str
    target: str
    influence: Influence


def drawn(
    boxes: Sequence[DrawnThing],
    arrows: Sequence[Arrow],
    title: str,
    headings: Sequence[str] = (),
    thing_at: Address | None = None,
    influence_at: Address | None = None,
) -> str:
    """The diagram as one SVG element; given addresses, boxes and arrows become links."""
    where = placed({box.key: box.column for box in boxes}, [(arrow.source, arrow.target) for arrow in arrows])
    titles = {box.key: box.thing.title for box in boxes}
    body = [
        *_headings(headings, where),
        *(_arrow(arrow, where, titles, influence_at) for arrow in arrows),
        *(_box(box, where, thing_at) for box in boxes),
    ]
    size = f"{where.width:.0f} {where.height:.0f}"
    kind = "wide" if where.width > WIDE else "middling" if where.width > MIDDLING else "small"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="causes {kind}" viewBox="0 0 {size}" width="{where.width:.0f}" '
        f'height="{where.height:.0f}" role="group" aria-label="{escape(title)}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}">\n<defs>{_heads()}</defs>\n'
        + "\n".join(body)
        + "\n</svg>"
    )


def _heads() -> str:
    """SVG definitions of the arrow heads, one per sign."""
    return "".join(
        f'<marker id="head{i}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.5 L8,4 L0,7.5 z" fill="{colour}"/></marker>'
        for i, colour in enumerate(COLOURS.values())
    )


def _headings(headings: Sequence[str], where: Placed) -> Iterable[str]:
    for x, heading in zip(where.columns, headings):
        yield (
            f'<text class="heading" x="{x:.0f}" y="{TOP / 2 + MARGIN / 2:.0f}" text-anchor="middle" '
            f'font-weight="600">{escape(heading)}</text>'
        )


def _arrow(arrow: Arrow, where: Placed, titles: Mapping[str, str], address: Address | None) -> str:
    sign = arrow.influence.sign
    dash = f' stroke-dasharray="{DASHES[sign]}"' if DASHES[sign] else ""
    path = where.paths[arrow.source, arrow.target]
    names = f'data-source="{escape(arrow.source)}" data-target="{escape(arrow.target)}"'
    line = (
        f'<path class="line" d="{path}" fill="none" stroke="{COLOURS[sign]}" stroke-width="1.4"{dash} '
        f'marker-end="url(#head{list(COLOURS).index(sign)})"/>'
    )
    if address is None:
        return f'<g class="arrow" {names}>{line}</g>'
    words = said(arrow.influence.sign, titles[arrow.source], titles[arrow.target])
    wide = f'<path class="reach" d="{path}" fill="none" stroke="transparent" stroke-width="9"/>'
    return (
        f'<a class="arrow" {names} href="{escape(address(arrow.influence.key))}" tabindex="-1" '
        f'aria-label="{escape(words)}"><title>{escape(words)}</title>{wide}{line}</a>'
    )


def said(sign: Sign, source: str, target: str) -> str:
    """An arrow in words: the effect of more of its source on its target."""
    makes = {"+": "more of", "-": "less of", "±": "more or less of"}[sign]
    return f"More of “{source}” makes {makes} “{target}”"


def _box(box: DrawnThing, where: Placed, address: Address | None) -> str:
    x, y = where.boxes[box.key]
    lines = textwrap.wrap(box.thing.title, LINE)[:3]
    first = y - (len(lines) - 1) * 7.5 + 4.5
    text = "".join(
        f'<tspan x="{x:.1f}" y="{first + 15 * i:.1f}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    edge = 'stroke-width="3"' if box.current else 'stroke-width="1"'
    shape = (
        f'<rect x="{x - BOX_WIDTH / 2:.1f}" y="{y - BOX_HEIGHT / 2:.1f}" width="{BOX_WIDTH:.0f}" '
        f'height="{BOX_HEIGHT:.0f}" rx="6" fill="{FILLS[box.thing.kind]}" stroke="{INK}" {edge}/>'
        f'<text text-anchor="middle">{text}</text>'
    )
    names = f'class="box {box.thing.kind}" data-key="{escape(box.key)}"'
    if address is None:
        return f"<g {names}>{shape}</g>"
    here = ' aria-current="true"' if box.current else ""
    label = escape(f"{box.thing.title}: {box.thing.meaning}")
    return f'<a {names} href="{escape(address(box.thing.key))}" aria-label="{label}"{here}>{shape}</a>'
