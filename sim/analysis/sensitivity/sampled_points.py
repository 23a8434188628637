"""A sampled study as arrays: for each plan and outcome the points of its design by replication, in their order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare import NEVER
from sim.analysis.compare.paired_differences import ROUNDING, TINY
from sim.analysis.sensitivity.index_estimates import Regression, ranks, standardised
from sim.core.errors import InputError, suggestion
from sim.engine.outcomes import OUTCOMES
from sim.plans.declared_lists import evidence_entries
from sim.study.design.designs import KINDS, Design, from_manifest, row_count, units, values
from sim.study.study import Study

HEADLINE = ("npv_gbp_m", "recurrent_saving_y5_gbp_m", "dissolved", "peak_fatigue", "min_buy_in_backbench")
BESIDE = " beside "
"""Separator in a plan name: 'A beside B' is the paired difference, history by history."""
_CHECKED_ROWS = 20
_ALIKE = 1e-9


CONSTANT, LUCK = "constant", "luck"


@dataclass(frozen=True)
class Points:
    """One outcome of one plan, or of the difference of two: `values` by point and replication."""

    plan: str
    outcome: str
    values: Values

    @cached_property
    def steady(self) -> str:
        """CONSTANT or LUCK if the outcome does not depend on the factors (LUCK if it varies by luck), else empty.

        Empty where factors may move it. What differs by rounding alone is the same.
        """
        none = max(ROUNDING * float(np.abs(self.values).max()), TINY)
        if np.ptp(self.values) <= none:
            return CONSTANT
        return LUCK if np.ptp(self.values, axis=0).max() <= none else ""


class Sample:
    """Design of a study and its results.

    Raises InputError where the study has no sample, or lacks a point of it, or where what is asked for is not
    in it.
    """

    def __init__(self, study: Study, outcomes: Sequence[str] | None = None, scenario: str | None = None) -> None:
        self.study = study
        self.design = design_of(study)
        _refuse_unfinished(study)
        self.plans = _plans(study, scenario)
        self.table = {plan: _rows(study, self.design, plan) for plan in self.plans}
        self.replications = _shared(study, [cell for cells in self.table.values() for cell in cells])
        self.outcomes = _outcomes(study, outcomes)
        self.both = scenario is None and len(self.plans) == 2

    @cached_property
    def units(self) -> Values:
        """Points between 0 and 1, regenerated from the design and checked against the study's table."""
        made = units(self.design)
        table = self.study.design
        own = table[table["scenario"] == self.plans[0]].sort_values("row")
        for number in np.unique(np.linspace(0, len(made) - 1, _CHECKED_ROWS).astype(int)):
            again = values(self.design, made[number])
            if not all(_alike(own[key].iloc[number], value) for key, value in again.items()):
                raise InputError(
                    f"the sample of '{self.study.folder.name}' cannot be made again: another version of SciPy or "
                    "SALib made it (the manifest names the versions)"
                )
        return made

    @cached_property
    def scaled(self) -> Values:
        """Points from 0 (low end) to 1 (high end), with choices and whole numbers at their positions."""
        made = self.units.copy()
        for column, factor in enumerate(self.design.factors):
            places = len(factor.values) or (round(factor.high - factor.low) + 1 if factor.whole else 0)
            if places and factor.peak is None:
                made[:, column] = np.minimum(np.floor(made[:, column] * places), places - 1) / max(places - 1, 1)
        return made

    @cached_property
    def ranked(self) -> Regression:
        """Regression on standardised ranks of the factors."""
        return Regression(standardised(ranks(self.scaled)))

    @cached_property
    def centred(self) -> Regression:
        """Regression on the factors, each from 0 at its low end to 1 at its high end."""
        return Regression(self.scaled - self.scaled.mean(axis=0))

    @cached_property
    def paired(self) -> list[tuple[list[int], Regression]]:
        """Columns of each group in a Saltelli sample, and a regression over pairs that differ only in them."""
        groups = self.design.groups
        columns = self.scaled.reshape(self.design.n, len(groups) + 2, -1)
        members = [[i for i, f in enumerate(self.design.factors) if f.moves_with == group] for group in groups]
        return [
            (own, Regression(columns[:, number][:, own] - columns[:, 0][:, own]))
            for number, own in enumerate(members, start=1)
        ]

    def each(self) -> Iterator[Points]:
        """Every plan and outcome, and for two plans the difference of the second from the first."""
        for outcome in self.outcomes:
            found = [Points(plan, outcome, self._values(plan, outcome)) for plan in self.plans]
            yield from found
            if self.both:
                first, second = found
                yield Points(f"{second.plan}{BESIDE}{first.plan}", outcome, second.values - first.values)

    @cached_property
    def _places(self) -> pd.DataFrame:
        """Positions of each cell's replications in the runs table."""
        runs = self.study.runs
        index = pd.MultiIndex.from_arrays([runs["cell"], runs["replication"]])
        return pd.Series(np.arange(len(runs)), index=index).unstack()

    def _values(self, plan: str, outcome: str) -> Values:
        places = self._places.loc[self.table[plan], self.replications].to_numpy(dtype=np.int64)
        values: Values = self.study.runs[outcome].to_numpy(dtype=float)[places]
        return values


def design_of(study: Study) -> Design:
    """Sampled design of a study. Raises InputError if there is none."""
    content = study.manifest.get("design")
    if content is None or content.get("kind") not in KINDS:
        raise InputError(
            f"the study '{study.folder.name}' has no sample of factors; "
            "tandem sweep design=sobol design.over=evidence design.n=256 makes one"
        )
    return from_manifest(content)


def _refuse_unfinished(study: Study) -> None:
    counts = study.cells["status"].value_counts()
    every = len(study.cells)
    for status, did, option in (("failed", "failed", "--retry-failed"), ("partial", "did not finish", "--resume")):
        if counts.get(status, 0):
            raise InputError(
                f"{counts[status]:,} of {every:,} cells {did}, and the answer needs every point of the sample: "
                f"tandem sweep {option} {study.folder.name}"
            )


def _plans(study: Study, scenario: str | None) -> list[str]:
    table = study.design
    known = [str(label) for label in table["scenario"].unique()]
    if scenario is None:
        usual = set(table.loc[table["cell"] == study.reference, "scenario"])
        return sorted(known, key=lambda label: label not in usual)
    wanted = scenario.strip().lower()
    by_name = dict(zip(study.cells["cell"], study.cells["scenario"], strict=True))
    firsts = {label: by_name.get(table.loc[table["scenario"] == label, "cell"].iloc[0], "") for label in known}
    found = [label for label in known if wanted in (label.lower(), str(firsts[label]).lower())]
    if not found:
        raise InputError(f"the study '{study.folder.name}' has no plan '{scenario}'{suggestion(scenario, known)}")
    return found[:1]


def _rows(study: Study, design: Design, plan: str) -> list[str]:
    """Cell of each point, in the order of the design."""
    table = study.design
    own = table[table["scenario"] == plan].sort_values("row")
    if len(own) != row_count(design):
        raise InputError(
            f"the plan '{plan}' has {len(own):,} of the {row_count(design):,} points of its sample: "
            f"tandem sweep --resume {study.folder.name}"
        )
    return [str(cell) for cell in own["cell"]]


def _shared(study: Study, cells: Sequence[str]) -> list[int]:
    """Replications that every cell has, since only these share luck everywhere."""
    own = study.runs[study.runs["cell"].isin(set(cells))]
    counts = own.groupby("replication")["cell"].nunique()
    shared = [int(number) for number in counts.index[counts == len(set(cells))]]
    if not shared:
        raise InputError(f"no history of '{study.folder.name}' was simulated at every point of its sample")
    return shared


def _outcomes(study: Study, asked: Sequence[str] | None) -> list[str]:
    known = [name for name in OUTCOMES if name in study.runs]
    if asked is None:
        return [name for name in HEADLINE if name in known and not study.runs[name].isna().any()] or known[:1]
    for name in asked:
        if name not in known:
            raise InputError(f"there is no outcome '{name}'{suggestion(name, known)}")
        missing = int(study.runs[name].isna().sum())
        if missing:
            raise InputError(_no_value(name, missing, len(study.runs)))
    return list(dict.fromkeys(asked))


def _no_value(name: str, missing: int, every: int) -> str:
    said = f"{name} has no value in {missing:,} of {every:,} histories, so that it has no mean to explain"
    if name not in NEVER:
        return f"{said}: it lies beyond the horizon"
    return f"{said}: ask for {NEVER[name] or 'another outcome'}"


def _alike(stored: Any, made: Any) -> bool:
    if isinstance(made, int | float) and not isinstance(made, bool):
        return bool(abs(float(stored) - made) <= _ALIKE * max(1.0, abs(made)))
    return isinstance(made, list | dict) or str(stored) == str(made)


def grades() -> Mapping[str, str]:
    """Evidence grade of each quantity in the register, by key."""
    return {f"{entry['name']}.value": str(entry["grade"]) for entry in evidence_entries()}
