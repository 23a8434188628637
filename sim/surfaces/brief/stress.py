"""The STRESS-DES checklist for one study, answered item by item from its settings and manifest.

STRESS-DES (Monks, Currie, Onggo, Robinson, Kunc and Taylor, 2019) says what must be reported of a discrete-event
simulation so that others can make it again: objectives, logic, data, experimentation, implementation, code access.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.core import words
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN
from sim.core.words import amount
from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Mechanisms
from sim.surfaces.brief.brief_source import BriefSource
from sim.words.names import Names

HEADLINES = (
    "recurrent_saving_y5_gbp_m",
    "cumulative_net_saving_y10_gbp_m",
    "npv_gbp_m",
    "payback_month",
    "dissolved",
    "stalled",
    "peak_fatigue",
    "min_buy_in_backbench",
)
"""Headline outcomes of this brief; all others are in runs.parquet."""


class Answered(NamedTuple):
    """One item of the checklist with its answer for this study."""

    number: str
    item: str
    answer: str


def checklist(source: BriefSource) -> list[Answered]:
    """Every item of STRESS-DES in its order, each answered."""
    return [Answered(number, item, " ".join(answer(source).split())) for number, item, answer in ITEMS]


def _purpose(source: BriefSource) -> str:
    return (
        "To let a partnership of English councils compare plans: in what order and at what pace to share "
        "management and "
        "services and to transform them, with how much HR and organisational development capacity, and at what risk. "
        f"Here for {source.settings.partnership.name}. It compares under stated assumptions and does not forecast."
    )


def _outputs(source: BriefSource) -> str:
    led = "; ".join(OUTCOMES[name].meaning.rstrip(".").lower() for name in HEADLINES if name in OUTCOMES)
    return (
        f"{len(OUTCOMES)} outcomes of every history. This brief leads on: {led}. Monthly series of money, people "
        "and members."
    )


def _aims(source: BriefSource) -> str:
    names = list(source.plans.values())
    if len(names) == 1:
        return f"To say what the plan {names[0]} would bring, with its range over histories."
    return (
        f"To compare {words.listed(names)} under the same luck, the first being the reference, and to say what "
        "cannot be told apart."
    )


def _diagram(source: BriefSource) -> str:
    return (
        "The causal picture and the table of agents are in docs/model.md of the program: load, fatigue and rework; "
        "queues, delay, uncertainty and leavers; delivery, results, buy-in and votes; overload starving OD."
    )


def _base_logic(source: BriefSource) -> str:
    settings = source.settings
    levers = settings.levers
    return (
        f"The reference plan releases {len(settings.plan())} packages of work in the order "
        f"{words.plain(str(levers.sequence.sequence))}, {levers.pace.packages_at_once} at once and waves "
        f"{amount(levers.pace.months_between_waves)} months apart. A package is reviewed or designed, consulted "
        "on, put "
        "to the vote of every council, carried out with HR or OD officers, formed, and bedded in; lost votes and "
        "errors "
        "send it back. Savings begin when what enables them stands."
    )


def _scenario_logic(source: BriefSource) -> str:
    if len(source.plans) == 1:
        return (
            "No other plan was simulated. What the plan chooses beyond the defaults is in the decisions log of "
            "this brief."
        )
    return (
        "Plans differ only in the levers, dated decisions and events that the section on the plans and the "
        "decisions log "
        "name. Everything else, the luck of each history included, is the same."
    )


def _algorithms(source: BriefSource) -> str:
    on = [name for name in Mechanisms.model_fields if getattr(source.settings.mechanisms, name) != "off"]
    off = [words.plain(name) for name in Mechanisms.model_fields if name not in on]
    forms = {name: getattr(source.settings.mechanisms, name) for name in on}
    rival = [f"{words.plain(name)} in its form {form}" for name, form in forms.items() if form != "on"]
    told = f"{len(on)} mechanisms are in force, each with its equation in docs/model.md"
    return ". ".join([told, *([f"Switched off: {', '.join(off)}"] if off else []), *rival]) + "."


def _entities(source: BriefSource) -> str:
    settings, names = source.settings, Names.of(source.settings)
    kinds = [package.name.partition(":")[0] for package in settings.plan()]
    counts = {
        "joint teams": kinds.count(JOINT),
        "redesigns": kinds.count(REDESIGN),
        "contracts": kinds.count(COMMISSION),
    }
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    rest = [package.name for package in settings.plan() if ":" not in package.name]
    other = f", and {names.packages(rest)}" if rest else ""
    councils = words.listed(f"{c.name} ({c.headcount:,} staff)" for c in settings.partnership.councils)
    return (
        f"Packages of work: {told or 'none of services'}{other}. Councils: {councils}, each with staff, managers, "
        "leaders and back benchers."
    )


def _activities(source: BriefSource) -> str:
    time = source.settings.evidence.get("time", {})
    known = [
        f"{words.plain(name)} {amount(q.value)} ({amount(q.low)} to {amount(q.high)}) {q.unit}"
        for name, q in time.items()
    ]
    return (
        f"Stages of packages, with their times: {'; '.join(known)}. Actual times are drawn about these and "
        "lengthened by load."
    )


def _resources(source: BriefSource) -> str:
    hr = source.settings.levers.hr
    return (
        f"Two pools of whole officers: {amount(hr.hr_posts)} HR posts and {amount(hr.od_posts)} OD posts, slowed "
        "by a day "
        "job. Managers' attention is shared by all packages in hand. Votes are taken at committee meetings only."
    )


def _queues(source: BriefSource) -> str:
    return (
        "Packages wait for HR and OD officers in order of priority (management tiers and HR's own team first), then of "
        "arrival; for the next committee meeting, none in the six weeks before an election; and for a place among the "
        "packages at once."
    )


def _entry(source: BriefSource) -> str:
    return (
        "Packages enter in waves when the plan releases them and what they depend on has bedded in. They leave "
        "finished, "
        "dropped after a vote lost for the last time, or open at the end of the history or of the partnership."
    )


def _sources(source: BriefSource) -> str:
    statuses = words.listed(sorted({f"“{row['status']}”" for row in source.data}))
    return (
        f"Facts of the partnership are in the data log, each with its source and its standing ({statuses}); quantities "
        "of the world in the assumptions log with grade and source. Ids such as S1 or C-2 are those of "
        "docs/evidence.md."
    )


def _parameters(source: BriefSource) -> str:
    changed = sum(1 for row in source.assumptions if row["overridden"])
    own = (
        f"{changed} were replaced by the user and have lost their citation"
        if changed
        else "none was replaced by the user"
    )
    return (
        f"{len(source.assumptions)} quantities, every one listed with value, range and grade in the assumptions "
        f"log; {own}. Levers are in the decisions log where they differ from their defaults."
    )


def _preprocessing(source: BriefSource) -> str:
    return "None beyond the checks of units and ranges when settings are read; figures are used as they are listed."


def _assumed(source: BriefSource) -> str:
    assumed = sum(1 for row in source.assumptions if row["grade"] == "assumption")
    return (
        f"{assumed} of {len(source.assumptions)} quantities are assumptions, each with its reason in the "
        "assumptions log; structural ones are in docs/model.md."
    )


def _initialisation(source: BriefSource) -> str:
    place = source.settings.partnership
    return (
        f"Each history begins in the month of the decision to share, {words.month_of_year(place.start_month)} "
        f"{place.start_year}, with nothing shared and the councils as the data log has them. It is a terminating "
        "simulation: no warm-up is needed or taken."
    )


def _run_length(source: BriefSource) -> str:
    settings = source.settings
    return (
        f"{settings.horizon_months} months, shorter where the partnership is dissolved. Soft states are refreshed "
        f"every {amount(settings.pulse_months)} month; events fall at any time."
    )


def _estimation(source: BriefSource) -> str:
    counts = sorted({int(entry.get("replications") or 0) for entry in source.study.manifest["cells"]})
    each = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
    given = source.study.manifest["study"]["replications"]
    how = "chosen by a stopping rule on the half-width of the mean" if given == "auto" else "fixed beforehand"
    return (
        f"{each} replications of each plan, {how}. Plans are paired on common random numbers; means have t-intervals, "
        "chances Wilson's, differences are tested at 5% over the whole table by Holm's rule. Intervals show luck alone."
    )


def _software(source: BriefSource) -> str:
    versions = source.study.manifest.get("versions", {})
    told = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return f"{told}. Discrete-event engine: SimPy."


def _sampling(source: BriefSource) -> str:
    return (
        f"Every draw has an address (purpose, entity, occasion) under the root seed {source.study.manifest['seed']}; "
        "a draw added elsewhere changes no other. The same replication of two plans meets the same luck."
    )


def _execution(source: BriefSource) -> str:
    return (
        "Event-driven processes on one clock; decisions of a month come before all else in it. Replications are shared "
        "over processes in chunks; results do not depend on their number or order (the result digest is the same)."
    )


def _system(source: BriefSource) -> str:
    return (
        f"Made on {source.study.manifest.get('platform', 'a platform that the manifest does not name')}. Run time "
        "depends on the machine and is not recorded, so that results stay comparable."
    )


def _access(source: BriefSource) -> str:
    manifest = source.study.manifest
    commit = (
        f"commit {manifest['commit']}{' with changes' if manifest.get('dirty') else ''}"
        if manifest.get("commit")
        else "no commit is known"
    )
    return (
        f"Tandem is free software under the MIT licence; this study was made by {commit}, program hash "
        f"{manifest['code']}. "
        "The study folder holds the settings, the tables and the manifest from which tandem reproduce makes them again."
    )


ITEMS: tuple[tuple[str, str, Callable[[BriefSource], str]], ...] = (
    ("1.1", "Purpose of the model", _purpose),
    ("1.2", "Model outputs", _outputs),
    ("1.3", "Experimentation aims", _aims),
    ("2.1", "Base model overview diagram", _diagram),
    ("2.2", "Base model logic", _base_logic),
    ("2.3", "Scenario logic", _scenario_logic),
    ("2.4", "Algorithms", _algorithms),
    ("2.5.1", "Components: entities", _entities),
    ("2.5.2", "Components: activities", _activities),
    ("2.5.3", "Components: resources", _resources),
    ("2.5.4", "Components: queues", _queues),
    ("2.5.5", "Components: entry and exit points", _entry),
    ("3.1", "Data sources", _sources),
    ("3.2", "Input parameters", _parameters),
    ("3.3", "Pre-processing", _preprocessing),
    ("3.4", "Assumptions", _assumed),
    ("4.1", "Initialisation", _initialisation),
    ("4.2", "Run length", _run_length),
    ("4.3", "Estimation approach", _estimation),
    ("5.1", "Software or programming language", _software),
    ("5.2", "Random sampling", _sampling),
    ("5.3", "Model execution", _execution),
    ("5.4", "System specification", _system),
    ("6.1", "Computer model sharing statement", _access),
)
"""Number and name of each checklist item, in order, with the function that answers it."""
