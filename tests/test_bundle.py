"""The bundle for a machine without internet: what is in it, that it is the same each time, and that it starts."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
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
from webbing import free_port

pytestmark = pytest.mark.check("Bundle")

ROOT = Path(__file__).resolve().parents[1]
OPENER = build_opener(ProxyHandler({}))
ODD = "Zoë's Ordner – (with) spaces & more"
"""A folder as people have them: every character is allowed on Windows too."""
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


STUB = "import json, os, sys; print(json.dumps([os.getcwd(), sys.argv[1:]]))"


@pytest.mark.parametrize("name", ["start.sh", "start.command"])
def test_a_start_script_works_from_any_folder_and_hands_everything_on(name: str, tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    text = bundle.texts("9.9", "macos", ["3.11"], [])[name]
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o755)
    (folder / "begin.py").write_text(STUB, encoding="utf-8")
    (folder / "pythons.txt").write_text("3.11\n3.12\n", encoding="utf-8")
    given = ["--port", "88 00", "--config-dir", "mine & yours"]
    for command in ([str(folder / name)], ["sh", str(folder / name)], ["sh", f"./{ODD}/{name}"]):
        done = subprocess.run([*command, *given], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == [str(folder), given]


def test_a_start_script_says_which_python_is_missing(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "sort", "tr"):
        (tools / name).symlink_to(str(shutil.which(name)))
    shutil.copy(ROOT / ".ci/bundle/start.sh", tmp_path)
    (tmp_path / "pythons.txt").write_text("3.12\n3.11\n", encoding="utf-8")
    done = subprocess.run(
        [str(shutil.which("sh")), str(tmp_path / "start.sh")],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "needs Python 3.12 3.11" in done.stderr and "not found" not in done.stderr


def test_windows_scripts_hold_what_a_locked_down_laptop_needs() -> None:
    """They cannot be run here: their text is held to what was learnt of cmd and PowerShell."""
    batch = (ROOT / ".ci/bundle/start.bat").read_text(encoding="utf-8")
    shell = (ROOT / ".ci/bundle/start.ps1").read_text(encoding="utf-8")
    assert 'pushd "%~dp0"' in batch, "quoted, for spaces; pushd, for a folder on the network"
    assert "py -%%V begin.py %*" in batch and "python begin.py %*" in batch, "the launcher first, then the path"
    assert batch.rstrip().endswith("pause"), "a window that closes at once tells nothing"
    labels = set(re.findall(r"^:(\w+)", batch, re.M))
    assert set(re.findall(r"goto :(\w+)", batch)) == labels
    assert "-LiteralPath $PSScriptRoot" in shell and "@args" in shell, "brackets in a path stay brackets"
    for text in (batch, shell):
        assert text.isascii(), "cmd reads a script in the machine's own code page"
        assert "pythons.txt" in text
        assert not re.search(r"runas|-Verb|Set-ExecutionPolicy|setx|reg add|http|pip", text, re.I)
    install = (ROOT / ".ci/bundle/begin.py").read_text(encoding="utf-8")
    assert '"--no-index"' in install and '"--require-hashes"' in install and "Scripts/python.exe" in install


def test_what_a_bundle_lacks_is_named(tmp_path: Path) -> None:
    """Wheels for another Python or system, a file that was changed, one that is not listed."""
    asked = bundle.environment(bundle.TARGETS["windows"], "3.12")
    pins = bundle.needed(bundle.PROJECT["dependencies"], LOCK, asked)
    made = []
    for pin in pins:
        tag = "cp312-cp312-win_amd64" if pin.name == "numpy" else "py3-none-any"
        made.append(tmp_path / f"{pin.name.replace('-', '_')}-{pin.version}-{tag}.whl")
        made[-1].write_bytes(pin.name.encode())
    texts = bundle.texts("9.9", "windows", ["3.12"], made)
    whole = bundle.write(tmp_path / "whole.zip", "top", texts, made)
    assert bundle.complaints(whole, "windows", ["3.12"]) == []
    numpy = next(path for path in made if path.name.startswith("numpy"))
    wrong = f"no wheel of numpy {LOCK['numpy'].version}"
    assert bundle.complaints(whole, "windows", ["3.12", "3.11"]) == [f"Python 3.11: {wrong}"]
    assert f"Python 3.12: {wrong}" in bundle.complaints(whole, "macos", ["3.12"])
    fewer = bundle.write(tmp_path / "fewer.zip", "top", texts, [path for path in made if path != numpy])
    assert bundle.complaints(fewer, "windows", ["3.12"]) == [f"Python 3.12: {wrong}"]
    numpy.write_bytes(b"changed")
    changed = bundle.write(tmp_path / "changed.zip", "top", texts, made)
    assert bundle.complaints(changed, "windows", ["3.12"]) == [f"{numpy.name} is not listed"]


@pytest.mark.parametrize(
    ("system", "tag", "taken"),
    [
        ("macos", "cp311-cp311-macosx_11_0_arm64", True),
        ("macos", "cp311-cp311-macosx_15_0_arm64", False),
        ("macos", "cp311-cp311-macosx_11_0_x86_64", False),
        ("macos-intel", "cp311-cp311-macosx_10_9_x86_64", True),
        ("windows", "cp311-abi3-win_amd64", True),
        ("windows", "cp39-abi3-win_amd64", True),
        ("windows", "cp311-cp311-win32", False),
        ("windows", "cp312-cp312-win_amd64", False),
        ("linux", "cp311-cp311-manylinux_2_17_x86_64", True),
        ("linux", "cp311-cp311-musllinux_1_2_x86_64", False),
    ],
)
def test_which_wheels_a_system_takes(system: str, tag: str, taken: bool) -> None:
    tags = bundle.parse_wheel_filename(f"a-1-{tag}.whl")[3]
    assert bool(tags & bundle.supported(system, "3.11")) is taken


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
from sim.study.design.cells import plan_run
from sim.study.running.study_run import run_study

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
    said = re.search(r"^ +Linux +(.+)$", (folder / "README.txt").read_text(encoding="utf-8"), re.M)
    assert said is not None, "the bundle's own README says how it is started"
    command = [*said[1].split(), "--no-browser", "--port", str(port)]
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
def test_it_starts_without_any_network_and_shows_every_room(tmp_path: Path, record_property: Any) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    made = bundle.bundle(bundle.here(), [version], tmp_path / "dist")
    place = tmp_path / ODD
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
        seconds = waited(again, port, folder)
        record_property(
            "reached",
            f"on {bundle.here()}, with every index switched off, it installs and serves all rooms; "
            f"a second start takes {seconds:.0f} s",
        )
        assert seconds < 60
        assert "Setting Tandem up" not in (folder / "log.txt").read_text(encoding="utf-8")
    finally:
        stopped(again)


@pytest.mark.slow
def test_made_twice_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    made = [bundle.bundle(bundle.here(), [version], tmp_path / name) for name in ("first", "second")]
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in made}
    assert len(digests) == 1


@pytest.mark.slow
@pytest.mark.parametrize("system", ["windows", "macos", "macos-intel", "linux-arm"])
def test_a_bundle_for_another_system_is_whole(system: str, tmp_path: Path, record_property: Any) -> None:
    """Every wheel of the lock is there for that system and Python; it is looked into here, and started nowhere."""
    version = ".".join(map(str, sys.version_info[:2]))
    made = bundle.bundle(system, [version], tmp_path)
    wrong = bundle.complaints(made, system, [version])
    with ZipFile(made) as held:
        count = sum(name.endswith(".whl") for name in held.namelist())
    record_property(
        "reached",
        f"for {system}: {count} wheels, {len(wrong)} missing; built and looked into on Linux, not started there",
    )
    record_property("n", count)
    assert wrong == [] and count > 40
