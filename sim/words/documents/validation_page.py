"""Validation results as a table for the terminal, as JSON values, and as the page docs/validation.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from math import inf
from pathlib import Path

from sim.analysis.validation.case_figures import MEASURES
from sim.analysis.validation.case_results import ASKED, COUNTED, LEVEL, NARROW, Compared, Validation, summary_values
from sim.analysis.validation.case_runs import ATTEMPTS, FEWER
from sim.analysis.validation.evidence_draws import Prior, priors
from sim.core import words
from sim.core.inputs.quantity import WIDE
from sim.plans.compose import shipped_evidence
from sim.plans.declared_lists import lines
from sim.words.finding import StudyFinding
from sim.words.templates import templates

HEAD = ("case", "figure", "published", "model, 90% range", "middle", "verdict", "log error", "role")
TEMPLATES = Path(__file__).parent / "templates"


def text(found: Validation) -> str:
    """Terminal table of validation results: rows, counts inside the range by role, and one summary sentence."""
    rows = [HEAD, *(_row(one) for one in found.compared if one.values)]
    widths = [min(max(len(row[i]) for row in rows), 44) for i in range(len(HEAD))]
    lines = ["  ".join(_cut(cell, width).ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    lines += [f"{one.case}, {one.figure.name}: no history shows what is known of it" for one in found.unseen]
    aside = sum(one.figure.outcome is None for one in found.compared)
    if aside:
        lines.append(f"(and {aside} published figures of role context that the model does not simulate)")
    return "\n".join([*lines, "", *_tally(found), "", reading(found)])


def finding(found: Validation) -> StudyFinding[Validation]:
    """The model beside published figures, as an answer; null for what is infinite, never came or has no meaning."""
    content = {
        "draws": found.draws,
        "seed": found.seed,
        "reading": reading(found),
        "figures": [summary_values(one) for one in found.compared],
        "inside": {role: dict(zip(("inside", "of"), found.inside(role))) for role in COUNTED},
        "median_width_factor": None if found.width in (None, inf) else found.width,
        "median_error_factor": found.typical_error,
        "failed": list(found.failed),
    }
    return StudyFinding(found, reading(found), text(found).splitlines(), content)


def reading(found: Validation) -> str:
    """One sentence summarising the validation figures."""
    inside, of = found.inside("calibrate")
    unseen = sorted({one.case for one in found.unseen if one.figure.role in COUNTED})
    if unseen and not any(found.inside(role)[1] for role in COUNTED):
        return f"Nothing can be compared: what is known of {', '.join(unseen)} held in none of {found.draws} draws."
    if not sum(found.inside(role)[1] for role in COUNTED):
        return "No figure counts for or against the model: all are context."
    parts = []
    if of:
        enough = "as many as" if inside >= ASKED * of else "fewer than"
        parts.append(
            f"{inside} of {of} figures used for calibration lie inside the model's {LEVEL:.0%} range, {enough} the "
            f"{ASKED:.0%} asked for"
        )
    kept, all_kept = found.inside("holdout")
    if all_kept:
        parts.append(f"{kept} of {all_kept} that were kept back do")
    if found.width is not None:
        narrow = "narrow enough to be of use" if found.width < NARROW else "too wide to say much"
        factor = "without bound" if found.width == inf else f"a factor of {found.width:.1f} between their ends"
        parts.append(f"the ranges for money are {narrow} ({factor}, in the middle)")
    sentence = "; ".join(parts)
    return sentence[0].upper() + sentence[1:] + "."


def _tally(found: Validation) -> list[str]:
    lines = []
    for role in COUNTED:
        inside, of = found.inside(role)
        lines.append(f"{role}: {inside} of {of} inside")
    shown = found.of_role("context")
    if shown:
        lines.append(f"context: {len(shown)} shown, not counted")
    close = [f"{one.case}, {one.figure.name}" for one in found.compared if one.counts and one.close]
    if close:
        lines.append(f"close, so that other draws could turn the verdict: {'; '.join(close)}")
    return lines


def _row(one: Compared) -> tuple[str, ...]:
    verdict = ("inside" if one.inside else "outside") + (", close" if one.close else "") if one.compares else ""
    error = f"{one.log_error:+.2f}" if one.compares and one.log_error is not None else ""
    low, high = one.interval
    model, middle = f"{number(low)} to {number(high)} {one.unit}", number(one.middle)
    return one.case, one.figure.name, published(one), model, middle, verdict, error, one.figure.role


def published(one: Compared) -> str:
    """A published figure in plain words, with its kind unless it is an outturn."""
    low, high = one.figure.bounds
    if low is None and high is None:
        return "–"
    if low == high:
        said = number(low)
    elif high is None:
        said = f"at least {number(low)}"
    elif low is None:
        said = f"at most {number(high)}"
    else:
        said = f"{number(low)} to {number(high)}"
    return said if one.figure.kind == "outturn" else f"{said} ({one.figure.kind})"


def number(value: float | None) -> str:
    """A number to three significant digits; "never" for a month never reached."""
    if value is None:
        return "–"
    if value == inf:
        return "never"
    if abs(value) < 1e-6:
        return "0"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + "…"


def markdown(found: Validation) -> str:
    """The page docs/validation.md."""
    cases = {each.file.case.name: each for each in found.cases}
    return (
        templates(TEMPLATES)
        .get_template("validation.md.j2")
        .render(
            found=found,
            version=_version(),
            reading=reading(found),
            tally=_tally(found),
            head=HEAD,
            rows=[_row(one) for one in found.compared if one.values],
            patterns=[line for line in lines() if line.topic == "Patterns" and line.why],
            cases=[
                (each.file.case, each.assumed, [one for one in found.compared if one.case == name])
                for name, each in cases.items()
            ],
            chosen=list(_chosen()),
            priors=[_prior(each) for each in priors()],
            measures=[(f"`{name}`", measure.unit, measure.meaning) for name, measure in MEASURES.items()],
            published=published,
            number=number,
            span=_span,
            level=LEVEL,
            wide=WIDE,
            fewer=FEWER,
            attempts=ATTEMPTS,
        )
    )


def _version() -> str:
    try:
        return version("tandem-sim")
    except PackageNotFoundError:
        return "not installed"


def _span(low: float | None, high: float | None) -> str:
    if low == high:
        return f"is {number(low)}"
    ends = (("at least", low), ("at most", high))
    return " and ".join(f"{word} {number(bound)}" for word, bound in ends if bound is not None)


def _chosen() -> Iterator[tuple[str, ...]]:
    """Rows of the evidence quantities whose source is a published validation case; all others are independent."""
    for topic, group in shipped_evidence().items():
        for name, q in group.items():
            if re.search(r"(^|[ ,;])C-", q.source):
                yield f"`{topic}.{name}`", q.meaning, f"{q.value:g} ({q.low:g} to {q.high:g}) {q.unit}", q.source


def _prior(prior: Prior) -> tuple[str, str, str]:
    """A lever's choices with their weights, and the reason."""
    pairs = zip(prior.values, prior.weights, strict=True)
    choices = (f"{words.plain(str(value))} {weight:g}" for value, weight in pairs)
    return f"`{prior.lever}`", ", ".join(choices), prior.reason
