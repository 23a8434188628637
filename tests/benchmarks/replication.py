"""What one replication costs against a bare SimPy loop of 1,000 events, paired in one process.

    python tests/benchmarks/replication.py [pairs]

Ratios are medians over pairs, with quartiles; milliseconds are shown but depend on the machine.
"""

import sys
from collections.abc import Callable
from statistics import median, quantiles
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


def main() -> None:
    """Print the table."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    default = settings()
    print(f"{'against a bare loop of 1,000 events':44} {'q1':>6} {'median':>7} {'q3':>6}")
    for name, record in (("one replication, everything recorded", True), ("one replication, recording off", False)):
        low, middle, high = ratios(lambda r, on=record: run(default, r, record=on), lambda _: bare_loop(), pairs)  # type: ignore[misc]
        print(f"{name:44} {low:6.2f} {middle:7.2f} {high:6.2f}")
    print(f"\n{'one replication against the same without …':44} {'q1':>6} {'median':>7} {'q3':>6}")
    for mechanism in mechanism_defaults():
        without = settings(f"mechanisms.{mechanism}=off")
        low, middle, high = ratios(lambda r: run(default, r), lambda r, s=without: run(s, r), max(pairs // 3, 10))  # type: ignore[misc]
        print(f"{mechanism:44} {low:6.2f} {middle:7.2f} {high:6.2f}")


if __name__ == "__main__":
    main()
