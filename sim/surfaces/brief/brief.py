"""Brief of a study as one self-contained, byte-identical HTML page without scripts or external files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sim.assurance import standing
from sim.core import words
from sim.core.errors import InputError, suggestion
from sim.study.files.store import ASSURANCE
from sim.surfaces.brief import annexes, body, drawings, kept
from sim.surfaces.brief.brief_source import BriefSource
from sim.surfaces.brief.marks import counted, exact
from sim.surfaces.brief.stress import TEMPLATES, checklist
from sim.words.documents import limits
from sim.words.documents.logs import decisions_log
from sim.words.summary import findings, review_dates, summary
from sim.words.summary.advice import advice
from sim.words.summary.sampled_summary import sampled_summary
from sim.words.summary.study_view import View
from sim.words.templates import templates

if TYPE_CHECKING:
    from sim.study.study import Study

AUDIENCES = {
    "members": "the brief with the limits of use and the manifest",
    "officers": "the brief with all logs and checklists",
    "technical": "the brief with all logs, every outcome and every paired difference",
}
"""Audiences of a brief and the annexes each gets; the figures are the same for all."""


def brief(study: Study, audience: str = "officers", complaints: Sequence[str] = ()) -> str:
    """The brief of a study as one HTML page; `complaints` about its files are at its top.

    The same study gives the same bytes. Raises InputError for an unknown audience.
    """
    if audience not in AUDIENCES:
        raise InputError(f"'{audience}' is no audience{suggestion(audience, AUDIENCES)}")
    source = BriefSource(study, audience, tuple(complaints))
    created = str(study.manifest.get("created", ""))
    page = templates(TEMPLATES, html=True).get_template("brief.html.j2")
    return page.render(
        _of_study(source) | (_of_plans(source, source.view) if source.view is not None else {}),
        title=f"{source.settings.partnership.name}: brief",
        date=created.partition("T")[0],
        made=_date(created),
        differs=study.code_differs,
        illustrative=summary.ILLUSTRATIVE,
        css=Markup((TEMPLATES / "brief.css").read_text(encoding="utf-8")),
    )


def _of_study(source: BriefSource) -> dict[str, Any]:
    """What the templates take from any study, with results or without."""
    study, waterfall, alike = source.study, kept.waterfall(source), annexes.alike_lines(source)
    technical = source.audience == "technical" and source.view is not None
    empty = {"outcomes": not technical, "why": waterfall is None, "alike": not alike}
    return {
        "source": source,
        "study": study,
        "manifest": study.manifest,
        "audience": source.audience,
        "complaints": source.complaints,
        "view": source.view,
        "mark": source.mark,
        "marked": lambda rows: [[source.mark(cell) for cell in row] for row in rows],
        "exact": exact,
        "cut": body.cut,
        "asked": body.asked(source),
        "reason": str(study.manifest["study"].get("reason", "")),
        "plans": list(body.plans(source)),
        "left_out": len(study.labels) - len(source.plans),
        "rests": counted(words.sentence(limits.rests_on(source.settings))),
        "sampled": _sampled(study),
        "sensitivity": kept.sensitivity(source),
        "limits": limits,
        "review_by": review_dates.review_by(str(study.manifest.get("created", ""))),
        "annexes": annexes.annexes(source.audience, [key for key, without in empty.items() if without]),
        "tables_of_outcomes": annexes.outcomes(source) if technical else (),
        "waterfall": waterfall,
        "cells_of": annexes.cells_of,
        "decisions_log": decisions_log,
        "alike_lines": alike,
        "checklist": checklist,
        "assured": ASSURANCE,
        "standing": standing,
        "manifest_facts": annexes.manifest_facts(source),
        "tables": (),
    }


def _of_plans(source: BriefSource, view: View) -> dict[str, Any]:
    """What the templates take from the plans of a study with results."""
    advised = advice(view)
    fan, risks = drawings.fan(view, source.mark) if source.has_months else None, drawings.risks(view, source.mark)
    return {
        "answer": summary.StudyAnswer(view),
        "advice": advised,
        "legend": summary.LEGEND,
        "findings": findings,
        "review_dates": review_dates,
        "also": summary.ALSO,
        "fan": fan,
        "risks": risks,
        "tables": [drawn.table for drawn in (fan, risks) if drawn is not None and drawn.table is not None],
        "why": kept.why(source) if len(view.plans) > 1 else None,
        "councils": body.councils(source, view),
        "indicators": kept.indicators(source),
        "signs": body.signs(source, view, advised.plan or view.reference),
    }


def _sampled(study: Study) -> summary.Summary | None:
    """The summary of a sampled study; None for any other, or without a finished history."""
    try:
        return sampled_summary(study) if study.sampled else None
    except InputError:
        return None


def _date(created: str) -> str:
    """Date such as "22 November 2026"; "" if unknown."""
    parts = created.partition("T")[0].split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return ""
    return f"{int(parts[2])} {words.month_of_year(int(parts[1]))} {parts[0]}"
