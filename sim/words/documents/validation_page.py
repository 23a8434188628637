"""Validation results as a table for the terminal, as JSON values, and as the page docs/validation.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from math import inf

from sim.analysis.validation.case_figures import MEASURES
from sim.analysis.validation.case_results import ASKED, COUNTED, LEVEL, NARROW, Compared, Validation, summary_values
from sim.analysis.validation.case_runs import ATTEMPTS, FEWER
from sim.analysis.validation.evidence_draws import Prior, priors
from sim.core import words
from sim.core.inputs.quantity import WIDE
from sim.plans.compose import shipped_evidence
from sim.plans.declared_lists import lines
from sim.words.documents.own_cases import GUIDE
from sim.words.finding import StudyFinding

HEAD = ("case", "figure", "published", "model, 90% range", "middle", "verdict", "log error", "role")
_ROLES = {
    "calibrate": "may choose parameters",
    "holdout": "kept back: no parameter was or may be fitted to it",
    "context": "shown for orientation, and never counted",
}


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
    parts = [
        _opening(found),
        "## What came out",
        reading(found),
        "\n".join(f"- {line}" for line in _tally(found)),
        "## Figures beside the model",
        _table(HEAD, [_row(one) for one in found.compared if one.values]),
        "## Misses",
        _misses(found),
        "## Patterns not met throughout",
        _patterns(),
        "## Cases and the role of each figure",
        *(_case(found, prepared.file.case.name) for prepared in found.cases),
        "## Which figures chose which quantities",
        _chosen(found),
        "## How to read a range",
        _method(found),
        "## Levers drawn where sources are silent",
        _table(("lever", "choices by weight", "why"), map(_prior, priors())),
        "## Cases of your own",
        GUIDE,
        _table(("measure", "unit", "meaning"), [(f"`{name}`", m.unit, m.meaning) for name, m in MEASURES.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def _opening(found: Validation) -> str:
    return f"""# Validation

The model beside what was published. Written by `tandem validate --draws {found.draws} --write docs/validation.md`,
never by hand (version {_version()}, seed {found.seed}). Sources are ids of [evidence.md](evidence.md).

Each figure has a role. It was settled before the model was run, except where the case says otherwise:

{chr(10).join(f"- **{role}**: {meaning}" for role, meaning in _ROLES.items())}

*Illustrative, not a forecast.* The published figures come from councils that chose to share, still shared when they
were asked, and mostly speak for themselves."""


def _version() -> str:
    try:
        return version("tandem-sim")
    except PackageNotFoundError:
        return "not installed"


def _misses(found: Validation) -> str:
    if not found.misses and not found.unseen:
        return "Every figure that counts lies inside its range. That is weak evidence: few figures are published."
    lines = [
        f"- **{one.case}, {one.figure.name}**: no history shows what is known of it, so nothing could be compared."
        for one in found.unseen
    ]
    for one in found.misses:
        side = "above" if one.middle > max(bound for bound in one.figure.bounds if bound is not None) else "below"
        low, high = one.interval
        why = one.figure.limits or "We know no reason yet."
        lines.append(
            f"- **{one.case}, {one.figure.name}** ({one.figure.source}, {one.figure.role}): "
            f"published {published(one)}, model {number(low)} to {number(high)} {one.unit}, which lies {side} it. {why}"
        )
    return "\n".join(lines)


def _patterns() -> str:
    """Patterns in the sources that the model reproduces only in part, with the declared reason."""
    intro = (
        "Patterns are what the sources say that happens, claimed, warned of or supposed ([evidence.md](evidence.md)). "
        "Tests hold the model to all of them; their figures stand in [assurance.md](assurance.md). Those below hold on "
        "the default partnership and yet not everywhere they should. The model was not bent to mend that."
    )
    short = [f"- **{line.id}** {line.shows}: {line.why}." for line in lines() if line.topic == "Patterns" and line.why]
    return "\n\n".join([intro, "\n".join(short)])


def _case(found: Validation, name: str) -> str:
    prepared = next(case for case in found.cases if case.file.case.name == name)
    case, figures = prepared.file.case, [one for one in found.compared if one.case == name]
    lines = [f"### {name}", " ".join(case.meaning.split()) or "–"]
    if prepared.assumed:
        lines.append(f"Filled in where the file says nothing: {'; '.join(prepared.assumed)}.")
    simulated = next((one for one in figures if one.values), None)
    if simulated is not None and case.known:
        facts = "; ".join(f"{fact.outcome} {_span(fact.low, fact.high)} ({fact.source})" for fact in case.known)
        lines.append(
            f"Only histories in which what is known of it holds are compared ({facts}): {len(simulated.values)} "
            f"of {simulated.drawn} draws."
        )
    rows = [(one.figure.name, published(one), one.figure.source, one.figure.role, _why(one)) for one in figures]
    return "\n\n".join([*lines, _table(("figure", "published", "source", "role", "why"), rows)])


def _why(one: Compared) -> str:
    return " ".join(" ".join((one.figure.reason, one.figure.limits)).split())


def _span(low: float | None, high: float | None) -> str:
    if low == high:
        return f"is {number(low)}"
    return " and ".join(
        f"{word} {number(bound)}" for word, bound in (("at least", low), ("at most", high)) if bound is not None
    )


def _chosen(found: Validation) -> str:
    """Table of evidence quantities whose source is a published validation case; all others are independent."""
    register = shipped_evidence()
    rows = []
    for topic, group in register.items():
        for name, q in group.items():
            cited = [word for word in q.source.replace(",", " ").replace(";", " ").split() if word.startswith("C-")]
            if cited:
                value = f"{q.value:g} ({q.low:g} to {q.high:g}) {q.unit}"
                rows.append((f"`{topic}.{name}`", q.meaning, value, q.source))
    intro = (
        "Quantities of the register whose value or range rests on a published figure. The search in "
        "`python -m sim.analysis.validation.calibration` looks at figures of role calibrate only and writes nothing. "
        "Where a range cites a figure that is kept back here, that figure is not wholly untouched, and the row says so."
    )
    return intro + "\n\n" + _table(("quantity", "meaning", "value and range", "source"), rows)


def _method(found: Validation) -> str:
    return f"""- A range is the central {LEVEL:.0%} of {found.draws} draws, each with a history of its own luck.
- Each draw takes every quantity of the evidence register anew, from a triangle over the register's range with its peak
  at the register's value, on the scale of the logarithm where the ends are more than a factor of {WIDE:g} apart. The
  draws are a Latin hypercube, the same for every case.
- Each partnership draws besides where it stands among others in pace and in what it can save, and, where no source
  says what was chosen, the levers of the table below, by weight. A case names what is documented and may hold a lever.
- So a range holds what nobody knows about the world and about the plan, and what is chance.
- *Inside*: the range holds the published value, or some of the published range. *Log error*: the natural logarithm
  of the model's middle over the nearest published value; 0.1 is about a tenth too high.
- *Close*: the published value lies so near an end of the range that another set of as many draws could turn the
  verdict; more draws tell.
- A month that never came in a history counts as later than any other.
- A population takes {found.draws // FEWER} of the draws. A partnership in it that does not show what is known of it is
  played again with other luck, at most {ATTEMPTS} times in a draw."""


def _prior(prior: Prior) -> tuple[str, str, str]:
    """A lever's choices with their weights, and the reason."""
    choices = (
        f"{words.plain(str(value))} {weight:g}" for value, weight in zip(prior.values, prior.weights, strict=True)
    )
    return f"`{prior.lever}`", ", ".join(choices), prior.reason


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |" for line in lines)
