"""Mutation testing: the score, and that the machinery can tell a mutant that is noticed from one that is not."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mutation.mutants import UNIT, Mutant, Score, kinds, summary
from mutation.trials import ROOT

pytestmark = pytest.mark.check("Mutation")
ASKED = 0.80


@pytest.mark.slow
def test_four_in_five_mutants_are_noticed(record_property: Callable[[str, object], None]) -> None:
    command = [sys.executable, "-m", "mutation.mutants", "--json"]
    done = subprocess.run(command, cwd=ROOT / "tests", stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    found = Score([Mutant(**mutant) for mutant in told["tried"]], told["made"])
    survivors = "; ".join(map(str, found.survivors)) or "none"
    record_property("reached", f"{summary(found)}; survivors, those among them that change nothing too: {survivors}")
    record_property("n", len(found.tried))
    assert found.killed >= ASKED * len(found.tried)


def test_every_file_asked_for_is_mutated_and_has_tests() -> None:
    wanted = {"ledger", "mechanisms", "luck", "pools"}
    assert {Path(file).stem for file in UNIT if "outcomes" not in file} == wanted
    assert {file for file in UNIT if "outcomes" in file} == {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sim" / "engine" / "outcomes").glob("*.py")
        if any(isinstance(node, ast.FunctionDef) for node in ast.parse(path.read_text("utf-8")).body)
    }
    assert all((ROOT / "tests" / name).is_file() for names in UNIT.values() for name in names)


def test_operators_that_only_break_types_are_not_made() -> None:
    assert kinds(["core/ReplaceBinaryOperator_Add_RShift", "core/ReplaceBinaryOperator_BitOr_Add"]) == []
    made = ["core/ReplaceBinaryOperator_Add_Sub", "core/NumberReplacer", "core/ReplaceComparisonOperator_Lt_LtE"]
    assert kinds(made) == made


def test_a_score_tells_who_noticed() -> None:
    reds = ["tests/test_pool.py::test_a", "tests/test_golden.py::test_b", "", "did not end (SIGXCPU)"]
    found = Score([Mutant("sim/core/pools.py", i, "take", "core/AddNot", i, red) for i, red in enumerate(reds)], 40)
    assert (found.killed, found.killed_by_unit_tests) == (3, 2)
    assert [str(mutant) for mutant in found.survivors] == ["sim/core/pools.py:2 take, AddNot 2"]
    assert summary(found) == (
        "75.0% of 4 mutants noticed (30.1 to 95.4), a random sample of 40; "
        "by unit tests alone 50.0% of 4 (15.0 to 85.0)"
    )
