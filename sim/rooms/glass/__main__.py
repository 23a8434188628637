"""`python -m sim.rooms.glass` prints the causal diagram of docs/model.md; `--write` updates it and the equations."""

import sys
import textwrap
from pathlib import Path

from sim.pictures.causal.equations import spelt
from sim.pictures.causal.loops import whole
from sim.pictures.causal.parts import Equation, MechanismSheet
from sim.rooms.glass import INFLUENCES, SHEETS
from sim.study.files.store import write_text

PAGE = Path(__file__).resolve().parents[3] / "docs" / "model.md"
PICTURE = PAGE.parent / "pictures" / "causes.svg"
BEGINS, ENDS = "### The equations\n", "\n## Levers\n"
"""Markers before and after the list on the page."""
WIDTH = 116
LEAD = """
Written by `make docs`, each from the function that runs. Dotted names are evidence quantities; the others are
explained in the Glass box (`tandem serve`), mechanism by mechanism.
"""


def page_with_equations(page: str) -> str:
    """The page with its list of equations brought up to date."""
    before, begins, rest = page.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise ValueError(f"the page lacks its heading {(BEGINS if not begins else ENDS).strip()!r}")
    return before + begins + listed() + ends + after


def listed() -> str:
    """All mechanisms with their equations, in reading order."""
    return "\n".join([LEAD, *map(_of_sheet, SHEETS.values())])


def _of_sheet(sheet: MechanismSheet) -> str:
    switch = f" (`{sheet.switch}`)" if sheet.switch else ""
    return "\n".join([f"**{sheet.title}**{switch}", "", "```text", *map(_of_equation, sheet.equations), "```", ""])


def _of_equation(equation: Equation) -> str:
    """One equation; text that does not fit on a line continues indented."""
    rival = "" if equation.form == "on" else f" [{equation.form}]"
    whole = f"{equation.gives}{rival} = {spelt(equation.text)}"
    return textwrap.fill(whole, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def picture() -> str:
    """SVG of the four feedback loops on a white ground, for pages that may be dark."""
    head, _, rest = whole("loops", INFLUENCES).partition(">")
    return f'{head} style="background: #ffffff">{rest}\n'


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        write_text(PICTURE, picture())
        write_text(PAGE, page_with_equations(PAGE.read_text(encoding="utf-8")))
    else:
        print(picture(), end="")
