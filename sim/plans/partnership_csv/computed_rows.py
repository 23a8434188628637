"""Rows computed by a spreadsheet, such as totals and averages, which look like councils but are none."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_COMPUTED = re.compile(
    r"\b(sub)?totals?\b|\btot\b|\bsums?\b|\baverages?\b|\bavg\b|\bmeans?\b|\bmedian\b|\baggregate\b|\boverall\b"
)
"""Words that occur in no council's name and so mark a computed row."""
_WHOLE = re.compile(
    r"\W*(the )?(all|both|whole|combined|altogether|together)"
    r"( (of|the|two|three|four|councils|districts|boroughs|authorities|partnership))*\W*"
)
"""Names that mean all rows if they are the whole name."""


class Figures(NamedTuple):
    """Headcount and service expenditure of one row."""

    headcount: float
    service_expenditure_gbp_m: float


def named_computed(name: str) -> bool:
    """True if the name is that of a total or average, such as "Grand total" or "All councils"."""
    words = name.casefold().replace("_", " ")
    return bool(_COMPUTED.search(words) or _WHOLE.fullmatch(words))


def computed_rows(rows: Sequence[Figures]) -> Iterator[tuple[int, str]]:
    """Rows that equal, up to rounding, the sum or mean of all others or of those above: position and which.

    At least two others are wanted. Where all are alike, a mean is no sign: the row is one more of them.
    """
    for place, row in enumerate(rows):
        above = rows[:place]
        for others, which in (([*above, *rows[place + 1 :]], "the other rows"), (above, "the rows above it")):
            what = _what(row, others)
            if what:
                yield place, f"{what} of {which}"
                break


def _what(row: Figures, others: Sequence[Figures]) -> str | None:
    if len(others) < 2:
        return None
    total = Figures(*[math.fsum(column) for column in zip(*others, strict=True)])
    if _alike(row, total):
        return "the sum"
    mean = Figures(*[value / len(others) for value in total])
    return "the mean" if _alike(row, mean) and not all(_alike(row, other) for other in others) else None


def _alike(one: Figures, other: Figures) -> bool:
    """True if two rows agree within rounding: half a post and half a million, or two in a thousand."""
    return all(math.isclose(a, b, rel_tol=0.002, abs_tol=0.5 + 1e-9) for a, b in zip(one, other, strict=True))
