"""The summary of a sampled study: what its plans reach over the points of the sample, and where to go on."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.compare import compare_plans, describe, pooled
from sim.explain import words
from sim.explain.deciding import Lead
from sim.explain.summary import Parts, Summary, folder_from_here, laid_out
from sim.explain.tables import Table
from sim.outcomes import DECIDING

if TYPE_CHECKING:
    import pandas as pd

    from sim.study import Study

_KINDS = {
    "lhs": "a Latin hypercube",
    "sobol": "a Sobol sample",
    "morris": "Morris trajectories",
    "one_at_a_time": "one quantity moved at a time",
}
_SHOWN = {
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
    found = describe(runs)
    means = {(str(line.cell), str(line.outcome)): line for line in found.itertuples()}
    plans = list(dict.fromkeys(runs["cell"]))
    shown = {name: about for name, about in _SHOWN.items() if name in runs and runs[name].notna().any()}
    headings = ("Mean over the points", *(title for title, _ in shown.values()))
    rows = [(plan, *(_cell(means[plan, name], say) for name, (_, say) in shown.items())) for plan in plans]
    return laid_out(
        Parts(
            headline=words.sentence(_headline(study, runs, reference)),
            paragraphs=tuple(_paragraphs(study)),
            tables=(Table(headings, tuple(rows)),),
            note=_note(study, runs),
            folder=folder_from_here(study.folder),
            commands=_commands(study, plans),
            drawn=False,
        )
    )


def _cell(line: object, say: object) -> str:
    mean, low, high = (getattr(line, name) for name in ("mean", "p05", "p95"))
    if isnan(mean):
        return "–"
    assert callable(say)
    return f"{say(mean)} ({say(low)} to {say(high)})"


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
    if line["verdict"] in ("cannot be told apart", "identical"):
        gap = Lead(difference, 0.0, difference - half, difference + half, False, "").by
        same = line["verdict"] == "identical"
        return f"{plan} and {reference} " + (
            "have the same present value throughout"
            if same
            else f"cannot be told apart in present value: the difference is {gap}"
        )
    way = "more" if difference > 0 else "less"
    gap = Lead(abs(difference), 0.0, abs(difference) - half, abs(difference) + half, True, "").by
    return f"{plan} is worth {gap} {way} than {reference} on average"


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
        f"From {_KINDS[design['kind']]} of {points}, {each} at each. "
        "In brackets: nine points in ten; they hold both what is not known of the quantities and the luck left in "
        "a mean of so few histories."
    )


def _commands(study: Study, plans: list[str]) -> tuple[tuple[str, str], ...]:
    kind = study.manifest["design"]["kind"]
    more = [("tandem robust LATEST", "which plan stands up over the ranges")] if len(plans) > 1 else []
    return (
        _NEXT[kind],
        *more,
        ('tandem discover LATEST --when "dissolved or npv_gbp_m < 0"', "where it goes wrong"),
    )
