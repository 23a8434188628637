"""Check that a new file can be written without overwriting a user's file unasked."""

from pathlib import Path

from sim.core.errors import InputError
from sim.plans.strict import parse_override


def free_place(path: Path, force: bool, table: Path | None = None) -> Path:
    """The path, if a file may be written there. Raises InputError with the obstacle.

    With `table`, the place of a partnership made from that table, which a command line must be able to name.
    """
    if table is not None:
        _check_name(path, table)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file with --output")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}")
    if path.exists() and not force:
        raise InputError(f"{path}: exists already; --force writes over it")
    return path


def _check_name(path: Path, table: Path) -> None:
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(f"{path}: a partnership's file ends in .yaml or .yml")
    if path.exists() and table.exists() and path.samefile(table):
        raise InputError(f"{path}: is the table itself; name another file with --output")
    try:
        named = parse_override(f"partnership={path}")[1]
    except InputError:
        named = None
    if named != str(path):
        raise InputError(f"{path}: holds signs that a command line cannot name; name another file with --output")
