"""The same bits on every Python that is installed here, with numpy, without it, and with its processor features off."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LATER = ("3.12", "3.13")
NEEDED = {
    "annotated-types",
    "numpy",
    "pydantic",
    "pydantic-core",
    "pyyaml",
    "simpy",
    "typing-extensions",
    "typing-inspection",
}
"""What the core needs, at the versions of the lock file."""
PROGRAM = """
import sys
if len(sys.argv) > 1:
    sys.modules["numpy"] = None
from hashlib import sha256
from sim.engine import outcomes
from sim.engine import Column, play
from sim.plans.compose import compose
digest = sha256()
for plan in ("structure_first", "transform_first", "adaptive"):
    cell = compose([f"scenario={plan}", "partnership=go_shared_services"]).settings
    for history in play([Column(cell, replication) for replication in range(4)]):
        if isinstance(history, Exception):
            raise history
        for name, value in outcomes.row(history, cell).items():
            digest.update(f"{name}={None if value is None else float(value).hex()};".encode())
print(digest.hexdigest())
"""

pytestmark = pytest.mark.check("Q-D6")


def digest_of(python: str, *words: str, **environment: str) -> str:
    """The digest of some histories, played by a Python."""
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    told = subprocess.run([python, "-c", PROGRAM, *words], env=known, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


@pytest.fixture(scope="module")
def here() -> str:
    """The digest on the Python that runs the tests."""
    return digest_of(sys.executable)


def test_without_numpy_the_bits_are_the_same(here: str) -> None:
    assert digest_of(sys.executable, "without") == here


def test_with_the_processors_features_off_the_bits_are_the_same(here: str) -> None:
    features = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"
    assert digest_of(sys.executable, NPY_DISABLE_CPU_FEATURES=features, PYTHONWARNINGS="ignore") == here


def installed() -> dict[str, str]:
    """Later Pythons that are installed here, by version."""
    homes = sorted(Path.home().glob(".pyenv/versions/*/bin/python"))
    found: dict[str, str] = {}
    for version in LATER:
        own = [str(home) for home in homes if home.parts[-3].startswith(f"{version}.")]
        python = shutil.which(f"python{version}")
        if own or (python and _answers(python)):
            found[version] = own[-1] if own else str(python)
    return found


def _answers(python: str) -> bool:
    """Whether a command really is a Python: a shim may stand there for one that is not."""
    return subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0


def test_later_pythons_that_are_installed_give_the_same_bits(here: str, record_property: Any) -> None:
    digests: Mapping[str, str] = {
        version: digest_of(prepared(version, python)) for version, python in installed().items()
    }
    record_property(
        "reached", f"one digest on {sys.version_info[0]}.{sys.version_info[1]}, {', '.join(digests) or 'no other'}"
    )
    record_property("n", 1 + len(digests))
    assert set(digests.values()) <= {here}, digests


def prepared(version: str, python: str) -> str:
    """An environment of a later Python with what the core needs, made once."""
    place = ROOT / "build" / "pythons" / version
    own = place / "bin" / "python"
    if not (place / "ready").exists():
        subprocess.run([python, "-m", "venv", "--clear", str(place)], check=True, capture_output=True)
        wanted = place / "wanted.txt"
        wanted.write_text(needed(), encoding="utf-8")
        command = [str(own), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(wanted)]
        subprocess.run(command, check=True, capture_output=True)
        (place / "ready").touch()
    return str(own)


def needed() -> str:
    """The lock file's entries of what the core needs."""
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    found = [entry for entry in entries if re.split(r"[=\[ ]", entry)[0].lower() in NEEDED]
    assert len(found) == len(NEEDED)
    return "\n".join(found)
