"""One sentence for every kind of fact a history holds, with its cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.explain import words
from sim.explain.names import Names
from sim.packages import TIERS

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
_ORIGINS = {
    "scenario": "as the plan foresees",
    "rule": "by the plan's own rule",
    "team": "as the team decides",
    "decision": "as was decided",
}
_SHARES = {1.0: "all seats", 0.5: "half of the seats", 1 / 3: "a third of the seats"}


@dataclass(frozen=True)
class Fact:
    """Facts of one month that share kind and cause: whom they concern, and how much; `waits` in months."""

    kind: str
    cause: str
    entities: tuple[str, ...]
    values: tuple[float, ...] = ()
    waits: tuple[float, ...] = ()

    @property
    def value(self) -> float | None:
        """The first value, where there is one."""
        return self.values[0] if self.values else None


def told(fact: Fact, names: Names) -> str:
    """The fact in plain English, cause included, as a clause without capital or full stop."""
    return _TELLERS.get(fact.kind, _anything)(fact, names)


def _released(fact: Fact, names: Names) -> str:
    order = f", next in the order {words.mid(words.plain(fact.cause))}" if fact.cause else ""
    return f"work is released on {names.packages(fact.entities)}{order}"


def _stage(forms: Mapping[str, str]) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        form = forms.get(fact.cause, f"{words.plain(fact.kind)} for {{packages}}: {words.plain(fact.cause)}")
        many = _plural(fact)
        verbs = {"go": "go", "are": "are", "begin": "begin", "have": "have"} if many else _ONE
        return form.format(packages=names.packages(fact.entities), subjects=names.subjects(fact.entities), **verbs)

    return tell


def _plural(fact: Fact) -> bool:
    return len(set(fact.entities)) > 1 or fact.entities[0] == "heads_of_service"


_ONE = {"go": "goes", "are": "is", "begin": "begins", "have": "has"}


def _waiting(who: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        return f"{names.packages(fact.entities)} must wait: every {who} officer is busy with other work"

    return tell


def _arrived(who: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        longest = max(fact.waits, default=0.0)
        at_most = "at most " if len(fact.entities) > 1 else ""
        after = f" after {at_most}{_months(longest)} of waiting" if longest >= 0.05 else " at once"
        return f"an {who} officer takes up {names.packages(fact.entities)}{after}"

    return tell


def _months(length: float) -> str:
    figure = words.decimal(length)
    return f"{figure} month{'' if figure == '1.0' else 's'}"


def _rework_found(fact: Fact, names: Names) -> str:
    share = f"{words.percent(fact.value)} of" if fact.value is not None else "part of"
    found = (
        f" ({words.plain(fact.cause)} of putting right)" if fact.cause.startswith("round") else _because(fact, names)
    )
    work = f"the work on {names.packages(fact.entities)}"
    return f"{share} {work} turns out to be wrong and must be done again{found}"


def _finished(fact: Fact, names: Names) -> str:
    return f"{names.packages(fact.entities)} {'are' if _plural(fact) else 'is'} complete"


def _dropped(fact: Fact, names: Names) -> str:
    return f"{names.packages(fact.entities)} {'are' if _plural(fact) else 'is'} given up{_because(fact, names)}"


def _vote(outcome: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        attempt = int(fact.value or 1)
        again = f", at the {words.ordinal(attempt)} attempt" if attempt > 1 else ""
        verb = outcome if len(fact.entities) == 1 else outcome.replace("s ", " ", 1)
        return f"{words.listed(fact.entities)} {verb} {names.package(fact.cause)}{again}"

    return tell


def _election(fact: Fact, names: Names) -> str:
    nearest = min(_SHARES, key=lambda share: abs(share - (fact.value or 1.0)))
    return f"{words.listed(fact.entities)}: elections, as terms end; {_SHARES[nearest]} are contested"


def _new_lead(what: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        why = " after the election" if fact.cause.startswith("election") else _because(fact, names)
        return f"{what} of {words.listed(fact.entities)} changes{why}{_view(fact.value)}"

    return tell


def _view(view: float | None) -> str:
    if view is None:
        return ""
    mood = "cool" if view < 0.45 else "warm" if view > 0.55 else "neither warm nor cool"
    return f"; those who lead now are {mood} towards sharing"


def _chief_left(fact: Fact, names: Names) -> str:
    return f"the joint chief executive leaves{_because(fact, names)}"


def _chief_appointed(fact: Fact, names: Names) -> str:
    return f"a new joint chief executive is in post{_because(fact, names)}"


def _posts_cut(fact: Fact, names: Names) -> str:
    where = "" if fact.entities[0] == "partnership" else f" at {words.listed(fact.entities)}"
    why = f", as there is now {names.package(fact.cause)}" if fact.cause in TIERS else _because(fact, names)
    return f"{_people(fact, 'management post')} cut{where}{why}"


def _redundancies(fact: Fact, names: Names) -> str:
    told = [f"{words.amount(value)} at {entity}" for entity, value in zip(fact.entities, fact.values, strict=False)]
    why = f" ({names.cause(fact.cause)})" if fact.cause else ""
    return f"redundancies{why}: {words.listed(told)}"


def _people(fact: Fact, noun: str) -> str:
    figure = words.amount(fact.value or 0.0)
    return f"{figure} {noun}{' is' if figure == '1' else 's are'}"


def _in_all(what: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        told = [f"{words.amount(value)} at {entity}" for entity, value in zip(fact.entities, fact.values, strict=False)]
        return f"over the whole time, {what}: {words.listed(told)}"

    return tell


def _paused(verb: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        why = _ORIGINS.get(fact.cause)
        return f"the programme {verb}{', ' + why if why else _because(fact, names)}"

    return tell


def _decision(fact: Fact, names: Names) -> str:
    levers = words.listed(words.plain(entity.rsplit(".", 1)[-1]) for entity in fact.entities)
    now = "changed" if fact.value is None else f"now {words.amount(fact.value)}"
    origin = _ORIGINS.get(fact.cause, words.plain(fact.cause))
    verb = "are" if len(fact.entities) > 1 else "is"
    return f"a decision{', ' + origin if origin else ''}: {levers} {verb} {now}"


def _dissolved(fact: Fact, names: Names) -> str:
    return f"the councils part and the partnership is dissolved{_because(fact, names)}"


def _stalled(fact: Fact, names: Names) -> str:
    return f"the programme stalls, and nothing new is begun from here on{_because(fact, names)}"


def _fatigue(what: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        level = f" ({words.out_of_100(fact.value)} out of 100)" if fact.value is not None else ""
        return f"fatigue at {words.listed(fact.entities)} {what}{level}{_because(fact, names)}"

    return tell


def _support_ends(fact: Fact, names: Names) -> str:
    return f"external support ends{_because(fact, names)}"


def _plainly(form: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        told = form.format(packages=names.packages(fact.entities), entities=words.listed(fact.entities))
        return f"{told}{_because(fact, names)}"

    return tell


def _counted(what: str) -> Callable[[Fact, Names], str]:
    def tell(fact: Fact, names: Names) -> str:
        told = [f"{words.amount(value)} at {entity}" for entity, value in zip(fact.entities, fact.values, strict=False)]
        return f"{what}: {words.listed(told)}{_because(fact, names)}"

    return tell


def _programme_ended(fact: Fact, names: Names) -> str:
    return f"the programme has no work left; it is {words.plain(fact.cause) or 'over'}"


def _because(fact: Fact, names: Names) -> str:
    return f": {names.cause(fact.cause)}" if fact.cause else ""


def _anything(fact: Fact, names: Names) -> str:
    entities = words.listed(names.package(entity) if ":" in entity else words.plain(entity) for entity in fact.entities)
    return f"{entities}: {words.plain(fact.kind)}{_because(fact, names)}"


_TELLERS: dict[str, Callable[[Fact, Names], str]] = {
    "package released": _released,
    "stage started": _stage(_STAGES_BEGIN),
    "stage finished": _stage(_STAGES_END),
    "waiting for HR": _waiting("HR"),
    "HR arrived": _arrived("HR"),
    "waiting for OD": _waiting("OD"),
    "OD arrived": _arrived("OD"),
    "rework found": _rework_found,
    "package finished": _finished,
    "package dropped": _dropped,
    "vote won": _vote("votes for"),
    "vote lost": _vote("votes against"),
    "election": _election,
    "control changed": _new_lead("control"),
    "leader changed": _new_lead("the leader"),
    "chief executive left": _chief_left,
    "chief executive appointed": _chief_appointed,
    "posts cut": _posts_cut,
    "redundancies": _redundancies,
    "leavers in all": _in_all("people who left of their own accord"),
    "hired in all": _in_all("people hired"),
    "redundancies in all": _in_all("people made redundant"),
    "programme paused": _paused("pauses"),
    "programme resumed": _paused("resumes"),
    "programme ended": _programme_ended,
    "decision": _decision,
    "dissolved": _dissolved,
    "stalled": _stalled,
    "fatigue over its line": _fatigue("passes its line"),
    "fatigue back under its line": _fatigue("is back under its line"),
    "external support ends": _support_ends,
    "exits beyond plan": _counted("more people than planned take the open offer to leave"),
    "staff transferred": _counted("staff go over to a contractor"),
    "contract failed": _plainly("the contractor fails, and {packages} must be let anew or taken back"),
    "reorganised": _plainly("national reorganisation ends the programme; what is shared goes on"),
    "merged": _plainly("the councils become one"),
    "talks failed": _plainly("the talks fail before anything is decided"),
    "deal rushed": _plainly("the deal is struck in haste"),
    "grant cut further": _plainly("the councils' grant is cut further, and all need the savings more"),
    "emergency begins": _plainly("an emergency takes managers away at {entities}"),
    "emergency ends": _plainly("the emergency at {entities} is over"),
    "dispute begins": _plainly("an industrial dispute begins"),
    "dispute ends": _plainly("the dispute ends"),
    "partner defaults": _plainly("one partner fails its commitments, and the others pay"),
    "partner left": _plainly("{entities} leaves the partnership; the others go on"),
    "partner asks to join": _plainly("another council asks to join"),
    "partner joined": _plainly("another council joins what is shared"),
    "partner turned away": _plainly("the council that asked to join is turned away"),
}

KINDS = frozenset(_TELLERS)
"""Every kind of fact that has a sentence of its own."""
