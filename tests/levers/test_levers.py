"""Every lever does what it declares: quickly a few on the default partnership; in the slow set all, on three."""

from collections.abc import Callable

import pytest

from sim.agents import AGENTS
from sim.assurance.lever_walk import PAIRS, LeverPromise, LeverTrial, main, promises, short, table, walk
from sim.core.inputs.levers import entries
from sim.engine.outcomes import OUTCOMES
from sim.plans.compose import compose

QUICK_PAIRS = 40
LEAST_SIZE = 0.1
SURE_SIGNS = ("structure.posts_go_after", "members.leader_engagement")
"""Levers with large effects, tried in the quick tests."""
SHORT = {
    "enablers.hr_payroll": "saving in year 5 -0.31 sd (-0.50 to -0.11) at Chiltern & South Bucks, n = 30, 0.08 (-0.05 "
    "to 0.21) at GO, n = 20: putting it in keeps a small HR from the reviews; 0.22 at the default, n = 40",
    "governance.chief_executive": "lowest trust between leaders 0.04 sd (-0.04 to 0.11) at GO, n = 50: the worst of "
    "six pairs is near nought whoever leads; 0.20 (0.14 to 0.26) at the default, n = 60",
    "governance.other_stands_aside": "lowest trust between leaders -0.09 sd (-0.31 to 0.13) at GO, n = 50; 0.51 (0.35 "
    "to 0.67) at the default, n = 60",
    "staffing.voluntary": "lowest engagement -0.14 sd (-0.24 to -0.03) at the default, n = 60: the hurt of lost posts "
    "lasts for a year, and those who do not volunteer stay and are paid",
}
"""Levers that fall short at some partnership, with what was found: to be mended or explained, not lowered."""
Shows = Callable[[str, object], None]
PROMISES = promises()


def test_every_lever_declares_what_it_must_do_and_nothing_else_does() -> None:
    levers = {entry["name"].removeprefix("levers.") for agent in AGENTS for g in agent.levers for entry in entries(g)}
    assert PROMISES.keys() == levers
    assert SHORT.keys() <= PROMISES.keys()


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
def test_what_a_lever_declares_can_be_tried(promise: LeverPromise) -> None:
    assert promise.outcome in OUTCOMES
    assert promise.size >= LEAST_SIZE
    assert promise.source
    before, after = (compose(list(arm)).settings for arm in promise.arms(promise.partnerships[0]))
    assert before != after


def test_the_table_names_those_that_fall_short_first() -> None:
    sure, slight = (LeverTrial(PROMISES[name], "go_shared_services", 0.5, 0.1, 1e-9, 200) for name in SURE_SIGNS)
    told = table([sure, slight._replace(effect=0.02), sure._replace(chance=0.2)]).splitlines()
    assert [line.startswith("SHORT") for line in told] == [True, True, False, False]
    assert "0.02 sd (-0.08 to 0.12, n = 200), 0.1 asked" in told[0]
    assert told[-1] == "2 of 3 fall short."


def test_the_walk_of_levers_of_large_effect_prints_what_they_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pairs", "2", "commissioning.share", "governance.joins_month"]) in (0, 1)
    assert "commissioning.share at go_shared_services: services_commissioned higher by" in capsys.readouterr().out


def test_a_lever_that_does_not_exist_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["hr.od_pots"])
    assert "no such lever: hr.od_pots" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.check("Levers")
def test_no_lever_falls_short_of_what_it_declares(record_property: Shows) -> None:
    """A lever known to fall short must go on doing so, or leave the list; while the list has any, so does the check."""
    found = walk(PROMISES.values(), PAIRS)
    wanting = short(found)
    record_property("reached", f"{len(wanting)} of {len(found)} fall short")
    record_property("n", PAIRS)
    assert {one.promise.lever for one in wanting} == SHORT.keys(), table(found)
    if SHORT:
        pytest.xfail("; ".join(f"{lever}: {why}" for lever, why in SHORT.items()))
