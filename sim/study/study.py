"""A study: its manifest and its tables, made in memory or read from a folder, and any of its histories lived again."""

from __future__ import annotations

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
from sim.study.files.shape import oddity
from sim.study.files.store import read_manifest, write_bytes
from sim.study.files.stored_tables import stored_table
from sim.study.manifest import NEEDED, manifest_of
from sim.study.provenance import origin
from sim.study.tables import cells_table, digest_of, events_table, parquet, rows_table


@dataclass(eq=False, repr=False)
class Study:
    """A finished (or partly finished) study: a manifest, and tables by name.

    A table that is not in memory is read from the folder when first asked for: InputError where it is missing there
    or was altered. `plans` are the base plans its cells are variants of; without any, the manifest's are rebuilt.
    `stopped` says that a Ctrl-C ended the run that has just written it.
    """

    folder: Path
    manifest: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    plans: Sequence[Settings] = ()
    stopped: bool = False

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """The study in this folder; InputError where there is none, or its manifest was altered."""
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
        """The study of a plan whose histories are these tables' `runs`; nothing is written.

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
        """Write the tables in memory to the folder, then the manifest with the fingerprint of every table there."""
        if self.manifest["digest"] is None:
            self.manifest["digest"] = digest_of(self.runs)
        for name, table in self.tables.items():
            write_bytes(self.folder / f"{name}.parquet", parquet(table))
        noting.tables(self.folder, self.manifest)

    def table(self, name: str) -> pd.DataFrame:
        """One of the study's tables, by the name of its file."""
        if name not in self.tables:
            self.tables[name] = stored_table(self.folder, self.manifest, name)
        return self.tables[name]

    @property
    def runs(self) -> pd.DataFrame:
        """One row a cell and replication: every outcome, NaN for null."""
        return self.table("runs")

    @property
    def trajectories(self) -> pd.DataFrame:
        """Mean and quantiles by cell, series and month."""
        return self.table("trajectories")

    @property
    def readings(self) -> pd.DataFrame:
        """The level of every series of every history at a few months, of cells that kept their months.

        InputError where the study was made without.
        """
        return self.table("readings")

    @property
    def events(self) -> pd.DataFrame:
        """The facts of the sampled histories; of each cell the first is the typical one."""
        return self.table("events")

    @property
    def cells(self) -> pd.DataFrame:
        """One row a cell: label, scenario, status and what varied."""
        return self.table("cells")

    @property
    def comparison(self) -> pd.DataFrame:
        """Paired differences from the reference, as sim.analysis.compare wrote them."""
        return self.table("comparison")

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row for each row of the sample and base plan: `row`, `cell`, `scenario`, and the factors' values.

        InputError where the study was made without a sample.
        """
        rows, keys = self.table("design"), [factor["key"] for factor in self.manifest["design"]["factors"]]
        return rows.merge(self.cells[["cell", *keys]], on="cell", how="left", validate="many_to_one")

    @property
    def sampled(self) -> bool:
        """Whether its plans met the rows of a sample."""
        return self.manifest.get("design") is not None

    @property
    def name(self) -> str:
        """The study's name, without date and time."""
        return str(self.manifest["study"]["name"])

    @property
    def reference(self) -> str:
        """Id of the cell that the others are compared with."""
        return str(self.manifest["reference"])

    @property
    def labels(self) -> dict[str, str]:
        """What people read, by cell id, in the order of the study."""
        return {entry["cell"]: entry["label"] for entry in self.manifest["cells"]}

    @property
    def partial(self) -> bool:
        """Whether it was stopped before every replication had run; a failed cell is another matter."""
        return any(entry["status"] == "partial" for entry in self.manifest["cells"])

    @property
    def failed(self) -> list[str]:
        """A sentence for each cell that failed, naming it and the replication: a program exits with 1."""
        failures = [entry for entry in self.manifest["cells"] if entry["status"] == "failed"]
        return [f"{entry['label']}: {entry['message']}" for entry in failures]

    @property
    def imprecise(self) -> list[str]:
        """Labels of the cells that `study.auto_most` replications did not make as precise as was asked."""
        return [entry["label"] for entry in self.manifest["cells"] if entry.get("precision") == "not reached"]

    @property
    def code_differs(self) -> bool:
        """Whether the program has changed since: a history lived again may then not be the same."""
        return bool(self.manifest["code"] != origin()["code"])

    def cell_named(self, text: str) -> str:
        """The id of the cell with this label, scenario or id (or its beginning); InputError if none has."""
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
        """The settings of a cell, rebuilt from the manifest and the table of cells alone."""
        place, entry = self._entries[cell]
        return variant(self.bases[entry["base"]], self.values(place))

    @cached_property
    def bases(self) -> Sequence[Settings]:
        """The base plans, those in memory or rebuilt from the manifest."""
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
        """What sets the cell at this place in the study apart from its base plan, by full key."""
        entry = self.manifest["cells"][place]
        if "changes" in entry:
            return dict(entry["changes"])
        keys = [factor["key"] for factor in self.manifest["design"]["factors"]]
        return {key: self._columns[key][place].item() for key in keys}

    @cached_property
    def _columns(self) -> dict[str, Any]:
        """The values that varied, as arrays whose elements know their `item`."""
        kinds = {str(name): column.to_numpy() for name, column in self.cells.items()}
        return {name: values.astype(np.str_) if values.dtype == object else values for name, values in kinds.items()}

    @cached_property
    def _entries(self) -> dict[str, tuple[int, dict[str, Any]]]:
        return {entry["cell"]: (place, entry) for place, entry in enumerate(self.manifest["cells"])}

    def replications(self, cell: str) -> int:
        """Replications of a cell: as many as the study was given, or as many as it turned out to need.

        Where one failed before that was known, up to that one.
        """
        given = self.manifest["study"]["replications"]
        entry = self._entries[cell][1]
        done = int(entry["replications"])
        return done + (entry["status"] == "failed") if given == "auto" else max(int(given), done)

    def rerun(self, cell: str, replication: int) -> History:
        """One history lived again from the manifest; InputError for a replication the study does not have."""
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
