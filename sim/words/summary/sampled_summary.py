"""The summary of a sampled study: its plans' outcomes over the sample points, and next steps."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import compare_plans, pooled
from sim.analysis.compare.paired_differences import ROUNDING, TINY
from sim.analysis.estimates import IDENTICAL, NOT_APART, Estimate, Verdict
from sim.analysis.two_way import level
from sim.core import words
from sim.engine.outcomes import DECIDING
from sim.words.summary.ranking_words import Lead
from sim.words.summary.summary import Summary
from sim.words.summary.summary_tables import Table
from sim.words.verdict_words import cannot_be_told_apart

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

Say = Callable[[float], str]
_KINDS = {
    "lhs": "a Latin hypercube",
    "sobol": "a Sobol sample",
    "morris": "Morris trajectories",
    "one_at_a_time": "one quantity moved at a time",
}
_SHOWN: dict[str, tuple[str, Say]] = {
    "recurrent_saving_y5_gbp_m": ("Saving in year 5, £m a year", words.decimal),
    DECIDING: ("Present value, £m", words.decimal),
    "dissolved": ("Breaks down", words.percent),
    "peak_fatigue": ("Peak fatigue", words.out_of_100),
    "min_buy_in_backbench": ("Lowest back-bench buy-in", words.out_of_100),
}
_NEXT = {
    "sobol": ("tandem sensitivity LATEST", "what decides the result"),
    "morris": ("tandem sensitivity LATEST", "what decides the result"),
    "lhs": ("tandem sensitivity LATEST", "what goes with the result"),
    "one_at_a_time": ("tandem sensitivity LATEST", "what each quantity does alone"),
}


def sampled_summary(study: Study) -> Summary:
    """Summarise a sampled study; InputError where it has no finished history."""
    runs, reference = pooled(study)
    plans = list(dict.fromkeys(runs["cell"]))
    return Summary(
        study,
        headline=words.sentence(_headline(study, runs, reference)),
        paragraphs=_paragraphs(study),
        tables={"points": _over_points(runs), "means": _of_means(study, plans)},
        note=_note(study, runs),
        commands=_commands(study, plans),
        drawn=False,
    )


def _over_points(runs: pd.DataFrame) -> Table:
    """Table of plan outcomes over sample points: mean, and the nine-in-ten range if points differ."""
    shown = _shown(runs)
    rows = [
        (str(plan), *(_spread(mine[name], say) for name, (_, say) in shown.items()))
        for plan, mine in runs.groupby("cell", sort=False)
    ]
    return Table(("Nine points in ten", *(title for title, _ in shown.values())), tuple(rows))


def _shown(runs: pd.DataFrame) -> dict[str, tuple[str, Say]]:
    return {name: about for name, about in _SHOWN.items() if name in runs and runs[name].notna().any()}


def _spread(points: pd.Series[float], say: Say) -> str:
    """Mean over sample points with the nine-in-ten range, left out if it is empty or prints alike."""
    known = points.dropna()
    if known.empty:
        return "–"
    if known.max() - known.min() <= max(ROUNDING * known.abs().max(), TINY):
        said = f"{say(known.iloc[0])} at every point"
    else:
        low, high = (_end(float(known.quantile(end)), say) for end in (0.05, 0.95))
        said = words.bracketed(say(float(known.mean())), low, high, alike="at nearly all")
    return said if len(known) == len(points) else f"{said}, {len(known)} of {len(points)} points"


def _of_means(study: Study, plans: list[str]) -> Table:
    """Table of the same means with 95% intervals that cover sampling of points and luck."""
    joined = study.design[["row", "cell", "scenario"]].merge(study.runs, on="cell", suffixes=("", "_run"))
    shown = _shown(joined)
    rows = []
    for plan in plans:
        mine = joined[joined["scenario"] == plan].set_index(["row", "replication"])
        levels = {name: level(mine[name].unstack("replication").to_numpy(float), name) for name in shown}
        rows.append((plan, *(_level(levels[name], say) for name, (_, say) in shown.items())))
    return Table(("95% of the mean", *(title for title, _ in shown.values())), tuple(rows))


def _level(found: Estimate, say: Say) -> str:
    if isnan(found.value):
        return "–"
    if isnan(found.low):
        return f"{say(found.value)} (no range)"
    return words.bracketed(say(found.value), _end(found.low, say), _end(found.high, say), alike="nearly for sure")


def _end(value: float, say: Say) -> str:
    """An end of a range, without the per cent sign."""
    return str(round(100 * value)) if say is words.percent else say(value)


def _headline(study: Study, runs: pd.DataFrame, reference: str) -> str:
    design = study.manifest["design"]
    moved = len(design["factors"])
    what = (
        f"{words.counted(moved, 'quantity', 'quantities')} moved over {'its range' if moved == 1 else 'their ranges'}"
    )
    table = compare_plans(study)
    saving = table[table["outcome"] == DECIDING]
    if saving.empty:
        return f"{what} in {_KINDS[design['kind']]} of {words.counted(runs['replication'].nunique(), 'point')}"
    said = [_against(line, reference) for line in saving.to_dict(orient="records")]
    return f"with {what}, {'; '.join(said)}"


def _against(line: dict[Any, Any], reference: str) -> str:
    plan, difference, half = line["label"], line["mean_difference"], line["half_width"]
    if line["verdict"] in (NOT_APART, IDENTICAL):
        if line["verdict"] == IDENTICAL:
            return f"{plan} and {reference} have the same present value throughout"
        gap = _gap(difference, half, line["verdict"])
        return cannot_be_told_apart(f"{plan} and {reference}", f"in present value: the difference is {gap}")
    way = "more" if difference > 0 else "less"
    return f"{plan} is worth {_gap(abs(difference), half, line['verdict'])} {way} than {reference} on average"


def _gap(difference: float, half: float, verdict: str) -> str:
    gap = Estimate.around(difference, half)
    return Lead(gap, Estimate(0.0, 0.0, 0.0), Verdict(verdict, gap)).by


def _paragraphs(study: Study) -> list[tuple[str, str]]:
    parts = []
    if study.partial:
        parts.append(
            ("Stopped early", "the study was stopped before its end; these are the points that were finished.")
        )
    if study.failed:
        parts.append(("Failed", f"{words.counted(len(study.failed), 'cell')}; the manifest says which and why."))
    return parts


def _note(study: Study, runs: pd.DataFrame) -> str:
    design, counts = study.manifest["design"], [study.replications(cell) for cell in study.labels]
    low, high = min(counts), max(counts)
    each = words.counted(high, "history", "histories")
    each = each if low == high else f"{words.number(low)} to {each}"
    points = words.counted(int(runs["replication"].nunique()), "point")
    return (
        f"From {_KINDS[design['kind']]} of {points}, {each} at each, the same luck at every point. In brackets, first "
        "nine points in ten: they hold what is not known of the quantities, and no luck. Then the 95% interval of the "
        "mean over the points, which counts the points drawn and luck. "
        "Fatigue and buy-in are scores out of 100."
    )


def _commands(study: Study, plans: list[str]) -> tuple[tuple[str, str], ...]:
    kind = study.manifest["design"]["kind"]
    more = [("tandem robust LATEST", "which plan stands up over the ranges")] if len(plans) > 1 else []
    return (
        _NEXT[kind],
        *more,
        ('tandem discover LATEST --when "dissolved or npv_gbp_m < 0"', "where it goes wrong"),
    )
