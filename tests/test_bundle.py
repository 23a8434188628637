"""The bundle for a machine without internet: what is in it, that it is the same each time, and that it starts."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[1]
OPENER = build_opener(ProxyHandler({}))
STARTED_WITHIN = 600.0
"""Seconds that unpacking, setting up and starting may take on a busy machine."""


def tool() -> ModuleType:
    found = importlib.util.spec_from_file_location("bundle_tool", ROOT / ".ci" / "bundle.py")
    assert found is not None and found.loader is not None
    made = importlib.util.module_from_spec(found)
    sys.modules["bundle_tool"] = made
    found.loader.exec_module(made)
    return made


bundle: Any = tool()
LOCK = bundle.pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def wheels(folder: Path, *names: str) -> list[Path]:
    """Wheels that hold nothing but their name."""
    made = []
    for name in names:
        path = folder / f"{name}-1.0-py3-none-any.whl"
        path.write_bytes(name.encode())
        made.append(path)
    return made


# -- what is in it --


def test_the_lock_file_is_read_whole() -> None:
    lines = [line for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines() if "==" in line]
    assert len(LOCK) == len(lines) > 50
    assert all(pin.hashes for pin in LOCK.values())


@pytest.mark.parametrize("system", bundle.TARGETS)
def test_each_system_gets_what_it_needs_and_no_tools(system: str) -> None:
    asked = bundle.environment(bundle.TARGETS[system], "3.11")
    names = {pin.name for pin in bundle.needed(bundle.PROJECT["dependencies"], LOCK, asked)}
    declared = {re.match(r"[\w-]+", text)[0].lower() for text in bundle.PROJECT["dependencies"]}  # type: ignore[index]
    assert declared <= names
    assert {"pydantic-core", "starlette", "markupsafe"} <= names
    assert not names & {"pytest", "mypy", "ruff", "hatchling", "salib", "scipy"}
    assert ("colorama" in names) == (system == "windows")


def test_markers_are_judged_for_the_target_and_extras_for_their_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: bundle.Pin(name, "1", "", ("0" * 64,)) for name in ("a", "b", "c", "d")}
    needs = {"a": ["b; extra == 'more'", "c; sys_platform == 'win32'", "d; extra == 'other'"], "b": ["a"]}
    monkeypatch.setattr(bundle, "_requires", lambda name: [bundle.Requirement(text) for text in needs.get(name, [])])
    for system, expected in (("linux", ["a", "b"]), ("windows", ["a", "b", "c"])):
        asked = bundle.environment(bundle.TARGETS[system], "3.12")
        assert [pin.name for pin in bundle.needed(["a[more]"], known, asked)] == expected


def test_what_the_lock_lacks_is_said() -> None:
    with pytest.raises(SystemExit, match=r"requirements\.lock has no nothing-of-the-kind"):
        bundle.needed(["nothing-of-the-kind"], LOCK, bundle.environment(bundle.TARGETS["linux"], "3.11"))


def test_the_same_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    made = wheels(tmp_path, "one", "two")
    texts = bundle.texts("9.9", "linux", ["3.12", "3.11"], made)
    first = bundle.write(tmp_path / "first.zip", "top", texts, made)
    time.sleep(2.1)
    os.utime(made[0])
    second = bundle.write(tmp_path / "second.zip", "top", dict(reversed(texts.items())), reversed(made))
    assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()
    assert not list(tmp_path.glob("*.part"))


def test_no_address_of_any_index_and_no_path_of_this_machine(tmp_path: Path) -> None:
    texts = bundle.texts("9.9", "windows", ["3.11"], wheels(tmp_path, "one"))
    for name, text in texts.items():
        assert "://" not in text and "pypi" not in text.lower(), name
        assert str(ROOT) not in text and str(Path.home()) not in text, name
        assert "{" not in text or name in {"begin.py", "start.ps1"}, name


def test_scripts_may_be_run_and_windows_gets_its_line_ends(tmp_path: Path) -> None:
    made = wheels(tmp_path, "one")
    path = bundle.write(tmp_path / "b.zip", "top", bundle.texts("9.9", "linux", ["3.11"], made), made)
    with ZipFile(path) as held:
        assert {name.rpartition("/")[2] for name in held.namelist()} == {
            "README.txt", "begin.py", "pythons.txt", "requirements.txt", "start.bat", "start.command", "start.ps1",
            "start.sh", made[0].name,
        }  # fmt: skip
        assert held.getinfo("top/start.sh").external_attr >> 16 & 0o111
        assert b"\r\n" in held.read("top/start.bat") and b"\r\n" not in held.read("top/start.sh")
        digest = hashlib.sha256(b"one").hexdigest()
        assert held.read("top/requirements.txt").decode() == f"one==1.0 --hash=sha256:{digest}\n"


def test_start_scripts_are_sound_shell() -> None:
    subprocess.run(["sh", "-n", str(ROOT / ".ci/bundle/start.sh")], check=True)
    for name in ("start.sh", "start.bat", "start.ps1"):
        assert "begin.py" in (ROOT / ".ci/bundle" / name).read_text(encoding="utf-8")


def test_another_python_is_told_in_a_sentence(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".ci/bundle/begin.py", tmp_path)
    (tmp_path / "pythons.txt").write_text("3.98\n3.97\n")
    (tmp_path / "requirements.txt").write_text("")
    done = subprocess.run([sys.executable, "begin.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is for Python 3.98 or 3.97" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "env").exists()


@pytest.mark.parametrize("given", [["--python", "2.7"], ["--python", "3.10"], ["--platform", "beos"]])
def test_what_cannot_be_made_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        bundle.main(given)
    assert stopped.value.code == 2
    assert given[1] in capsys.readouterr().err


def test_files_are_replaced_never_renamed_over() -> None:
    """`os.rename` fails on Windows where the target exists; `replace` does not."""
    for path in [*(ROOT / "sim").rglob("*.py"), *(ROOT / ".ci").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert "os.rename(" not in text and not re.search(r"[Pp]ath[\w.()]*\.rename\(", text), path


# -- on a machine that only spawns --


SPAWNED = """
import multiprocessing, sys
from pathlib import Path
from sim.study import plan_run, run_study

if __name__ == "__main__":
    if sys.argv[1] == "spawn":
        multiprocessing.set_start_method("spawn")
        assert multiprocessing.get_all_start_methods() and multiprocessing.get_start_method() == "spawn"
    keys = ["study.replications=8", f"study.workers={sys.argv[2]}", "study.horizon_months=24"]
    print(run_study(plan_run(["scenario=structure_first", *keys]), Path(sys.argv[3])).manifest["digest"])
"""


def test_a_study_is_the_same_where_processes_are_only_spawned(tmp_path: Path) -> None:
    """As on Windows and macOS: the whole program is imported afresh in each worker."""
    script = tmp_path / "study.py"
    script.write_text(SPAWNED, encoding="utf-8")
    digests = []
    for method, workers in (("spawn", "2"), ("none", "1")):
        command = [sys.executable, str(script), method, workers, str(tmp_path / method)]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        digests.append(done.stdout.split()[-1])
    assert digests[0] == digests[1]


# -- the whole way --


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetched(address: str, content: Any = None) -> tuple[int, bytes]:
    body = None if content is None else json.dumps(content).encode()
    with OPENER.open(Request(address, body, {"Content-Type": "application/json"}), timeout=120) as answer:
        return answer.status, answer.read()


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The start script, with every index switched off and every proxy broken."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    nowhere = "http://127.0.0.1:9"
    cut = {"PIP_NO_INDEX": "1", "PIP_INDEX_URL": "https://index.invalid", "PIP_FIND_LINKS": str(folder / "none")}
    cut |= {"HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "http_proxy": nowhere, "https_proxy": nowhere}
    cut["PATH"] = f"{Path(sys.executable).resolve().parent}{os.pathsep}{clean['PATH']}"
    command = ["sh", "start.sh", "--no-browser", "--port", str(port)]
    log = (folder / "log.txt").open("wb")
    return subprocess.Popen(
        command, cwd=folder, env=clean | cut, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )


def waited(running: subprocess.Popen[bytes], port: int, folder: Path) -> float:
    """Seconds until the page answers."""
    begun = time.monotonic()
    while time.monotonic() - begun < STARTED_WITHIN:
        assert running.poll() is None, (folder / "log.txt").read_text(encoding="utf-8")
        try:
            if fetched(f"http://127.0.0.1:{port}/")[0] == 200:
                return time.monotonic() - begun
        except (URLError, OSError):
            time.sleep(0.5)
    raise AssertionError((folder / "log.txt").read_text(encoding="utf-8"))


def stopped(running: subprocess.Popen[bytes]) -> int:
    """End the server as Ctrl-C in its window does; its exit code."""
    os.killpg(running.pid, signal.SIGINT)
    return running.wait(timeout=60)


@pytest.mark.slow
def test_it_starts_without_any_network_and_shows_every_room(tmp_path: Path) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    made = bundle.bundle(bundle.here(), [version], tmp_path / "dist")
    place = tmp_path / "an empty folder"
    place.mkdir()
    subprocess.run(["unzip", "-q", str(made), "-d", str(place)], check=True)
    folder = next(place.iterdir())
    port = free_port()
    running = started(folder, port)
    try:
        waited(running, port, folder)
        for page in ("/", "/whatif", "/workshop", "/glass", "/glass/validation", "/glass/evidence", "/glass/model"):
            status, text = fetched(f"http://127.0.0.1:{port}{page}")
            assert status == 200 and b"<h1" in text, page
        assert len(fetched(f"http://127.0.0.1:{port}/static/plotly.min.js")[1]) > 1_000_000
        found = json.loads(fetched(f"http://127.0.0.1:{port}/api/glass/switched", {"mechanism": "fatigue"})[1])
        assert found["histories"] == 96
    finally:
        code = stopped(running)
    assert code == 0, (folder / "log.txt").read_text(encoding="utf-8")
    assert str(ROOT) not in (folder / "log.txt").read_text(encoding="utf-8")
    again = started(folder, port)
    try:
        assert waited(again, port, folder) < 60
        assert "Setting Tandem up" not in (folder / "log.txt").read_text(encoding="utf-8")
    finally:
        stopped(again)


@pytest.mark.slow
def test_made_twice_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    made = [bundle.bundle(bundle.here(), [version], tmp_path / name) for name in ("first", "second")]
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in made}
    assert len(digests) == 1
