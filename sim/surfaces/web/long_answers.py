"""Answers that take longer than a moment: plan differences, tipping points, and exported files.

Each runs in a separate process, reports progress, and stops when no browser waits for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.plans import key_words
from sim.plans.strict import Library
from sim.rooms.whatif.asked_plans import OWN_FOLDER, PagePlan, Question, Wrong, cell_ids, changes_of, study_of
from sim.rooms.whatif.form import FormPart
from sim.rooms.whatif.own_partnerships import library
from sim.study.files.store import write_bytes
from sim.study.running.study_run import run_study
from sim.surfaces import api
from sim.surfaces.api import reporting
from sim.surfaces.api.answers import tip as tipped
from sim.surfaces.api.answers import why as explained
from sim.surfaces.api.exports import export as bundled
from sim.surfaces.web.workers import report

if TYPE_CHECKING:
    from sim.study.study import Study

OUTPUTS = Path("outputs")
"""Folder of studies within the working folder, as for the command line."""
EXISTS = "exists"
"""Field of a refusal that the user may answer with "write over it"."""
WHY_HISTORIES = 40
"""Histories per intermediate plan, and per plan without a mechanism: about half a minute on two cores."""
TIP_HISTORIES, TIP_MOST = 100, 400
"""Histories at each value, and most if undecided: about a minute on two cores."""


class EffectBar(FormPart):
    """One line of an answer with its 95% interval; `told` is true if it differs clearly from zero."""

    name: str
    mean: float
    low: float
    high: float
    told: bool


class Explained(FormPart):
    """Answer on why two plans differ, in words, with each difference's share."""

    headline: str
    lines: list[str]
    unit: str
    bars: list[EffectBar]


class ValuePoint(FormPart):
    """The measure at one lever value, with its bounds, and whether the target is met there."""

    value: float
    mean: float
    low: float
    high: float
    histories: int
    verdict: str


class Tipped(FormPart):
    """Answer on a plan's tipping point along a lever, in words, with the values tried."""

    headline: str
    lines: list[str]
    lever: str
    measure: str
    limit: float
    points: list[ValuePoint]


class Exported(FormPart):
    """An exported file: its name, description, and the fingerprint of the results if it contains them."""

    file: str
    kind: str
    digest: str
    study: str


class AnswerDesk(NamedTuple):
    """Inputs for answering questions: the working folder, and the partnerships held in memory."""

    folder: Path
    held: dict[str, str]

    @property
    def library(self) -> Library:
        """Library of shipped files and the user's own partnerships, saved or in memory."""
        return library(self.folder / OWN_FOLDER, self.held)


def why(asked: Question, desk: AnswerDesk, pair: tuple[str, str], outcome: str) -> Explained:
    """Attribution of the difference between two plans, given by their cells."""
    with TemporaryDirectory(prefix="tandem-") as place:
        study = _simulated(asked, desk, Path(place))
        found = explained(study, *pair, outcome=outcome, histories=WHY_HISTORIES, progress=report)
        headline, *lines = [line for line in found.lines if line.strip()]
        rows = found.numbers.table[found.numbers.table["part"] == "factor"].to_dict(orient="records")
    bars = [
        EffectBar(
            name=words.start_of(words.listed(map(key_words.name, row["name"].split(" + ")))),
            told=row["verdict"] in ("more", "less"),
            **{end: row[end] for end in ("mean", "low", "high")},
        )
        for row in rows
    ]
    return Explained(headline=headline, lines=lines, unit=OUTCOMES[outcome].unit, bars=bars)


def tip(asked: Question, desk: AnswerDesk, cell: str, lever: str, target: str) -> Tipped:
    """Tipping point along a lever at which a plan, given by its cell, stops meeting a target."""
    looked = 0

    def tell(sentence: str) -> None:
        nonlocal looked
        looked += 1
        report(looked, 0)

    with TemporaryDirectory(prefix="tandem-") as place:
        study = _simulated(asked, desk, Path(place))
        found = tipped(study, lever, target, plan=cell, replications=TIP_HISTORIES, most=TIP_MOST, tell=tell)
        headline, *lines = found.lines
    points = [
        ValuePoint(
            value=each.value,
            mean=each.measured.value,
            low=each.measured.low,
            high=each.measured.high,
            histories=each.measured.n,
            verdict=each.verdict,
        )
        for each in found.numbers.points
    ]
    return Tipped(
        headline=headline,
        lines=lines,
        lever=found.numbers.scale.name,
        measure=found.numbers.target.measure.subject,
        limit=found.numbers.target.number,
        points=points,
    )


def _simulated(asked: Question, desk: AnswerDesk, place: Path) -> Study:
    """The plans of a question as a small study in a temporary folder."""
    plan = study_of(asked, desk.library)
    few = plan.study.model_copy(update={"replications": WHY_HISTORIES, "trajectories": "none", "events": 0})
    return run_study(plan._replace(study=few), place, report)


def export(asked: Question, desk: AnswerDesk, kind: str, audience: str, made: str, force: bool = False) -> Exported:
    """Export the study (as made by the command line in `outputs/`) as a bundle or brief; `made` is an earlier one.

    Raises Wrong if a changed bundle is in the way, unless `force`.
    """
    root = desk.folder / OUTPUTS
    if made and (root / made).is_dir():
        study = api.load(made, root)
    else:
        study = api.simulate(study_of(asked, desk.library), root, report)
    name = study.folder.name
    digest = str(study.manifest["digest"])
    if kind == "brief":
        page = reporting.report(study, audience=audience).page
        return Exported(file=f"{name}/{page.name}", kind=kind, digest=digest, study=name)
    bundle = _bundle(study, root, force)
    return Exported(file=bundle.name, kind=kind, digest=digest, study=name)


def _bundle(study: Study, root: Path, force: bool) -> Path:
    bundle = root / f"{study.folder.name}.zip"
    with TemporaryDirectory(prefix="tandem-") as place:
        made = Path(place) / bundle.name
        bundled(study, made)
        write_unless_changed(bundle, made.read_bytes(), force)
    return bundle


def write_unless_changed(file: Path, content: bytes, force: bool) -> None:
    """Write a file to the results folder; raises Wrong if a different one of that name exists, unless `force`."""
    there = file.is_dir() or (file.exists() and file.read_bytes() != content)
    if there and (file.is_dir() or not force):
        raise Wrong(EXISTS, f"{OUTPUTS}/{file.name} exists already, with other content; nothing has been written.")
    file.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(file, content)


def cells(asked: Question, own: Library) -> list[str]:
    """Cell of the reference, then those of the plans in order."""
    plan = study_of(asked, own)
    return [plan.reference, *cell_ids(asked, own)]


def settings_text(plan: PagePlan, own: Library, command: str) -> str:
    """A plan as a self-contained scenario file for `--config-dir`, with its command line."""
    content = {name: part for name, part in own.read("scenario", plan.scenario).items() if name != "scenario"}
    levers = {group: dict(values) for group, values in content.get("levers", {}).items()}
    switched = dict(content.get("mechanisms", {}))
    for key, value in changes_of(plan, own).items():
        part, _, rest = key.partition(".")
        if part == "levers":
            group, _, name = rest.partition(".")
            levers.setdefault(group, {})[name] = value
        elif part == "mechanisms":
            switched[rest] = value
    title = " ".join(plan.name.split()) or "A plan from the page"
    meaning = f"The scenario {plan.scenario} with what was moved on the page; starting conditions stand in the command."
    above = ["# @package _global_", "# The same, without this file:", f"# {command}"]
    whole = {"scenario": {"title": title, "meaning": meaning}, **content, "levers": levers}
    if switched:
        whole["mechanisms"] = switched
    return "\n".join([*above, json.dumps(whole, ensure_ascii=False, indent=2), ""])
