"""Parsing of a sweep: a grid of cells, or plans that all use the rows of a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hydra.core.override_parser.types import IntervalSweep, ValueType

from hydra_plugins.tandem.grid import MAX_CELLS, Names, choices, grid, parsed
from sim.core.errors import InputError, shown, suggestion
from sim.plans.strict import by_key, given_twice, parse_override, split_override
from sim.study.design import chosen_factors
from sim.study.design.designs import KINDS, Design, Factor, as_manifest, checked, row_count

ASKED_FROM = 20_000
"""Number of cells above which a sweep requires --yes."""
USUAL_N = {"lhs": 100, "sobol": 64, "morris": 10, "one_at_a_time": 2}
USUAL_REPLICATIONS = 10
"""Default histories per cell of a sample: enough to separate luck from parameters."""
WHOLE = ("n", "seed", "levels", "jobs")
KEYS = ("over", "groups", *WHOLE)


class Sweep(NamedTuple):
    """A requested sweep: overrides of every plan, the common sample if any, and the number of jobs."""

    rows: list[list[str]]
    design: Design | None = None
    jobs: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def sample(self) -> tuple[Sequence[Mapping[str, Any]], dict[str, Any] | None]:
        """Values of the sample's rows, and the design as stored in the manifest; empty for a grid."""
        return ((), None) if self.design is None else (chosen_factors.Drawn(self.design), as_manifest(self.design))


def read_sweep(arguments: Sequence[str], names: Names, yes: bool = False) -> Sweep:
    """The sweep requested by arguments; InputError if unreadable, impossible, or large and not confirmed."""
    asked = _asked([text for text in arguments if _of_design(text)])
    others = [text for text in arguments if not _of_design(text)]
    by_key(others)
    kind = asked.pop("kind", "grid")
    if kind == "grid":
        extra = [name for name in asked if name != "jobs"]
        if extra:
            raise InputError(f"design.{extra[0]}: is for a sample; say which, such as design=sobol")
        rows = grid(others, names)
        _confirm(len(rows), yes)
        return Sweep(rows, jobs=asked.get("jobs"))
    return _sampled(kind, asked, others, names, yes)


def _sampled(kind: str, asked: dict[str, Any], others: Sequence[str], names: Names, yes: bool) -> Sweep:
    factors, fixed = _factors(asked.get("over", ()), others, names)
    if kind not in KINDS:
        near = suggestion(str(kind), KINDS)
        raise InputError(f"design={shown(kind)}: one of grid, {', '.join(KINDS)} is wanted{near}")
    design = Design(
        kind,
        chosen_factors.grouped(factors, kind, asked.get("groups", "auto")),
        asked.get("n", USUAL_N[kind]),
        asked.get("seed", 1),
        asked.get("levels", 4),
    )
    checked(design)
    notes = []
    if not any(split_override(text)[0] == "study.replications" for text in fixed):
        fixed = [*fixed, f"study.replications={USUAL_REPLICATIONS}"]
        notes.append(f"{USUAL_REPLICATIONS} histories of each cell; change that with study.replications=…")
    if len(design.groups) < len(design.factors):
        notes.append(f"the {len(design.factors)} quantities move in {len(design.groups)} groups, by topic")
    rows = grid(fixed, names)
    _confirm(len(rows) * row_count(design), yes)
    return Sweep(rows, design, asked.get("jobs"), tuple(notes))


def _of_design(text: str) -> bool:
    return split_override(text)[0].partition(".")[0] == "design"


def _asked(arguments: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in arguments:
        key, raw = split_override(text)
        name = key.removeprefix("design").removeprefix(".") or "kind"
        if name not in ("kind", *KEYS):
            known = [f"design.{known}" for known in KEYS]
            raise InputError(f"{key}: unknown key{suggestion(key, known)}")
        if name in found:
            raise InputError(f"{key} is given twice")
        found[name] = _names(raw) if name == "over" else parse_override(text)[1]
        if name in WHOLE and (not isinstance(found[name], int) or isinstance(found[name], bool) or found[name] < 1):
            raise InputError(f"{text}: a whole number from 1 is wanted")
    return found


def _names(raw: str) -> tuple[str, ...]:
    names = tuple(name.strip(" '\"") for name in raw.strip().removeprefix("[").removesuffix("]").split(","))
    if not all(names):
        raise InputError(f"design.over={raw}: names are wanted, such as evidence or [time.review,hr.od_posts]")
    return names


def _factors(over: Sequence[str], others: Sequence[str], names: Names) -> tuple[list[Factor], list[str]]:
    """Sampled factors, and fixed overrides; intervals and value lists of levers and evidence are sampled."""
    factors, fixed = list(chosen_factors.over(over)), []
    told: dict[str, str] = {}
    for text in others:
        own = _factor(text, names)
        key = split_override(text)[0] if own is None else own.key
        if key in told:
            raise given_twice(key, told[key], text)
        told[key] = text
        if own is None:
            fixed.append(text)
        else:
            factors = [factor for factor in factors if factor.key != own.key] + [own]
    given = {split_override(text)[0] for text in fixed}
    both = [factor.key for factor in factors if factor.key in given]
    if both and over:
        factors = [factor for factor in factors if factor.key not in given]
    return factors, fixed


def _factor(text: str, names: Names) -> Factor | None:
    key = split_override(text)[0]
    if not key.startswith(("levers.", "evidence.")):
        return None
    try:
        parse_override(text)
        return None
    except InputError as refusal:
        override = parsed(text)
        if not override.is_sweep_override():
            raise refusal from None
    value: Any = override.value()
    if override.value_type == ValueType.INTERVAL_SWEEP and isinstance(value, IntervalSweep):
        return chosen_factors.within_bounds(key, float(value.start or 0.0), float(value.end or 0.0))
    return Factor(key, values=tuple(parse_override(choice)[1] for choice in choices(text, names)))


def _confirm(cells: int, yes: bool) -> None:
    if cells > MAX_CELLS:
        raise InputError(f"the sweep has {cells:,} cells, more than the {MAX_CELLS:,} that are possible: ask for fewer")
    if cells > ASKED_FROM and not yes:
        raise InputError(f"the sweep has {cells:,} cells, more than {ASKED_FROM:,}: add --yes if that is meant")
