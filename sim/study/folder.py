"""A study as a whole: its folder, its manifest, its tables, and any of its histories lived again."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import engine
from sim.core.errors import InputError, suggestion
from sim.core.history import History
from sim.engine.settings import Settings
from sim.plans.variants import variant
from sim.study.files import pointers
from sim.study.files.bounds import overgrown
from sim.study.files.newest import by_age
from sim.study.files.shape import COMPARED, as_written, oddity
from sim.study.files.store import MANIFEST, read_manifest
from sim.study.provenance import origin

if TYPE_CHECKING:
    import pandas as pd

_NEEDED = ("study", "settings", "bases", "cells", "reference", "seed", "status", "digest", "settings_hash", "code")
"""What every manifest holds from its first writing on."""


class Study:
    """A finished (or partly finished) study, read from its folder; tables are read when first asked for.

    Raises InputError where the folder holds no study, or lacks the table asked for, or it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.stopped = False
        """Whether a Ctrl-C ended the run that has just written it."""
        self.manifest: dict[str, Any] = read_manifest(self.folder)
        lost = [key for key in _NEEDED if key not in self.manifest]
        if lost:
            raise InputError(f"the manifest of '{self.folder}' was altered: it no longer holds {' and '.join(lost)}")
        odd = oddity(self.manifest)
        if odd:
            raise InputError(f"the manifest of '{self.folder}' was altered: {odd}")

    @classmethod
    def load(cls, folder: Path | str) -> Study:
        """The study in this folder."""
        return cls(Path(folder))

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a cell and replication: every outcome, NaN for null."""
        return self._table("runs")

    @cached_property
    def trajectories(self) -> pd.DataFrame:
        """Mean and quantiles by cell, series and month."""
        return self._table("trajectories")

    @cached_property
    def readings(self) -> pd.DataFrame:
        """The level of every series of every history at a few months, of cells that kept their months.

        InputError where the study was made without.
        """
        if not (self.folder / "readings.parquet").is_file():
            raise InputError(f"the study '{self.folder.name}' kept no readings of single histories: run it again")
        table = self._table("readings")
        if table.empty:
            raise InputError(
                f"the study '{self.folder.name}' kept no monthly figures: run it with study.trajectories=all"
            )
        return table

    @cached_property
    def events(self) -> pd.DataFrame:
        """The facts of the sampled histories; of each cell the first is the typical one."""
        return self._table("events")

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a cell: label, scenario, status and what varied."""
        return self._table("cells")

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """Paired differences from the reference, as sim.analysis.compare wrote them."""
        import pandas as pd

        file = self.folder / "comparison.csv"
        if not file.is_file():
            raise InputError(f"the study '{self.folder.name}' has no comparison.csv")
        try:
            table = pd.read_csv(file)
            for name in COMPARED & {*table.columns}:
                table[name] = pd.to_numeric(table[name])
            return table.assign(label=table["cell"].map(self.labels).fillna(table["label"]))
        except (ValueError, LookupError, OSError) as error:
            raise InputError(
                f"comparison.csv of the study '{self.folder.name}' was altered: it cannot be read"
            ) from error

    def _table(self, name: str) -> pd.DataFrame:
        file = self.folder / f"{name}.parquet"
        if not file.is_file():
            raise InputError(f"the study '{self.folder.name}' was stopped before its end: no {name}.parquet")
        altered = f"{name}.parquet of the study '{self.folder.name}' was altered"
        try:
            grown = overgrown(file, self.manifest)
            if grown:
                raise InputError(f"the study '{self.folder.name}' cannot be read: {grown}")
            import pandas as pd

            table = pd.read_parquet(file)
        except InputError:
            raise
        except (ValueError, OSError) as error:
            raise InputError(f"{altered}: it cannot be read") from error
        if not as_written(name, table, self.labels):
            raise InputError(f"{altered}: it is no longer the table that was written")
        return table

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
    def code_differs(self) -> bool:
        """Whether the program has changed since: a history lived again may then not be the same."""
        return bool(self.manifest["code"] != origin()["code"])

    def cell_named(self, text: str) -> str:
        """The id of the cell with this label, scenario or id (or its beginning); InputError if none has."""
        wanted = text.strip().lower()
        entries = self.manifest["cells"]
        for field in ("label", "scenario", "cell"):
            found = [str(entry["cell"]) for entry in entries if entry[field].lower() == wanted]
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
    def bases(self) -> tuple[Settings, ...]:
        """The base plans, rebuilt from the manifest."""
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
        import numpy as np

        kinds = {str(name): column.to_numpy() for name, column in self.cells.items()}
        return {name: values.astype(np.str_) if values.dtype == object else values for name, values in kinds.items()}

    @cached_property
    def _entries(self) -> dict[str, tuple[int, dict[str, Any]]]:
        return {entry["cell"]: (place, entry) for place, entry in enumerate(self.manifest["cells"])}

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row for each row of the sample and base plan: `row`, `cell`, `scenario`, and the factors' values.

        InputError where the study was made without a sample.
        """
        if not (self.folder / "design.parquet").is_file():
            raise InputError(
                f"the study '{self.folder.name}' has no sample: make one with tandem sweep design=sobol, lhs, "
                "morris or one_at_a_time"
            )
        keys = [factor["key"] for factor in self.manifest["design"]["factors"]]
        return self._table("design").merge(self.cells[["cell", *keys]], on="cell", how="left", validate="many_to_one")

    def replications(self, cell: str) -> int:
        """Replications of a cell: as many as the study was given, or as many as it turned out to need.

        Where one failed before that was known, up to that one.
        """
        given = self.manifest["study"]["replications"]
        entry = self._entries[cell][1]
        return int(entry["replications"] + (entry["status"] == "failed") if given == "auto" else given)

    @property
    def imprecise(self) -> list[str]:
        """Labels of the cells that `study.auto_most` replications did not make as precise as was asked."""
        return [entry["label"] for entry in self.manifest["cells"] if entry.get("precision") == "not reached"]

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


def find_study(name: str, root: Path = Path("outputs")) -> Path:
    """The folder of a study: a path, a folder's name under `root`, or LATEST for the newest with results.

    Raises InputError where there is none.
    """
    root = Path(root)
    if name == "LATEST":
        return _latest(root)
    for folder in (Path(name), root / name):
        if (folder / MANIFEST).is_file():
            return folder
    known = [folder.name for folder in by_age(file.parent for file in root.glob(f"*/{MANIFEST}"))]
    latest = f"; the latest are {', '.join(known[-3:])}" if known else ""
    raise InputError(f"there is no study '{name}'{suggestion(name, ['LATEST', *known]) or latest}")


def _latest(root: Path) -> Path:
    folders = [file.parent for file in root.glob("*/runs.parquet") if (file.parent / MANIFEST).is_file()]
    if not folders:
        raise InputError(f"there is no study in '{root}' yet: run one first, with 'tandem run'")
    return by_age(folders)[-1]
