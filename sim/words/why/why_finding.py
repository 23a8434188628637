"""The answer of `why`: the whole text, the tables, and the content for machines."""

from __future__ import annotations

import re
from typing import Any

from sim.analysis.attribution.attribution_finding import Why
from sim.core import words
from sim.words.finding import StudyFinding, records
from sim.words.why.amounts import Amounts
from sim.words.why.middle_pair import middle_pair
from sim.words.why.why_answer import headline, levers, mechanisms, pair_of

LONGEST = 40
"""Most characters of a plan's name in a file name."""


def finding(found: Why) -> StudyFinding[Why]:
    """Answer of `why`: the reasons for the difference of two plans."""
    name, first = file_name(found), words.sentence(headline(found))
    tables = {name: found.table, f"{name}_events": found.deciding.table}
    return StudyFinding(found, first, said(found).splitlines(), _content(found), tables, name, title(found))


def file_name(found: Why) -> str:
    """Name of the answer's files: the two scenarios, or cell ids if a scenario has several cells."""
    names = (re.sub(r"[^a-z0-9_-]+", "_", side.typed.lower())[:LONGEST] for side in (found.first, found.second))
    return f"why_{'_'.join(names)}"


def title(why: Why) -> str:
    """The heading of the answer: "Why transform first differs from structure first"."""
    pair = pair_of(why)
    return f"Why {pair.second} differs from {pair.first}"


def said(why: Why) -> str:
    """The whole answer, one statement per line; the first is the answer itself."""
    pair, amounts = pair_of(why), Amounts.of(why.outcome)
    lines = [
        words.sentence(headline(why)),
        *levers(why, pair, amounts),
        *mechanisms(why, amounts),
        *middle_pair(why, pair, amounts),
        *_notes(why),
    ]
    return "\n".join(lines)


def _notes(why: Why) -> list[str]:
    notes = [
        "All ranges are of means, at 95% or wider where several are judged together, and show luck alone: each piece "
        "of evidence stands at one value."
    ]
    if why.dropped:
        many = words.counted(why.dropped, "history", "histories")
        notes.append(f"{words.start_of(many)} in which some plan has no value of the outcome left out.")
    if why.changed:
        notes.append(
            "The program has changed since this study was made: both plans were simulated again, and may differ from "
            "its tables."
        )
    return notes


def _content(found: Why) -> dict[str, Any]:
    pair = found.deciding
    return {
        "study": found.study,
        "outcome": found.outcome,
        "first": {"cell": found.first.cell, "label": found.first.label},
        "second": {"cell": found.second.cell, "label": found.second.label},
        "histories": found.n,
        "histories_left_out": found.dropped,
        "exact": found.exact,
        "orders": found.orders,
        "plans_in_between": found.mixed,
        "histories_without_mechanism": found.rests_n,
        "program_changed": found.changed,
        "table": records(found.table),
        "taken_together": [
            {"keys": list(share.factor.keys), "why": share.factor.why}
            for share in found.shares
            if len(share.factor.keys) > 1
        ],
        "mechanisms_left_out": list(found.skipped),
        "middle_pair": {
            "replication": pair.replication,
            "difference": pair.difference,
            "month_of_parting": pair.parting,
            "gap_gbp_m_by_month": list(pair.gap),
            "net_gbp_m": [{"for": part, "first": first, "second": second} for part, first, second in pair.money],
            "facts": records(pair.table.astype(object)),
        },
    }
