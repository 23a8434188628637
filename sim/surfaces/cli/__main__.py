"""`python -m sim.surfaces.cli`: the `tandem` command without installation."""

import sys

from sim.surfaces.cli import main

if __name__ == "__main__":
    sys.exit(main())
