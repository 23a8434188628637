"""The three audit logs: assumptions, decisions with reasons, and data with sources.

Each is a list of rows, one dictionary a row with the same keys, made from the settings and the study alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from sim.core import words
from sim.core.errors import InputError
from sim.core.inputs.partnership import Council, CouncilPair, Partnership
from sim.engine.settings import Settings
from sim.plans import key_words, scenario
from sim.plans.compose import compose
from sim.plans.declared_lists import evidence_entries
from sim.plans.strict import Library

if TYPE_CHECKING:
    from sim.study.study import Study

Row = dict[str, Any]

ASSUMPTIONS = ("key", "name", "meaning", "value", "unit", "low", "high", "grade", "source", "overridden", "usual")
DECISIONS = ("kind", "key", "name", "usual", "chosen", "by", "reason", "reasoned")
DATA = ("whose", "key", "fact", "value", "status", "source")
"""The columns of each log, in their order."""

NO_REASON = "no reason was given"
BY_PLAN = "the plan"
"""Value of the `by` column: chosen by the shipped plan."""
BY_USER = "the user"
"""Value of the `by` column: chosen by the study's user, on the command line or in a file."""
_HOW_RUN = ("replications", "seed", "reference", "auto_outcome", "auto_half_width", "auto_most")
"""The study's own settings that count as decisions; names, workers and output options do not."""
_CITED = re.compile(r"\b(?:S\d+|C-\d+)\b")
_FACTS = {
    "full_name": "full name",
    "headcount": "staff",
    "service_expenditure_gbp_m": "service expenditure, £m a year",
    "control": "political control",
    "setting": "setting",
    "elections": "elects",
    "next_election_year": "next election",
    "budget_gap_share": "budget gap to close, share of expenditure",
    "earlier_cuts_share": "cut alone before, share of expenditure",
    "distance_miles": "distance, miles",
    "prior_joint_working": "prior joint working, 0 to 1",
    "culture_gap": "culture gap, 0 to 1",
    "start_year": "year of the decision to share",
    "start_month": "month of the decision to share",
    "name": "name",
}


def assumptions_log(settings: Settings) -> list[Row]:
    """Every evidence quantity of these settings (columns ASSUMPTIONS); overridden ones have no citation.

    `usual` is the shipped value; `overridden` is true if these settings replace it.
    """
    shipped = {entry["name"]: entry for entry in evidence_entries()}
    unknown = {"value": None, "source": ""}
    return [
        _assumption(entry, shipped.get(entry["name"], {**entry, **unknown})) for entry in evidence_entries(settings)
    ]


def _assumption(entry: Mapping[str, Any], usual: Mapping[str, Any]) -> Row:
    overridden = entry["value"] != usual["value"] or entry["source"] != usual["source"]
    return {
        "key": entry["name"],
        "name": key_words.name(entry["name"]),
        **{name: entry[name] for name in ASSUMPTIONS[2:9]},
        "overridden": overridden,
        "usual": usual["value"],
    }


def decisions_log(study: Study, cell: str) -> list[Row]:
    """Settings of one plan that differ from the defaults, with who chose them and why (columns DECISIONS).

    `by` is BY_PLAN if the shipped plan of that name has the value, else BY_USER. `reason` is the one given for
    the key (`scenario.reasons`), the plan's meaning, or the study's (`study.reason`). `reasoned` is false if none
    was given; `reason` is then NO_REASON.
    """
    return decided(study.settings(cell), study.manifest["study"])


def decided(settings: Settings, run: Mapping[str, Any]) -> list[Row]:
    """Decisions log of a plan from its settings; `run` is the manifest's study section, empty if unknown."""
    return [*_values(settings, str(run.get("reason", ""))), *_dated(settings), *_befalls(settings), *_how_run(run)]


def _values(settings: Settings, overall: str) -> Iterator[Row]:
    usual, own, planned = scenario.values(_defaults()), scenario.values(settings), _planned(settings.scenario.name)
    if own["partnership"] != usual["partnership"]:
        pair = usual["partnership"], own["partnership"]
        yield _row("partnership", "partnership", "the partnership", *pair, BY_USER, "what the study is about")
    for key, value in own.items():
        if value == usual.get(key) or key.startswith("partnership"):
            continue
        by = BY_PLAN if planned.get(key) == value else BY_USER
        reason = _reason(settings, key) if by == BY_PLAN else _own_reason(settings, key) or overall
        texts = key_words.said(key, usual.get(key)), key_words.said(key, value)
        yield _row(_kind(key), key, key_words.name(key), *texts, by, reason)
    if settings.services != _defaults().services:
        before, now = (words.counted(len(each.services), "service") for each in (_defaults(), settings))
        yield _row("services", "services", "the list of services", before, now, BY_USER, overall)


def _reason(settings: Settings, key: str) -> str:
    """Reason that the plan gives for a value: one of its own, or the plan's meaning."""
    return _reason_given(settings, key) or settings.scenario.meaning


def _own_reason(settings: Settings, key: str) -> str:
    """Reason that the user gives for a value; what a shipped plan gives is for its own value."""
    plan, found = _plan(settings.scenario.name), _reason_given(settings, key)
    return "" if plan is not None and found == _reason_given(plan, key) else found


def _reason_given(settings: Settings, key: str) -> str:
    """Reason written in the plan for this key, with or without its last word; empty if there is none."""
    reasons = settings.scenario.reasons
    return reasons.get(key.removesuffix(".value")) or reasons.get(key) or ""


def _row(kind: str, key: str, name: str, usual: str, chosen: str, by: str, reason: str) -> Row:
    found = reason or NO_REASON
    return dict(zip(DECISIONS, (kind, key, name, usual, chosen, by, found, bool(reason)), strict=True))


def _kind(key: str) -> str:
    return {"levers": "lever", "evidence": "quantity", "mechanisms": "mechanism"}.get(key.partition(".")[0], "study")


def _dated(settings: Settings) -> Iterator[Row]:
    """Rows for decisions that the plan takes at a later month."""
    for number, decision in enumerate(settings.decisions):
        pairs = (
            (key if key.startswith("levers.") else f"levers.{key}", value) for key, value in decision.change.items()
        )
        chosen = "; ".join(f"{key_words.name(key)}: {key_words.said(key, value)}" for key, value in pairs)
        name = f"a decision at month {decision.month}"
        by = _by_shipped(settings, "decisions")
        yield _row("decision", f"decisions.{number + 1}", name, "none", chosen, by, decision.reason)


def _befalls(settings: Settings) -> Iterator[Row]:
    """Rows for events that the plan schedules."""
    for number, shock in enumerate(settings.shocks):
        chosen = words.plain(shock.kind) + (f", {shock.council}" if shock.council else "")
        name, by = f"an event set for month {shock.month}", _by_shipped(settings, "shocks")
        yield _row("event", f"shocks.{number + 1}", name, "left to chance", chosen, by, settings.scenario.meaning)


def _by_shipped(settings: Settings, part: str) -> str:
    plan = _plan(settings.scenario.name)
    return BY_PLAN if plan is not None and getattr(plan, part) == getattr(settings, part) else BY_USER


def _how_run(run: Mapping[str, Any]) -> Iterator[Row]:
    """Rows for the study's own settings (histories, seed and so on) that differ from the defaults."""
    usual = compose().study.model_dump(mode="json")
    for name in _HOW_RUN:
        if name in run and run[name] != usual[name]:
            before, now = (words.plain(str(each[name])) for each in (usual, run))
            label = words.plain(name if name.startswith("auto") else {"replications": "histories"}.get(name, name))
            yield _row("study", f"study.{name}", label, before, now, BY_USER, str(run.get("reason", "")))


@lru_cache(maxsize=1)
def _defaults() -> Settings:
    return compose().settings


def _planned(name: str) -> dict[str, Any]:
    plan = _plan(name)
    return {} if plan is None else scenario.values(plan)


@lru_cache(maxsize=64)
def _plan(name: str) -> Settings | None:
    """The shipped plan of this name, or None."""
    try:
        return compose([f"scenario={name}"]).settings
    except InputError:
        return None


def data_log(settings: Settings) -> list[Row]:
    """Every given fact of the partnership with its source (columns DATA).

    `status` is one of "published", "published, taken to hold" (with an assumption of ours), "given" (by the author
    of the file), "assumption", "changed by the user" (a built-in fact that this study replaced), "no source".
    """
    partnership = settings.partnership
    shipped = _shipped(partnership.name)
    return list(chain.from_iterable(_facts(partnership, shipped, *part) for part in _parts(partnership)))


def _parts(partnership: Partnership) -> Iterator[tuple[str, Any]]:
    yield partnership.name, partnership
    yield from ((council.name, council) for council in partnership.councils)
    yield from ((" and ".join(pair.between), pair) for pair in partnership.pairs)


def _facts(partnership: Partnership, shipped: Mapping[tuple[str, str], Any], whose: str, part: Any) -> Iterator[Row]:
    for key, value in part:
        if key not in _FACTS or (key == "name" and isinstance(part, Council)):
            continue
        source = _source(partnership, key, whose, part)
        status = _status(source)
        before = shipped.get((whose, key), value)
        if before != value:
            source, status = (
                f"changed by the user from {_shown(key, before)}; it has lost its source",
                "changed by the user",
            )
        yield dict(zip(DATA, (whose, key, _FACTS[key], _shown(key, value), status, source), strict=True))


def _source(partnership: Partnership, key: str, whose: str, part: Council | CouncilPair | Partnership) -> str:
    names = [whose] if not isinstance(part, CouncilPair) else [whose, " and ".join(reversed(part.between))]
    found = (partnership.provenance.get(f"{key} of {name}") for name in names)
    return next(filter(None, found), None) or partnership.provenance.get(key) or "no source is stated"


def _status(source: str) -> str:
    if source == "no source is stated":
        return "no source"
    if source.startswith(("assumption", "default")):
        return "assumption"
    if _CITED.search(source):
        return "published, taken to hold" if "assumption:" in source else "published"
    return "given"


def _shown(key: str, value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.10g}"
    return (
        f"{value:,}" if isinstance(value, int) and not key.startswith(("next_", "start_")) else words.plain(str(value))
    )


@lru_cache(maxsize=64)
def _shipped(name: str) -> dict[tuple[str, str], Any]:
    """Facts of the built-in partnership of this name, by council and field; empty if there is no such partnership."""
    library = Library()
    for file in library.names("partnership"):
        content = library.read("partnership", file)
        if content["name"] == name:
            made = Partnership(**content)
            return {(whose, key): value for whose, part in _parts(made) for key, value in part}
    return {}
