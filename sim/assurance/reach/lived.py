"""Histories of a plan as rows of figures: its outcomes, and what only the table of reach asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from math import inf, nan
from statistics import fmean

from sim.analysis.validation.case_runs import with_draw
from sim.analysis.validation.case_settings import prepare
from sim.analysis.validation.cases import read_cases, shipped_cases
from sim.analysis.validation.evidence_draws import draws
from sim.core.history import PENCE_PER_GBP_M, History
from sim.core.inputs.packages import JOINT
from sim.core.ledger import SAVING
from sim.engine import outcomes, run_all
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.study.running.crew import Crew, cores

Plan = tuple[str, ...]
"""Overrides of the usual settings; `case=NAME` first stands for the plan of a shipped case."""
Row = dict[str, float]
CHUNK = 40
"""Histories that a worker plays side by side."""
DECIDED, YEAR_FIVE = 24, 60
"""Months at which endings are foretold, and at which people's states are compared."""
STATES = {
    "trust_leaders": ("trust leaders–leaders", min),
    "buy_in_backbench": ("buy_in_backbench", min),
    "unfairness": ("unfairness", max),
    "culture_gap": ("culture gap", max),
}
"""Felt states by name: how their series begin, and which council's counts where endings are foretold."""
CAPACITIES = {"managers.packages_per_head": 1, "hr.staff_per_officer": -1, "hr.fewest_staff": 1}
"""Quantities that give managers and HR their capacity, and the power in which each of them moves."""


@cache
def lived(plan: Plan, n: int, capacity: float = 1.0) -> list[Row]:
    """Rows of `n` histories with central evidence, with so many times the managers and HR officers."""
    jobs = [(plan, range(first, min(first + CHUNK, n)), capacity) for first in range(0, n, CHUNK)]
    return [row for part in _crew().map(_rows, jobs) for row in part]


@cache
def drawn(plan: Plan, number: int, each: int) -> list[list[Row]]:
    """Rows of `each` histories in each of `number` draws of the evidence; the same draws for every plan."""
    return list(_crew().map(_rows_of_draw, [(plan, draw, number, each) for draw in range(number)]))


@cache
def settings_of(plan: Plan) -> Settings:
    """Settings of a plan, or of the plan of a shipped case."""
    if not plan or not plan[0].startswith("case="):
        return compose(list(plan)).settings
    name = plan[0].removeprefix("case=")
    file = next(file for file in read_cases(shipped_cases()) if file.path.stem == name)
    return prepare(file).members[0].plans[0][1]


@cache
def _crew() -> Crew:
    return Crew(cores(), _nothing)


def _nothing() -> None:
    """A worker needs no preparation."""


def _rows(job: tuple[Plan, Iterable[int], float]) -> list[Row]:
    plan, replications, capacity = job
    settings = settings_of(plan)
    if capacity != 1.0:
        known = settings.evidence_values
        settings = widened(settings, {key: known[key] * capacity**power for key, power in CAPACITIES.items()})
    return [measured(history, settings) for history in run_all(settings, replications)]


def _rows_of_draw(job: tuple[Plan, int, int, int]) -> list[Row]:
    plan, draw, number, each = job
    usual = settings_of(plan)
    settings = with_draw(usual, draws(usual.evidence, number, 1, usual.partnership.name)[draw], {})
    return [measured(history, settings) for history in run_all(settings, range(draw * each, (draw + 1) * each))]


def widened(settings: Settings, values: Mapping[str, float]) -> Settings:
    """The settings with other values of the evidence, whose ranges are widened to hold them."""
    content = {topic: dict(group) for topic, group in settings.evidence.items()}
    for key, value in values.items():
        topic, name = key.split(".")
        held = content[topic][name]
        wide = {"value": value, "low": min(held.low, value), "high": max(held.high, value)}
        content[topic][name] = held.model_copy(update=wide)
    return settings.replaced(evidence=content)


def measured(history: History, settings: Settings) -> Row:
    """The outcomes of one history, and what else the table asks for; no number where there is none."""
    row = {name: nan if value is None else value for name, value in outcomes.row(history, settings).items()}
    teams = months_of_teams(history, settings)
    spent, saving = settings.partnership.expenditure_gbp_m, history.column("recurrent_saving_gbp_m")
    row |= {f"team_{k}": teams[k - 1] if len(teams) >= k else inf for k in (1, 8, 16)}
    planned = sum(len(package.covers) for package in settings.plan() if package.kind == JOINT)
    most = -(-3 * planned // 4)
    row["three_quarters"] = teams[most - 1] if 0 < most <= len(teams) else inf
    row |= {f"share_y{year}": saving[12 * year] / spent for year in range(1, 11) if 12 * year <= history.horizon}
    row |= {f"saving_m{month}": saving[month] for month in (27, 72, 120) if month <= history.horizon}
    row["gross_m27"] = 12.0 * history.money.get(SAVING, {}).get(26, 0) / PENCE_PER_GBP_M
    return row | _endings(history) | _states(history) | _stages(history)


def months_of_teams(history: History, settings: Settings) -> list[float]:
    """Months in which services were joined, in order; a single restructure joins several in one."""
    covers = {package.name: len(package.covers) for package in settings.plan() if package.kind == JOINT}
    formed = [event for event in history.of_kind("stage finished") if event.cause == "implementation"]
    return sorted(event.month for event in formed for _ in range(covers.get(event.entity, 0)))


def _endings(history: History) -> Row:
    """How long the partnership lasted, whether it parted, and what was decided of dismissal."""
    parted = min((event.month for event in history.of_kind("dissolved")), default=inf)
    others = [event.month for kind in ("reorganised", "merged") for event in history.of_kind(kind)]
    hostile = any(event.month <= DECIDED for event in history.of_kind("hostile to sharing"))
    return {
        "parted_month": parted,
        "years": min([parted, *others, float(history.horizon)]) / 12.0,
        "hostile": float(hostile),
        "defaulted": float(bool(history.of_kind("partner defaults"))),
        "dismissal_asked": float(bool(history.of_kind("dismissal carried") or history.of_kind("dismissal refused"))),
        "dismissal_carried": float(bool(history.of_kind("dismissal carried"))),
    }


def _states(history: History) -> Row:
    """Felt states: of the council that stands worst at month 24, and the mean over councils at year five."""
    row: Row = {}
    for name, (begins, worst) in STATES.items():
        series = [history.column(one) for one in history.state_names if one.startswith(begins)]
        row[f"{name}_m{DECIDED}"] = worst(levels[DECIDED] for levels in series)
        row[f"{name}_m{YEAR_FIVE}"] = fmean(levels[YEAR_FIVE] for levels in series)
    return row


def _stages(history: History) -> Row:
    """The last month of work on any package, and the longest wait for an HR officer."""
    worked = max((event.month for event in history.events if event.kind.startswith("stage")), default=0.0)
    return {"last_worked": worked, "hr_longest_wait": longest_hr_wait(history)}


def longest_hr_wait(history: History) -> float:
    """The longest wait of a package for an HR officer, in months."""
    asked: dict[str, float] = {}
    longest = 0.0
    for event in history.events:
        if event.kind == "waiting for HR":
            asked[event.entity] = event.month
        elif event.kind == "HR arrived" and event.entity in asked:
            longest = max(longest, event.month - asked.pop(event.entity))
    return longest
