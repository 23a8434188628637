"""Whole commands with fuzzed words and files: exit code 0 or 2, and where 2 one sentence and nothing written (Q-B1)."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import ONE_LINE, tree
from corpora import TEXTS
from mutations import spoilt
from ways_in import TABLE, Files, documents, keys, text_of
from webbing import ROOT

SHORT = ["study.replications=2", "study.horizon_months=12", "study.workers=1"]
CODE = "import sys; from sim.surfaces.cli import main; sys.exit(main())"
PARTS, A_PART = 4, 50


def override(chance: random.Random) -> str:
    """A key as it is or nearly so, with a good value or a hostile one."""
    names, known = keys()
    key = list(chance.choice([name for name in names if not name.startswith("study")]))
    value = str(known.get("".join(key), chance.choice(["1", "0.5", "on"])))
    for _ in range(chance.choice((0, 0, 1, 3))):
        place = chance.randrange(len(key) + 1)
        key[place : place + chance.randrange(2)] = chance.choice(["", "x", ".", "=", "[", "_", "é", "/", "@"])
    return "".join(key) + chance.choice(["=", "=", "=", ""]) + chance.choice([value, value, chance.choice(TEXTS)])


def with_file(kind: str, words: Callable[[Files], list[str]]) -> Callable[[Files, random.Random], list[str]]:
    """A command about one file, half of the time spoilt."""

    def made(files: Files, chance: random.Random) -> list[str]:
        good = TABLE if kind == "table" else text_of(kind, chance.choice(documents(kind)))
        files.put(kind, good.encode() if chance.random() < 0.3 else spoilt(good.encode(), chance))
        return words(files)

    return made


def typed(files: Files, chance: random.Random) -> list[str]:
    """Overrides alone."""
    return ["run", *SHORT, "--", *(override(chance) for _ in range(chance.choice((1, 1, 2))))]


def asked(files: Files, chance: random.Random) -> list[str]:
    """Commands about things and studies, with hostile words where a name belongs."""
    word = chance.choice(TEXTS)
    forms = (
        "show *", "list *", "diary * *", "compare * --plans *", "report *", "like *", "export * *", "reproduce *", "*",
        "tip * * *", "map * * *", "new-partnership *", "why * * *", "sweep *", "run --config-dir *", "sensitivity *",
        "validate --cases *", "search --over * --objective *", "discover * --when *", "robust * --meets *",
    )  # fmt: skip
    return [word if part == "*" else part for part in chance.choice(forms).split()]


WAYS = (
    typed,
    typed,
    asked,
    asked,
    with_file("partnership", lambda files: ["run", f"partnership={files.file('partnership')}", *SHORT]),
    with_file("scenario", lambda files: ["run", "scenario=own", f"--config-dir={files.own}", *SHORT]),
    with_file("study", lambda files: ["run", "study=own", f"--config-dir={files.own}", *SHORT[:2]]),
    with_file("table", lambda files: ["new-partnership", str(files.file("table")), "--output", "made.yaml", "--force"]),
    with_file("partnership", lambda files: ["like", str(files.file("partnership"))]),
    with_file("scenario", lambda files: ["-m", "scenario=own,parallel", f"--config-dir={files.own}", *SHORT]),
)


@pytest.mark.slow
@pytest.mark.check("Q-B1")
@pytest.mark.parametrize("part", range(PARTS))
def test_two_hundred_whole_commands(part: int, tmp_path: Path, record_property: Any) -> None:
    chance, codes = random.Random(3 + part), Counter[int]()
    files, work = Files(tmp_path / "files"), tmp_path / "work"
    work.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    for number in range(A_PART):
        given = WAYS[number % len(WAYS)](files, chance)
        words = [word.replace("\0", "").encode("utf-8", "replace").decode()[:100_000] for word in given]
        program = ["-m", "sim", *words] if words[:1] == ["-m"] else ["-c", CODE, *words]
        before = tree(work)
        done = subprocess.run(
            [sys.executable, *program], cwd=work, env=environment, capture_output=True, text=True, timeout=600,
            errors="replace", stdin=subprocess.DEVNULL,
        )  # fmt: skip
        codes[done.returncode] += 1
        assert done.returncode in (0, 2), (words, done.returncode, done.stderr[-2000:])
        assert "Traceback" not in done.stderr + done.stdout, (words, done.stderr)
        if done.returncode == 2:
            assert not ONE_LINE.search(done.stderr.removesuffix("\n")) and done.stderr.strip(), (words, done.stderr)
            assert tree(work) == before, (words, "something was written")
    record_property(
        "reached", f"0 of {A_PART} whole commands ended in a traceback: {codes[0]} did it, {codes[2]} refused"
    )
    record_property("n", A_PART)
    assert min(codes[0], codes[2]) > 4, codes
