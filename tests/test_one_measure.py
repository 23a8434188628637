"""One measure decides: page, brief, terminal and compare say the same of 200 random pairs of plans (Q-S6)."""

import re
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import studies
from markupsafe import Markup

from sim import engine
from sim.analysis.compare import LEAST, compare
from sim.analysis.compare.concerns import CONCERNS
from sim.analysis.compare.side_by_side import side_by_side
from sim.core import words
from sim.engine import outcomes
from sim.engine.outcomes import DECIDING
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.plans.study_settings import StudySettings
from sim.plans.variants import variant
from sim.rooms.whatif.answer_page import Delta, picture
from sim.rooms.whatif.progressive_answers import InterimAnswer
from sim.surfaces import api
from sim.surfaces.brief import brief
from sim.words.comparing import comparison_page, naming
from sim.words.comparing.comparison_page import trade_off
from sim.words.summary.advice import Advice, advice
from sim.words.summary.study_view import View
from sim.words.summary.summary import summary

PAIRS, LIVED, HISTORIES = 200, 10, 40
PLANS = ("structure_first", "transform_first", "hr_first", "parallel", "pilot_then_scale", "do_nothing")
LEVERS = {"levers.hr.od_posts": (0, 8), "levers.hr.hr_posts": (0, 8), "levers.pace.months_between_waves": (0, 12)}
TOLD = (
    DECIDING, "setup_cost_gbp_m", "payback_month", "dissolved", "stalled", "peak_fatigue", "recurrent_saving_y5_gbp_m",
    "recurrent_saving_y10_gbp_m",
)  # fmt: skip
"""Outcomes that the histories keep: what the first words of each surface rest on."""
SHIFTS = (0.0, 0.0, 0.0002, 0.003, 0.02, 0.04, 0.2, 1.0)
"""£m by which the second plan of some pairs is worth more or less than its twin: from nothing to plenty."""
AHEAD = re.compile(
    r"(?P<first>.+?) is worth (?P<a>−?£[\d,.]+m) \([−\d., to]+\) over ten years against "
    r"(?P<b>−?£[\d,.]+m) \([−\d., to]+\) for (?P<second>.+?): "
    r"it is ahead by (?P<gap>£[\d,.]+m) \((?P<low>[−\d,.]+) to (?P<high>[−\d,.]+)\), in (?P<often>.+)"
)


def lived() -> dict[str, pd.DataFrame]:
    """Outcomes of the shipped plans, each in the same few histories."""
    found = {}
    for plan in PLANS:
        settings = compose([f"scenario={plan}"]).settings
        rows = [outcomes.row(engine.run(settings, number), settings) for number in range(LIVED)]
        found[plan] = pd.DataFrame(rows)[list(TOLD)].astype(float)
    return found


@pytest.fixture(scope="module", params=[pytest.param(80, id="quick"), pytest.param(PAIRS, marks=pytest.mark.slow)])
def pairs(request: pytest.FixtureRequest) -> list[Any]:
    random, known = np.random.default_rng(20261201), lived()
    bases = {plan: compose([f"scenario={plan}"]).settings for plan in PLANS}
    return [made(random, known, bases, number) for number in range(request.param)]


def made(random: np.random.Generator, known: dict[str, pd.DataFrame], bases: dict[str, Settings], number: int) -> Any:
    """Two plans with a lever moved in each; every second pair are near twins, worth a little more or less."""
    luck, cells = random.integers(0, LIVED, HISTORIES), []
    first, second = random.choice(PLANS, 2)
    second = first if number % 2 else second
    for place, plan in enumerate((first, second)):
        lever, (low, high) = list(LEVERS.items())[int(random.integers(len(LEVERS)))]
        value = int(random.integers(low, high + 1))
        settings = variant(bases[plan], {lever: value})
        table = known[plan].iloc[luck].reset_index(drop=True)
        if place and number % 2:
            table[DECIDING] += random.choice([-1, 1]) * random.choice(SHIFTS)
            table[DECIDING] += random.choice([0.0, 0.01, 0.1, 1.0]) * random.normal(size=HISTORIES)
        label = f"{plan}, {lever.rsplit('.', 1)[1]}={value}" + (" again" if place else "")
        cells.append((f"{place}{number:03d}cell", label, plan, settings, table))
    return study(cells, number)


def study(cells: list[tuple[str, str, str, Settings, pd.DataFrame]], number: int) -> Any:
    """These plans as every surface reads a study."""
    tables = [
        table.rename_axis("replication").reset_index().assign(cell=cell, label=label, scenario=plan)
        for cell, label, plan, _, table in cells
    ]
    runs, settings = pd.concat(tables, ignore_index=True), {label: own for _, label, _, own, _ in cells}
    months = [
        month(cell, series)
        for cell, *_ in cells
        for series in ("recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m")
    ]
    return studies.study(
        runs,
        settings=settings.__getitem__,
        folder=Path(f"outputs/2027-01-01_000000_{number}"),
        comparison=compare(runs, cells[0][0]),
        trajectories=pd.concat(months, ignore_index=True),
    )


def month(cell: str, series: str) -> pd.DataFrame:
    quantiles = {name: [0.0, 1.0] for name in ("mean", "p05", "p25", "p50", "p75", "p95")}
    return pd.DataFrame({"cell": cell, "series": series, "month": [0, 120], "n": HISTORIES, **quantiles})


def number_of(text: str) -> float:
    return float(text.replace("−", "-").replace("£", "").replace("m", "").replace(",", "").rstrip("%"))


class Told(NamedTuple):
    """What each surface says first, on one line, and the figures that stand beside it."""

    first: dict[str, str]
    worth: dict[str, str]
    beside: list[str]
    delta: Delta
    advice: Advice


def surfaces(study: Any, view: View) -> Told:
    terminal, page, found = summary(study), picture(InterimAnswer(study, HISTORIES, HISTORIES)), side_by_side([study])
    answer = re.search(r'<p class="answer">(.*?)</p>', brief(study))
    assert answer is not None
    first = {
        "terminal": " ".join(terminal.text.split("\n\n")[0].split()), "page": page.headline,
        "brief": Markup(answer[1]).striptags(), "compare": comparison_page.headline(found),
    }  # fmt: skip
    worth = {row[0]: row[1].split(" (")[0] for row in terminal.tables["money"].rows}
    beside = [row[1].split(" (")[0] for row in trade_off(found, naming.Called(found.sides.every)).rows[:2]]
    delta = next(each for each in page.deltas if each.outcome == DECIDING)
    return Told(first, worth, beside, delta, advice(view))


@pytest.mark.check("Q-S6")
def test_no_surface_contradicts_another(pairs: list[Any], record_property: Any) -> None:
    clear = 0
    for study in pairs:
        view = View(study)
        told = surfaces(study, view)
        line = study.comparison.set_index("outcome").loc[DECIDING]
        found = {where: AHEAD.match(text) for where, text in told.first.items()}
        assert len({match["first"] if match else None for match in found.values()}) == 1, told.first
        if found["terminal"] is None:
            assert not any("ahead" in text for text in told.first.values()), told.first
            assert told.advice.plan is None
            assert line["verdict"] in ("cannot be told apart", "identical") or abs(line["mean_difference"]) < LEAST
            continue
        clear += 1
        assert len({match.group("a", "b", "gap", "low", "high") for match in found.values() if match}) == 1, told.first
        assert_ahead(told, view, found["terminal"], line)
    record_property("reached", f"no contradiction in {len(pairs)} pairs of plans, of which {clear} have a plan ahead")
    record_property("n", len(pairs))
    assert 0.25 < clear / len(pairs) < 0.9


def assert_ahead(told: Told, view: View, match: re.Match[str], line: pd.Series) -> None:
    """The figures, the advice, the tables and the interval speak for the plan that is said to be ahead."""
    a, b, gap, low = (number_of(match[name]) for name in ("a", "b", "gap", "low"))
    assert a > b and gap > 0 and low >= 0, match[0]
    assert abs(line["mean_difference"]) > line["half_width"] and line["verdict"] in ("better", "worse")
    first = next(plan for plan in view.plans if words.start_of(plan.mid) == match["first"])
    assert (line["verdict"] == "better") == (not first.is_reference)
    assert told.advice.plan in (None, first)
    if "worth" in told.advice.sure or "ahead" in told.advice.sure:
        assert f"{match['gap']} ({match['low']} to {match['high']}) ahead" in told.advice.sure
    assert told.worth[first.name] == match["a"].replace("£", "").removesuffix("m")
    assert max(told.worth.values(), key=number_of) == told.worth[first.name] and len(set(told.worth.values())) == 2
    assert sorted(told.beside, key=number_of) == sorted(told.worth.values(), key=number_of)
    low_end, high_end = told.delta.low, told.delta.high
    assert told.delta.verdict == line["verdict"] and low_end is not None and high_end is not None
    assert low_end * high_end >= 0


@pytest.mark.check("Q-S6")
def test_what_is_asked_without_naming_an_outcome_is_asked_of_the_measure_that_decides() -> None:
    asked = (api.why, api.robust, api.winner_map)
    assert {signature(each).parameters["outcome"].default for each in asked} == {DECIDING}
    assert CONCERNS[0].outcomes[0] == DECIDING and StudySettings().auto_outcome == DECIDING
