"""The project keeps the rules of the house, and each rule is shown to fail on a small counterexample."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path, PurePath

import pytest
from house import (
    LAZY,
    LONGEST_FUNCTION,
    MOST_ENTRIES,
    MOST_QUESTIONS,
    RANK,
    RULES,
    TOP_LEVEL,
    House,
    Rule,
    agents_apart,
    circles,
    crowded,
    functions_short,
    house_of,
    imports_at_the_top,
    imports_inside,
    libraries_in_their_place,
    mechanisms_pure,
    names_given_twice,
    no_upward_import,
    nothing_private_taken,
    nothing_unsafe,
    public_things_described,
    questions,
    strangers,
)

ROOT = Path(__file__).resolve().parents[1]


@cache
def real_house() -> House:
    files = [path for folder in ("sim", "hydra_plugins") for path in sorted((ROOT / folder).rglob("*.py"))]
    return house_of({dotted(path): path.read_text(encoding="utf-8") for path in files})


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def held() -> list[Path]:
    """The files the repository holds; where git cannot tell, all files under the names it should hold."""
    command = ["git", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not listing:
        found = [path for name in TOP_LEVEL for path in [ROOT / name, *(ROOT / name).rglob("*")]]
        return [path.relative_to(ROOT) for path in found if path.is_file()]
    return [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]


def words(suffixes: set[str]) -> dict[Path, str]:
    """The held text files with one of these suffixes."""
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in held() if path.suffix in suffixes}


@pytest.mark.check("House")
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps(rule: Rule) -> None:
    house = real_house()
    problems = [problem for module in house.values() for problem in rule(module, house)]
    assert not problems, "\n".join(problems)


@pytest.mark.check("House")
def test_the_layers_name_no_part_that_is_gone() -> None:
    assert set(RANK) == {module.part for module in real_house().values() if module.name.split(".")[0] == "sim"}


@pytest.mark.check("House")
def test_no_modules_import_each_other() -> None:
    assert not circles(real_house())


@pytest.mark.check("House")
def test_a_circle_of_three_modules_is_found() -> None:
    house = house_of({"a": "import b", "b": "def f():\n    import c", "c": "from a import x", "d": "import a"})
    assert circles(house) == [["a", "b", "c"]]


@pytest.mark.check("House")
def test_no_two_files_and_no_two_classes_of_sim_share_a_name() -> None:
    assert names_given_twice(real_house()) == {}


@pytest.mark.check("House")
def test_a_name_given_twice_is_found() -> None:
    house = house_of({"sim.a.one": "class Plan: ...", "sim.b.one": "", "sim.b.two": "def f():\n    class Plan: ..."})
    assert set(names_given_twice(house)) == {"one.py", "Plan"}


@pytest.mark.check("House")
def test_no_folder_of_sim_is_crowded() -> None:
    assert crowded(path for path in held() if path.parts[0] == "sim" and path.suffix == ".py") == {}


@pytest.mark.check("House")
def test_a_crowded_folder_is_found() -> None:
    files = [PurePath("sim", "core", f"part_{number}.py") for number in range(MOST_ENTRIES)]
    assert crowded([*files, PurePath("sim/core/__init__.py")]) == {}
    assert crowded([*files, PurePath("sim/core/inputs/levers.py")]) == {"sim/core": MOST_ENTRIES + 1}


@pytest.mark.check("House")
def test_few_descriptions_begin_with_a_question_word() -> None:
    found = questions(real_house())
    assert len(found) <= MOST_QUESTIONS, "\n".join(found)


@pytest.mark.check("House")
def test_a_description_that_begins_with_a_question_word_is_found() -> None:
    house = house_of({"sim.a": '"""How it is done."""\ndef f():\n    "However long it takes."'})
    assert questions(house) == ["sim.a:1 How it is done."]


@pytest.mark.check("House")
def test_the_formatter_lays_out_every_line() -> None:
    by_hand = re.compile(r"# fmt: *(skip|off)")
    found = {
        path.as_posix() for path, text in words({".py"}).items() if path.parts[0] == "sim" and by_hand.search(text)
    }
    assert found == set()


@pytest.mark.check("House")
def test_every_lazy_place_still_is_one() -> None:
    house = real_house()
    assert not [name for name in LAZY if not any(imports_inside(house[name]))]


@pytest.mark.check("House")
def test_the_repository_holds_nothing_strange() -> None:
    names = {path.parts[0] for path in held()}
    assert names
    assert strangers(names) == set()


@pytest.mark.check("House")
def test_starting_the_command_loads_nothing_heavy() -> None:
    """So that `tandem --help` answers at once."""
    heavy = {"numpy", "pandas", "matplotlib", "pyarrow", "plotly", "scipy", "fastapi", "hydra", "omegaconf"}
    code = "import sys, sim.surfaces.cli, sim.surfaces.api; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert heavy & {name.split(".")[0] for name in loaded.stdout.split()} == set()


@pytest.mark.check("House")
def test_cited_evidence_exists() -> None:
    """Every id in code, configuration and documents stands in docs/evidence.md."""
    cited = re.compile(r"(?<![\w-])(?:[DMKO]-[A-Z]{2,}\d*|[CP]-\d+)(?![\w-])")
    evidence = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([A-Z]-?\w+)", evidence, re.M))
    texts = {path: text for path, text in words({".py", ".yaml", ".md"}).items() if path.parts[0] != "tests"}
    unknown = {str(path): set(cited.findall(text)) - known for path, text in texts.items()}
    assert {path: ids for path, ids in unknown.items() if ids} == {}


@pytest.mark.check("House")
def test_the_repository_stands_alone() -> None:
    elsewhere = re.compile(r"\.\./" + r"shared|/wor" + r"k/")
    texts = words({".py", ".yaml", ".md", ".toml", ".lock", ".html", ".csv", ""})
    assert [str(path) for path, text in texts.items() if elsewhere.search(text)] == []


LONG = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION
OTHER_AGENT = {
    "sim.agents.staff": "class Staff: ...\nclass StaffLevers: ...",
    "sim.agents.politics.votes": "def ask(): ...",
}

BREACHES = [
    (no_upward_import, "sim.core.world", "from sim.agents import hr"),
    (no_upward_import, "sim.core.given", "from sim.plans import Settings"),
    (no_upward_import, "sim.agents.hr", "from sim.engine import run"),
    (no_upward_import, "sim.core.ledger", "def f():\n    import sim.agents.hr"),
    (no_upward_import, "sim.study.design.cells", "from sim import surfaces"),
    (no_upward_import, "sim.engine.batch", "from sim.engine.outcomes import OUTCOMES"),
    (no_upward_import, "sim.analysis.compare", "from sim import run"),
    (no_upward_import, "sim.analysis.compare", "from .study import Study"),
    (no_upward_import, "sim.oddments", "x = 1"),
    (libraries_in_their_place, "sim.engine.batch", "import numpy as np"),
    (libraries_in_their_place, "sim.core.states", "import numpy as np"),
    (libraries_in_their_place, "sim.core.lanes", "import pandas"),
    (libraries_in_their_place, "sim.core.lanes", "import simpy"),
    (libraries_in_their_place, "sim.core.mechanisms", "import simpy"),
    (libraries_in_their_place, "sim.plans.compose", "def f():\n    from pandas import DataFrame"),
    (libraries_in_their_place, "sim.study", "import simpy"),
    (libraries_in_their_place, "sim.engine.outcomes", "from simpy import Environment"),
    (libraries_in_their_place, "sim.surfaces.cli", "def f():\n    import hydra"),
    (libraries_in_their_place, "sim.plans", "from omegaconf import OmegaConf"),
    (libraries_in_their_place, "sim.agents.hr", "import random"),
    (agents_apart, "sim.agents.hr", "from sim.agents.staff import Staff"),
    (agents_apart, "sim.agents.hr", "def f():\n    from sim.agents import staff"),
    (agents_apart, "sim.agents.hr", "from sim.agents import AGENTS"),
    (mechanisms_pure, "sim.core.mechanisms", "def f():\n    yield 1"),
    (mechanisms_pure, "sim.core.mechanisms", "def f(env): ..."),
    (mechanisms_pure, "sim.core.mechanisms", "def f(world):\n    return world.env.now"),
    (mechanisms_pure, "sim.core.mechanisms", "from sim.core.luck import Luck"),
    (mechanisms_pure, "sim.core.mechanisms", "from sim.core.world import World"),
    (nothing_unsafe, "sim.study", "import pickle"),
    (nothing_unsafe, "sim.study", "def f(text):\n    return eval(text)"),
    (nothing_unsafe, "hydra_plugins.tandem", "from hydra.utils import instantiate"),
    (nothing_unsafe, "sim.plans", "import hydra\nhydra.utils.instantiate({})"),
    (nothing_unsafe, "sim.study", "import numpy\nnumpy.load('x', allow_pickle=True)"),
    (functions_short, "sim.study", LONG),
    (public_things_described, "sim.study", "def run(): ..."),
    (imports_at_the_top, "sim.study", "class A:\n    def f(self):\n        from math import pi"),
    (nothing_private_taken, "sim.study", "from sim.plans.scenario import _values"),
    (nothing_private_taken, "sim.study", "def f(env):\n    return env._now"),
    (public_things_described, "sim.study", "class Study:\n    '''A study.'''\n    def load(self): ..."),
]

KEEPERS = [
    (no_upward_import, "sim.engine.batch", "from sim import core\nfrom sim.agents import AGENTS"),
    (no_upward_import, "sim.agents.hr", "from sim.core.lanes import each\nfrom sim.core.pools import Pool"),
    (no_upward_import, "sim.plans", "from sim.plans.strict import Library"),
    (
        libraries_in_their_place,
        "sim.engine.batch",
        "import math\nimport simpy\nimport yaml\nfrom pydantic import BaseModel",
    ),
    (libraries_in_their_place, "sim.core.world", "import simpy"),
    (libraries_in_their_place, "sim.core.lanes", "try:\n    import numpy as np\nexcept ImportError:\n    np = None"),
    (libraries_in_their_place, "sim.study", "import pandas"),
    (libraries_in_their_place, "sim.surfaces.hydra_application", "import hydra"),
    (
        agents_apart,
        "sim.agents.hr",
        "from sim.agents.staff import StaffLevers\nfrom sim.agents.delivery.work import Carrier",
    ),
    (agents_apart, "sim.agents.hr", "from sim.core.world import Agent"),
    (mechanisms_pure, "sim.core.mechanisms", "def load(work, capacity):\n    return work / capacity"),
    (nothing_unsafe, "sim.study", "import json\nre.compile('eval')"),
    (imports_at_the_top, "sim.surfaces.terminal", "def f():\n    import rich"),
    (
        nothing_private_taken,
        "sim.study",
        "class A:\n    def _f(self): ...\n    def g(self, other):\n        other._f()",
    ),
    (nothing_private_taken, "sim.study", "def f(row):\n    return row._replace(x=1), row.__class__"),
    (functions_short, "sim.study", "def f():\n    '''Long\n\n" + "\n" * 50 + "'''\n    return 1"),
    (public_things_described, "sim.study", "def _inner(): ...\nclass Study:\n    '''A study.'''\n    x = 1"),
]


@pytest.mark.check("House")
@pytest.mark.parametrize(("rule", "name", "source"), BREACHES)
def test_a_rule_sees_its_breach(rule: Rule, name: str, source: str) -> None:
    house = house_of({**OTHER_AGENT, name: source})
    assert list(rule(house[name], house))


@pytest.mark.check("House")
@pytest.mark.parametrize(("rule", "name", "source"), KEEPERS)
def test_a_rule_lets_good_code_be(rule: Rule, name: str, source: str) -> None:
    house = house_of({**OTHER_AGENT, "sim.plans.scenario": "", "sim.plans.strict": "", name: source})
    assert list(rule(house[name], house)) == []


@pytest.mark.check("House")
def test_a_stray_file_is_seen() -> None:
    assert strangers({"sim", "notes.txt"}) == {"notes.txt"}
