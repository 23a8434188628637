"""Origin of results: versions, platform, commit, lock file and hash of the package's source (Q-D5)."""

import importlib.metadata
import os
import platform
import subprocess
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

PACKAGES = ("tandem-sim", "simpy", "pydantic", "PyYAML", "numpy", "pandas", "pyarrow", "hydra-core", "omegaconf")
_CHECKOUT = Path(__file__).resolve().parents[2]


def origin() -> dict[str, Any]:
    """Origin of results: versions, platform, commit, uncommitted changes, lock file and source hash.

    `commit`, `dirty` and `lock` are None outside a checkout; `code` is the hash of the package's own source.
    """
    return dict(_origin())


@lru_cache(maxsize=1)
def _origin() -> dict[str, Any]:
    lock, changes = _CHECKOUT / "requirements.lock", _git("status", "--porcelain")
    return {
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "platform": f"{platform.system()} {platform.machine()}",
        "commit": _git("rev-parse", "HEAD"),
        "dirty": None if changes is None else bool(changes),
        "lock": sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None,
        "code": _code_hash(),
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _git(*words: str) -> str | None:
    if not (_CHECKOUT / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=_CHECKOUT,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _code_hash() -> str:
    package = Path(__file__).resolve().parents[1]
    total = sha256()
    for file in sorted(package.rglob("*.py")):
        total.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()
