"""Sentence for each kind of event in a history, followed by its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.core import words
from sim.core.events import kind_of
from sim.plans import key_words
from sim.words.names import Names

_SHARES = {1.0: "all seats", 0.5: "half of the seats", 1 / 3: "a third of the seats"}
_TURNED = {
    "pace.paused": ("new packages are held back", "new packages are no longer held back"),
    "pace.votes_held": ("votes are held back while members are engaged", "votes are held again"),
    "staff.freshening": ("people are given time to freshen up", "the time to freshen up ends"),
}
"""Levers that are switched on or off; decisions about them are worded "on" or "off"."""


@dataclass(frozen=True)
class Fact:
    """Events of one month with the same kind, cause and reason: entities concerned, values, and the reason."""

    kind: str
    cause: str
    entities: tuple[str, ...]
    values: tuple[float, ...] = ()
    because: str = ""
    setting: str = ""
    """New value of the lever that a decision changed, in words."""

    @property
    def value(self) -> float | None:
        """The first value, or None if there is none."""
        return self.values[0] if self.values else None


def told(fact: Fact, names: Names) -> str:
    """The event as a clause in plain English without capital or full stop; its reason follows a colon."""
    kind = kind_of(fact.kind)
    form = kind.many if kind.many and _plural(fact) else kind.told_of.get(fact.cause, kind.told)
    text = form.format_map(_Parts(fact, names))
    return f"{text}: {fact.because}" if fact.because else text


def _plural(fact: Fact) -> bool:
    return len(set(fact.entities)) > 1 or fact.entities[0] in ("heads_of_service", "service_managers", "quick_wins")


_ONE = {"go": "goes", "are": "is", "begin": "begins", "have": "has"}
_MANY = {"go": "go", "are": "are", "begin": "begin", "have": "have"}


class _Parts(dict[str, str]):
    """Named parts of a sentence, each put into words only when the sentence uses it."""

    def __init__(self, fact: Fact, names: Names) -> None:
        super().__init__(_MANY if _plural(fact) else _ONE)
        self.fact, self.names = fact, names

    def __missing__(self, part: str) -> str:
        return PARTS[part](self.fact, self.names)


def _share(fact: Fact, names: Names) -> str:
    return f"{words.percent(fact.value)} of" if fact.value is not None else "part of"


def _again(fact: Fact, names: Names) -> str:
    attempt = int(fact.value or 1)
    return f", at the {words.ordinal(attempt)} attempt" if attempt > 1 else ""


def _seats(fact: Fact, names: Names) -> str:
    return _SHARES[min(_SHARES, key=lambda share: abs(share - (fact.value or 1.0)))]


def _view(fact: Fact, names: Names) -> str:
    view = fact.value
    if view is None:
        return ""
    mood = "cool" if view < 0.45 else "warm" if view > 0.55 else "neither warm nor cool"
    return f", and those who lead now are {mood} towards sharing"


def _amount(fact: Fact, names: Names) -> str:
    return words.amount(fact.value or 0.0)


def _people(fact: Fact, names: Names) -> str:
    told = [f"{words.amount(value)} at {entity}" for entity, value in zip(fact.entities, fact.values, strict=False)]
    return words.listed(told)


def _set(fact: Fact, names: Names) -> str:
    lever = fact.entities[0]
    if lever in _TURNED and fact.value is not None:
        return _TURNED[lever][0 if fact.value else 1]
    now = fact.setting or (f"now {words.amount(fact.value)}" if fact.value is not None else "changed")
    return f"{key_words.name(f'levers.{lever}')}, {now}"


def _things(fact: Fact, names: Names) -> str:
    return words.listed(names.package(entity) if ":" in entity else words.plain(entity) for entity in fact.entities)


_CONTROL = {"no_overall_control": "no overall control", "independent": "independents", "reform_uk": "Reform UK control"}
PARTS: dict[str, Callable[[Fact, Names], str]] = {
    "packages": lambda fact, names: names.packages(fact.entities),
    "subjects": lambda fact, names: names.subjects(fact.entities),
    "entities": lambda fact, names: words.listed(fact.entities),
    "things": _things,
    "what": lambda fact, names: words.plain(fact.kind),
    "stage": lambda fact, names: words.plain(fact.cause).replace("{", "(").replace("}", ")"),
    "service": lambda fact, names: names.service(fact.cause),
    "package": lambda fact, names: names.package(fact.cause),
    "council": lambda fact, names: fact.cause or "another council",
    "votes": lambda fact, names: "votes" if len(fact.entities) == 1 else "vote",
    "again": _again,
    "party": lambda fact, names: _CONTROL.get(fact.cause) or f"{words.plain(fact.cause).title() or 'other'} control",
    "months": lambda fact, names: words.amount(fact.value or 0.0),
    "share": _share,
    "seats": _seats,
    "view": _view,
    "amount": _amount,
    "posts_are": lambda fact, names: "post is" if _amount(fact, names) == "1" else "posts are",
    "where": lambda fact, names: "" if fact.entities[0] == "partnership" else f" at {words.listed(fact.entities)}",
    "people": _people,
    "set": _set,
    "level": lambda fact, names: f" ({words.out_of_100(fact.value)} out of 100)" if fact.value is not None else "",
}
"""Named parts that the sentences in configs/events.yaml may use, and the verbs that agree with them."""
