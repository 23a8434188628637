"""Shipped files of settings and declarations, in a checkout or in an installed package."""

from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _shipped_roots() -> tuple[Path, Path]:
    package = Path(__file__).resolve().parents[2]
    data = package / "_data"
    base = data if data.is_dir() else package.parent
    return base / "configs", base / "scenarios"


SHIPPED = _shipped_roots()
"""Folders of configurations and of scenarios."""


def shipped(*path: str) -> Any:
    """Content of a shipped file of configurations."""
    return yaml.load((SHIPPED[0].joinpath(*path)).read_text(encoding="utf-8"), Loader=_LOADER)
