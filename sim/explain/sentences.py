"""One sentence for every kind of fact a history holds, and after it why the fact came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.explain import keys, words
from sim.explain.names import Names

_STAGES_BEGIN = {
    "review": "the review of {subjects} begins",
    "design": "people begin to design {packages}",
    "decision": "{packages} {go} to the councils for a decision",
    "consultation": "staff are consulted on {packages}",
    "implementation": "{packages} {are} put into practice",
    "bedding_in": "{packages} {begin} to bed in",
    "redesign": "with an OD officer, {packages} {are} carried out",
    "appointment": "the search for {packages} begins",
    "rework": "part of the work on {packages} is done again",
    "job evaluation": "HR begins to evaluate jobs for {packages}",
    "negotiation": "talks with the unions about {packages} begin",
    "systems": "HR prepares {packages}",
    "transfer": "HR begins to transfer the staff for {packages}",
    "procurement": "bids are invited for {packages}",
    "preparation": "the case for {packages} is prepared",
}
_STAGES_END = {
    "review": "the review of {subjects} is finished",
    "design": "the design of {packages} is ready",
    "decision": "the councils have finished deciding on {packages}",
    "consultation": "consultation on {packages} is over",
    "implementation": "{packages} {are} in place",
    "bedding_in": "{packages} {have} bedded in",
    "redesign": "the OD work on {packages} is done",
    "appointment": "{packages} {are} appointed",
    "rework": "the mistakes found in {packages} are put right",
    "job evaluation": "HR has evaluated all jobs for {packages}",
    "negotiation": "talks with the unions about {packages} are over",
    "systems": "HR has prepared {packages}",
    "transfer": "the staff for {packages} have been transferred",
    "procurement": "{packages} {are} let",
    "preparation": "the case for {packages} is ready",
}
_SHARES = {1.0: "all seats", 0.5: "half of the seats", 1 / 3: "a third of the seats"}
_TURNED = {
    "pace.paused": ("new packages are held back", "new packages are no longer held back"),
    "pace.votes_held": ("votes are held back while members are engaged", "votes are held again"),
    "staff.freshening": ("people are given time to freshen up", "the time to freshen up ends"),
}
"""Levers that are on or off, as a decision about them is told: on, off."""


@dataclass(frozen=True)
class Fact:
    """Facts of one month that share kind, cause and reason: whom they concern, how much, and why they came about."""

    kind: str
    cause: str
    entities: tuple[str, ...]
    values: tuple[float, ...] = ()
    because: str = ""
    setting: str = ""
    """What a decision set its lever to, in words."""

    @property
    def value(self) -> float | None:
        """The first value, where there is one."""
        return self.values[0] if self.values else None


def told(fact: Fact, names: Names) -> str:
    """The fact in plain English, as a clause without capital or full stop; after a colon, why."""
    text = _TELLERS.get(fact.kind, _anything)(fact, names)
    return f"{text}: {fact.because}" if fact.because else text


def _simply(form: str, many: str = "") -> Callable[[Fact, Names], str]:
    """A form with {packages}, {entities}, {verb}; `many` is the form for several."""

    def tell(fact: Fact, names: Names) -> str:
        chosen = many if many and _plural(fact) else form
        return chosen.format(packages=names.packages(fact.entities), entities=words.listed(fact.entities))

    return tell


def _stage(forms: Mapping[str, str]) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        stage = words.plain(fact.cause).replace("{", "(").replace("}", ")")
        form = forms.get(fact.cause, f"{words.plain(fact.kind)} for {{packages}}: {stage}")
        verbs = _MANY if _plural(fact) else _ONE
        return form.format(packages=names.packages(fact.entities), subjects=names.subjects(fact.entities), **verbs)

    return tell


def _plural(fact: Fact) -> bool:
    return len(set(fact.entities)) > 1 or fact.entities[0] == "heads_of_service"


_ONE = {"go": "goes", "are": "is", "begin": "begins", "have": "has"}
_MANY = {"go": "go", "are": "are", "begin": "begin", "have": "have"}


def _rework_found(fact: Fact, names: Names) -> str:
    share = f"{words.percent(fact.value)} of" if fact.value is not None else "part of"
    return f"{share} the work on {names.packages(fact.entities)} turns out to be wrong and must be done again"


def _vote(outcome: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        attempt = int(fact.value or 1)
        again = f", at the {words.ordinal(attempt)} attempt" if attempt > 1 else ""
        verb = outcome if len(fact.entities) == 1 else outcome.replace("s ", " ", 1)
        return f"{words.listed(fact.entities)} {verb} {names.package(fact.cause)}{again}"

    return tell


def _election(fact: Fact, names: Names) -> str:
    nearest = min(_SHARES, key=lambda share: abs(share - (fact.value or 1.0)))
    return f"{words.listed(fact.entities)}: elections, in which {_SHARES[nearest]} are contested"


def _new_lead(what: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        return f"{what} of {words.listed(fact.entities)} changes{_view(fact.value)}"

    return tell


def _view(view: float | None) -> str:
    if view is None:
        return ""
    mood = "cool" if view < 0.45 else "warm" if view > 0.55 else "neither warm nor cool"
    return f", and those who lead now are {mood} towards sharing"


def _posts_cut(fact: Fact, names: Names) -> str:
    where = "" if fact.entities[0] == "partnership" else f" at {words.listed(fact.entities)}"
    figure = words.amount(fact.value or 0.0)
    return f"{figure} management post{' is' if figure == '1' else 's are'} cut{where}"


def _counted(what: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        told = [f"{words.amount(value)} at {entity}" for entity, value in zip(fact.entities, fact.values, strict=False)]
        return f"{what}, {words.listed(told)}"

    return tell


def _decision(fact: Fact, names: Names) -> str:
    lever = fact.entities[0]
    if lever in _TURNED and fact.value is not None:
        return f"a decision, {_TURNED[lever][0 if fact.value else 1]}"
    now = fact.setting or (f"now {words.amount(fact.value)}" if fact.value is not None else "changed")
    return f"a decision, {keys.name(f'levers.{lever}')}, {now}"


def _fatigue(what: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        level = f" ({words.out_of_100(fact.value)} out of 100)" if fact.value is not None else ""
        return f"fatigue at {words.listed(fact.entities)} {what}{level}"

    return tell


def _partner(form: str) -> Callable[[Fact, Names], str]:
    """The council is the recorded cause."""

    def tell(fact: Fact, names: Names) -> str:
        return form.format(council=fact.cause or "another council")

    return tell


def _anything(fact: Fact, names: Names) -> str:
    entities = words.listed(names.package(entity) if ":" in entity else words.plain(entity) for entity in fact.entities)
    return f"{entities}: {words.plain(fact.kind)}"


_TELLERS: dict[str, Callable[[Fact, Names], str]] = {
    "package released": _simply("work is released on {packages}"),
    "stage started": _stage(_STAGES_BEGIN),
    "stage finished": _stage(_STAGES_END),
    "waiting for HR": _simply("{packages} must wait for HR"),
    "HR arrived": _simply("an HR officer takes up {packages}", "HR officers take up {packages}"),
    "waiting for OD": _simply("{packages} must wait for OD"),
    "OD arrived": _simply("an OD officer takes up {packages}", "OD officers take up {packages}"),
    "rework found": _rework_found,
    "package finished": _simply("{packages} is complete", "{packages} are complete"),
    "package dropped": _simply("{packages} is given up", "{packages} are given up"),
    "vote won": _vote("votes for"),
    "vote lost": _vote("votes against"),
    "election": _election,
    "control changed": _new_lead("control"),
    "leader changed": _new_lead("the leader"),
    "chief executive left": _simply("the joint chief executive leaves"),
    "chief executive appointed": _simply("a new joint chief executive is in post"),
    "posts cut": _posts_cut,
    "redundancies": _counted("redundancies"),
    "programme paused": _simply("the programme pauses"),
    "programme resumed": _simply("the programme resumes"),
    "programme ended": _simply("the programme has no work left"),
    "decision": _decision,
    "dissolved": _simply("the councils part and the partnership is dissolved"),
    "stalled": _simply("the programme stalls, and nothing new is begun from here on"),
    "fatigue over its line": _fatigue("passes its line"),
    "fatigue back under its line": _fatigue("is back under its line"),
    "external support ends": _simply("external support ends"),
    "exits beyond plan": _counted("more people leave than was planned"),
    "staff transferred": _counted("staff go over to a contractor"),
    "contract failed": _simply("the contractor fails, and {packages} must be let anew or taken back"),
    "reorganised": _simply("national reorganisation ends the programme, and what is shared goes on"),
    "merged": _simply("the councils become one"),
    "talks failed": _simply("the talks fail before anything is decided"),
    "deal rushed": _simply("the deal is struck in haste"),
    "grant cut further": _simply("the councils' grant is cut further, and all need the savings more"),
    "emergency begins": _simply("an emergency takes managers away at {entities}"),
    "emergency ends": _simply("the emergency at {entities} is over"),
    "dispute begins": _simply("an industrial dispute begins"),
    "dispute ends": _simply("the industrial dispute ends"),
    "partner defaults": _simply("a partner fails its commitments, and the others pay"),
    "partner left": _simply("{entities} leaves the partnership, and the others go on"),
    "partner asks to join": _partner("{council} asks to join"),
    "partner joined": _partner("{council} joins what is shared"),
    "partner turned away": _partner("{council} is turned away"),
}

KINDS = frozenset(_TELLERS)
"""Every kind of fact that has a sentence of its own."""
