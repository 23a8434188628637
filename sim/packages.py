"""The work packages of a programme and what must come before what, as the sequence lever says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from math import ceil
from typing import Literal, get_args

from sim.partnership import Service

SequenceName = Literal["structure_first", "transform_first", "parallel", "pilot_then_scale", "explicit"]
ServiceOrder = Literal["corporate_first", "customer_first", "largest_saving_first", "strongest_manager_first"]
Extent = Literal[
    "none", "chief_executive", "management_team", "heads_of_service", "corporate_services", "most_services"
]
Integration = Literal["first", "with", "last"]

EXTENTS: tuple[str, ...] = get_args(Extent)
TIERS = ("chief_executive", "management_team", "heads_of_service")
JOINT, REDESIGN, TIER = "joint_team", "redesign", "tier"
PILOTS = 2
HR_SERVICE = "hr"


@dataclass(frozen=True)
class Package:
    """One piece of the programme.

    It may start when all in `after` have ended, and is dropped if any in `needs` was.
    """

    name: str
    kind: str
    service: str | None = None
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def joint(service: str) -> str:
    """Name of the package that joins a service's teams."""
    return f"{JOINT}: {service}"


def redesign(service: str) -> str:
    """Name of the package that redesigns a service."""
    return f"{REDESIGN}: {service}"


def ordered_services(
    services: Mapping[str, Service], order: ServiceOrder, strengths: Mapping[str, float] | None = None
) -> tuple[str, ...]:
    """Service names in the chosen order; ties keep the order of the file."""
    names = list(services)
    if order == "largest_saving_first":
        return tuple(sorted(names, key=lambda name: -services[name].spend_weight))
    if order == "strongest_manager_first":
        strength = strengths or {}
        return tuple(sorted(names, key=lambda name: -strength.get(name, 1.0)))
    first = "corporate" if order == "corporate_first" else "customer"
    return tuple(sorted(names, key=lambda name: services[name].kind != first))


def in_scope(names: Iterable[str], services: Mapping[str, Service], extent: Extent) -> tuple[str, ...]:
    """The services that the extent of sharing reaches."""
    if extent == "most_services":
        return tuple(names)
    if extent == "corporate_services":
        return tuple(name for name in names if services[name].kind == "corporate")
    return ()


def tiers(extent: Extent) -> tuple[str, ...]:
    """Management tiers to be shared, from the top."""
    return TIERS[: EXTENTS.index(extent)]


def packages(
    names: Sequence[str], extent: Extent, sequence: SequenceName, redesign_after: float, hr: Integration,
    order: Sequence[str] = (),
) -> tuple[Package, ...]:  # fmt: skip
    """All packages in order of preference, with their precedence.

    `names` are the services in scope, in order; `redesign_after` the share of the first phase that
    must have ended before the second begins; `order` holds further rules 'a > b' (a before b).
    Raises ValueError for a package that does not exist and for a cycle.
    """
    shaped = _hr_placed(_SHAPES[sequence](tuple(names), tiers(extent), redesign_after), hr)
    plan = _with_rules(shaped, order)
    _refuse_cycle(plan)
    return plan


def _tier_chain(shared: Sequence[str], after: tuple[str, ...] = ()) -> list[Package]:
    chain: list[Package] = []
    for tier in shared:
        needs = (chain[-1].name,) if chain else tuple(name for name in after if name in TIERS)
        chain.append(Package(tier, TIER, after=(*after, *needs), needs=needs))
    return chain


def _gate(names: Sequence[str], share: float) -> tuple[str, ...]:
    return tuple(names[: ceil(share * len(names))])


def _structure_first(names: tuple[str, ...], shared: Sequence[str], share: float) -> list[Package]:
    top = _tier_chain(shared)
    last = tuple(package.name for package in top[-1:])
    joined = [Package(joint(name), JOINT, name, after=last, needs=last) for name in names]
    gate = _gate([package.name for package in joined], share)
    return top + joined + [Package(redesign(name), REDESIGN, name, after=(joint(name), *gate)) for name in names]


def _transform_first(names: tuple[str, ...], shared: Sequence[str], share: float) -> list[Package]:
    chief = _tier_chain(shared[:1])
    first = tuple(package.name for package in chief)
    changed = [Package(redesign(name), REDESIGN, name, after=first, needs=first) for name in names]
    gate = _gate([package.name for package in changed], share)
    rest = _tier_chain(shared[1:], after=(*first, *gate))
    last = tuple(package.name for package in (rest or chief)[-1:])
    joined = [Package(joint(name), JOINT, name, after=(redesign(name), *last), needs=last) for name in names]
    return chief + changed + rest + joined


def _parallel(names: tuple[str, ...], shared: Sequence[str], share: float) -> list[Package]:
    top = _tier_chain(shared)
    start = tuple(package.name for package in top[:2][-1:])
    plan = list(top)
    for name in names:
        plan.append(Package(joint(name), JOINT, name, after=start, needs=start))
        plan.append(Package(redesign(name), REDESIGN, name, after=(joint(name),)))
    return plan


def _pilot_then_scale(names: tuple[str, ...], shared: Sequence[str], share: float) -> list[Package]:
    top = _tier_chain(shared[:2])
    start = tuple(package.name for package in top[-1:])
    pilots, others = names[:PILOTS], names[PILOTS:]
    plan = list(top)
    for name in pilots:
        plan.append(Package(joint(name), JOINT, name, after=start, needs=start))
        plan.append(Package(redesign(name), REDESIGN, name, after=(joint(name),)))
    proof = tuple(redesign(name) for name in pilots)
    rest = _tier_chain(shared[2:], after=(*start, *proof))
    last = tuple(package.name for package in rest[-1:]) or start
    plan += rest
    for name in others:
        plan.append(Package(joint(name), JOINT, name, after=(*last, *proof), needs=last))
        plan.append(Package(redesign(name), REDESIGN, name, after=(joint(name),)))
    return plan


def _explicit(names: tuple[str, ...], shared: Sequence[str], share: float) -> list[Package]:
    plan = [Package(tier, TIER) for tier in shared]
    plan += [Package(joint(name), JOINT, name) for name in names]
    return plan + [Package(redesign(name), REDESIGN, name) for name in names]


_SHAPES = {
    "structure_first": _structure_first,
    "transform_first": _transform_first,
    "parallel": _parallel,
    "pilot_then_scale": _pilot_then_scale,
    "explicit": _explicit,
}


def _hr_placed(plan: list[Package], hr: Integration) -> list[Package]:
    """HR's own team joined before every other service package, with the rest, or after every other team."""
    own = joint(HR_SERVICE)
    if hr == "with" or all(package.name != own for package in plan):
        return plan
    services = [package for package in plan if package.service and package.service != HR_SERVICE]
    if hr == "last":
        others = tuple(package.name for package in services if package.kind == JOINT)
        return [replace(p, after=(*p.after, *others)) if p.name == own else p for p in plan]
    chief = tuple(package.name for package in plan if package.name == TIERS[0])
    first = Package(own, JOINT, HR_SERVICE, after=chief, needs=chief)
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
                allowed = ", ".join(sorted(names)[:6])
                raise ValueError(f"order names '{name}', which is no package of this plan; packages: {allowed}, …")
        further[later] = (*further.get(later, ()), before)
    return tuple(replace(p, after=tuple(dict.fromkeys((*p.after, *p.needs, *further.get(p.name, ()))))) for p in plan)


def _refuse_cycle(plan: Sequence[Package]) -> None:
    try:
        TopologicalSorter({p.name: (*p.after, *p.needs) for p in plan}).prepare()
    except CycleError as error:
        round_trip = " > ".join(reversed(error.args[1]))
        raise ValueError(f"order goes in a circle: {round_trip}") from None
