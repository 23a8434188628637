"""`python tests/house_picture.py` draws docs/pictures/house.svg: the parts of `sim` and the imports between them."""

import ast
from collections.abc import Iterator
from html import escape
from pathlib import Path

from house import RANK, House, arrows, house_of, part_of

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "house.svg"
PARTS = [part for part in sorted(RANK, key=lambda part: -RANK[part]) if not part.startswith("__")]
"""The parts of `sim`, highest first."""
ROW, TOP, LEFT, ACROSS, EDGE = 34, 96, 12, 26, 14
NAME, DOTS = 96, 640
"""Width of a part's name, and the place of the first column of dots."""
INK, SOFT, FILL, LINE = "#1f2933", "#52606d", "#e3ecf7", "#2563a8"


def source() -> House:
    """All modules of `sim`."""
    files = sorted((ROOT / "sim").rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]
    return house_of({name: file.read_text(encoding="utf-8") for name, file in zip(names, files, strict=True)})


def uses(house: House) -> set[tuple[str, str]]:
    """Pairs of parts of which the first imports the second."""
    pairs = {(part_of(name), part_of(target)) for name, target in arrows(house)}
    return {(part, other) for part, other in pairs if part != other and {part, other} <= set(PARTS)}


def says(house: House, part: str) -> str:
    """A part's own description: the first sentence of its docstring."""
    first = (ast.get_docstring(house[f"sim.{part}"].tree) or "").split("\n")[0]
    return first.partition(". ")[0].rstrip(".")


def picture() -> str:
    """The parts one above the other, each with its description and a dot for every part that it imports."""
    house = source()
    width, height = DOTS + ACROSS * len(PARTS) + EDGE, TOP + ROW * len(PARTS) + EDGE
    title = "The parts of sim: each imports only parts below it"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-label="{title}" font-family="system-ui, sans-serif" '
            f'font-size="12" fill="{INK}" style="background: #ffffff">',
            f'<text x="{LEFT}" y="24" font-size="15" font-weight="600">{title}</text>',
            f'<text x="{DOTS - EDGE}" y="{TOP - 8}" text-anchor="end" fill="{SOFT}">imports</text>',
            *_heads(),
            *(line for row, part in enumerate(PARTS) for line in _row(row, part, says(house, part), uses(house))),
            "</svg>\n",
        ]
    )


def _heads() -> Iterator[str]:
    """Names of the parts above the columns of dots, standing on end."""
    for column, part in enumerate(PARTS):
        x, y = DOTS + ACROSS * (column + 0.5) + 4, TOP - 8
        yield f'<text transform="translate({x:g},{y}) rotate(-60)" fill="{SOFT}">{part}</text>'


def _row(row: int, part: str, description: str, used: set[tuple[str, str]]) -> Iterator[str]:
    """One part: its box, its description, and its dots."""
    y = TOP + ROW * row
    middle = y + ROW / 2
    yield f'<rect x="{LEFT}" y="{y + 2}" width="{DOTS - LEFT - 4}" height="{ROW - 4}" rx="4" fill="{FILL}"/>'
    yield f'<text x="{LEFT + 8}" y="{middle + 4:g}" font-weight="600">{part}</text>'
    yield f'<text x="{LEFT + NAME}" y="{middle + 4:g}" font-size="10">{escape(description)}</text>'
    for column, other in enumerate(PARTS):
        x = DOTS + ACROSS * (column + 0.5)
        if other == part:
            yield f'<rect x="{x - 4:g}" y="{middle - 4:g}" width="8" height="8" fill="{SOFT}" fill-opacity="0.35"/>'
        elif (part, other) in used:
            title = f"<title>{part} imports {other}</title>"
            yield f'<circle cx="{x:g}" cy="{middle:g}" r="5" fill="{LINE}">{title}</circle>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
