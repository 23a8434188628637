"""Every kind of event is declared once; what is recorded, read, told and counted rests on that declaration alone."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from math import nan
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from synthetic import settings

from sim.agents.shocks import DATED
from sim.core import events
from sim.core.events import (
    CAUSES,
    KINDS,
    STAGES,
    Entity,
    Heard,
    Kind,
    Lasted,
    Shown,
    Step,
    Told,
    Turning,
    Vote,
    Weight,
    Worked,
    kind_of,
    named,
)
from sim.core.history import Event, HeadcountAccount
from sim.engine import Simulation
from sim.words.diary.event_sentences import PARTS, Fact, told
from sim.words.diary.programme import notes
from sim.words.event_reasons.causes import RULES
from sim.words.names import Names

ROOT = Path(__file__).parents[1]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "sim").rglob("*.py"))}
VERBS = {"go", "are", "begin", "have"}
"""Parts that agree with how many a sentence is about."""
IN_NOTES = {"entity", "amount", "post", "lever"}
SEVERAL = 3
"""Kinds in one list or table from which on it is a second declaration."""


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
                yield path, node


def literals(node: ast.expr) -> Iterator[str]:
    """Texts that an expression may be: each arm of a condition, each value of a display; "*" for a part put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    elif isinstance(node, ast.Tuple | ast.Set | ast.List):
        for each in node.elts:
            yield from literals(each)


def unknown(text: str) -> bool:
    return not any(re.fullmatch(re.escape(text).replace(r"\*", ".+"), kind) for kind in KINDS)


def parts(form: str) -> set[str]:
    return {part for _, part, _, _ in Formatter().parse(form) if part is not None}


def clauses(kind: Kind) -> list[str]:
    return [form for form in (kind.told, kind.many, *kind.told_of.values()) if form]


# -- recorded and read --


def test_every_kind_that_is_recorded_is_declared() -> None:
    recorded = {
        (path.name, text)
        for path, call in calls("record")
        for argument in call.args[1:2]
        for text in literals(argument)
        if "sim/agents" in path.as_posix() or "sim/core" in path.as_posix() or "sim/engine" in path.as_posix()
    }
    assert len(recorded) > 35
    assert {(file, text) for file, text in recorded if unknown(text)} == set()


@pytest.mark.parametrize("recording", [True, False], ids=["recorded", "not recorded"])
def test_an_undeclared_kind_is_refused(recording: bool) -> None:
    world = Simulation(settings(), 0, record=recording).world
    with pytest.raises(ValueError, match=r"'town hall floods' is no declared kind of event; declare it in configs"):
        world.record("Redditch", "town hall floods")
    world.record("Redditch", "vote lost", "joint_team: ict", 1.0)
    assert bool(world.history.of_kind("vote lost")) is recording


def test_every_kind_that_is_asked_for_is_declared() -> None:
    """A kind misspelt where it is read would just never be found."""
    asked = {
        (path.name, text)
        for name in ("of_kind", "times")
        for path, call in calls(name)
        for argument in call.args
        for text in literals(argument)
    }
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and ast.unparse(node.left) in ("event.kind", "e.kind", "last.kind"):
                asked |= {(path.name, text) for other in node.comparators for text in literals(other)}
    assert len(asked) > 20
    assert {(file, text) for file, text in asked if unknown(text)} == set()


def test_no_other_list_or_table_of_kinds_is_kept() -> None:
    """Outcomes alone say again which kinds they read; words such as "dissolved" name an outcome as well."""
    sure = {name for name in KINDS if " " in name}
    second = []
    for path, tree in TREES.items():
        if path.name == "events.py" or path.parent.name == "outcomes":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                held = {text for key in node.keys if key is not None for text in literals(key)}
            elif isinstance(node, ast.Tuple | ast.Set | ast.List):
                held = set(literals(node))
            else:
                continue
            if len(held & sure) >= SEVERAL:
                second.append(f"{path.name}:{node.lineno}")
    assert second == []


# -- words --


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_kind_has_words(kind: Kind) -> None:
    assert re.fullmatch(r"[A-Z].+\.", kind.meaning)
    for form in clauses(kind):
        assert form and form[-1] not in ".:;" and parts(form) <= PARTS.keys() | VERBS, form
    assert parts(kind.note) <= IN_NOTES
    assert parts(kind.ending) <= {"when"}
    entity = {"council": "Redditch", "package": "joint_team: ict", "partnership": "partnership", "lever": "hr.od_posts"}
    names = Names.of(settings())
    for cause in ("", *kind.told_of):
        for values in ((), (1.0,)):
            said = told(Fact(kind.name, cause, (entity[kind.of],), values), names)
            assert len(said) > 10 and not re.search(r"[{}_]|None|  ", said), said
    for value in (1.0, None, nan) if kind.note else ():
        assert not re.search(r"[{}_]|nan|None", notes([Event(3.0, entity[kind.of], kind.name, "", value)])[0].text)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_kind_says_why_in_a_way_that_is_known(kind: Kind) -> None:
    if isinstance(kind.why, Worked):
        assert kind.why.rule in RULES
    if isinstance(kind.why, Lasted):
        assert kind.why.since in KINDS and "{0}" in kind.why.form
    if isinstance(kind.why, Shown):
        assert kind.why.by_cause.keys() <= CAUSES.keys()


def test_every_rule_and_every_part_of_a_sentence_is_used() -> None:
    assert {kind.why.rule for kind in KINDS.values() if isinstance(kind.why, Worked)} == RULES.keys()
    forms = [form for kind in (*KINDS.values(), kind_of("anything")) for form in clauses(kind)]
    assert set().union(*map(parts, forms)) == PARTS.keys() | VERBS


def test_a_kind_of_another_version_is_still_told() -> None:
    said = told(Fact("town hall {floods}", "", ("Redditch",)), Names.of(settings()))
    assert said == "Redditch: town hall {floods}"
    assert notes([Event(3.0, "Redditch", "town hall {floods}")]) == []


# -- a declaration that holds together --


def test_what_a_kind_declares_holds_together() -> None:
    accounts = {field.name for field in fields(HeadcountAccount)}
    choices = {"of": Entity, "heard": Heard, "turning": Turning, "weighs": Weight, "step": Step, "vote": Vote}
    for name, kind in KINDS.items():
        assert name == kind.name
        assert [field for field, allowed in choices.items() if getattr(kind, field) not in get_args(allowed)] == []
        assert {*kind.each} <= {*get_args(Told)} and kind.officer in ("", "HR", "OD"), name
        assert not kind.opens or kind.turning == "first", name
        assert kind.note or not (kind.lesser or kind.parts), name
        assert kind.step in ("begins", "ends") or not kind.officer, name
        assert not kind.account or kind.account in accounts, name
        assert not kind.ending or (kind.weighs == "end" and kind.turning == "always"), name
    assert len(KINDS) == len({kind.meaning for kind in KINDS.values()}) == len(events.named(lambda kind: True))
    assert DATED in CAUSES


def test_each_wait_that_begins_has_an_end() -> None:
    def steps(step: str) -> list[str]:
        return sorted(kind.officer for kind in KINDS.values() if kind.step == step)

    assert steps("begins") == steps("ends") == ["", "HR", "OD"]
    assert [len(steps(step)) for step in ("released", "finished", "dropped")] == [1, 1, 1]


def test_whatever_ends_a_history_is_said_by_the_debrief() -> None:
    told_of = {
        text
        for _, call in calls("tell")
        for word in call.args[:1]
        if list(literals(word)) == ["ending"]
        for text in literals(call.args[1])
    }
    assert {*told_of, "talks failed"} == set(named(lambda kind: kind.ending))


def test_every_stage_that_is_carried_out_is_declared() -> None:
    carried = {
        text
        for name in ("stage", "with_hr")
        for _, call in calls(name)
        for argument in call.args[1:3]
        for text in literals(argument)
    }
    recorded = {
        text
        for path, call in calls("record")
        if list(literals(call.args[1])) == ["stage started"]
        for text in literals(call.args[2])
    }
    assert len(carried) > 5 and len(recorded) > 1
    assert carried | recorded <= STAGES.keys(), (carried | recorded) - STAGES.keys()
