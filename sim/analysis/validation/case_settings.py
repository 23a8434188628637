"""Settings to simulate for a case, with stated defaults for missing facts, and the month of each figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from sim import engine
from sim.analysis.validation import case_figures
from sim.analysis.validation.case_figures import Reading
from sim.analysis.validation.cases import CaseFile, CasePlan, Known, Moment, OneService, refused
from sim.analysis.validation.evidence_draws import EVERY
from sim.core.clock import Clock
from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.packages import TIERS, joint, redesign
from sim.core.inputs.partnership import Partnership
from sim.core.inputs.quantity import Quantity
from sim.core.refusal import refusal
from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Levers, Settings
from sim.plans.compose import compose
from sim.plans.declared_lists import lever_entries
from sim.plans.partnership_csv.forming import FIXED, culture_gap, election_year
from sim.plans.strict import Library

REST = "everything_else"


@dataclass(frozen=True)
class Member:
    """One partnership of a case: possible plans with weights, and reading months of figures."""

    name: str
    plans: tuple[tuple[float, Settings], ...]
    readings: tuple[Reading, ...]
    known: tuple[Reading, ...]
    held: tuple[frozenset[str], ...] = ()
    """By plan: levers that are not drawn, each 'group.lever', or 'all'."""


@dataclass(frozen=True)
class Prepared:
    """A case ready to simulate: its members, and defaults used for missing facts."""

    file: CaseFile
    members: tuple[Member, ...]
    assumed: tuple[str, ...] = ()


def prepare(file: CaseFile) -> Prepared:
    """Build and check the settings of a case. Raises InputError with file, line and allowed values."""
    case = file.case
    if case.scope == "council":
        return Prepared(file, ())
    if case.population is not None:
        members = [_member(file, name, _population_plans(file, name)) for name in case.population.partnerships]
        return Prepared(file, tuple(members))
    partnership, assumed = _partnership(file)
    plan = CasePlan(scenario=case.scenario, levers=case.levers)
    settings = _settings(file, partnership, plan, ())
    return Prepared(file, (_member(file, partnership.name, [(1.0, settings)]),), tuple(assumed))


def _population_plans(file: CaseFile, name: str) -> list[tuple[float, Settings]]:
    population = file.case.population
    assert population is not None
    at = population.partnerships.index(name)
    with file.at("population", "partnerships", at):
        partnership = _named(name)
    return [
        (plan.weight, _settings(file, partnership, plan, ("population", "plans", i)))
        for i, plan in enumerate(population.plans)
    ]


def _partnership(file: CaseFile) -> tuple[Partnership, list[str]]:
    """Partnership named or given in the file, with defaults used; the case's own start overrides its date."""
    given, assumed = file.case.partnership, list[str]()
    with file.at("partnership"):
        if isinstance(given, str):
            content = _named(given).model_dump()
        elif isinstance(given, dict):
            content, assumed = completed(given)
        else:
            raise InputError(f"partnership={shown(given)}: a name is wanted, or the councils themselves")
    if file.case.start is not None:
        content["start_year"], content["start_month"] = map(int, file.case.start.split("-"))
    if file.case.start_state is not None:
        content["start_state"] = file.case.start_state
    try:
        return Partnership.model_validate(content), assumed
    except ValidationError as error:
        raise refused(error, file.path, file.document, Partnership, ("partnership",)) from None


def _named(name: str) -> Partnership:
    library = Library()
    library.path("partnership", name)
    return compose([f"partnership={name}"], library).settings.partnership


def _settings(file: CaseFile, partnership: Partnership, plan: CasePlan, place: tuple[str | int, ...]) -> Settings:
    case = file.case
    with file.at(*place, "scenario"):
        Library().path("scenario", plan.scenario)
        base = compose([f"scenario={plan.scenario}", f"study.horizon_months={case.horizon_months}"]).settings
    parts: dict[str, Any] = {"partnership": partnership, "decisions": (*base.decisions, *case.decisions)}
    parts["shocks"] = (*base.shocks, *case.shocks)
    parts["levers"] = _levers(file, base.levers, plan.levers, (*place, "levers"))
    if case.service is not None:
        parts |= _only(case.service, partnership, parts["levers"], base)
    try:
        return base.replaced(**parts)
    except ValidationError as error:
        raise refusal(error, _allowed, lambda _: (), "", lambda key: file.where((*place, *key))) from None


def _levers(file: CaseFile, base: Levers, given: Mapping[str, Any], place: tuple[str | int, ...]) -> Levers:
    """Levers of the plan over the scenario's; every key is looked up first, so that typing errors get a hint."""
    content = base.model_dump()
    names = [entry["name"].removeprefix("levers.") for entry in lever_entries()]
    for group, levers in given.items():
        with file.at(*place, group):
            if not isinstance(levers, dict):
                raise InputError(f"levers.{group}={shown(levers)}: keys with values are wanted")
        for name, value in levers.items():
            with file.at(*place, group, name):
                if f"{group}.{name}" not in names:
                    raise InputError(f"levers.{group}.{name}: unknown lever{suggestion(f'{group}.{name}', names)}")
            content[group][name] = value
    try:
        return Levers.model_validate(content)
    except ValidationError as error:
        inside = (*place[:-1], "levers")
        raise refusal(error, _lever, lambda _: names, "levers.", lambda key: file.where((*inside, *key))) from None


def _allowed(place: tuple[str | int, ...]) -> dict[str, Any] | None:
    name = ".".join(str(part) for part in place)
    return next((entry for entry in lever_entries() if entry["name"] == name), None)


def _lever(place: tuple[str | int, ...]) -> dict[str, Any] | None:
    return _allowed(("levers", *place))


def _only(service: OneService, partnership: Partnership, levers: Levers, base: Settings) -> dict[str, Any]:
    """Settings to share one service only, before management, which every plan shares."""
    staff, budget = partnership.headcount, partnership.expenditure_gbp_m
    if service.staff >= staff or service.budget_gbp_m >= budget:
        raise InputError(f"service: its staff and budget must lie below the councils' {staff} and £{budget:g}m")
    staff_weight, spend_weight = 100.0 * service.staff / staff, 100.0 * service.budget_gbp_m / budget
    shared = {"title": service.name, "kind": "corporate", "staff_weight": staff_weight, "spend_weight": spend_weight}
    left = {"staff_weight": 100.0 - staff_weight, "spend_weight": 100.0 - spend_weight}
    rest = {"title": "Everything else", "kind": "customer", **left}
    before = [f"{joint(service.name)} > {later}" for later in (*TIERS[:3], redesign(service.name))]
    sequence = {"sequence": "explicit", "extent": "corporate_services", "order": tuple(before)}
    content = levers.model_dump()
    content["sequence"] |= sequence
    why = "assumption: staff and budget of the service are given by the case"
    none = {"value": 0.0, "low": 0.0, "high": 0.0, "grade": "assumption", "source": why}
    size = Quantity.model_validate(base.evidence["services"]["size_spread"].model_dump() | none)
    evidence = {**base.evidence, "services": {**base.evidence["services"], "size_spread": size}}
    services = {service.name: shared, REST: rest}
    return {"services": services, "levers": Levers.model_validate(content), "evidence": evidence}


def _member(file: CaseFile, name: str, plans: list[tuple[float, Settings]]) -> Member:
    """Member with each figure's month, checked on one history of its first plan."""
    settings = plans[0][1]
    trial = engine.run(settings, 0)

    def checked(key: str, at: int, what: Moment, outcome: str) -> Reading:
        with file.at(key, at, "at_date" if what.at_date else "at_month"):
            month = _month(what, settings, floor=file.case.scope == "population")
        with file.at(key, at, "outcome"):
            case_figures.check(outcome, month, trial, settings)
        return outcome, month

    known = [checked("known", i, one, one.outcome) for i, one in enumerate(file.case.known)]
    for i, one in enumerate(file.case.known):
        with file.at("known", i):
            _refuse_impossible(one)
    readings = [checked("figures", i, one, one.outcome) for i, one in enumerate(file.case.figures) if one.outcome]
    return Member(name, tuple(plans), tuple(readings), tuple(known), tuple(_held(file, plan) for _, plan in plans))


def _held(file: CaseFile, settings: Settings) -> frozenset[str]:
    """Levers that the scenario or the case sets, or holds by name."""
    known = {entry["name"].removeprefix("levers."): entry["default"] for entry in lever_entries()}
    for at, name in enumerate(file.case.held):
        if name not in known and name != EVERY:
            with file.at("held", at):
                raise InputError(f"held: {shown(name)} is no lever{suggestion(name, [EVERY, *known])}")
    population = file.case.population
    named = [plan.levers for plan in population.plans] if population is not None else [file.case.levers]
    documented = {f"{group}.{name}" for levers in named for group, own in levers.items() for name in own}
    if any(name.startswith("staffing.") for name in documented):
        documented |= {name for name in known if name.startswith("staffing.")}  # routes are shares of one whole
    chosen = {name for name in known if _value(settings, name) != known[name]}
    return frozenset({*file.case.held, *documented, *chosen})


def _value(settings: Settings, lever: str) -> Any:
    group, name = lever.split(".")
    return getattr(getattr(settings.levers, group), name)


def _refuse_impossible(known: Known) -> None:
    """InputError where no history can show what is said to be known."""
    outcome = OUTCOMES.get(known.outcome)
    if outcome is None:
        return
    too_high = known.low is not None and known.low > outcome.high
    if too_high or (known.high is not None and known.high < outcome.low):
        said = f"low={known.low:g}" if too_high else f"high={known.high:g}"
        raise InputError(f"known: {said} can never be: {known.outcome} {outcome.span}")


def _month(moment: Moment | Known, settings: Settings, floor: bool) -> int:
    """Month in the history; a population's partnership that begins later stays at its month 0."""
    horizon = settings.horizon_months
    if moment.at_date is None:
        month, said = (horizon if moment.at_month is None else moment.at_month), f"at_month={moment.at_month}"
    else:
        year, number = map(int, moment.at_date.split("-"))
        month = Clock(settings.partnership.start_year, settings.partnership.start_month).month_of(year, number)
        said = f"at_date={moment.at_date}"
        month = max(month, 0) if floor else month
    if not 0 <= month <= horizon:
        start = f"{settings.partnership.start_year}-{settings.partnership.start_month:02}"
        raise InputError(
            f"{said}: lies outside the history of {horizon} months from {start}; horizon_months extends it"
        )
    return month


MID_YEAR = 7
_OF_COUNCIL = ("control", "setting", "elections", "budget_gap_share")
_OF_PAIR = ("distance_miles", "prior_joint_working")
Facts = dict[str, Any]


def completed(given: Mapping[str, Any]) -> tuple[Facts, list[str]]:
    """The partnership with defaults as for a new one, and a sentence for each default used.

    Names, headcounts, spending and the year of the start are never guessed; validation asks for them.
    """
    content, assumed = dict(given), []
    if "start_month" not in content:
        content["start_month"] = MID_YEAR
        assumed.append(f"start_month {MID_YEAR} (the middle of the year)")
    councils = content.get("councils")
    if isinstance(councils, list) and all(isinstance(council, dict) and "name" in council for council in councils):
        filled = [_council(council, content, assumed) for council in councils]
        content["councils"] = filled
        content.setdefault("name", " & ".join(str(council["name"]) for council in filled))
        if "pairs" not in content:
            content["pairs"] = [_pair(one, other, assumed) for one, other in combinations(filled, 2)]
    told = given.get("provenance", {})
    if isinstance(told, dict):
        content["provenance"] = {**told, **{f"default {i}": f"assumption: {text}" for i, text in enumerate(assumed, 1)}}
    return content, assumed


def _council(given: Facts, partnership: Facts, assumed: list[str]) -> Facts:
    facts = {"full_name": given["name"], **given}
    filled = {field: FIXED[field][0] for field in _OF_COUNCIL if field not in given}
    facts |= filled
    year, month = partnership.get("start_year"), partnership["start_month"]
    if "next_election_year" not in given and isinstance(year, int) and isinstance(month, int):
        elections = facts["elections"] if facts["elections"] in ("whole", "halves", "thirds") else "whole"
        facts["next_election_year"], _ = election_year(elections, year, month)
        filled["next_election_year"] = facts["next_election_year"]
    if filled:
        assumed.append(f"{given['name']}: {_said(filled)}")
    return facts


def _pair(one: Facts, other: Facts, assumed: list[str]) -> Facts:
    facts = {field: FIXED[field][0] for field in _OF_PAIR} | {"culture_gap": culture_gap(one, other)}
    assumed.append(f"{one['name']} and {other['name']}: {_said(facts)}")
    return {"between": [one["name"], other["name"]], **facts}


def _said(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())
