"""What a sweep costs beyond its replications, and how flat its memory is (performance.md).

    python tests/benchmarks/sweep.py [cells] [replications]

Processor times are of all processes; ratios are paired in one run. The table asks for 10,000 cells × 10
replications, which takes about an hour on two cores; fewer cells show the same ratios.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from hydra_plugins.tandem.sample import read_sweep
from sim import engine
from sim.engine import outcomes
from sim.engine.settings import Settings
from sim.plans.variants import Ids, variant
from sim.study.design.cells import StudyPlan
from sim.study.design.sweeping import plan_sweep
from sim.study.running.study_run import run_study

HORIZON = 120
SHARE = 20
"""One cell in so many is also simulated without the study, to know what its replications cost by themselves."""
FEW = 10
"""So many of these at a time, while the sweep is paused."""
PAUSE = 0.01
"""Seconds of two cores that a replication surely takes: what sets when the sweep is paused."""
FORK = get_context("fork")


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


def some(cells: Sequence[Settings], replications: int) -> None:
    """What one of two forks that never talk does: cells' replications by themselves, no results."""
    for settings in cells:
        for replication in range(replications):
            outcomes.row(engine.run(settings, replication), settings)


def alone(cells: Sequence[Settings], replications: int) -> None:
    """Replications of composed cells by themselves, by two forks that never talk: half of the cells each."""
    workers = [FORK.Process(target=some, args=(cells[place::2], replications)) for place in (0, 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


class Used(NamedTuple):
    """Seconds, and seconds of processor time of all processes."""

    wall: float
    processor: float


def timed(work: Callable[[], object]) -> Used:
    """What the work takes, where no other child of this process ends meanwhile."""
    began, used = perf_counter(), processor()
    work()
    return Used(perf_counter() - began, processor() - used)


def swept(plan: StudyPlan) -> None:
    """The sweep, in processes that can be paused together; the most memory any of them took is printed."""
    os.setsid()
    with TemporaryDirectory() as folder:
        run_study(plan, Path(folder))
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"memory of the sweep: at most {most / 1024:,.0f} MB in one process", flush=True)


def paired(plan: StudyPlan) -> tuple[Used, Used]:
    """What the sweep takes, and what a SHARE-th of its cells' replications take by themselves.

    The sweep is paused again and again for a few of the latter, so that a machine whose speed changes
    changes it for both.
    """
    sample = plan.cells[::SHARE]
    sweep = FORK.Process(target=swept, args=(plan,))
    began, used, bare, told = perf_counter(), processor(), Used(0.0, 0.0), 0
    sweep.start()
    for start in range(0, len(sample), FEW):
        sweep.join(PAUSE * len(plan.cells) * plan.study.replications / (len(sample) / FEW))
        if not sweep.is_alive():
            break
        os.killpg(sweep.pid, signal.SIGSTOP)
        one = timed(partial(alone, [cell.settings for cell in sample[start : start + FEW]], plan.study.replications))
        os.killpg(sweep.pid, signal.SIGCONT)
        bare = Used(bare.wall + one.wall, bare.processor + one.processor)
        told = start + FEW
    sweep.join()
    assert sweep.exitcode == 0 and told, "the sweep failed, or was too short to be compared"
    whole = Used(perf_counter() - began - bare.wall, processor() - used - bare.processor)
    share = len(sample[:told]) / len(plan.cells)
    return whole, Used(bare.wall / share, bare.processor / share)


def main() -> None:
    """Print the table."""
    cells = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    replications = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    planning = timed(lambda: planned(cells, replications, 2))
    print(f"plan: {1000 * planning.wall / cells:.2f} ms a cell (every quantity drawn, checked, hashed)")
    plan = planned(cells, replications, 2)
    few = {"levers.pace.months_between_waves": 2, "evidence.time.review.value": 4.0}
    base, ids = plan.cells[0].base, Ids(plan.cells[0].base)
    merging = timed(lambda: [(ids.of(few), variant(base, few)) for _ in range(200)])
    print(f"plan: {5 * merging.wall:.2f} ms a cell with two values changed", flush=True)
    sweep, bare = paired(plan)
    print(f"{cells:,} cells × {replications}: {sweep.wall:.1f} s, processor {sweep.processor:.1f} s")
    print(f"processor against the replications alone ({bare.processor:.1f} s): {sweep.processor / bare.processor:.2f}")
    print(f"two forks that never talk: efficiency {bare.wall / sweep.wall:.2f}")


if __name__ == "__main__":
    main()
