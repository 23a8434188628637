"""The plain Hydra application: `python -m sim [key=value …] [-m]`; every Hydra flag works."""

import sys

from sim.surfaces.hydra_application import main

if __name__ == "__main__":
    sys.exit(main())
