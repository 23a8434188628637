"""Command `python -m sim.assurance.reach`: the table of what the second model must reach, measured now.

`--histories N` sets the number (400 if nothing is said; 80 for a look), and words
that follow choose the rows whose names hold one of them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sim.assurance.page import table
from sim.assurance.reach.figures import SHORT, Reached, ReachRow
from sim.assurance.reach.money_rows import MONEY
from sim.assurance.reach.people_rows import PEOPLE

ROWS: tuple[ReachRow, ...] = (*MONEY, *PEOPLE)
HISTORIES = 400
COLUMNS = ("what", "asked", "reached", "n", "state")


def main(argv: Sequence[str]) -> int:
    """Print the table row by row; 1 where a row falls short."""
    parser = argparse.ArgumentParser(prog="python -m sim.assurance.reach", description=__doc__)
    parser.add_argument("--histories", type=int, default=HISTORIES, help="histories of each plan")
    parser.add_argument("words", nargs="*", help="only rows whose names hold one of these words")
    chosen = parser.parse_args(argv)
    words = [word.lower() for word in chosen.words]
    rows = [row for row in ROWS if not words or any(word in row.what.lower() for word in words)]
    print(table(COLUMNS, []), flush=True)
    found = [shown(row, row.measure(chosen.histories)) for row in rows]
    return int(any(one.state == SHORT for one in found))


def shown(row: ReachRow, found: Reached) -> Reached:
    """A row as soon as it is measured."""
    line = table((row.what, row.asked, found.told, f"{found.n:,}", found.state), []).splitlines()[0]
    print(line, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
