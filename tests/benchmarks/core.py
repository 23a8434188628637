"""What a history costs: the table of the core, against a bare SimPy loop and against the commit before batches.

    python tests/benchmarks/core.py [pairs]

Ratios are medians over pairs taken by turns, with quartiles. The commit before is taken from git into a folder of its
own. Instructions are counted where valgrind is installed, as the slope between two numbers of histories.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import simpy

from sim.core.inputs.quantity import Quantity
from sim.engine import Column, play
from sim.engine.settings import Settings
from sim.plans.compose import compose

ROOT = Path(__file__).resolve().parents[2]
BEFORE = "8658327"
"""The last commit in which each history was played alone."""
BATCH = 64
MANY = 200
BARE_EVENTS = 1_000
SLOPE = (1, 3)
"""Batches of the two runs whose difference gives the instructions of a history."""
ONE = """
import sys, time
from sim.engine import run
try:
    from sim.plans.compose import compose
except ModuleNotFoundError:
    from sim.plans.compose import compose
cell = compose(["scenario=structure_first"]).settings
run(cell, 0)
start = time.process_time()
for number in range(int(sys.argv[1])):
    run(cell, number)
print(time.process_time() - start)
"""
COUNTED = """
import sys
import simpy
kind, times = sys.argv[1], int(sys.argv[2])
if kind == "bare":
    def wait(env):
        for _ in range(1000):
            yield env.timeout(1)
    for _ in range(times):
        env = simpy.Environment()
        env.process(wait(env))
        env.run()
else:
    from sim.engine import Column, play
    from sim.plans.compose import compose
    cell = compose(["scenario=structure_first"]).settings
    play([Column(cell, number) for number in range(64)])
    for batch in range(times):
        play([Column(cell, 64 * batch + number) for number in range(64)])
"""


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


def by_turns(one: Callable[[], float], other: Callable[[], float], pairs: int) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile of the ratios of two measures taken by turns."""
    found = [one() / other() for _ in range(pairs)]
    low, middle, high = quantiles(found, n=4) if pairs > 1 else found * 3
    return low, middle, high


def show(what: str, found: tuple[float, float, float], goal: float, fails: float) -> None:
    """One line of the table."""
    low, middle, high = found
    told = "reached" if middle <= goal else "short" if middle <= fails else "fails"
    print(f"{what:58} {low:7.2f} {middle:7.2f} {high:7.2f}   {goal:5.2f} {fails:5.2f}   {told}", flush=True)


def cell(*overrides: str) -> Settings:
    """The default plan with overrides."""
    return compose(["scenario=structure_first", *overrides]).settings


def histories(settings: Sequence[Settings]) -> None:
    """Histories in batches."""
    for first in range(0, len(settings), BATCH):
        play([Column(one, first + place) for place, one in enumerate(settings[first : first + BATCH])])


def against_the_bare_loop(pairs: int) -> None:
    """A history of a batch, everything recorded, against a loop of 1,000 events, in one process."""
    default = cell()
    histories([default] * BATCH)
    loops = 20
    one = lambda: timed(lambda: histories([default] * BATCH)) / BATCH  # noqa: E731
    bare = lambda: timed(lambda: [bare_loop() for _ in range(loops)]) / loops  # noqa: E731
    show("time of one history in a batch, against a bare loop", by_turns(one, bare, pairs), 8.0, 10.0)


def evidence_of_its_own(pairs: int) -> None:
    """Histories each with evidence of its own, against as many with one evidence."""
    default = cell()
    own = [default.replaced(evidence=nudged(default, 1.0 - 1e-6 * number)) for number in range(MANY)]
    alike = [default] * MANY
    histories(own)
    found = by_turns(lambda: timed(lambda: histories(own)), lambda: timed(lambda: histories(alike)), pairs)
    show("200 histories with evidence of their own, against one", found, 1.1, 1.3)


def nudged(settings: Settings, factor: float) -> dict[str, dict[str, Quantity]]:
    """The register with every quantity moved a little inside its range."""
    return {
        topic: {
            name: quantity.model_copy(
                update={"value": max(quantity.low, quantity.value * factor), "central": quantity.value}
            )
            for name, quantity in group.items()
        }
        for topic, group in settings.evidence.items()
    }


def earlier(folder: Path) -> Path:
    """The commit before, as a tree of its own."""
    tree = folder / "before"
    tree.mkdir()
    packed = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed, check=True)
    return tree


def processor_seconds(command: Sequence[str], tree: Path, folder: Path) -> float:
    """Processor seconds of a command and its workers, run with the code of a tree."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def whole_commands(tree: Path, folder: Path, pairs: int) -> None:
    """`tandem run` and `tandem why`, of both trees by turns."""
    tandem = [sys.executable, "-m", "sim.surfaces.cli"]
    places = {}
    for name, code in (("now", ROOT), ("before", tree)):
        places[name] = folder / name if name == "now" else folder / "earlier"
        places[name].mkdir()
        processor_seconds([*tandem, "run", "study.workers=2"], code, places[name])
    run = lambda name, code: processor_seconds([*tandem, "run", "study.workers=2"], code, places[name])  # noqa: E731
    show("tandem run (2 × 200), against the commit before",
         by_turns(lambda: run("now", ROOT), lambda: run("before", tree), pairs), 0.5, 0.65)  # fmt: skip
    asked = [*tandem, "why", "LATEST", "structure_first", "transform_first"]
    why = lambda name, code: processor_seconds(asked, code, places[name])  # noqa: E731
    show("tandem why, against the commit before",
         by_turns(lambda: why("now", ROOT), lambda: why("before", tree), 1), 0.4, 0.6)  # fmt: skip


def one_alone(tree: Path, folder: Path, pairs: int) -> None:
    """Histories one at a time, in processes of both trees by turns."""

    def seconds(code: Path) -> float:
        command = [sys.executable, "-c", ONE, "20"]
        environment = {**os.environ, "PYTHONPATH": str(code)}
        told = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
        return float(told.stdout)

    show("a batch of one, against the commit before",
         by_turns(lambda: seconds(ROOT), lambda: seconds(tree), pairs), 1.3, 1.8)  # fmt: skip


def instructions() -> None:
    """Instructions of one history in a batch against the bare loop's, counted by valgrind."""
    if shutil.which("valgrind") is None:
        print(f"{'instructions of one history against a bare loop':58} not counted: valgrind is not installed")
        return

    def counted(kind: str, times: int) -> int:
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-c", COUNTED]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
        told = subprocess.run([*command, kind, str(times)], env=environment, check=True, capture_output=True, text=True)
        found = re.search(r"Collected : (\d+)", told.stderr)
        assert found is not None, told.stderr
        return int(found.group(1))

    few, more = SLOPE
    one = (counted("batch", more) - counted("batch", few)) / (more - few) / BATCH
    bare = (counted("bare", 12) - counted("bare", 2)) / 10
    print(f"one history: {one / 1e6:.1f} million instructions; the bare loop: {bare / 1e6:.2f} million")
    show("instructions of one history against a bare loop", (one / bare,) * 3, 4.0, 5.0)


def start_up() -> None:
    """`tandem --help` as a whole process."""
    command = [sys.executable, "-m", "sim.surfaces.cli", "--help"]
    taken = [timed(lambda: subprocess.run(command, capture_output=True, check=True)) for _ in range(7)]
    print(f"tandem --help: {min(taken):.2f} s")


def main() -> None:
    """Print the table."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    print(f"{'':58} {'q1':>7} {'median':>7} {'q3':>7}   {'goal':>5} {'fails':>5}")
    instructions()
    against_the_bare_loop(pairs)
    evidence_of_its_own(max(pairs // 8, 3))
    print(f"memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (400, 600)")
    with TemporaryDirectory() as folder:
        tree = earlier(Path(folder))
        one_alone(tree, Path(folder), max(pairs // 8, 3))
        whole_commands(tree, Path(folder), max(pairs // 8, 3))
    start_up()


if __name__ == "__main__":
    main()
