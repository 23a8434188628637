"""Everything works with the network cable out: the installed page on a machine that has nothing but loopback."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cable_out import ways_out

pytestmark = pytest.mark.check("Cable out")

ROOT = Path(__file__).resolve().parents[1]
WITHIN = 1200.0
"""Seconds for all three rooms on a busy machine."""


def cut_off() -> list[str]:
    """The command that starts another without any network; AssertionError with the kernel's reason if it refuses."""
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        raise AssertionError("the cable is pulled by `unshare --net`, which Linux has: run this check there")
    ways = [["unshare", "--net"], ["unshare", "--net", "--map-root-user"]]
    said = ""
    for way in ways if os.geteuid() == 0 else ways[1:]:
        done = subprocess.run([*way, "true"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return way
        said = done.stderr.strip()
    raise AssertionError(
        f"this machine lets nobody start a program without a network ({said}); run the check as root, or allow "
        "user namespaces: sysctl kernel.unprivileged_userns_clone=1"
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tandem's own wheel, built and unpacked as pip installs it: nothing is read from the checkout."""
    made = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel = [*pip, "wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--wheel-dir", str(made)]
    subprocess.run(wheel, check=True)
    found = next(made.glob("*.whl"))
    install = [*pip, "install", "--no-index", "--no-deps", "--target", str(made / "installed"), str(found)]
    subprocess.run(install, check=True)
    return made / "installed"


def played(folder: Path, place: Path, *before: str) -> subprocess.CompletedProcess[str]:
    """`cable_out.py` under a command."""
    command = [*before, sys.executable, str(ROOT / "tests" / "cable_out.py"), str(folder), str(place)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WITHIN, check=False)


@pytest.mark.parametrize(
    ("networks", "answer", "count"),
    [(["lo"], errno.ENETUNREACH, 0), (["lo", "eth0"], errno.ENETUNREACH, 1), (["lo"], 0, 1), (["lo", "wlan0"], 0, 2)],
)
def test_a_cable_that_is_in_is_seen(networks: list[str], answer: int, count: int) -> None:
    assert len(ways_out(networks, answer)) == count


@pytest.mark.slow
def test_all_three_rooms_work_with_the_cable_out(tmp_path: Path, place: Path, record_property: Any) -> None:
    done = played(tmp_path, place, *cut_off())
    assert done.returncode == 0, done.stderr[-4000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    record_property(
        "reached",
        f"in a machine that has only {' and '.join(seen['networks'])}: What if answered, drew its charts and gave a "
        f"brief; {seen['teams']} teams and a facilitator played {seen['half_years']} half-years to the debrief; the "
        f"Glass box switched a mechanism off; {len(seen['wrong'])} requests to anywhere else, or errors",
    )
    record_property("n", seen["requests"])
    assert seen["wrong"] == []
    assert seen["what_if"].endswith(".") and seen["glass"] and seen["requests"] > 20
