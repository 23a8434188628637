"""A study: manifest and tables, in memory or read from a folder, and replay of any of its histories."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from sim import engine
from sim.core.errors import InputError, suggestion
from sim.core.history import History
from sim.engine.settings import Settings
from sim.plans.variants import variant
from sim.study.design.cells import StudyPlan
from sim.study.files import noting, pointers
from sim.study.files.store import read_manifest, write_bytes
from sim.study.files.stored_tables import stored_table
from sim.study.manifest import NEEDED, manifest_of, oddity
from sim.study.provenance import origin
from sim.study.tables import cells_table, digest_of, events_table, parquet, rows_table


@dataclass(eq=False, repr=False)
class Study:
    """A finished (or partly finished) study: a manifest, and tables by name.

    A table not in memory is read from the folder on first use. Raises InputError if it is missing there or was
    altered. `plans` are the base plans of its cells; by default they are rebuilt from the manifest. `stopped` is
    true if Ctrl-C ended the run that has just written it.
    """

    folder: Path
    manifest: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    plans: Sequence[Settings] = ()
    stopped: bool = False

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """The study in this folder. Raises InputError if there is none or its manifest was altered."""
        manifest = read_manifest(Path(folder))
        lost = [key for key in NEEDED if key not in manifest]
        if lost:
            raise InputError(f"the manifest of '{folder}' was altered: it no longer holds {' and '.join(lost)}")
        odd = oddity(manifest)
        if odd:
            raise InputError(f"the manifest of '{folder}' was altered: {odd}")
        return cls(Path(folder), manifest)

    @classmethod
    def made(cls, plan: StudyPlan, tables: Mapping[str, pd.DataFrame], folder: Path) -> Self:
        """The study of a plan from tables of `runs` in memory; nothing is written.

        `folder` names it, and is where its answers go. A cell with fewer histories than planned is partial.
        """
        manifest = manifest_of(plan)
        counts = tables["runs"]["cell"].value_counts()
        for entry in manifest["cells"]:
            done = int(counts.get(entry["cell"], 0))
            entry |= {"replications": done, "status": "complete" if done >= plan.study.at_most else "partial"}
        statuses = [entry["status"] for entry in manifest["cells"]]
        manifest["status"] = "partial" if "partial" in statuses else "complete"
        told = {"events": events_table([]), "cells": cells_table(plan.cells, statuses)}
        rows = {"design": rows_table(plan.rows)} if plan.rows else {}
        bases = list({id(cell.base): cell.base for cell in plan.cells}.values())
        return cls(folder, manifest, {**told, **rows, **tables}, bases)

    def save(self) -> None:
        """Write the tables in memory to the folder, then the manifest with a fingerprint of every table."""
        if self.manifest["digest"] is None:
            self.manifest["digest"] = digest_of(self.runs)
        for name, table in self.tables.items():
            write_bytes(self.folder / f"{name}.parquet", parquet(table))
        noting.tables(self.folder, self.manifest)

    def table(self, name: str) -> pd.DataFrame:
        """One of the study's tables, by file name."""
        if name not in self.tables:
            self.tables[name] = stored_table(self.folder, self.manifest, name)
        return self.tables[name]

    @property
    def runs(self) -> pd.DataFrame:
        """All outcomes, one row for each cell and replication, NaN for null."""
        return self.table("runs")

    @property
    def trajectories(self) -> pd.DataFrame:
        """Mean and quantiles of monthly levels, by cell, series and month."""
        return self.table("trajectories")

    @property
    def readings(self) -> pd.DataFrame:
        """Levels of every series at selected months, by history, for cells whose months were kept.

        Raises InputError if the study kept none.
        """
        return self.table("readings")

    @property
    def events(self) -> pd.DataFrame:
        """Events of the sampled histories; the first history of each cell is the typical one."""
        return self.table("events")

    @property
    def cells(self) -> pd.DataFrame:
        """One row for each cell: label, scenario, status and varied values."""
        return self.table("cells")

    @property
    def comparison(self) -> pd.DataFrame:
        """Paired differences from the reference, as sim.analysis.compare wrote them."""
        return self.table("comparison")

    @cached_property
    def design(self) -> pd.DataFrame:
        """The sample: one row for each of its rows and each base plan: `row`, `cell`, `scenario`, factor values.

        InputError where the study was made without a sample.
        """
        rows, keys = self.table("design"), [factor["key"] for factor in self.manifest["design"]["factors"]]
        return rows.merge(self.cells[["cell", *keys]], on="cell", how="left", validate="many_to_one")

    @property
    def sampled(self) -> bool:
        """True if the plans were run over the rows of a sample."""
        return self.manifest.get("design") is not None

    @property
    def name(self) -> str:
        """The study's name, without date and time."""
        return str(self.manifest["study"]["name"])

    @property
    def reference(self) -> str:
        """Id of the reference cell for comparisons."""
        return str(self.manifest["reference"])

    @property
    def labels(self) -> dict[str, str]:
        """Labels for people, by cell id, in the study's order."""
        return {entry["cell"]: entry["label"] for entry in self.manifest["cells"]}

    @property
    def partial(self) -> bool:
        """True if stopped before all replications ran; failed cells do not count."""
        return any(entry["status"] == "partial" for entry in self.manifest["cells"])

    @property
    def failed(self) -> list[str]:
        """One sentence for each failed cell, with its replication; a program then exits with 1."""
        failures = [entry for entry in self.manifest["cells"] if entry["status"] == "failed"]
        return [f"{entry['label']}: {entry['message']}" for entry in failures]

    @property
    def imprecise(self) -> list[str]:
        """Labels of cells that missed the requested precision after `study.auto_most` replications."""
        return [entry["label"] for entry in self.manifest["cells"] if entry.get("precision") == "not reached"]

    @property
    def code_differs(self) -> bool:
        """True if the program has changed since, so that replayed histories may differ."""
        return bool(self.manifest["code"] != origin()["code"])

    def cell_named(self, text: str) -> str:
        """Id of the cell with this label, scenario or id (or its beginning). Raises InputError if there is none."""
        wanted = text.strip().lower()
        entries = self.manifest["cells"]
        for key in ("label", "scenario", "cell"):
            found = [str(entry["cell"]) for entry in entries if entry[key].lower() == wanted]
            if found:
                return self.reference if self.reference in found else found[0]
        started = [cell for cell in self.labels if wanted and cell.startswith(wanted)]
        if len(started) == 1:
            return started[0]
        names = [entry["scenario"] for entry in entries]
        raise InputError(f"the study '{self.folder.name}' has no plan '{text}'{suggestion(text, names)}")

    def settings(self, cell: str) -> Settings:
        """Settings of a cell, rebuilt from manifest and table of cells alone."""
        place, entry = self._entries[cell]
        return variant(self.bases[entry["base"]], self.values(place))

    @cached_property
    def bases(self) -> Sequence[Settings]:
        """Base plans, in memory or rebuilt from the manifest."""
        if self.plans:
            return self.plans
        try:
            contents = [pointers.changed(self.manifest["settings"], changes) for changes in self.manifest["bases"]]
            return tuple(Settings.model_validate_json(json.dumps(content)) for content in contents)
        except (ValueError, LookupError, TypeError) as error:
            raise InputError(
                f"the settings in the manifest of '{self.folder}' were altered: they make no plan"
            ) from error

    def values(self, place: int) -> dict[str, Any]:
        """Values of the cell at this position that differ from its base plan, by full key."""
        entry = self.manifest["cells"][place]
        if "changes" in entry:
            return dict(entry["changes"])
        keys = [factor["key"] for factor in self.manifest["design"]["factors"]]
        return {key: self._columns[key][place].item() for key in keys}

    @cached_property
    def _columns(self) -> dict[str, Any]:
        """Varied values as arrays whose elements have the method `item`."""
        kinds = {str(name): column.to_numpy() for name, column in self.cells.items()}
        return {name: values.astype(np.str_) if values.dtype == object else values for name, values in kinds.items()}

    @cached_property
    def _entries(self) -> dict[str, tuple[int, dict[str, Any]]]:
        return {entry["cell"]: (place, entry) for place, entry in enumerate(self.manifest["cells"])}

    def replications(self, cell: str) -> int:
        """Number of replications of a cell: as set for the study, or as found necessary.

        If one failed before the number was found, it ends with that one.
        """
        given = self.manifest["study"]["replications"]
        entry = self._entries[cell][1]
        done = int(entry["replications"])
        return done + (entry["status"] == "failed") if given == "auto" else max(int(given), done)

    def rerun(self, cell: str, replication: int) -> History:
        """Replay one history from the manifest. Raises InputError for a replication that the study lacks."""
        count = self.replications(cell)
        if not 0 <= replication < count:
            raise InputError(f"replication {replication} is not in this study: it has 0 to {count - 1}")
        try:
            return engine.run(self.settings(cell), replication, self.manifest["seed"], record=True)
        except LookupError as error:
            raise InputError(
                f"a history of '{self.folder.name}' cannot be lived again: {error} is not in its settings, which were "
                "altered or written by another version"
            ) from error
