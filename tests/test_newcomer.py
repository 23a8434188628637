"""The README's commands work exactly as printed, for somebody new; and none of them is forgotten by the check."""

import re
from pathlib import Path
from typing import Any

import newcomer
import pytest

pytestmark = pytest.mark.check("Newcomer")

README = (newcomer.ROOT / "README.md").read_text(encoding="utf-8")
PLACEHOLDER = re.compile(r"\b(?!LATEST)[A-Z]{3,}\b|…|key=|\bmy\.csv\b|\b[AB]\b")
"""What shows that a command is not to be typed as it stands."""


def test_commands_are_read_from_words_and_blocks() -> None:
    text = "Type `make run` or `tandem show NAME` in `x/`.\n\n```sh\na\nb\n```\n\n| `tandem x` · `tandem y Z` | b |\n"
    assert newcomer.commands(text) == ["make run", "tandem show NAME", "a\nb", "tandem x", "tandem y Z"]
    assert newcomer.files_of("in `mine/scenario/p.yaml`:\n\n```yaml\na: 1\n```\n") == {"mine/scenario/p.yaml": "a: 1\n"}


def test_every_command_of_the_readme_is_carried_out_or_left_with_a_reason() -> None:
    """A placeholder has something to fill it; nothing is filled, served or left that the README does not print."""
    printed = newcomer.plan_of(README)
    assert len(printed) > 30
    lines = [line.partition("#")[0].strip() for text in printed for line in text.split("\n")]
    known = {*newcomer.FILLED, *newcomer.MADE_BY_MAKE}
    unfilled = [text for text in lines if PLACEHOLDER.search(text) and text not in known]
    assert unfilled == []
    named = {*newcomer.FILLED, *newcomer.SERVED, *newcomer.LONG, *newcomer.LEFT, *newcomer.MADE_BY_MAKE}
    assert named - set(lines) == set()
    assert [text for text in lines if text.startswith("make") and text not in named] == []
    assert all(newcomer.LEFT.values())


def test_what_fails_is_told_with_its_words(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    sitting = newcomer.Sitting(folder, newcomer.clean(tmp_path))
    sitting.does("export CALLED=Zoë; cd ..")
    assert sitting.does('echo "$CALLED"') == "Zoë\n"
    with pytest.raises(AssertionError, match="no_such_command"):
        sitting.does("no_such_command --at all")
    with pytest.raises(AssertionError, match="false"):
        sitting.does("false\necho went on")
    assert sitting.done == ["export CALLED=Zoë; cd ..", 'echo "$CALLED"']


def test_a_newcomer_has_nothing_of_ours(tmp_path: Path) -> None:
    found = newcomer.clean(tmp_path)
    assert found["HOME"] == str(tmp_path) and "PYTHONPATH" not in found and "VIRTUAL_ENV" not in found
    assert str(newcomer.ROOT) not in str(found)


@pytest.mark.slow
def test_the_readme_works_as_printed(tmp_path: Path, record_property: Any) -> None:
    done = newcomer.main(tmp_path)
    count = sum(map(len, done.values()))
    left = "; ".join(f"{command} ({reason})" for command, reason in newcomer.LEFT.items() if command != "make")
    record_property(
        "reached",
        f"{count} commands in three new clones and environments, all as printed but for their placeholders; the "
        f"longest begun and stopped with Ctrl-C; left out: {left}",
    )
    record_property("n", count)
    printed = set(newcomer.plan_of((tmp_path / "by hand" / "README.md").read_text(encoding="utf-8")))
    assert count >= len(printed) - len(newcomer.LEFT)
