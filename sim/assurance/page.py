"""Page docs/assurance.md, made only from the record: check, claim, target, reached, n, when, commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from sim.assurance.record import QUICK, SLOW, CheckPart, Record, read_record
from sim.plans.declared_lists import CheckLine, lines

REACHED, SHORT, PARTLY, NOT_RUN = "reached", "falls short", "run in part", "not run"
_MOST_NAMED = 6
"""Maximum failing tests named in a cell; the rest are counted."""
_INTRODUCTION = """\
# Assurance

What is checked of Tandem itself, and what was reached when it was last run. `tandem verify` runs the quick checks,
`make assure` all of them; both write this page, and no figure on it is typed by hand. A line that was not run says so.
What the model says of the world is another matter: see [validation.md](validation.md) and
[assumptions.md](assumptions.md)."""
_COLUMNS = ("check", "what it shows", "asked", "state", "figure reached", "n", "when", "commit")


def assurance(record: Record | None = None) -> str:
    """Whole page as Markdown."""
    kept = read_record() if record is None else record
    parts = [_INTRODUCTION, standing(kept), *_shortfalls(kept)]
    for topic, group in groupby(lines(), key=lambda line: line.topic):
        parts += [f"## {topic}", table(_COLUMNS, [_row(line, kept.get(line.id, {})) for line in group])]
    return "\n\n".join(parts) + "\n"


def standing(record: Record | None = None) -> str:
    """Number of lines reached, in one sentence, for the page, reports and Glass box."""
    kept = read_record() if record is None else record
    found = Counter(state(kept.get(line.id, {})) for line in lines())
    named = ((SHORT, "falls short" if found[SHORT] == 1 else "fall short"), (PARTLY, PARTLY), (NOT_RUN, NOT_RUN))
    others = ", ".join(f"{found[name]} {said}" for name, said in named if found[name])
    return f"Of {len(lines())} checks {found[REACHED]} are reached" + (f"; {others}." if others else ".")


def state(parts: dict[str, CheckPart]) -> str:
    """State of a line: reached, partly run, short or not run."""
    if any(part["failed"] for part in parts.values()):
        return SHORT
    if not parts or not any(part["passed"] for part in parts.values()):
        return NOT_RUN
    return REACHED if all(part["passed"] >= part["tests"] for part in parts.values()) else PARTLY


def _shortfalls(record: Record) -> Iterable[str]:
    """Shortfalls, placed first on the page."""
    short = [line for line in lines() if state(record.get(line.id, {})) != REACHED]
    if short:
        yield "\n".join(_short(line, state(record.get(line.id, {}))) for line in short)


def _short(line: CheckLine, found: str) -> str:
    """One line not reached; a shortfall has its reason, or a note that none is on record."""
    why = f" Why: {line.why or 'no reason is on record'}." if found == SHORT else ""
    return f"- {line.id}: {found}. {line.shows}.{why}"


def _row(line: CheckLine, parts: dict[str, CheckPart]) -> Sequence[str]:
    run = [parts[kind] for kind in (QUICK, SLOW) if kind in parts]
    return (
        line.id,
        line.shows,
        line.asked,
        state(parts),
        _reached(parts),
        _joined(f"{n:,}" for part in run for n in part["n"]),
        _joined(part["when"] for part in run),
        _joined(part["commit"] for part in run),
    )


def _reached(parts: dict[str, CheckPart]) -> str:
    """Figures reached, failing tests, and number of tests behind them."""
    told = [text for kind in (QUICK, SLOW) if kind in parts for text in parts[kind]["reached"]]
    failed = [name for part in parts.values() for name in part["failed"]]
    if failed:
        more = f" and {len(failed) - _MOST_NAMED} more" if len(failed) > _MOST_NAMED else ""
        told.append(f"fell short: {', '.join(failed[:_MOST_NAMED])}{more}")
    told += [_counted(kind, parts[kind]) for kind in (QUICK, SLOW) if kind in parts]
    return "; ".join(told)


def _counted(kind: str, part: CheckPart) -> str:
    ran = part["passed"] + len(part["failed"])
    if not ran:
        return f"{part['tests']} {kind} tests not run"
    left = f", {part['tests'] - ran} not run" if ran < part["tests"] else ""
    return f"{part['passed']} of {ran} {kind} test{'s' if ran > 1 else ''} passed{left}"


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    body = [tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *body])
