"""The light path: what the rooms need runs without numpy, pandas, matplotlib, the web's packages and Hydra."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("numpy", "pandas", "matplotlib", "pyarrow", "scipy", "fastapi", "starlette", "uvicorn", "hydra", "omegaconf")
LIGHT = (
    "core",
    "agents",
    "engine",
    "plans",
    "rooms",
    "words/language",
    "words/event_reasons",
    "words/diary",
    "pictures/causal",
)
NOT_YET = {
    "sim.rooms.glass.switched",
    "sim.rooms.whatif.answer_page",
    "sim.rooms.whatif.histories",
    "sim.rooms.whatif.progressive_answers",
    "sim.rooms.whatif.unanswered_questions",
    "sim.words.diary.chosen_history",
}
"""Modules on the light path that still need a heavy package: a list that only shrinks."""

BLOCKED = f"import sys, json\nsys.modules.update(dict.fromkeys({HEAVY!r}))\n"
IMPORTED = """
from importlib import import_module
failed = []
for name in sys.argv[1:]:
    try:
        import_module(name)
    except ImportError:
        failed.append(name)
print(json.dumps(failed))
"""
PLAYED = """
from sim.engine import Simulation, run
from sim.engine.outcomes import OUTCOMES, row
from sim.plans.compose import compose
from sim.rooms.glass.facts import INFLUENCES
from sim.words.diary.diary import diary_of

settings = compose(["scenario=transform_first", "study.horizon_months=60"]).settings
history = run(settings, 0)
found = row(history, settings)
told = diary_of(history, settings, list(Simulation(settings, 0).world.threat))
print(json.dumps([len(found) == len(OUTCOMES), len(told.lines) > 5, len(INFLUENCES) > 100]))
"""


def without_heavy(code: str, *words: str) -> list[object]:
    """What a program prints as JSON where none of the heavy packages is installed."""
    command = [sys.executable, "-c", BLOCKED + code, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.mark.check("House")
def test_modules_of_the_light_path_need_no_heavy_package() -> None:
    files = [file for part in LIGHT for file in sorted((ROOT / "sim" / part).rglob("*.py"))]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]
    assert set(without_heavy(IMPORTED, *(name for name in names if not name.endswith("__main__")))) == NOT_YET


@pytest.mark.check("House")
def test_a_history_is_composed_played_judged_and_told_without_heavy_packages() -> None:
    assert without_heavy(PLAYED) == [True, True, True]
