"""Studies: run, loaded, and summarised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis import compare
from sim.analysis.regions import winners
from sim.pictures import figures
from sim.pictures.answers.decision_map import decision_map
from sim.plans.strict import Library
from sim.study.design.cells import StudyPlan, plan_run
from sim.study.design.sweeping import plan_sweep
from sim.study.files import noting, store
from sim.study.files.newest import by_age, find_study
from sim.study.running.resuming import gather, open_study
from sim.study.running.resuming import resume as taken_up
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.surfaces.api.kept_answers import draw, scope
from sim.words.summary.sampled_summary import sampled_summary
from sim.words.summary.summary import summary as of_whole

if TYPE_CHECKING:
    from sim.analysis.regions.winners import WinnerMap
    from sim.words.summary.summary import Summary

OUTPUTS = Path("outputs")

Progress = Callable[[int, int], None]


def run(overrides: Sequence[str] = (), folders: Sequence[Path] = (), root: Path = OUTPUTS) -> Study:
    """The main job: simulate, compare and draw the cells given by the overrides, into a study folder."""
    return simulate(plan_run(overrides, Library(folders)), root)


def sweep(rows: Sequence[Sequence[str]], folders: Sequence[Path] = (), root: Path = OUTPUTS) -> Study:
    """A study over a design: one list of overrides per cell."""
    return simulate(plan_sweep(rows, Library(folders)), root)


def simulate(plan: StudyPlan, root: Path = OUTPUTS, progress: Progress | None = None) -> Study:
    """Run checked cells and write a complete study folder: tables, comparison, figures, summary.

    A study without any finished history, because all failed or it was stopped at once, has tables only.
    """
    return conclude(run_study(plan, root, progress))


def resume(
    name: str = "LATEST",
    root: Path = OUTPUTS,
    progress: Progress | None = None,
    *,
    anyway: bool = False,
    retry: bool = False,
) -> Study:
    """Run a study's missing cells, with `retry` also failed ones, and write everything again.

    InputError while another run writes there, or if settings, program or libraries have changed since it
    began (`anyway` allows another program or libraries).
    """
    return conclude(taken_up(_begun(name, root), progress, anyway, retry))


def _begun(name: str, root: Path) -> Path:
    """The folder of a study that may not have results yet."""
    if name != "LATEST":
        return find_study(name, root)
    folders = by_age(file.parent for file in root.glob("*/manifest.json"))
    return folders[-1] if folders else find_study(name, root)


def share_out(plan: StudyPlan, root: Path, jobs: int, launch: Callable[[Path, int], None]) -> Study:
    """Run a study as external jobs: `launch(folder, jobs)` returns when all have ended.

    A study with unfinished jobs is marked partial and can be resumed.
    """
    folder = open_study(plan, root).resolve()
    launch(folder, jobs)
    return conclude(gather(folder))


def conclude(study: Study) -> Study:
    """Compare, draw and summarise a study, if it has any histories."""
    if not study.runs.empty:
        compare.write(study)
        if not study.sampled:
            figures.save_all(study, study.folder)
            map_after_sweep(study)
        store.write_text(study.folder / "summary.md", summary(study).markdown)
        noting.rest(study.folder, study.manifest, figures.FIGURES)
    return study


def map_after_sweep(study: Study) -> WinnerMap | None:
    """Draw figures/map.svg if exactly two numbers and two to six plans varied; otherwise None."""
    sides = winners.obvious_sides(study)
    if sides is None:
        return None
    found = winners.winner_map(study, *sides)
    draw(study, "map", decision_map(found, scope(study)))
    return found


def load(name: str = "LATEST", root: Path = OUTPUTS) -> Study:
    """A study from its folder: a path, a folder's name under `root`, or LATEST."""
    return Study.load(find_study(name, root))


def summary(study: Study) -> Summary:
    """The summary of a study, for the terminal and for summary.md."""
    return sampled_summary(study) if study.sampled else of_whole(study)
