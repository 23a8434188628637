"""Command `python -m sim.assurance`: prints docs/assurance.md from its record, or replaces it with `--write`."""

import sys

from sim.assurance.page import assurance
from sim.assurance.running import PAGE

if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(assurance(), encoding="utf-8")
    else:
        print(assurance(), end="")
