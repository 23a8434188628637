"""Who shares a service: which councils, which one leads it, whether an outsider takes part, when it is left again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.core.errors import nearest, shown, suggestion
from sim.core.inputs.packages import TIERS

FORM = "service: apart, or clauses such as shared by A, B; led by A; with an outsider; left in month 60"
_LEFT = re.compile(r"left in month (\d{1,3})")


@dataclass(frozen=True)
class Arrangement:
    """What is agreed of one service; by default all councils share it and none leads it."""

    apart: bool = False
    shared_by: tuple[str, ...] = ()
    """The councils that share it, by name; none named: all."""
    led_by: str = ""
    outsider: str = ""
    """Another body that takes part: a county, a further district."""
    left_month: int | None = None
    """Month in which the councils take it back."""


def parse_arrangement(text: str) -> tuple[str, Arrangement]:
    """The service and the arrangement that a sentence states; ValueError says what is wrong with it."""
    service, mark, rest = (part.strip() for part in text.partition(":"))
    clauses = [clause.strip() for clause in rest.split(";")]
    if not mark or not service or not all(clauses):
        raise ValueError(f"{shown(text)} must read '{FORM}'")
    found = Arrangement()
    for clause in clauses:
        found = _with_clause(found, clause, text)
    if found.apart and len(clauses) > 1:
        raise ValueError(f"{shown(text)}: a service kept apart has nothing else to agree")
    return service, found


def _with_clause(found: Arrangement, clause: str, text: str) -> Arrangement:
    """The arrangement with one more clause."""
    if clause == "apart":
        return replace(found, apart=True)
    if clause.startswith("shared by "):
        names = tuple(dict.fromkeys(name.strip() for name in clause.removeprefix("shared by ").split(",")))
        return replace(found, shared_by=() if names == ("all",) else names)
    if clause.startswith("led by "):
        return replace(found, led_by=clause.removeprefix("led by ").strip())
    if clause.startswith("with "):
        return replace(found, outsider=clause.removeprefix("with ").strip())
    if (left := _LEFT.fullmatch(clause)) is not None:
        return replace(found, left_month=int(left[1]))
    raise ValueError(f"{shown(text)}: {shown(clause)} is no clause; the form is '{FORM}'")


def arranged(texts: Iterable[str], services: Iterable[str], councils: Sequence[str]) -> dict[str, Arrangement]:
    """Arrangements by service; ValueError for an unknown service or council and for what contradicts itself."""
    known = list(services)
    found: dict[str, Arrangement] = {}
    for text in texts:
        service, arrangement = parse_arrangement(text)
        if service not in known:
            raise ValueError(f"{shown(service)} is no service{suggestion(service, known)}")
        if service in found:
            raise ValueError(f"{shown(service)} stands twice")
        _possible(service, arrangement, councils)
        found[service] = arrangement
    return found


def _possible(service: str, arrangement: Arrangement, councils: Sequence[str]) -> None:
    """ValueError where an arrangement names strangers or contradicts itself."""
    sharing = arrangement.shared_by or tuple(councils)
    for name in (*sharing, *((arrangement.led_by,) if arrangement.led_by else ())):
        if name not in councils:
            raise ValueError(f"{service}: {shown(name)} is no council here{suggestion(name, councils)}")
    if arrangement.led_by and arrangement.led_by not in sharing:
        raise ValueError(
            f"{service} is led by {arrangement.led_by}, which does not share it; it is shared by {', '.join(sharing)}"
        )
    if len(sharing) < 2 and not arrangement.outsider and not arrangement.apart:
        raise ValueError(f"{service} is shared by {sharing[0]} alone; say apart, or name an outsider with 'with …'")


def agreed(
    partnership: Iterable[str], plan: Iterable[str], services: Iterable[str], councils: Sequence[str]
) -> dict[str, Arrangement]:
    """What is agreed of each service: the partnership's own arrangements, and the plan's in their place.

    What a partnership agreed of a service that is not among those played says nothing here (`not_played`).
    """
    known, own = list(services), list(partnership)
    elsewhere = not_played(own, known)
    found: dict[str, Arrangement] = {}
    played = [text for text in own if text not in elsewhere]
    for key, texts in (("partnership.arrangements", played), ("levers.sequence.arrangements", list(plan))):
        try:
            found |= arranged(texts, known, councils)
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from None
    return {service: own for service, own in found.items() if own != Arrangement()}


def not_played(partnership: Iterable[str], services: Iterable[str]) -> list[str]:
    """Arrangements of a partnership for services that are not played, and are no slip of the pen for one that is."""
    known = list(services)
    named = [(text, text.partition(":")[0].strip()) for text in partnership]
    return [text for text, service in named if service not in known and nearest(service, known) is None]


def check_start_state(state: Sequence[str], services: Iterable[str], arrangements: Mapping[str, Arrangement]) -> None:
    """ValueError where what is shared at month 0 is unknown, kept apart, or a tier without the one above it."""
    known = [*TIERS, *services]
    for name in state:
        if name not in known:
            raise ValueError(f"partnership.start_state: {shown(name)} is no tier or service{suggestion(name, known)}")
        if name in arrangements and arrangements[name].apart:
            raise ValueError(f"partnership.start_state: {name} is shared from the start, and kept apart")
        if name in TIERS and any(above not in state for above in TIERS[: TIERS.index(name)]):
            above = next(above for above in TIERS if above not in state)
            raise ValueError(f"partnership.start_state: {name} is shared from the start, but not {above} above it")
