"""Resumption of a study from its folder, and a study shared among jobs of a launcher; finished work is kept."""

from functools import partial
from pathlib import Path
from typing import Any

from sim.core.errors import InputError
from sim.plans.study_settings import StudySettings
from sim.plans.variants import Ids
from sim.study.design.cells import Cell, StudyPlan
from sim.study.files.store import new_folder, only_one, write_manifest
from sim.study.files.stored_tables import overgrown
from sim.study.manifest import settings_hash
from sim.study.provenance import origin
from sim.study.running import kept_parts
from sim.study.running.gathering import StudyResults
from sim.study.running.journal import Journal, begin
from sim.study.running.study_folder import finish
from sim.study.running.study_run import Progress, carry_on, interruptible, queued, run_tasks
from sim.study.running.tasks import bases_of
from sim.study.study import Study

WHERE_FROM = ("versions", "lock", "code")
"""Origin fields that must match for results to belong together; a commit that leaves code the same is fine."""


def resume(folder: Path, progress: Progress | None = None, anyway: bool = False, retry: bool = False) -> Study:
    """Run the work that a study in this folder lacks; with `retry`, failed work too.

    Kept work is not run again, and the results equal those of a study that was never stopped. Raises
    InputError while another run writes there, if settings were changed, or if program or libraries differ
    from the first run's; `anyway` allows the last, and the column `origin` of the runs then tells which
    version made each row.
    """
    with only_one(folder):
        study = Study.load(folder)
        if study.manifest["status"] == "complete":
            return study
        journal = reopened(study, anyway)
        if retry:
            for task in list(journal.done):
                if any(rows.error for rows in kept_parts.read_part(folder, task)[0]):
                    kept_parts.forget(folder, task)
                    journal.done.remove(task)
        journal.recall()
        return carry_on(journal, progress)


def reopened(study: Study, anyway: bool = False) -> Journal:
    """Journal of a begun study with its kept tasks, none of them read yet."""
    manifest, plan = study.manifest, plan_of(study)
    _check_cells(study)
    changed = _changed(manifest["origins"][-1], origin())
    if changed and not anyway:
        raise InputError(
            f"the study '{study.folder.name}' was begun with another {' and '.join(changed)}: go back to that, or "
            "resume with --anyway (each row then says which it came from)"
        )
    if changed:
        manifest["origins"].append(origin())
        write_manifest(study.folder, manifest)
    gathered = StudyResults(plan.cells, plan.study, lean=True)
    return Journal(study.folder, manifest, plan, gathered, set(kept_parts.numbers(study.folder)))


def _check_cells(study: Study) -> None:
    """Raise InputError if the table of cells is not the study's; it is rewritten at the end."""
    file = study.folder / "cells.parquet"
    try:
        grown = overgrown(file, study.manifest)
    except (ValueError, OSError):
        grown = "cells.parquet is missing or was altered: it cannot be read"
    if grown:
        raise InputError(f"the study '{study.folder.name}' cannot be resumed: {grown}")


def plan_of(study: Study) -> StudyPlan:
    """Plan of a study rebuilt from its folder. Raises InputError if it does not match its ids."""
    manifest = study.manifest
    ids = [Ids(base) for base in study.bases]
    cells = []
    for place, entry in enumerate(manifest["cells"]):
        base, values = study.bases[entry["base"]], partial(study.values, place)
        changes = values()
        try:
            found = ids[entry["base"]].of(changes)
        except (ValueError, KeyError) as error:
            found = str(error)
        if found != entry["cell"]:
            raise _altered(study)
        cells.append(Cell(entry["cell"], entry["label"], entry["scenario"], base, values, sources=entry["sources"]))
    settings = StudySettings.model_validate(manifest["study"])
    if settings_hash(settings, cells) != manifest["settings_hash"]:
        raise _altered(study)
    return StudyPlan(cells, settings, study.reference, [], manifest["design"])


def _altered(study: Study) -> InputError:
    return InputError(f"the study '{study.folder.name}' cannot be resumed: its settings were changed since it began")


def _changed(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    named = {"versions": "set of library versions", "lock": "lock file", "code": "version of the program"}
    return [named[key] for key in WHERE_FROM if ours[key] != theirs[key]]


def open_study(plan: StudyPlan, root: Path) -> Path:
    """Create the folder of a study whose tasks other jobs run. Raises InputError if that fails."""
    folder = new_folder(Path(root), plan.study.name)
    begin(folder, plan)
    return folder


def work(folder: Path, job: int, jobs: int) -> list[str]:
    """Run the missing tasks of one of several jobs. Returns a sentence for each failed cell."""
    journal = reopened(Study.load(folder))
    if journal.plan.study.automatic:
        journal.recall()
    workers = journal.plan.study.workers or 1
    failed = []
    with interruptible() as stop:
        bases, seed = bases_of(journal.plan.cells), journal.plan.study.seed
        for task, results in run_tasks(journal.missing(job, jobs), bases, seed, workers, stop, queued(journal)):
            journal.keep(task, results)
            failed += [f"{journal.plan.cells[rows.cell].label}: {rows.error}" for rows in results if rows.error]
    return failed


def gather(folder: Path) -> Study:
    """Write tables from the jobs' results; missing tasks leave the study partial, to be resumed."""
    with only_one(folder):
        journal = reopened(Study.load(folder))
        journal.recall()
        return finish(journal)
