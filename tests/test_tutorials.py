"""Every command and code block of the tutorials is executed, in order, in an empty folder."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
TUTORIALS = sorted(DOCS.glob("first_hour_*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVE = "tandem serve"
SECONDS = 300


def blocks(page: Path) -> list[tuple[str, str]]:
    """Language and content of every fenced block."""
    return [(found[1], found[2]) for found in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def environment() -> dict[str, str]:
    """As after the README's installation: the commands of this Python come first."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def carried_out(command: list[str], folder: Path) -> None:
    """The command ends well and says nothing of a traceback."""
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    assert done.stdout.strip(), command[-1]
    assert "Traceback" not in done.stderr


def served(command: str, folder: Path) -> None:
    """The page answers at the address that is printed, and Ctrl-C stops it."""
    server = subprocess.Popen(
        ["bash", "-c", f"exec {command}"], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = ""
        for line in server.stdout:
            if found := re.search(r"http://[\d.]+:\d+\S*", line):
                address = found[0]
                break
        assert address
        began = time.monotonic()
        with urllib.request.urlopen(address, timeout=30) as page:
            assert page.status == 200
        assert time.monotonic() - began < 30
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) in (0, 130)


@pytest.mark.check("Tutorials")
def test_there_is_a_tutorial_for_each_user() -> None:
    assert [page.stem for page in TUTORIALS] == [
        f"first_hour_{user}" for user in ("chief_executive", "researcher", "trainer")
    ]
    assert all({language for language, _ in blocks(page)} <= {"sh", "python"} for page in TUTORIALS)


@pytest.mark.check("Tutorials")
@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_every_block_of_a_tutorial_works_as_written(page: Path, tmp_path: Path) -> None:
    for language, content in blocks(page):
        if language == "python":
            carried_out([sys.executable, "-c", content], tmp_path)
            continue
        for line in content.strip().splitlines():
            if line.startswith(SERVE):
                served(line, tmp_path)
            else:
                carried_out(["bash", "-c", line], tmp_path)
