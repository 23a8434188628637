"""A study as a whole: its folder, its manifest, its tables, and any of its histories lived again."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import engine
from sim.history import History
from sim.settings import Settings
from sim.store import MANIFEST, origin, read_manifest
from sim.strict import InputError, suggestion
from sim.study import pointers

if TYPE_CHECKING:
    import pandas as pd


class Study:
    """A finished (or partly finished) study, read from its folder; tables are read when first asked for.

    Raises InputError where the folder holds no study, or lacks the table asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.manifest: dict[str, Any] = read_manifest(self.folder)

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
    def events(self) -> pd.DataFrame:
        """The facts of the sampled histories; of each cell the first is the typical one."""
        return self._table("events")

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a cell: label, scenario, status and what varied."""
        return self._table("cells")

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """Paired differences from the reference, as sim.compare wrote them."""
        import pandas as pd

        file = self.folder / "comparison.csv"
        if not file.is_file():
            raise InputError(f"the study '{self.folder.name}' has no comparison.csv")
        table = pd.read_csv(file)
        return table.assign(label=table["cell"].map(self.labels))

    def _table(self, name: str) -> pd.DataFrame:
        import pandas as pd

        file = self.folder / f"{name}.parquet"
        if not file.is_file():
            raise InputError(f"the study '{self.folder.name}' was stopped before its end: no {name}.parquet")
        return pd.read_parquet(file)

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
        """The settings of a cell, rebuilt from the manifest alone."""
        entry = next(entry for entry in self.manifest["cells"] if entry["cell"] == cell)
        content = pointers.changed(self.manifest["settings"], entry["changes"])
        return Settings.model_validate_json(json.dumps(content))

    def rerun(self, cell: str, replication: int) -> History:
        """One history lived again from the manifest; InputError for a replication the study does not have."""
        count = self.manifest["study"]["replications"]
        if not 0 <= replication < count:
            raise InputError(f"replication {replication} is not in this study: it has 0 to {count - 1}")
        return engine.run(self.settings(cell), replication, self.manifest["seed"], record=True)


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
    known = sorted(file.parent.name for file in root.glob(f"*/{MANIFEST}"))
    raise InputError(f"there is no study '{name}'{suggestion(name, ['LATEST', *known[-3:]])}")


def _latest(root: Path) -> Path:
    folders = [file.parent for file in root.glob("*/runs.parquet") if (file.parent / MANIFEST).is_file()]
    if not folders:
        raise InputError(f"there is no study in '{root}' yet: run one first, with 'tandem run'")
    return max(folders, key=lambda folder: (folder.name[:17], (folder / "runs.parquet").stat().st_mtime_ns))
