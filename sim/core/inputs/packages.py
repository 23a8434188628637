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
    "services_only",
    "one_employer",
    "company",
    "merger",
]
Integration = Literal["first", "with", "last"]
TierOrder = Literal["one_by_one", "together"]
Joining = Literal["service_by_service", "single_restructure"]
Timing = Literal["early", "late", "never"]
Shape = Literal["vertical", "horizontal"]

EXTENTS: tuple[str, ...] = get_args(Extent)
TIERS = ("chief_executive", "management_team", "heads_of_service", "service_managers")
JOINT, REDESIGN, TIER, COMMISSION = "joint_team", "redesign", "tier", "commission"
ENABLER, TERMS, ORGANISATION = "enabler", "terms", "organisation"
PRINCIPLE, QUICK_WINS = "principle", "quick_wins"
CHANGES = (REDESIGN, COMMISSION)
"""Kinds of package in the second phase: redesign of a service, or a contract for it."""
BACKGROUND = (ENABLER, TERMS, ORGANISATION, PRINCIPLE)
"""Kinds of package with project teams of their own; they take no place in the limit on packages at once."""
ORGANISATIONS = ("one_employer", "company", "merger")
PILOTS = 2
WHOLE = "whole organisation"
"""What a single restructure joins, where a package of one service names that service."""
HR_SERVICE = "hr"
RUN_BY = {"joint_ict": "ict", "hr_payroll": HR_SERVICE}
"""Service whose team runs a joint system."""
GROUP_SIZE = 4
"""Number of services in one horizontal redesign."""


@dataclass(frozen=True)
class Package:
    """One work package of the programme; `covers` lists the services it touches.

    It may start when all in `after` have ended, or work where they are redesigns; it is dropped if any in `needs` was.
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
    tiers: TierOrder = "together"
    service_managers: bool = False
    joining: Joining = "service_by_service"
    quick_wins: bool = False
    order: tuple[str, ...] = ()
    shape: Shape = "vertical"
    commissioned: float = 0.0
    enablers: tuple[tuple[str, Timing], ...] = ()
    terms: Timing = "never"
    service_order: ServiceOrder = "corporate_first"
    apart: tuple[str, ...] = ()
    """Services that are not shared, in the order of their names."""
    already: tuple[str, ...] = ()
    """Tiers and services that are shared at the start."""
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


def in_scope(
    names: Iterable[str], services: Mapping[str, Service], extent: Extent, apart: Sequence[str] = ()
) -> tuple[str, ...]:
    """The services that the extent of sharing reaches, less those kept apart."""
    names = [name for name in names if name not in apart]
    if EXTENTS.index(extent) >= EXTENTS.index("most_services"):
        return tuple(names)
    if extent == "corporate_services":
        return tuple(name for name in names if services[name].kind == "corporate")
    return ()


def tiers(outline: Outline) -> tuple[str, ...]:
    """Management tiers to be shared, from the top."""
    depth = 0 if outline.extent == "services_only" else EXTENTS.index(outline.extent)
    below = TIERS[3:] if outline.service_managers and depth >= len(TIERS[:3]) else ()
    return (*TIERS[:3][:depth], *below)


def packages(names: Sequence[str], outline: Outline, services: Mapping[str, Service]) -> tuple[Package, ...]:
    """All packages in order of preference, with their precedence.

    `names` are the services in scope, in order; rules of the outline's order read 'a > b' (a before b).
    Raises ValueError for a package that does not exist and for a cycle.
    """
    out = _commissioned(names, outline, services)
    inside = tuple(name for name in names if name not in out)
    changes = [*_changes(inside, outline, services), *(Package(f"{COMMISSION}: {n}", COMMISSION, (n,)) for n in out)]
    shaped = _SHAPES[outline.sequence](inside, tiers(outline), outline, changes)
    plan = _hr_placed(shaped, outline.hr)
    if outline.joining == "single_restructure":
        _refuse_single_reviews(names, outline.order)
        plan = _restructured(plan, outline, inside[:PILOTS] if outline.sequence == "pilot_then_scale" else ())
    plan = _with_organisation(_with_infrastructure(plan, outline), outline)
    plan = _agreed_first(_without(plan, outline.already), outline)
    ruled = _with_rules(plan, outline.order)
    _refuse_cycle(ruled)
    return tuple(replace(package, rank=i) for i, package in enumerate(ruled))


def _commissioned(names: Sequence[str], outline: Outline, services: Mapping[str, Service]) -> list[str]:
    """The services that go to contractors, and so are neither joined nor redesigned in house."""
    customer = [name for name in names if services[name].kind == "customer"]
    return customer[len(customer) - ceil(outline.commissioned * len(customer)) :]


def _changes(inside: Sequence[str], outline: Outline, services: Mapping[str, Service]) -> list[Package]:
    """The second phase: a redesign of each service that stays in house, or across several."""
    if outline.shape == "vertical":
        return [Package(redesign(name), REDESIGN, (name,)) for name in inside]
    groups: list[tuple[str, tuple[str, ...]]] = []
    for kind in dict.fromkeys(services[name].kind for name in inside):
        own = [name for name in inside if services[name].kind == kind]
        for at in range(0, len(own), GROUP_SIZE):
            groups.append((f"{kind} {at // GROUP_SIZE + 1}", tuple(own[at : at + GROUP_SIZE])))
    return [Package(redesign(title), REDESIGN, covered) for title, covered in groups]


def _joined_first(change: Package) -> tuple[str, ...]:
    """The teams that a redesign waits for; a contract takes the place of a joint team and waits for none."""
    return tuple(joint(name) for name in change.covers) if change.kind == REDESIGN else ()


def _tier_chain(shared: Sequence[str], order: TierOrder, after: tuple[str, ...] = ()) -> list[Package]:
    """Tiers one after another; or together: agreed at once, each appointed to as soon as the tier above is in post."""
    chain: list[Package] = []
    for tier in shared:
        above = tuple(package.name for package in chain[-1:]) if order == "one_by_one" else ()
        needs = above or tuple(name for name in after if name in TIERS)
        chain.append(Package(tier, TIER, after=(*after, *needs), needs=needs))
    return chain


def appointed_by(tier: str, shared: Sequence[str]) -> str | None:
    """Tier that appoints to this one, where it is shared: the chief executive, and the directors for all below."""
    above = [name for name in TIERS[: min(TIERS.index(tier), 2)] if name in shared]
    return above[-1] if above else None


def _leads_joining(shared: Sequence[str]) -> tuple[str, ...]:
    """The tier that must be shared before services are joined: no review waits for those below the directors."""
    return tuple(shared[:2][-1:])


def _gate(names: Sequence[str], share: float) -> tuple[str, ...]:
    return tuple(names[: ceil(share * len(names))])


def _structure_first(
    names: tuple[str, ...], shared: Sequence[str], outline: Outline, changes: Sequence[Package]
) -> list[Package]:
    top, lead = _tier_chain(shared, outline.tiers), _leads_joining(shared)
    joined = [Package(joint(name), JOINT, (name,), after=lead, needs=lead) for name in names]
    gate = _gate([package.name for package in joined], outline.redesign_after)
    changed = [
        replace(change, after=(*_joined_first(change), *(gate or lead)), needs=_managed_by(change, lead))
        for change in changes
    ]
    return _contracts_when_ready([*top, *joined, *changed])


def _managed_by(change: Package, last: tuple[str, ...]) -> tuple[str, ...]:
    """What a change cannot do without: a joint contract needs joint managers who let it."""
    return last if change.kind == COMMISSION else ()


def _contracts_when_ready(plan: Sequence[Package]) -> list[Package]:
    """Place each contract right after the last package it waits for, ahead of teams still to be joined."""
    placed = [package for package in plan if package.kind != COMMISSION]
    for contract in reversed([package for package in plan if package.kind == COMMISSION]):
        last = max((place for place, package in enumerate(placed) if package.name in contract.after), default=-1)
        placed.insert(last + 1, contract)
    return placed


def _transform_first(
    names: tuple[str, ...], shared: Sequence[str], outline: Outline, changes: Sequence[Package]
) -> list[Package]:
    """Pilots begin under a joint chief executive; each service is joined as its redesign shows, managers in step."""
    chief = _tier_chain(shared[:1], outline.tiers)
    first = tuple(package.name for package in chief)
    changed = [replace(change, after=first, needs=first) for change in changes]
    pilots = tuple(change.name for change in changed[:PILOTS])
    gate = _gate([change.name for change in changed], outline.redesign_after)
    team = _tier_chain(shared[1:2], outline.tiers, after=(*first, *pilots))
    below = _tier_chain(shared[2:], outline.tiers, after=(*(p.name for p in (team or chief)), *gate))
    before = {name: change.name for change in changes for name in change.covers}
    joined = {name: Package(joint(name), JOINT, (name,), after=(before[name], *first), needs=first) for name in names}
    plan = [*chief, *changed[:PILOTS], *team]
    for change in changed:
        plan += [change] if change not in plan else []
        plan += [joined[name] for name in change.covers if name in joined]
    return [*plan, *below]


def _parallel(
    names: tuple[str, ...], shared: Sequence[str], outline: Outline, changes: Sequence[Package]
) -> list[Package]:
    start = _leads_joining(shared)
    return _tier_chain(shared, outline.tiers) + _both(names, changes, start, start)


def _both(
    names: Sequence[str], changes: Sequence[Package], after: tuple[str, ...], needs: tuple[str, ...]
) -> list[Package]:
    """Packages in the order where each service is joined, and changed once every team it needs is joined."""
    plan: list[Package] = []
    for name in names:
        plan.append(Package(joint(name), JOINT, (name,), after=after, needs=needs))
        plan += [replace(c, after=_joined_first(c)) for c in changes if c.covers[-1] == name]
    return plan + [replace(c, after=after, needs=needs) for c in changes if c.kind == COMMISSION]


def _pilot_then_scale(
    names: tuple[str, ...], shared: Sequence[str], outline: Outline, changes: Sequence[Package]
) -> list[Package]:
    top = _tier_chain(shared[:2], outline.tiers)
    start = tuple(package.name for package in top[-1:])
    pilots, others = names[:PILOTS], names[PILOTS:]
    piloted = [change for change in changes if set(change.covers) <= set(pilots)]
    plan = top + _both(pilots, piloted, start, start)
    proof = tuple(change.name for change in piloted) or tuple(joint(name) for name in pilots)
    rest = _tier_chain(shared[2:], outline.tiers, after=(*start, *proof))
    remaining = [change for change in changes if change not in piloted]
    return plan + rest + _both(others, remaining, (*start, *proof), start)


def _explicit(
    names: tuple[str, ...], shared: Sequence[str], outline: Outline, changes: Sequence[Package]
) -> list[Package]:
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
    """Add joint systems and terms: early, once the top is shared, or late, with the teams joined.

    Late, a system waits for the team that runs it, where that is joined; others wait for half of the teams.
    """
    shared = [package.name for package in plan if package.kind == TIER]
    if len(shared) < 2:
        return plan
    joined = [package.name for package in plan if package.kind == JOINT]
    needs = (shared[0],)
    half = (*needs, *(_gate(joined, 0.5) or (shared[-1],)))
    run_by = {name: [p.name for p in plan if p.kind == JOINT and team in p.covers] for name, team in RUN_BY.items()}
    late = {name: (*needs, *run_by[name]) if run_by.get(name) else half for name, _ in outline.enablers}
    further = [
        Package(name, ENABLER, after=needs if when == "early" else late[name], needs=needs)
        for name, when in outline.enablers
        if when != "never"
    ]
    if outline.terms != "never":
        after = half if outline.terms == "late" else (shared[1],)
        further.append(Package(TERMS, TERMS, after=after, needs=needs))
    return plan + further


def shared_already(already: Sequence[str]) -> tuple[str, ...]:
    """Names of the packages that brought about what is shared at the start."""
    return tuple(name if name in TIERS else joint(name) for name in already)


def _without(plan: list[Package], already: Sequence[str]) -> list[Package]:
    """The plan less what is shared at the start, which nothing waits for."""
    done = shared_already(already)

    def left(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in done)

    return [replace(p, after=left(p.after), needs=left(p.needs)) for p in plan if p.name not in done]


def _refuse_single_reviews(names: Sequence[str], rules: Sequence[str]) -> None:
    """ValueError where rules order the reviews of single services that one restructure joins together."""
    for rule in rules:
        for name in names:
            if joint(name) in (part.strip() for part in rule.split(">")) and name != HR_SERVICE:
                raise ValueError(
                    f"{rule!r} orders the review of one service, but levers.sequence.joining=single_restructure "
                    "reviews all services at once"
                )


def _restructured(plan: list[Package], outline: Outline, pilots: Sequence[str]) -> list[Package]:
    """One package that joins the whole organisation, in the place of those that join one service each.

    It begins with a joint chief executive: directors and services are restructured in one. Pilots are joined before it,
    each by itself.
    """
    single = (*map(joint, pilots), *(() if outline.hr == "with" else (joint(HR_SERVICE),)))
    apart = (*single, *shared_already(outline.already))
    joined = [package for package in plan if package.kind == JOINT and package.name not in apart]
    if not joined:
        return plan
    gone = {package.name for package in joined}

    def instead(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(joint(WHOLE) if name in gone else name for name in names))

    chief = [package.name for package in plan if package.name == TIERS[0]]
    waits = [name for package in joined for name in package.after if name not in (*gone, *TIERS)]
    before, needs = tuple(dict.fromkeys((*chief, *waits))), tuple(chief)
    whole = Package(joint(WHOLE), JOINT, tuple(name for p in joined for name in p.covers), after=before, needs=needs)
    rest = [replace(p, after=instead(p.after), needs=instead(p.needs)) for p in plan if p.name not in gone]
    at = max((place + 1 for place, package in enumerate(rest) if package.name in before), default=0)
    return [*rest[:at], whole, *rest[at:]]


def _agreed_first(plan: list[Package], outline: Outline) -> list[Package]:
    """An agreement in principle, unless something is shared already; then, where asked for, a few quick wins."""
    if not plan:
        return plan
    agreed = () if outline.already else (PRINCIPLE,)
    wins = [Package(QUICK_WINS, QUICK_WINS, after=agreed, needs=agreed)] if outline.quick_wins else []
    if outline.already:
        return [*wins, *plan]
    later = [package if package.after else replace(package, after=agreed, needs=agreed) for package in plan]
    return [Package(PRINCIPLE, PRINCIPLE), *wins, *later]


def _with_organisation(plan: list[Package], outline: Outline) -> list[Package]:
    """One employer or a company when all teams are joined, a merger when half are; where explicit, as rules say."""
    if outline.extent not in ORGANISATIONS:
        return plan
    joined = tuple(package.name for package in plan if package.kind == JOINT)
    joined = _gate(joined, 0.5) if outline.extent == "merger" else joined
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
    """ValueError where a package waits for itself; a tier waits for those who appoint to it, whatever the rules."""
    names = [package.name for package in plan]
    appoints = {name: appointed_by(name, names) for name in names if name in TIERS}
    try:
        TopologicalSorter({p.name: (*p.after, *p.needs, *filter(None, [appoints.get(p.name)])) for p in plan}).prepare()
    except CycleError as error:
        round_trip = " > ".join(reversed(error.args[1]))
        raise ValueError(f"order goes in a circle: {round_trip}") from None
