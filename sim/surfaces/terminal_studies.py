"""Studies at the terminal: carried out with a progress bar, summed up, and the exit code they end with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.design.cells import StudyPlan
from sim.study.integrity import complaints
from sim.study.running.resuming import work as run_share
from sim.surfaces import api
from sim.surfaces.terminal import FAILED, ROOT, STOPPED, print_json, progress_bar, say, show

if TYPE_CHECKING:
    from sim.study.study import Study

FEW = 5
"""Most failed cells that are named one by one."""


def carry_out(plan: StudyPlan, root: Path, as_json: bool = False) -> int:
    """Simulate the cells with a progress bar, print the summary, and return the exit code."""
    tell_doubts(plan)
    with progress_bar() as progress:
        study = api.simulate(plan, root, progress)
    return told(study, as_json)


def share_out(plan: StudyPlan, root: Path, jobs: int, launch: Callable[[Path, int], None], as_json: bool) -> int:
    """Same as `carry_out`, as jobs started by a launcher."""
    tell_doubts(plan)
    return told(api.share_out(plan, root, jobs, launch), as_json)


def work(folder: Path, job: int, jobs: int) -> int:
    """Run one such job's part, and return the exit code."""
    failed = run_share(folder, job, jobs)
    for sentence in failed:
        say(f"failed: {sentence}", FAILED)
    return FAILED if failed else 0


def resume(name: str, anyway: bool, retry: bool, as_json: bool) -> int:
    """Resume a study, print its summary, and return the exit code."""
    with progress_bar() as progress:
        study = api.resume(name, ROOT, progress, anyway=anyway, retry=retry)
    return told(study, as_json)


def tell_doubts(plan: StudyPlan) -> None:
    """Print warnings about settings that are allowed but probably not intended."""
    bases = {id(cell.base): cell.base for cell in plan.cells}.values()
    for doubt in dict.fromkeys(doubt for base in bases for doubt in base.doubts):
        print(f"note: {doubt}", file=sys.stderr)


def tell_complaints(study: Study) -> list[str]:
    """Print and return complaints about missing or altered files in a study's folder."""
    found = complaints(study)
    for sentence in found:
        print(f"careful: {sentence}", file=sys.stderr)
    return found


def told(study: Study, as_json: bool) -> int:
    """Print a study's summary, and return the exit code."""
    if as_json:
        print_json(api.as_json(study))
    elif not study.runs.empty:
        show(api.summary(study))
    return _ending(study)


def _ending(study: Study) -> int:
    for sentence in study.failed[:FEW]:
        say(f"failed: {sentence}", FAILED)
    if len(study.failed) > FEW:
        say(f"failed: {len(study.failed)} cells in all; the manifest lists them", FAILED)
    warnings = [str(warning) for warning in study.manifest.get("warnings", ())]
    left_out = [warning for warning in warnings if warning.startswith("comparison.csv ")]
    for warning in left_out:
        say(f"note: {warning}", 0)
    if len(warnings) > len(left_out):
        named = f"{study.folder.name}/manifest.json names them"
        say(f"note: the same luck for all plans did not make every difference surer; {named}", 0)
    if study.imprecise:
        run = study.manifest["study"]
        say(
            f"note: {run['auto_most']:,} histories do not tell the mean of {run['auto_outcome']} to within "
            f"{run['auto_half_width']:g} for {_named(study.imprecise)}: try a larger study.auto_half_width or "
            "study.auto_most",
            0,
        )
    if study.partial:
        again = f"go on with tandem sweep --resume {study.folder.name}"
        word, code = ("stopped", STOPPED) if study.stopped else ("not finished", FAILED)
        return say(f"{word}: the results in {study.folder} are marked as partial; {again}", code)
    return FAILED if study.failed else 0


def _named(labels: list[str]) -> str:
    """Some labels, and the number of further ones."""
    more = f" and {len(labels) - FEW} more" if len(labels) > FEW else ""
    return f"{', '.join(labels[:FEW])}{more}"
