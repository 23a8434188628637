"""`python -m sim.glass` prints the causal picture of docs/model.md; with `--write` it replaces the picture."""

import sys
from pathlib import Path

from sim.glass import INFLUENCES
from sim.glass.loops import whole
from sim.store import write_text

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "causes.svg"


def picture() -> str:
    """The four loops, on white: the page they stand on may be dark."""
    head, _, rest = whole("loops", INFLUENCES).partition(">")
    return f'{head} style="background: #ffffff">{rest}\n'


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        write_text(PICTURE, picture())
    else:
        print(picture(), end="")
