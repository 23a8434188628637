"""One of each kind is added to a copy of the repository; the copy works, and CONTRIBUTING.md counts the files right."""

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from additions import ADDITIONS, make
from house_picture import PICTURE, picture

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = {kind: (int(count), files) for kind, count, files in re.findall(r"^\| (.+?) \| (\d+) \| (.+) \|$", PAGE, re.M)}
"""The page's table: for each kind of addition its number of files, and the files."""
DECLARED = (
    "tests/test_declared_lists.py",
    "tests/test_glass.py",
    "tests/test_events.py",
    "tests/test_house.py::test_the_source_keeps",
)
WRITTEN_BY_MAKE_DOCS = "tests/test_glass.py::test_the_picture_and_the_equations_of_the_model_page_are_current"
SEEN = """
import json, sys
from pathlib import Path
from fastapi.testclient import TestClient
import sim
from sim.agents import AGENTS
from sim.engine import Simulation, run
from sim.engine.outcomes import row
from sim.pictures import figures
from sim.plans.compose import compose
from sim.plans.declared_lists import lever_entries
from sim.plans.strict import Library
from sim.rooms.glass.facts import BY_KEY, agents, names_behind
from sim.rooms.whatif.form import form
from sim.rooms.workshop.game.packs import pack_named
from sim.surfaces import api
from sim.surfaces.cli import main
from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context
from sim.surfaces.web.workers import Workers
from sim.words.diary.diary import diary_of

chosen = ["study.horizon_months=36", "levers.development.coaching_days=20", "levers.residents.visits=0.5"]
settings = compose(chosen).settings
history = run(settings, 0)
threats = list(Simulation(settings, 0).world.threat)
told = json.dumps(diary_of(history, settings, threats).as_json())
study = api.run([*chosen, "study.replications=6"], root=Path("outputs"))
app = create_app(Context(Workers(1), Path.cwd(), 8765))
with TestClient(app, base_url="http://127.0.0.1:8765") as client:
    room, api_page = client.get("/whatif").text, json.dumps(app.openapi())
    script = client.get("/static/whatif.js").text
groups = {group.name: group.title for group in form("bromsgrove_redditch", "structure_first", Library([])).groups}
seen = {
    "an agent": [
        str(Path(sim.__file__).resolve().parents[1]) == str(Path.cwd()),
        "Residents" in {agent.__name__ for agent in AGENTS},
        min(history.column("residents' patience")) < 0.75,
        any(agent.file == "sim/agents/residents.py" for agent in agents()),
    ],
    "its own group of levers": [groups["residents"] == "Residents", "residents--patience" in BY_KEY],
    "a lever": [
        "levers.development.coaching_days" in {entry["name"] for entry in lever_entries()},
        main(["show", "levers.development.coaching_days"]) == 0,
        history.money != run(compose(chosen[:1]).settings, 0).money,
    ],
    "a mechanism": [
        "quality.by_unlike_ways" in names_behind("quality"),
        run(compose([*chosen, "evidence.quality.by_unlike_ways.value=0"]).settings, 0).column("service quality")
        > history.column("service quality"),
    ],
    "a kind of event": ["the coaching of managers begins" in told],
    "an outcome": [row(history, settings)["coached"] == 1.0, main(["show", "coached"]) == 0],
    "a figure": ["tiredness" in figures.FIGURES, (study.folder / "figures/tiredness.svg").is_file()],
    "a command": [main(["--help"]) == 0, main(["fingerprint"]) == 0],
    "a section of the page": ['id="thanks"' in room, "picture.thanks" in script, '"thanks"' in api_page],
    "a workshop card": ["coaching" in pack_named("by_election").cards],
}
print("\\n" + json.dumps(seen))
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, set[str]]]:
    """A copy of the repository with one of each kind added, and the files that each addition touched."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("sim", "hydra_plugins", "configs", "scenarios", "docs", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "CONTRIBUTING.md", "README.md", "requirements.lock"):
        shutil.copy(ROOT / name, copy / name)
    return copy, {kind: make(copy, edits) for kind, edits in ADDITIONS.items()}


@pytest.fixture(scope="module")
def seen(changed: tuple[Path, dict[str, set[str]]]) -> dict[str, list[bool]]:
    """Where each addition shows in the copy, as one program finds it."""
    done = python(changed[0], "-c", SEEN)
    found: dict[str, list[bool]] = json.loads(done.stdout.splitlines()[-1])
    return found


def python(copy: Path, *words: str) -> Any:
    """A Python program run in the copy, which is not measured for coverage."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "PYTHONPATH"))}
    done = subprocess.run([sys.executable, *words], cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done


@pytest.mark.check("House")
@pytest.mark.parametrize("kind", ADDITIONS)
def test_the_page_names_and_counts_the_files_of_an_addition(
    kind: str, changed: tuple[Path, dict[str, set[str]]]
) -> None:
    count, files = ROWS[kind]
    touched, named = changed[1][kind], re.findall(r"`([\w./*]+)`", files)
    assert len(touched) == count
    assert not [path for path in touched if not any(fnmatchcase(path, pattern) for pattern in named)]
    assert not [pattern for pattern in named if not any(fnmatchcase(path, pattern) for path in touched)]


@pytest.mark.check("House")
@pytest.mark.parametrize("kind", ADDITIONS)
def test_an_addition_shows_where_it_should(kind: str, seen: dict[str, list[bool]]) -> None:
    assert seen[kind]
    assert all(seen[kind]), seen[kind]


@pytest.mark.check("House")
def test_the_lists_of_the_copy_are_whole(changed: tuple[Path, dict[str, set[str]]]) -> None:
    python(changed[0], "-m", "pytest", "-q", "-x", *DECLARED, f"--deselect={WRITTEN_BY_MAKE_DOCS}")


@pytest.mark.check("House")
def test_the_page_has_a_row_for_every_kind() -> None:
    assert list(ROWS) == list(ADDITIONS)


@pytest.mark.check("House")
def test_the_picture_of_the_house_is_current() -> None:
    """If this fails, run `make docs`."""
    assert PICTURE.read_text(encoding="utf-8") == picture()
