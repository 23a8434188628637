"""All kinds of event: entity, wording, audience, and use in charts and comparisons, as `configs/events.yaml` declares.

Wordings are forms with named parts, such as "{packages}" or "{entities}", which `sim.words` fills in. All code that
records, checks, tells, charts or compares events reads `KINDS`; there is no other list of kinds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal

from sim.core.inputs.shipped import shipped

Entity = Literal["council", "package", "partnership", "lever"]
Heard = Literal["within", "news", "grave news"]
Turning = Literal["no", "first", "always"]
Weight = Literal["", "end", "turn", "work"]
Step = Literal["", "released", "begins", "ends", "finished", "dropped"]
Vote = Literal["", "won", "lost"]
Told = Literal["diary", "news"]


@dataclass(frozen=True)
class Lasted:
    """Reason for an end: `form` with the months since the event of kind `since`, or `plain` if that is unknown.

    Where `at_once` is set, `plain` also serves for what took no time.
    """

    since: str
    form: str
    plain: str
    at_once: bool = False


@dataclass(frozen=True)
class Shown:
    """Reason made of the recorded cause and the lowest level of a series; `by_cause` names other series."""

    series: str
    words: str
    by_cause: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Worked:
    """Reason derived from earlier events by the rule of this name in `sim.words.event_reasons.causes`."""

    rule: str


Why = str | Lasted | Shown | Worked | None
"""Reason for an event: a fixed clause, one of the forms above, or None for the recorded cause in words."""


@dataclass(frozen=True)
class Stage:
    """A stage of a package: sentences for its start and end, the clause for what follows, its look in the Gantt."""

    name: str
    begins: str
    ends: str
    then: str
    chart: str
    """Label in a chart's key; stages with the same label share one entry."""
    shade: float = 0.0
    """Strength of the plan's colour in the stage's bar; 0 gives the stage no bar of its own."""


@dataclass(frozen=True)
class Kind:
    """One kind of event and its declared properties."""

    name: str
    of: Entity
    """Type of entity that the event is recorded for."""
    meaning: str
    """Meaning of the event in plain words."""
    told: str
    """Clause that tells the event in diaries and news."""
    many: str = ""
    """Clause that tells the event for several entities at once, if it differs from `told`."""
    told_of: Mapping[str, str] = field(default_factory=dict)
    """Clauses that replace `told` for some recorded causes."""
    why: Why = None
    causes: Mapping[str, str] = field(default_factory=dict)
    """Words for recorded causes of this kind; they take precedence over `CAUSES`."""
    lets: str = ""
    """Clause that explains why a stage may begin right after this event."""
    each: tuple[Told, ...] = ()
    """Outputs (diary, news) that tell same-month events separately when their values differ."""
    heard: Heard = "within"
    """Audience: staff concerned only, or everyone in the councils and the workshop as (grave) news."""
    turning: Turning = "no"
    """Rule for marking a turning point in the diary and debrief: never, the first such event, or each one."""
    opens: str = ""
    """Text that the diary puts before the first such event, where that is a turning point."""
    ending: str = ""
    """Sentence with "{when}" by which the debrief names this event as the end of a history."""
    note: str = ""
    """Short note above the Gantt; empty for no note."""
    lesser: bool = False
    """True if the Gantt drops this note first when room is short."""
    parts: bool = False
    """True if the councils separate at this event; the Gantt greys all that follows."""
    mark: str = ""
    """Symbol for the event in charts."""
    weighs: Weight = ""
    """Class of the event when two histories are compared: end, turn or work; work ranks in declared order."""
    counted: str = ""
    """Plural name used when a comparison counts such events."""
    step: Step = ""
    """Position in a package's life cycle; every "begins" needs a matching "ends", in the right order."""
    officer: Literal["", "HR", "OD"] = ""
    """HR or OD, if the step waits for or gains an officer; the event's cause names the stage if this is empty."""
    vote: Vote = ""
    """Result of a vote, for events that are votes; their cause is the package voted on."""
    account: str = ""
    """Line of a council's headcount account that the values of these events add up to."""


_DECLARED = shipped("events.yaml")
STAGES = {name: Stage(name, **about) for name, about in _DECLARED["stages"].items()}
"""All stages by name; the name is the cause recorded with the events that begin and end the stage."""
CAUSES: dict[str, str] = _DECLARED["causes"]
"""Words for recorded causes, shared by all kinds of event."""


def _kind(name: str, about: dict[str, Any]) -> Kind:
    """Kind of event from its declaration: `rule` names a rule of `Worked`, a `why` of several parts is a form."""
    why = about.pop("why", None)
    if "rule" in about:
        why = Worked(about.pop("rule"))
    elif isinstance(why, dict):
        why = Lasted(**why) if "since" in why else Shown(**why)
    if name in ("stage started", "stage finished"):
        told = attrgetter("begins" if name == "stage started" else "ends")
        about["told_of"] = {stage.name: told(stage) for stage in STAGES.values()}
    return Kind(name, why=why, each=tuple(about.pop("each", ())), **about)


KINDS = {name: _kind(name, about) for name, about in _DECLARED["kinds"].items()}
"""All kinds of event by name."""


def named(holds: Callable[[Kind], object]) -> tuple[str, ...]:
    """Names of the kinds that satisfy the condition, in declared order."""
    return tuple(name for name, kind in KINDS.items() if holds(kind))


def kind_of(name: str) -> Kind:
    """Declaration of a kind; for a kind recorded by another version, a minimal one."""
    return KINDS.get(name) or Kind(name, "partnership", "What another version has recorded.", told="{things}: {what}")
