"""`python -m sim.surfaces.cli`: the command `tandem` without its being installed."""

import sys

from sim.surfaces.cli import main

if __name__ == "__main__":
    sys.exit(main())
