"""`python -m sim.rooms.glass` prints the causal diagram of docs/model.md; `--write` updates it and the equations."""

import sys
from pathlib import Path

from sim.pictures.causal.loops import whole
from sim.rooms.glass import INFLUENCES
from sim.rooms.glass.equation_list import page_with_equations
from sim.study.files.store import write_text

PAGE = Path(__file__).resolve().parents[3] / "docs" / "model.md"
PICTURE = PAGE.parent / "pictures" / "causes.svg"


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
