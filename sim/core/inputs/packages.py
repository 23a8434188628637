"""The work packages of a programme and their order of precedence, as set by the levers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from math import ceil
from typing import Literal, get_args

from sim.core.inputs.partnership import Service

SequenceName = Literal["structure_first", "transform_first", "parallel", "pilot_then_scale", "explicit"]
ServiceOrder = Literal["corporate_first", "customer_first", "largest_saving_first", "strongest_manager_first"]
Extent = Literal[
    "none",
    "chief_executive",
    "management_team",
    "heads_of_service",
    "corporate_services",
    "most_services",
    "one_employer",
    "company",
    "merger",
]
Integration = Literal["first", "with", "last"]
Timing = Literal["early", "late", "never"]
Shape = Literal["vertical", "horizontal"]

EXTENTS: tuple[str, ...] = get_args(Extent)
TIERS = ("chief_executive", "management_team", "heads_of_service")
JOINT, REDESIGN, TIER, COMMISSION = "joint_team", "redesign", "tier", "commission"
ENABLER, TERMS, ORGANISATION = "enabler", "terms", "organisation"
CHANGES = (REDESIGN, COMMISSION)
"""Kinds of package in the second phase: redesign of a service, or a contract for it."""
BACKGROUND = (ENABLER, TERMS, ORGANISATION)
"""Kinds of package with project teams of their own; they take no place in the limit on packages at once."""
ORGANISATIONS = ("one_employer", "company", "merger")
PILOTS = 2
HR_SERVICE = "hr"
GROUP_SIZE = 4
"""Number of services in one horizontal redesign."""


@dataclass(frozen=True)
class Package:
    """One work package of the programme; `covers` lists the services it touches.

    It may start when all in `after` have ended, and is dropped if any in `needs` was.
    """

    name: str
    kind: str
    covers: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    rank: int = 0
    """Place in the plan; it settles ties between packages at the same instant."""

    @property
    def service(self) -> str | None:
        """The first service it touches, if any."""
        return self.covers[0] if self.covers else None


@dataclass(frozen=True)
class Outline:
    """The lever values that shape the plan: extent, order, form of redesign, and infrastructure."""

    extent: Extent
    sequence: SequenceName = "structure_first"
    redesign_after: float = 0.5
    hr: Integration = "with"
    order: tuple[str, ...] = ()
    shape: Shape = "vertical"
    commissioned: float = 0.0
    enablers: tuple[tuple[str, Timing], ...] = ()
    terms: Timing = "never"
    service_order: ServiceOrder = "corporate_first"
    corporate_saving: float = 1.0
    """Saving of a corporate service relative to a customer-facing service of the same cost."""


def joint(service: str) -> str:
    """Name of the package that joins a service's teams."""
    return f"{JOINT}: {service}"


def redesign(service: str) -> str:
    """Name of the package that redesigns a service."""
    return f"{REDESIGN}: {service}"


def ordered_services(
    services: Mapping[str, Service], outline: Outline, strengths: Mapping[str, float] | None = None
) -> tuple[str, ...]:
    """Service names in the outline's order; ties keep the order of the file."""
    names, order = list(services), outline.service_order
    if order == "largest_saving_first":
        each = {"corporate": outline.corporate_saving}
        return tuple(sorted(names, key=lambda n: -services[n].spend_weight * each.get(services[n].kind, 1.0)))
    if order == "strongest_manager_first":
        strength = strengths or {}
        return tuple(sorted(names, key=lambda name: -strength.get(name, 1.0)))
    first = "corporate" if order == "corporate_first" else "customer"
    return tuple(sorted(names, key=lambda name: services[name].kind != first))


def in_scope(names: Iterable[str], services: Mapping[str, Service], extent: Extent) -> tuple[str, ...]:
    """Services that the chosen extent of sharing includes."""
    if EXTENTS.index(extent) >= EXTENTS.index("most_services"):
        return tuple(names)
    if extent == "corporate_services":
        return tuple(name for name in names if services[name].kind == "corporate")
    return ()


def tiers(extent: Extent) -> tuple[str, ...]:
    """Management tiers to be shared, from the top."""
    return TIERS[: EXTENTS.index(extent)]


def packages(names: Sequence[str], outline: Outline, services: Mapping[str, Service]) -> tuple[Package, ...]:
    """All packages in order of preference, with their precedence.

    `names` are the services in scope, in order; rules of the outline's order read 'a > b' (a before b).
    Raises ValueError for a package that does not exist and for a cycle.
    """
    changes = _changes(names, outline, services)
    shaped = _SHAPES[outline.sequence](tuple(names), tiers(outline.extent), outline.redesign_after, changes)
    plan = _hr_placed(shaped, outline.hr)
    plan = _with_organisation(_with_infrastructure(plan, outline), outline)
    ruled = _with_rules(plan, outline.order)
    _refuse_cycle(ruled)
    return tuple(replace(package, rank=i) for i, package in enumerate(ruled))


def _changes(names: Sequence[str], outline: Outline, services: Mapping[str, Service]) -> list[Package]:
    """Packages of the second phase: one redesign a service or one across several, or a contract if commissioned."""
    customer = [name for name in names if services[name].kind == "customer"]
    out = customer[len(customer) - ceil(outline.commissioned * len(customer)) :]
    inside = [name for name in names if name not in out]
    contracts = [Package(f"{COMMISSION}: {name}", COMMISSION, (name,)) for name in out]
    if outline.shape == "vertical":
        return [Package(redesign(name), REDESIGN, (name,)) for name in inside] + contracts
    groups: list[tuple[str, tuple[str, ...]]] = []
    for kind in dict.fromkeys(services[name].kind for name in inside):
        own = [name for name in inside if services[name].kind == kind]
        for at in range(0, len(own), GROUP_SIZE):
            groups.append((f"{kind} {at // GROUP_SIZE + 1}", tuple(own[at : at + GROUP_SIZE])))
    return [Package(redesign(title), REDESIGN, covered) for title, covered in groups] + contracts


def _joined_first(change: Package) -> tuple[str, ...]:
    return tuple(joint(name) for name in change.covers)


def _tier_chain(shared: Sequence[str], after: tuple[str, ...] = ()) -> list[Package]:
    chain: list[Package] = []
    for tier in shared:
        needs = (chain[-1].name,) if chain else tuple(name for name in after if name in TIERS)
        chain.append(Package(tier, TIER, after=(*after, *needs), needs=needs))
    return chain


def _gate(names: Sequence[str], share: float) -> tuple[str, ...]:
    return tuple(names[: ceil(share * len(names))])


def _structure_first(
    names: tuple[str, ...], shared: Sequence[str], share: float, changes: Sequence[Package]
) -> list[Package]:
    top = _tier_chain(shared)
    last = tuple(package.name for package in top[-1:])
    joined = [Package(joint(name), JOINT, (name,), after=last, needs=last) for name in names]
    gate = _gate([package.name for package in joined], share)
    changed = [replace(change, after=(*_joined_first(change), *gate)) for change in changes]
    return _contracts_when_ready([*top, *joined, *changed])


def _contracts_when_ready(plan: Sequence[Package]) -> list[Package]:
    """Place each contract right after the last package it waits for, ahead of teams still to be joined."""
    placed = [package for package in plan if package.kind != COMMISSION]
    for contract in reversed([package for package in plan if package.kind == COMMISSION]):
        last = max(place for place, package in enumerate(placed) if package.name in contract.after)
        placed.insert(last + 1, contract)
    return placed


def _transform_first(
    names: tuple[str, ...], shared: Sequence[str], share: float, changes: Sequence[Package]
) -> list[Package]:
    chief = _tier_chain(shared[:1])
    first = tuple(package.name for package in chief)
    changed = [replace(change, after=first, needs=first) for change in changes]
    gate = _gate([package.name for package in changed], share)
    rest = _tier_chain(shared[1:], after=(*first, *gate))
    last = tuple(package.name for package in (rest or chief)[-1:])
    before = {name: change.name for change in changes for name in change.covers}
    joined = [Package(joint(name), JOINT, (name,), after=(before[name], *last), needs=last) for name in names]
    return chief + changed + rest + joined


def _parallel(names: tuple[str, ...], shared: Sequence[str], share: float, changes: Sequence[Package]) -> list[Package]:
    top = _tier_chain(shared)
    start = tuple(package.name for package in top[:2][-1:])
    return top + _both(names, changes, start, start)


def _both(
    names: Sequence[str], changes: Sequence[Package], after: tuple[str, ...], needs: tuple[str, ...]
) -> list[Package]:
    """Packages in the order where each service is joined, and changed once every team it needs is joined."""
    plan: list[Package] = []
    for name in names:
        plan.append(Package(joint(name), JOINT, (name,), after=after, needs=needs))
        plan += [replace(c, after=_joined_first(c)) for c in changes if c.covers[-1] == name]
    return plan


def _pilot_then_scale(
    names: tuple[str, ...], shared: Sequence[str], share: float, changes: Sequence[Package]
) -> list[Package]:
    top = _tier_chain(shared[:2])
    start = tuple(package.name for package in top[-1:])
    pilots, others = names[:PILOTS], names[PILOTS:]
    piloted = [change for change in changes if set(change.covers) <= set(pilots)]
    plan = top + _both(pilots, piloted, start, start)
    proof = tuple(change.name for change in piloted) or tuple(joint(name) for name in pilots)
    rest = _tier_chain(shared[2:], after=(*start, *proof))
    last = tuple(package.name for package in rest[-1:]) or start
    remaining = [change for change in changes if change not in piloted]
    return plan + rest + _both(others, remaining, (*last, *proof), last)


def _explicit(names: tuple[str, ...], shared: Sequence[str], share: float, changes: Sequence[Package]) -> list[Package]:
    plan = [Package(tier, TIER) for tier in shared]
    return [*plan, *(Package(joint(name), JOINT, (name,)) for name in names), *changes]


_SHAPES = {
    "structure_first": _structure_first,
    "transform_first": _transform_first,
    "parallel": _parallel,
    "pilot_then_scale": _pilot_then_scale,
    "explicit": _explicit,
}


def _with_infrastructure(plan: list[Package], outline: Outline) -> list[Package]:
    """Add joint systems and terms: early, once the top is shared, or late, once half of the teams are joined."""
    shared = [package.name for package in plan if package.kind == TIER]
    if len(shared) < 2:
        return plan
    joined = [package.name for package in plan if package.kind == JOINT]
    needs = (shared[0],)
    start = {"early": needs, "late": (*needs, *(_gate(joined, 0.5) or (shared[-1],)))}
    further = [
        Package(name, ENABLER, after=start[when], needs=needs) for name, when in outline.enablers if when != "never"
    ]
    if outline.terms != "never":
        after = start["late"] if outline.terms == "late" else (shared[1],)
        further.append(Package(TERMS, TERMS, after=after, needs=needs))
    return plan + further


def _with_organisation(plan: list[Package], outline: Outline) -> list[Package]:
    """Add one employer, a company or a merger after all joins, or where an explicit sequence puts it."""
    if outline.extent not in ORGANISATIONS:
        return plan
    joined = tuple(package.name for package in plan if package.kind == JOINT)
    after = () if outline.sequence == "explicit" else joined
    return [*plan, Package(outline.extent, ORGANISATION, after=after, needs=TIERS[:1])]


def _hr_placed(plan: list[Package], hr: Integration) -> list[Package]:
    """Put HR's own team before all other service packages, among them, or after all other teams."""
    own = joint(HR_SERVICE)
    if hr == "with" or all(package.name != own for package in plan):
        return plan
    services = [package for package in plan if package.covers and package.service != HR_SERVICE]
    if hr == "last":
        others = tuple(package.name for package in services if package.kind == JOINT)
        return [replace(p, after=(*p.after, *others)) if p.name == own else p for p in plan]
    chief = tuple(package.name for package in plan if package.name == TIERS[0])
    first = Package(own, JOINT, (HR_SERVICE,), after=chief, needs=chief)
    waiting = {package.name for package in services}
    rest = [replace(p, after=(*p.after, own)) if p.name in waiting else p for p in plan if p.name != own]
    at = 1 if chief else 0
    return [*rest[:at], first, *rest[at:]]


def _with_rules(plan: list[Package], rules: Sequence[str]) -> tuple[Package, ...]:
    names = {package.name for package in plan}
    further: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        before, mark, later = (part.strip() for part in rule.partition(">"))
        if not mark or not before or not later:
            raise ValueError(f"order rule '{rule}' must read 'first package > later package'")
        for name in (before, later):
            if name not in names:
                close = get_close_matches(name, sorted(names), 1, 0.5)
                hint = f"did you mean '{close[0]}'?" if close else f"packages: {', '.join(sorted(names)[:6])}, …"
                raise ValueError(f"order names '{name}', which is no package of this plan; {hint}")
        further[later] = (*further.get(later, ()), before)
    return tuple(replace(p, after=tuple(dict.fromkeys((*p.after, *p.needs, *further.get(p.name, ()))))) for p in plan)


def _refuse_cycle(plan: Sequence[Package]) -> None:
    try:
        TopologicalSorter({p.name: (*p.after, *p.needs) for p in plan}).prepare()
    except CycleError as error:
        round_trip = " > ".join(reversed(error.args[1]))
        raise ValueError(f"order goes in a circle: {round_trip}") from None
