"""Adaptive rules: read strictly, doubted where they can never or always fire, and acting through decisions."""

from itertools import pairwise

import pytest

from sim import engine
from sim.core.errors import InputError
from sim.core.inputs.rules import doubts, parse_rule
from sim.plans.compose import compose
from sim.surfaces.cli import main

PAUSE = "when fatigue > 0.28 pause for 4 months"


def ruled(*rules: str, more: tuple[str, ...] = ()) -> list[str]:
    """Overrides that set these rules."""
    listed = ",".join(f'"{rule}"' for rule in rules)
    return ["scenario=structure_first", f"levers.pace.rules=[{listed}]", *more]


def test_a_rule_is_read_as_it_stands() -> None:
    rule = parse_rule("when  buy_in_backbench <  0.4 hold votes and engage for 6 months")
    assert (rule.measure, rule.above, rule.line, rule.action, rule.months) == (
        "buy_in_backbench", False, 0.4, "hold votes and engage", 6,
    )  # fmt: skip
    assert rule.holds(0.39)
    assert not rule.holds(0.4)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("when fatige > 0.5 pause for 4 months", "did you mean 'fatigue'"),
        ("when fatigue > 0.5 paus for 4 months", "did you mean 'pause'"),
        ("when fatigue > 1.5 pause for 4 months", "0 to 1"),
        ("when fatigue > 54 pause for 4 months", "0 to 1 .write 0.54 for 54 out of 100"),
        ("when fatigue > high pause for 4 months", "not a number"),
        ("when fatigue > nan pause for 4 months", "not a number"),
        ("when fatigue > 0.5 pause for 0 months", "1 to 60"),
        ("when fatigue > 0.5 pause for 1.5 months", "1 to 60"),
        ("pause if tired", "must read"),
        ("", "must read"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_is_allowed(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_rule(text)
    with pytest.raises(InputError, match=told):
        compose(ruled(text))


def test_rules_that_never_or_nearly_always_fire_are_doubted() -> None:
    assert doubts((PAUSE,)) == []
    never, always = doubts(("when trust < 0 pause for 2 months", "when load > 0 slow for 3 months"))
    assert "can never fire" in never
    assert "nearly always" in always


def test_a_dated_dispute_with_its_mechanism_off_is_doubted() -> None:
    base = compose(["scenario=structure_first"]).settings
    struck = base.replaced(shocks=({"month": 30, "kind": "dispute"},))
    assert struck.doubts == []
    off = struck.replaced(mechanisms={"terms": "off"})
    assert off.doubts == ["the dispute of month 30 does nothing where mechanisms.terms is off"]


def test_a_doubt_is_told_and_the_study_still_runs(capsys: pytest.CaptureFixture[str], tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    assert main(["run", *ruled("when trust < 0 pause for 2 months"), "study.replications=4", "study.workers=1"]) == 0
    assert "note: rule 'when trust < 0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rule", "lever", "value"),
    [
        (PAUSE, "pace.paused", 1.0),
        ("when load > 0.6 slow for 6 months", "pace.months_between_waves", 6.0),
        ("when rounds > 0 freshen up for 6 months", "staff.freshening", 1.0),
        ("when buy_in_leaders < 0.7 hold votes and engage for 6 months", "pace.votes_held", 1.0),
    ],
)
def test_each_action_begins_and_ends_by_decisions_of_the_rule(rule: str, lever: str, value: float) -> None:
    settings = compose(ruled(rule)).settings
    histories = [engine.run(settings, replication) for replication in range(12)]
    made = [[e for e in h.events if e.kind == "decision" and e.entity == lever] for h in histories]
    assert sum(map(bool, made)) >= 3
    length = parse_rule(rule).months
    for decisions in filter(None, made):
        assert all(e.cause == "rule" for e in decisions)
        assert decisions[0].value == value
        for begin, end in zip(decisions[::2], decisions[1::2], strict=False):
            assert end.month - begin.month == length
            assert end.value != value


def test_held_votes_wait_and_a_round_is_freshened_once() -> None:
    held = compose(["scenario=structure_first", "levers.pace.votes_held=true"]).settings
    assert not [e for e in engine.run(held, 0).events if e.kind.startswith("vote ")]
    once = compose(ruled("when rounds > 0 freshen up for 6 months")).settings
    begun = [e for e in engine.run(once, 3).events if e.entity == "staff.freshening" and e.value == 1.0]
    assert len(begun) == 1


def test_two_rules_that_ask_for_the_same_prolong_it_and_then_the_usual_comes_back() -> None:
    first, second = (f"when load > {line} slow for {months} months" for line, months in ((0.5, 6), (0.7, 9)))
    settings = compose(ruled(first, second)).settings
    usual, prolonged = settings.levers.pace.months_between_waves, 0
    for replication in range(12):
        events = engine.run(settings, replication).events
        made = [(e.month, e.value) for e in events if (e.kind, e.entity) == ("decision", "pace.months_between_waves")]
        assert {value for _, value in made} <= {usual, 2.0 * usual}
        assert made == [] or made[-1][1] == usual or made[-1][0] > 100
        prolonged += any(now == then and value > usual for (now, _), (then, value) in pairwise(made))
    assert prolonged
