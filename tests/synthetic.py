"""A small made-up study with the tables of a real one, for tests of figures and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import studies

from sim.analysis.compare import compare
from sim.core.history import Event
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.study.study import Study

HORIZON = 120
COUNCILS = ("Bromsgrove", "Redditch")
SOFT = ("engagement", "fatigue", "uncertainty", "buy_in_leaders", "buy_in_backbench")


@dataclass(frozen=True)
class Way:
    """How a made-up plan goes: saving at best, month of its middle, set-up cost, strain, chance of ending."""

    label: str
    saving: float
    middle: float
    setup: float
    strain: float
    doomed: float

    @property
    def scenario(self) -> str:
        """The name of its scenario."""
        return "".join(letter if letter.isalnum() else "_" for letter in self.label.lower())[:64]


STRUCTURE = Way("Structure first", 1.5, 26, 1.3, 0.55, 0.14)
TRANSFORM = Way("Transform first", 2.1, 44, 1.7, 0.42, 0.09)
PARALLEL = Way("Parallel", 1.9, 32, 2.0, 0.68, 0.22)
HR_FIRST = Way("HR first", 1.7, 38, 1.5, 0.40, 0.10)
PILOT = Way("Pilot then scale", 1.6, 40, 1.2, 0.38, 0.08)
NOTHING = Way("Do nothing", 0.0, 40, 0.0, 0.10, 0.0)
LONG = Way(
    "Structure first with four months between waves & <extra> HR posts_from the $1 outset",
    1.5,
    26,
    1.3,
    0.5,
    0.1,
)
SIX = (LONG, TRANSFORM, PARALLEL, HR_FIRST, PILOT, NOTHING)


def study(*ways: Way, replications: int = 100) -> Study:
    """A study of the given plans; the first is the reference."""
    ways = ways or (STRUCTURE, TRANSFORM)
    made = [_tables(way, f"{index:02d}cell", replications) for index, way in enumerate(ways)]
    runs, months, events = (pd.concat(tables, ignore_index=True) for tables in zip(*made, strict=True))
    tables = {"trajectories": months, "events": events, "comparison": compare(runs, "00cell")}
    return studies.study(runs, settings=settings, folder=Path("outputs/2024-05-01_120000_main"), **tables)


def with_tables(made: Study, **tables: pd.DataFrame) -> Study:
    """The study with other tables of these names."""
    return replace(made, tables={**made.tables, **tables})


def with_outcomes(made: Study, columns: Mapping[str, Sequence[Any]]) -> Study:
    """The study with other values for some outcomes: for each one entry a plan, a number or one number a history."""
    runs = made.runs.copy()
    for name, values in columns.items():
        runs[name] = runs[name].astype(float)
        for cell, value in zip(runs["cell"].unique(), values, strict=True):
            runs.loc[runs["cell"] == cell, name] = np.asarray(value, dtype=float)
    return with_tables(made, runs=runs, comparison=compare(runs, made.reference))


def settings(title: str = "Structure first") -> Settings:
    """Real settings of the default partnership under another title."""
    shipped = compose([]).settings
    return shipped.model_copy(update={"scenario": shipped.scenario.model_copy(update={"title": title})})


def _tables(way: Way, cell: str, replications: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    luck = np.random.default_rng(7)
    months = np.arange(HORIZON + 1)
    levels = _levels(way, luck, months, replications)
    ended = np.where(luck.random(replications) < way.doomed, luck.uniform(20, 110, replications), np.inf)
    gone = months[None, :] > ended[:, None]
    levels["recurrent_saving_gbp_m"] = np.where(gone, 0.0, levels["recurrent_saving_gbp_m"])
    setup = way.setup * luck.uniform(0.7, 1.4, replications)
    spent = np.clip(months / 30, 0, 1)[None, :] * setup[:, None]
    levels["cumulative_net_saving_gbp_m"] = np.cumsum(levels["recurrent_saving_gbp_m"] / 12, axis=1) - spent
    names = {"cell": cell, "label": way.label, "scenario": way.scenario}
    return _runs(names, way, levels, ended, luck), _trajectories(names, levels, months), _events(names, way)


def _levels(way: Way, luck: Any, months: Any, replications: int) -> dict[str, Any]:
    t = months[None, :]
    spread = luck.normal(0, 1, (replications, 1))
    middle = way.middle + 5 * luck.normal(0, 1, (replications, 1))
    best = way.saving * np.clip(1 + 0.25 * spread, -0.2, 3)
    levels = {"recurrent_saving_gbp_m": best / (1 + np.exp(-(t - middle) / 8))}
    bump = np.exp(-(((t - 40) / 28) ** 2))
    shapes = {
        "fatigue": 0.2 + 0.8 * way.strain * bump,
        "engagement": 0.62 + 0.08 * np.sin(t / 20) - 0.1 * bump,
        "uncertainty": 0.1 + 0.5 * np.exp(-(((t - 30) / 22) ** 2)),
        "buy_in_leaders": 0.7 - 0.1 * bump,
        "buy_in_backbench": 0.55 - 0.002 * t,
        "trust": 0.5 + 0.0015 * t,
    }
    for name, shape in shapes.items():
        noise = 0.07 * spread + 0.03 * luck.normal(0, 1, (replications, 1))
        levels[name] = np.clip(shape + noise, 0, 1)
        for shift, council in zip((-0.04, 0.04), COUNCILS, strict=True):
            if name in SOFT:
                levels[f"{name}: {council}"] = np.clip(shape + noise + shift, 0, 1)
    levels["hr_queue"] = luck.poisson(0.2 + 5 * way.strain * bump, (replications, len(months)))
    levels["od_queue"] = luck.poisson(0.1 + 2 * bump, (replications, len(months)))
    return levels


def _trajectories(names: dict[str, str], levels: dict[str, Any], months: Any) -> pd.DataFrame:
    tables = []
    for series, values in levels.items():
        cuts = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
        table = dict(zip(("p05", "p25", "p50", "p75", "p95"), cuts, strict=True))
        means = {"mean": values.mean(axis=0), "n": len(values)}
        tables.append(pd.DataFrame({**names, "month": months, "series": series, **means, **table}))
    return pd.concat(tables, ignore_index=True)


def _runs(names: dict[str, str], way: Way, levels: dict[str, Any], ended: Any, luck: Any) -> pd.DataFrame:
    saving, net = levels["recurrent_saving_gbp_m"], levels["cumulative_net_saving_gbp_m"]
    count = len(net)
    paid = (net >= 0) & (np.arange(HORIZON + 1) > 6) & (saving.max(axis=1, keepdims=True) > 0.05)
    table = {f"recurrent_saving_y{year}_gbp_m": saving[:, 12 * year] for year in (1, 3, 5, 10)}
    table |= {
        "cumulative_net_saving_y10_gbp_m": net[:, 120],
        "npv_gbp_m": 0.85 * net[:, 120],
        "payback_month": np.where(paid.any(axis=1), paid.argmax(axis=1), np.nan),
        "setup_cost_gbp_m": -net.min(axis=1),
        "services_integrated": luck.integers(9, 17, count) if way.saving else np.zeros(count),
        "peak_fatigue": levels["fatigue"].max(axis=1),
        "months_fatigue_over_line": (levels["fatigue"] > 0.6).sum(axis=1),
        "min_buy_in_backbench": levels["buy_in_backbench"].min(axis=1),
        "min_buy_in_leaders": levels["buy_in_leaders"].min(axis=1),
        "votes_lost": luck.poisson(2 * way.strain, count),
        "min_trust": levels["trust"].min(axis=1),
        "hr_mean_wait_months": 3 * way.strain * luck.uniform(0.6, 1.5, count),
        "dissolved": np.isfinite(ended).astype(float),
        "stalled": (luck.random(count) < way.doomed).astype(float),
    }
    ends = np.where(np.isfinite(ended), "dissolved", "horizon")
    return pd.DataFrame({**names, "replication": np.arange(count), **table, "ended_by": ends})


def _events(names: dict[str, str], way: Way) -> pd.DataFrame:
    head = {"cell": names["cell"], "label": names["label"], "replication": 3}
    return pd.DataFrame([{**head, **event._asdict()} for event in happened(way)])


def happened(way: Way = STRUCTURE) -> list[Event]:
    """The facts of one made-up history in time order."""
    events: list[Event] = []
    if way.saving:
        _package(events, "chief_executive", 0, ("appointment",))
        _package(events, "management_team", 7, ("appointment",))
        stages = ("review", "consultation", "decision", "implementation", "bedding_in")
        for number, key in enumerate(settings().services):
            _package(events, f"joint_team: {key}", 12 + 3 * number, stages)
            if number < 6:
                _package(events, f"redesign: {key}", 60 + 3 * number, ("design", "redesign", "bedding_in"))
    events += [
        Event(8.0, "partnership", "posts cut", "chief_executive", 1.0),
        Event(16.0, "partnership", "posts cut", "management_team", 2.4),
        Event(22.0, "Redditch", "election", "term ends", 1 / 3),
        Event(34.0, "Bromsgrove", "election", "term ends", 1.0),
        Event(34.0, "Bromsgrove", "control changed", "election of month 34", 0.3),
        Event(47.3, "partnership", "chief executive left", "moved on"),
        Event(54.0, "partnership", "chief executive appointed", "vacancy filled"),
        Event(55.0, "partnership", "programme paused", "decision"),
        Event(61.0, "partnership", "programme resumed", "decision"),
        Event(118.0, "partnership", "chief executive left", "moved on"),
    ]
    return sorted(events, key=lambda event: event.month)


def _package(events: list[Event], package: str, start: float, stages: Sequence[str]) -> None:
    now = start
    events.append(Event(now, package, "package released", "structure_first"))
    for stage in stages:
        for who in ("HR" if stage == "consultation" else "", "OD" if stage == "redesign" else ""):
            if who:
                events.append(Event(now, package, f"waiting for {who}"))
                now += 1.5
                events.append(Event(now, package, f"{who} arrived"))
        events.append(Event(now, package, "stage started", stage))
        if stage == "decision" and int(start) % 2:
            events.append(Event(now + 1, "Redditch", "vote lost", package, 1.0))
        now += 4.0
        events.append(Event(now, package, "stage finished", stage))
    if int(start) % 3 == 0:
        events.append(Event(now, package, "rework found", "round 1", 0.2))
        events.append(Event(now, package, "stage started", "rework"))
        now += 2.0
        events.append(Event(now, package, "stage finished", "rework"))
    events.append(Event(now, package, "package finished"))
