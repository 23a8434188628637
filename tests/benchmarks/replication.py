"""What one replication costs against a bare SimPy loop of 1,000 events, paired in one process.

    python tests/benchmarks/replication.py [pairs]

Ratios are medians over pairs, with quartiles; milliseconds are shown but depend on the machine.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import simpy

from sim.engine import run
from sim.settings import Settings, compose, mechanism_defaults

BARE_EVENTS = 1_000


def bare_loop() -> None:
    """A process that waits a thousand times."""

    def wait(env: simpy.Environment) -> object:
        for _ in range(BARE_EVENTS):
            yield env.timeout(1)

    env = simpy.Environment()
    env.process(wait(env))  # type: ignore[arg-type]
    env.run()


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def ratios(work: Callable[[int], object], against: Callable[[int], object], pairs: int) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile of paired ratios."""
    work(0)
    against(0)
    found = [timed(lambda i=i: work(i)) / timed(lambda i=i: against(i)) for i in range(pairs)]  # type: ignore[misc]
    low, _, high = quantiles(found, n=4)
    return low, median(found), high


def settings(*overrides: str) -> Settings:
    """Settings of the default scenario with overrides."""
    return compose(["scenario=structure_first", *overrides]).settings


def replications(pairs: int) -> None:
    """One replication against the bare loop, with and without recording."""
    default = settings()
    print(f"{'against a bare loop of 1,000 events':44} {'q1':>6} {'median':>7} {'q3':>6}")
    for name, record in (("one replication, everything recorded", True), ("the same, recording off", False)):

        def one(replication: int, on: bool = record) -> object:
            return run(default, replication, record=on)

        show(name, ratios(one, lambda _: bare_loop(), pairs))


def mechanisms(pairs: int) -> None:
    """What each mechanism costs: one replication with it against one without."""
    default = settings()
    print(f"\n{'one replication against the same without …':44} {'q1':>6} {'median':>7} {'q3':>6}")
    for mechanism in mechanism_defaults():
        without = settings(f"mechanisms.{mechanism}=off")

        def bare(replication: int, off: Settings = without) -> object:
            return run(off, replication)

        show(mechanism, ratios(lambda replication: run(default, replication), bare, pairs))


def show(name: str, found: tuple[float, float, float]) -> None:
    """One line of the table."""
    low, middle, high = found
    print(f"{name:44} {low:6.2f} {middle:7.2f} {high:6.2f}")


def first_answer() -> None:
    """Two scenarios × 200 replications on two workers, imports excluded, until runs and comparison are there."""
    from sim import compare
    from sim.study import plan_run, run_study

    plan = plan_run(["study.workers=2"])
    taken = []
    for _ in range(5):
        with TemporaryDirectory() as folder:
            start = perf_counter()
            compare.write(run_study(plan, Path(folder)))
            taken.append(perf_counter() - start)
    print(f"\nfirst answer, 2 scenarios × 200 replications, 2 workers: {min(taken):.2f} s (median {median(taken):.2f})")


def start_up() -> None:
    """`tandem --help` as a whole process."""
    command = [sys.executable, "-m", "sim.cli", "--help"]
    taken = [timed(lambda: subprocess.run(command, capture_output=True, check=True)) for _ in range(7)]
    print(f"tandem --help: {min(taken):.2f} s (median {median(taken):.2f})")


def main() -> None:
    """Print the table."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    replications(pairs)
    mechanisms(max(pairs // 3, 10))
    first_answer()
    start_up()


if __name__ == "__main__":
    main()
