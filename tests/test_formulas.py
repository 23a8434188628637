"""A formula function is read as an equation; and what sheets say it is given is what histories give it."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from types import FrameType
from typing import Any

import pytest

import sim.engine.plan
from sim.engine import Column, play
from sim.engine.outcomes import row
from sim.engine.settings import DatedShock
from sim.pictures.causal import formulas
from sim.pictures.causal.formulas import FORMULAS, parameters, text_of
from sim.plans.compose import compose
from sim.plans.declared_lists import evidence_entries
from sim.rooms.glass import SHEETS

QUANTITIES = {entry["name"].removeprefix("evidence.") for entry in evidence_entries()}


# -- reading a function --


def steps(load: float, line: float) -> float:
    """Assignments and a choice that only bounds."""
    over = load - line
    return 2.0 * (over if over > 0.0 else 0.0)


def within(value: float, top: float) -> float:
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


def ratio(queue: float, officers: float, pulled: float) -> float:
    return pulled * (queue / officers if queue < officers else 1.0)


def guarded(posts: float, needed: float) -> float:
    return posts / needed if needed > 0.0 and posts < needed else 1.0


def masked(able: float, led: float, vacant: float) -> float:
    return able * led if vacant else able


def above(each: float, leavers: float, usual: float) -> float:
    return each * (leavers - usual) if leavers > usual else 0.0


def sums(a: float, b: float, c: float) -> float:
    return a - (b + c)


def twice(a: float, b: float, c: float) -> float:
    return a / (b / c)


def truly(a: float, b: float) -> float:
    return a if a < b else 0.0


def looped(a: float) -> float:
    for _ in range(3):
        a += 1.0
    return a


def opened(a: str) -> float:
    return float(hash(a))


@pytest.mark.parametrize(
    "function, text",
    [
        (steps, "2 * max(0, x0 - x1)"),
        (within, "max(0, min(1, x0))"),
        (ratio, "x2 * min(1, x0 / x1)"),
        (guarded, "min(1, x0 / x1)"),
        (masked, "x0 * (x1 if x2 else 1)"),
        (above, "x0 * max(0, x1 - x2)"),
        (sums, "x0 - x1 - x2"),
        (twice, "x0 * x2 / x1"),
        (truly, "x0 if x0 < x1 else 0"),
    ],
)
def test_a_function_is_read_as_an_equation(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., float], text: str
) -> None:
    with known(monkeypatch, function):
        given = ", ".join(f"x{i}" for i in range(len(parameters(function.__name__))))
        assert text_of(f"{function.__name__}({given})") == text


@pytest.mark.parametrize(
    "function, wrong", [(looped, "assignments and one return"), (opened, "may not call")], ids=["loop", "call"]
)
def test_what_is_no_formula_is_refused(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., float], wrong: str
) -> None:
    with known(monkeypatch, function), pytest.raises(ValueError, match=wrong):
        text_of(f"{function.__name__}(x)")


@pytest.mark.parametrize("call, wrong", [("load + 1", "a call of a formula"), ("overload_of(load)", "takes 2")])
def test_a_call_that_does_not_fit_is_refused(call: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        text_of(call)


@contextmanager
def known(monkeypatch: pytest.MonkeyPatch, function: Callable[..., float]) -> Iterator[None]:
    """A function of this file among the formulas, for as long as a test lasts."""
    caches = (formulas.text_of, formulas.parameters, formulas.formula)
    monkeypatch.setitem(FORMULAS, function.__name__, function)
    yield
    for kept in caches:
        kept.cache_clear()


# -- what formulas are given --


class Quantity(float):
    """A value of the evidence that knows which quantity it is."""

    name: str


def named(name: str, value: float) -> Quantity:
    quantity = Quantity(value)
    quantity.name = name
    return quantity


PLANS = (
    (),
    ("sequence.sequence=transform_first", "sequence.shape=horizontal", "sequence.ambition=second_order",
     "commissioning.share=0.3", "money.aims=revenue_too", "staffing.voluntary=1", "staffing.open_offer=true",
     "external.posts=4", "money.outside_funding_gbp_m=1",
     "hr.od_route=built", "hr.od_posts=2", "hr.joint_strategy=true", "governance.with_county=true",
     "pace.timeframe=held", "terms.approach=new_scheme", "development.leadership=shared"),
    ("sequence.extent=merger", "identity.merger=intended", "staffing.redeployment=1",
     "governance.form=joint_committee", "governance.agreement=1.0", "terms.approach=harmonise_up"),
    ("sequence.extent=company", "governance.form=company_board", "staffing.retirement=1",
     "enablers.joint_ict=early", "structure.management_posts_cut=0.8"),
    ("sequence.extent=one_employer", "governance.form=joint_cabinet", "terms.approach=dismiss_reengage"),
    ("governance.talks_months=6", "members.leader_engagement=0.0", "members.backbench_engagement=0.0",
     "money.openness=0.0", "money.sharing_rule=equal"),
)  # fmt: skip
"""Plans that between them let every formula run."""


@pytest.fixture(scope="module")
def given() -> dict[tuple[str, str], set[str]]:
    """By formula and parameter: the quantities that histories of all mechanisms give it; nothing where it never ran."""
    seen: dict[tuple[str, str], set[str]] = {}
    codes = {function.__code__: name for name, function in FORMULAS.items()}

    def watch(frame: FrameType, event: str, _: Any) -> None:
        name = codes.get(frame.f_code) if event == "call" else None
        for parameter in parameters(name) if name else ():
            value = frame.f_locals[parameter]
            found = seen.setdefault((str(name), parameter), set())
            if isinstance(value, Quantity):
                found.add(value.name)

    with pytest.MonkeyPatch.context() as patch:
        usual = sim.engine.plan.neutral_evidence
        told = lambda *asked: {name: named(name, value) for name, value in usual(*asked).items()}  # noqa: E731
        patch.setattr(sim.engine.plan, "neutral_evidence", told)
        every_plan = [[f"levers.{each}" for each in plan] for plan in PLANS]
        every_plan.append(["mechanisms.load=queueing"])
        try:
            sys.setprofile(watch)
            for plan in every_plan:
                composed = compose(["scenario=structure_first", *plan]).settings
                settings = composed.replaced(shocks=(DatedShock(month=60, kind="dissolution"),))
                for replication in range(2):
                    (history,) = play([Column(settings, replication)])
                    assert not isinstance(history, Exception), history
                    row(history, settings)
        finally:
            sys.setprofile(None)
    return seen


def declared() -> dict[tuple[str, str], tuple[set[str], set[str]]]:
    """By formula and parameter: what sheets say is given, and the words that explain it, which may name quantities."""
    found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for sheet in SHEETS.values():
        for call in [node for equation in sheet.equations for node in ast.walk(ast.parse(equation.call))]:
            if not isinstance(call, ast.Call):
                continue
            function = ast.unparse(call.func)
            for parameter, argument in zip(parameters(function), map(ast.unparse, call.args), strict=True):
                names, words = found.setdefault((function, parameter), (set(), set()))
                names.add(argument)
                words.update(re.findall(r"[a-z_]+\.[a-z_*]+", sheet.where.get(argument, "")))
    return found


def test_every_formula_runs_in_a_history_or_in_what_is_read_off_it(given: dict[tuple[str, str], set[str]]) -> None:
    assert {name for name, _ in given} == set(FORMULAS)


def test_a_formula_is_given_the_quantities_that_sheets_say(given: dict[tuple[str, str], set[str]]) -> None:
    """Under its name, or under a plain name whose explanation says so."""
    wrong = []
    for place, (names, words) in declared().items():
        for name in given[place] & QUANTITIES:
            begins = name in AT_FIRST and not names <= QUANTITIES
            if not begins and not any(fnmatchcase(name, pattern) for pattern in names | words):
                wrong.append(f"{place} is given {name}; sheets say {sorted(names | words)}")
    assert not wrong, "\n".join(sorted(wrong))


def test_sheets_say_no_quantity_that_a_formula_is_never_given(given: dict[tuple[str, str], set[str]]) -> None:
    wrong = [
        f"{place} is never given {name}"
        for place, (names, _) in declared().items()
        for name in sorted(names & QUANTITIES - given[place])
        if place != ("discounted", "rate")
    ]
    assert not wrong, "\n".join(wrong)


AT_FIRST = {"fatigue.start", "quality.start", "od.capability_start", "managers.capability_start"}
"""What some states begin at: a formula that is given the level now is given this in the first month."""
