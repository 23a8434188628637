"""Journal of a running study: its plan, tasks done and kept, and tasks missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.study.design.cells import StudyPlan
from sim.study.files.store import write_bytes, write_manifest
from sim.study.manifest import manifest_of
from sim.study.running import kept_parts
from sim.study.running.gathering import StudyResults
from sim.study.running.tasks import CHUNK, Task, rounds, tasks
from sim.study.running.worker import Rows
from sim.study.tables import cells_table, parquet, rows_table


@dataclass
class Journal:
    """A study in progress: folder, manifest, plan and results so far."""

    folder: Path
    manifest: dict[str, Any]
    plan: StudyPlan
    gathered: StudyResults
    done: set[int] = field(default_factory=set)

    def missing(self, job: int = 0, jobs: int = 1) -> Iterator[Task]:
        """Tasks not done, in order; for one of several jobs, those assigned to it.

        Where the number of replications is automatic, which tasks follow depends on the results meanwhile.
        """
        return (task for task in self._tasks(job, jobs) if task.number not in self.done)

    def _tasks(self, job: int, jobs: int) -> Iterator[Task]:
        cells, study, size = self.plan.cells, self.plan.study, self.manifest["chunk"]
        if study.automatic:
            size = min(size, CHUNK)
            share = range(job * len(cells) // jobs, (job + 1) * len(cells) // jobs)
            return rounds(cells, study, size, share, self.gathered.settled)
        every = tasks(cells, study, size)
        if jobs == 1:
            return every
        listed = list(every)
        return iter(listed[job * len(listed) // jobs : (job + 1) * len(listed) // jobs])

    def recall(self) -> None:
        """Read back the kept results of finished tasks."""
        for task in sorted(self.done):
            for rows in kept_parts.read_part(self.folder, task)[0]:
                self.gathered.take(rows)

    def keep(self, task: int | None, results: Sequence[Rows]) -> None:
        """Add results, and write those of a finished task to disk."""
        if task is not None:
            kept_parts.write_part(self.folder, task, results, len(self.manifest["origins"]) - 1)
            self.done.add(task)
            for rows in results:
                self.gathered.take(rows)
        else:
            for rows in results:
                self.gathered.miss(rows)


def begin(folder: Path, plan: StudyPlan) -> Journal:
    """Write the table of cells of a study about to run, then its manifest, marked partial."""
    manifest = manifest_of(plan)
    write_bytes(folder / "cells.parquet", parquet(cells_table(plan.cells, ["partial"] * len(plan.cells))))
    if plan.rows:
        write_bytes(folder / "design.parquet", parquet(rows_table(plan.rows)))
    write_manifest(folder, manifest)
    return Journal(folder, manifest, plan, StudyResults(plan.cells, plan.study, lean=True))
