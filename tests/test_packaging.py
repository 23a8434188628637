"""What a new user gets: the lock file, the declared dependencies, the shipped partnerships, the wheel."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from sim.core.inputs.partnership import Partnership
from sim.plans.strict import read_document

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIN = re.compile(r"([a-z0-9-]+)==[\w.+!]+(?: ; [^\\]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)")
DISTRIBUTIONS = {"yaml": "pyyaml", "hydra": "hydra-core", "markdown_it": "markdown-it-py", "sklearn": "scikit-learn"}
"""Names that a package is imported under, where the distribution is called otherwise."""


def lock_problems(text: str) -> list[str]:
    """Lines of a lock file that are not `name==version` with its hashes."""
    entries = re.split(r"\n(?=\S)", text.strip())
    return [entry for entry in entries if not entry.startswith("#") and not PIN.fullmatch(entry)]


def locked(text: str) -> set[str]:
    return {found[1] for found in PIN.finditer(text)}


def declared(requirements: list[str]) -> set[str]:
    names = (re.match(r"[\w.-]+", requirement) for requirement in requirements)
    return {name[0].lower().replace("_", "-") for name in names if name}


def imported(folder: Path) -> set[str]:
    """Third-party distributions that the Python files under a folder import anywhere."""
    tests = {path.stem for path in (ROOT / "tests").rglob("*")}
    own = {"sim", "hydra_plugins", *tests}
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    packages = found - set(sys.stdlib_module_names) - own
    return {DISTRIBUTIONS.get(name, name.lower().replace("_", "-")) for name in packages}


def test_lock_holds_versions_and_hashes_only() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert lock_problems(text) == []
    assert "://" not in text
    assert len(locked(text)) > 20


@pytest.mark.parametrize(
    "line",
    [
        "numpy==2.4.6",
        "numpy>=2.4 \\\n    --hash=sha256:" + "0" * 64,
        "--extra-index-url folder",
        "numpy @ file:///wheels/numpy.whl \\\n    --hash=sha256:" + "0" * 64,
        "--find-links wheels",
    ],
)
def test_a_bad_lock_line_is_seen(line: str) -> None:
    good = "pandas==3.1.1 ; sys_platform == 'linux' \\\n    --hash=sha256:" + "a" * 64
    assert lock_problems(f"# made by hand\n{good}\n{line}\n") == [line]


def test_lock_covers_what_is_declared() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    extras = PROJECT["optional-dependencies"]
    own = next(name for name in extras["dev"] if name.startswith(f"{PROJECT['name']}["))
    asked = [extras[name] for name in own.partition("[")[2].rstrip("]").split(",")]
    wanted = set().union(*map(declared, [PROJECT["dependencies"], extras["dev"], *asked])) - {PROJECT["name"]}
    assert {"salib", "pytest"} < wanted
    assert wanted - locked(text) == set()


def test_imports_are_declared() -> None:
    core = declared(PROJECT["dependencies"])
    extras = {name for extra in PROJECT["optional-dependencies"].values() for name in declared(extra)}
    lazily = {name for extra in ("analysis", "pdf") for name in declared(PROJECT["optional-dependencies"][extra])}
    needed = imported(ROOT / "sim") | imported(ROOT / "hydra_plugins")
    assert needed - core - lazily - {"pydantic-core"} == set()
    assert imported(ROOT / "tests") - core - extras == set()


def test_partnerships_agree_with_the_evidence() -> None:
    """Counts, money, control and setting of every shipped council are those of S1 table 2, or logged."""
    table = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]+ Council) \| (\d+|–) \| ([\d.]+) \| \d+ \| [^|]+ \| ([^|]+) \| (\w+) \|$",
        table,
        re.M,
    )
    expected = {full: (staff, float(money), control, place) for full, staff, money, control, place in rows}
    files = sorted((ROOT / "configs/partnership").glob("*.yaml"))
    assert len(files) == 10
    seen = set()
    for partnership in (Partnership(**read_document(path)) for path in files):
        for council in partnership.councils:
            staff, money, control, place = expected[council.full_name]
            logged = partnership.provenance.get(f"headcount of {council.name}", "").startswith("assumption: ")
            assert logged or council.headcount == int(staff)
            assert council.service_expenditure_gbp_m == money
            assert council.control == control.lower().replace(" ", "_")
            assert council.setting == place
            seen.add(council.full_name)
    assert seen == set(expected)


def test_partnerships_say_where_each_fact_is_from() -> None:
    for path in (ROOT / "configs/partnership").glob("*.yaml"):
        document = read_document(path)
        facts = set(document) | set(document["councils"][0]) | set(document["pairs"][0])
        assert facts - {"councils", "pairs", "provenance", "between"} <= set(document["provenance"]), path.name
        for source in document["provenance"].values():
            assert re.search(r"^S\d+|^assumption: \w+", source), (path.name, source)


def call(folder: Path, *command: Path | str) -> str:
    """Standard output of a command run in a folder without the checkout on the path."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def built_wheel(folder: Path) -> Path:
    wheel = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--wheel-dir", str(folder)]
    call(folder, *wheel, "--no-build-isolation", "--quiet")
    return next(folder.glob("tandem_sim-*.whl"))


@pytest.mark.slow
def test_wheel_holds_the_program_and_its_data(tmp_path: Path) -> None:
    with ZipFile(built_wheel(tmp_path)) as wheel:
        names = set(wheel.namelist())
    held = [path for folder in ("sim", "hydra_plugins") for path in (ROOT / folder).rglob("*.py")]
    shipped = [path for folder in ("configs", "scenarios") for path in (ROOT / folder).rglob("*.yaml")]
    assert {path.relative_to(ROOT).as_posix() for path in held} <= names
    assert {f"sim/_data/{path.relative_to(ROOT).as_posix()}" for path in shipped} <= names
    assert "hydra_plugins/__init__.py" not in names, "Hydra finds plugins only in a namespace package"
    assert not [name for name in names if name.startswith("tests") or "__pycache__" in name]


@pytest.mark.slow
def test_wheel_runs_from_an_empty_folder(tmp_path: Path) -> None:
    """The locked versions and the wheel in a new environment; both front doors, one study folder each."""
    environment, folder = tmp_path / "environment", tmp_path / "empty"
    folder.mkdir()
    wheel = built_wheel(tmp_path)
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    install: list[Path | str] = [scripts / "python", "-m", "pip", "install", "--quiet"]
    call(folder, *install, "--require-hashes", "-r", ROOT / "requirements.lock")
    call(folder, *install, "--no-deps", wheel)

    call(folder, scripts / "tandem", "run", "study.replications=20", "study.seed=2")
    call(
        folder,
        scripts / "python",
        "-m",
        "sim",
        "-m",
        "scenario=structure_first,parallel",
        "study.replications=5",
    )
    assert "bromsgrove_redditch" in call(folder, scripts / "tandem", "list", "partnerships", "--json")
    studies = sorted((folder / "outputs").iterdir())
    complete = [study for study in studies if (study / "manifest.json").is_file()]
    assert len(complete) == 2
    assert all((study / "runs.parquet").is_file() for study in complete)
    assert {path.name for path in folder.iterdir()} == {"outputs"}
