"""What a sweep costs beyond its replications, and how flat its memory is (performance.md).

    python tests/benchmarks/sweep.py [cells] [replications]

Processor times are of all processes; ratios are paired in one run. The table asks for 10,000 cells × 10
replications, which takes about an hour on two cores; fewer cells show the same ratios.
"""

import resource
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from hydra_plugins.tandem.sample import read_sweep
from sim import engine, outcomes
from sim.settings import Ids, variant
from sim.study import StudyPlan, plan_sweep, run_study

HORIZON = 120
SHARE = 20
"""One cell in so many is also simulated without the study, to know what its replications cost by themselves."""


def planned(cells: int, replications: int, workers: int) -> StudyPlan:
    """A Latin hypercube over all evidence."""
    asked = read_sweep(
        [
            "design=lhs", "design.over=evidence", f"design.n={cells}", "scenario=structure_first",
            f"study.replications={replications}", f"study.workers={workers}", f"study.horizon_months={HORIZON}",
        ],
        lambda group: [],
        yes=True,
    )  # fmt: skip
    return plan_sweep(asked.rows, None, *asked.sample)


def processor() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def some(place: int, plan: StudyPlan) -> None:
    """What one of two forks that never talk does: half of every SHARE-th cell, no results."""
    for cell in plan.cells[place * SHARE :: 2 * SHARE]:
        settings = cell.settings
        for replication in range(plan.study.replications):
            outcomes.row(engine.run(settings, replication), settings)


def alone(plan: StudyPlan) -> None:
    """Every SHARE-th cell's replications by themselves, by two forks that never talk.

    Two, because a core that is shared, or clocked down, for the sweep's two workers must be so for these as well.
    """
    context = get_context("fork")
    workers = [context.Process(target=some, args=(place, plan)) for place in (0, 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor time, that the work takes."""
    began, used = perf_counter(), processor()
    work()
    return perf_counter() - began, processor() - used


def main() -> None:
    """Print the table."""
    cells = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    replications = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    wall, _ = timed(lambda: planned(cells, replications, 2))
    print(f"plan: {1000 * wall / cells:.2f} ms a cell (every quantity drawn, checked, hashed)")
    plan = planned(cells, replications, 2)
    few = {"levers.pace.months_between_waves": 2, "evidence.time.review.value": 4.0}
    base, ids = plan.cells[0].base, Ids(plan.cells[0].base)
    wall, _ = timed(lambda: [(ids.of(few), variant(base, few)) for _ in range(200)])
    print(f"plan: {5 * wall:.2f} ms a cell with two values changed")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with TemporaryDirectory() as folder:
        sweep, used = timed(lambda: run_study(plan, Path(folder)))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{cells:,} cells × {replications}: {sweep:.1f} s, processor {used:.1f} s, memory {before:.0f} → {after:.0f} MB"
    )
    wall, bare = timed(lambda: alone(plan))
    share = len(plan.cells[::SHARE]) / len(plan.cells)
    print(f"processor against the replications alone ({bare / share:.1f} s): {used * share / bare:.2f}")
    print(f"two forks that never talk: efficiency {wall / share / sweep:.2f}")


if __name__ == "__main__":
    main()
