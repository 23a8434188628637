"""Reproduction of a study from its manifest, and comparison of its results with the original ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sim.core.errors import InputError
from sim.study.design.cells import StudyPlan
from sim.study.files.store import MANIFEST
from sim.study.integrity import NOT_THE_SETTINGS, complaints
from sim.study.provenance import origin
from sim.study.running.resuming import plan_of
from sim.study.running.study_run import Progress, run_study
from sim.study.study import Study

TOLERANCE = 1e-9
"""Relative difference up to which results of another platform count as equal, for the order of sums."""
_LISTED = 3
"""Maximum number of outcomes named where results differ."""


@dataclass(frozen=True)
class Reproduction:
    """Result of reproducing a study.

    `now` is None if the study could not be reproduced because its settings were altered. `same` is true if the
    digests are equal. `complaints` lists input files missing or altered, `differences` those of program, libraries
    and platform, one sentence each. `rows` counts the results, `unlike` those that differ, `largest` is the largest
    relative difference and `worst` the outcomes with the largest ones; all are None without the old results.
    `folder` is the new study, if it was kept.
    """

    study: str
    before: str
    now: str | None
    complaints: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    rows: int | None = None
    unlike: int | None = None
    largest: float | None = None
    worst: tuple[str, ...] = ()
    folder: Path | None = None

    @property
    def same(self) -> bool:
        """True if every result is the same to the last bit."""
        return self.before == self.now

    @property
    def near(self) -> bool:
        """True if results differ only within tolerance."""
        return self.largest is not None and 0.0 < self.largest <= TOLERANCE and bool(self.differences)

    @property
    def sound(self) -> bool:
        """True if results are the same, or nearly so on another platform, and no input file is altered."""
        return (self.same or self.near) and not self.complaints


def reproduce(study: Study, root: Path | None = None, progress: Progress | None = None) -> Reproduction:
    """Reproduce a study from its manifest and compare digests; the new study is kept under `root` if given.

    InputError where the study was stopped before its end, or where a sample's table of cells is missing: then there
    is nothing to compare.
    """
    told = complaints(study)  # an absent file is no fault: a manifest alone is enough
    found = tuple(text for text in told if not text.endswith(" is missing") and text != NOT_THE_SETTINGS)
    plan = plan_again(study)
    if plan is None:
        return Reproduction(study.name, str(study.manifest["digest"]), None, (NOT_THE_SETTINGS, *found))
    if root is not None:
        return _compared(study, run_study(plan, root, progress), found, kept=True)
    short = plan.study.model_copy(update={"trajectories": "none", "events": 0})
    with TemporaryDirectory(prefix="tandem-") as place:
        made = run_study(plan._replace(study=short), Path(place), progress)
        return _compared(study, made, found, kept=False)


def plan_again(study: Study) -> StudyPlan | None:
    """Plan of a study rebuilt from its manifest; None if its settings were altered.

    InputError where there is nothing to rebuild it from, or nothing to compare.
    """
    entries = study.manifest["cells"]
    if not all(isinstance(entry, dict) and "status" in entry for entry in entries):
        return None
    if study.manifest["digest"] is None or study.partial:
        raise InputError(
            f"the study '{study.name}' was stopped before its end, so there is no whole result to compare: go on with "
            "tandem sweep --resume, then reproduce it"
        )
    if study.sampled and not (study.folder / "cells.parquet").is_file():
        raise InputError(
            f"the study '{study.name}' is a sample, whose values stand in cells.parquet and not in {MANIFEST}: put "
            "that file beside it, or name the study's folder or bundle"
        )
    try:
        plan = plan_of(study)
    except (InputError, LookupError, ValueError, TypeError, AttributeError):
        return None
    if not (study.folder / "design.parquet").is_file():
        return plan
    rows = study.design[["row", "cell", "scenario"]].itertuples(index=False, name=None)
    return plan._replace(rows=[(int(row), str(cell), str(name)) for row, cell, name in rows])


def _compared(study: Study, made: Study, found: tuple[str, ...], *, kept: bool) -> Reproduction:
    before, now = str(study.manifest["digest"]), str(made.manifest["digest"])
    result = Reproduction(study.name, before, now, found, folder=made.folder if kept else None)
    if result.same:
        return result
    unlike = _unlike(study, made) if (study.folder / "runs.parquet").is_file() else {}
    return Reproduction(**{**vars(result), "differences": differences(study.manifest, origin()), **unlike})


def differences(manifest: Mapping[str, Any], ours: Mapping[str, Any]) -> tuple[str, ...]:
    """Differences of program, libraries and platform between a manifest and here, one sentence each."""
    then = manifest["origins"]
    found = [
        f"{name} was {_versions(then, name)}, here it is {ours['versions'].get(name) or 'absent'}"
        for name in dict.fromkeys([*(name for origin in then for name in origin["versions"]), *ours["versions"]])
        if any(origin["versions"].get(name) != ours["versions"].get(name) for origin in then)
    ]
    if any(origin["platform"] != ours["platform"] for origin in then):
        found.append(f"the platform was {then[-1]['platform']}, here it is {ours['platform']}")
    if any(origin["code"] != ours["code"] for origin in then):
        commit, dirty = then[-1]["commit"], " with changes" if then[-1]["dirty"] else ""
        found.append(
            f"the program was another: {f'commit {commit[:12]}{dirty}' if commit else 'its commit is unknown'}"
        )
    return tuple(found)


def _versions(then: Sequence[Mapping[str, Any]], name: str) -> str:
    return " and ".join(dict.fromkeys(str(origin["versions"].get(name) or "absent") for origin in then))


def _unlike(study: Study, made: Study) -> dict[str, Any]:
    """Differences between new and old results by outcome."""
    keys = ["cell", "replication"]
    before, now = study.runs.set_index(keys), made.runs.set_index(keys)
    names = [str(name) for name in now.select_dtypes("number") if name in before]
    shared = before.index.intersection(now.index)
    old, new = (table.loc[shared, names].to_numpy(dtype=float) for table in (before, now))
    both = np.isnan(old) & np.isnan(new)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(new - old) / np.maximum(np.maximum(np.abs(new), np.abs(old)), np.finfo(float).tiny)
    apart = np.where(both | (old == new), 0.0, np.where(np.isnan(apart), np.inf, apart))
    by_name = dict(zip(names, apart.max(axis=0, initial=0.0).tolist(), strict=True))
    worst = sorted((name for name in names if by_name[name] > 0), key=lambda name: -by_name[name])[:_LISTED]
    lost = len(before.index.symmetric_difference(now.index))
    largest = float("inf") if lost else max(by_name.values(), default=0.0)
    unlike = int((apart > 0).any(axis=1).sum()) + lost
    return {"rows": len(before.index.union(now.index)), "unlike": unlike, "largest": largest, "worst": tuple(worst)}
