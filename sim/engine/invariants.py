"""Invariants of every history. Each check returns one sentence for each violation, with month and entity."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import floor, inf, isfinite
from operator import attrgetter
from typing import Any

from sim.core.events import KINDS
from sim.core.history import Fact
from sim.core.inputs.packages import JOINT, REDESIGN
from sim.core.lanes import least_and_greatest, of_history
from sim.core.ledger import SAVING
from sim.core.pools import Pool
from sim.core.world import World

_DUST = 1e-6


def breaches(world: World) -> list[str]:
    """All violations of invariants at the end of a history."""
    return [*_states(world), *_money(world), *_people(world), *_packages(world), *_pools(world)]


def _states(world: World) -> Iterator[str]:
    horizon, history = world.given.horizon, world.history
    if not _within(history.grid):
        rows = history.states
        month, place = next((m, i) for m, row in enumerate(rows) for i, x in enumerate(row) if not 0.0 <= x <= 1.0)
        yield f"month {month}: {world.states.names[place]} is {rows[month][place]}, outside 0 to 1"
    for name, level in zip(world.states.names, of_history(world.states.levels, world.place)):
        if not 0.0 <= level <= 1.0:
            yield f"month {horizon}: {name} is {level}, outside 0 to 1"
    if not all(map(isfinite, least_and_greatest(history.gauge_grid))):
        gauges = history.gauges
        month = next(m for m, row in enumerate(gauges) if not all(map(isfinite, row)))
        yield f"month {month}: saving, queues, load or coordination is no number: {gauges[month]}"


def _within(grid: Any) -> bool:
    """Levels in a grid that lie outside 0 to 1."""
    least, greatest = least_and_greatest(grid)
    return least >= 0.0 and greatest <= 1.0


def _money(world: World) -> Iterator[str]:
    balance = sum([sum(by_month.values()) for by_month in world.history.money.values()])
    yield from world.ledger.faults(world.given.horizon, balance)
    if world.recording:
        yield from _saved_too_soon(world)


def _saved_too_soon(world: World) -> Iterator[str]:
    """Savings that flow before the first event that enables them: posts cut, or the end of a package's stage."""
    enabled: dict[str, float] = {}
    for event in world.history.of_kind("stage finished"):
        enabled.setdefault(f"{event.entity.partition(':')[0]}/{event.cause}", event.month)
    for kind in ("posts cut", "partner joined"):
        for event in world.history.of_kind(kind)[:1]:
            enabled[kind] = event.month
    first = min(enabled.values(), default=inf)
    for cause, month in world.ledger.begins(SAVING).items():
        since = enabled.get(_ENABLERS[cause], inf) if cause in _ENABLERS else first
        if not (since < inf and floor(since) <= month):
            yield f"month {month}: {cause} is saved before anything enables it"


_ENABLERS = {
    "management": "posts cut",
    "joint teams": "joint_team/matching",
    "procurement and property": "joint_team/implementation",
    "transformation": "redesign/implementation",
    "income": "redesign/implementation",
    "commissioning": "commission/procurement",
    "joint ict": "joint_ict/implementation",
    "accommodation": "accommodation/implementation",
    "hr payroll": "hr_payroll/implementation",
    "one employer": "one_employer/implementation",
    "company": "company/implementation",
    "merger": "merger/implementation",
    "partner joined": "partner joined",
}
"""Events that must precede savings of a cause; other causes only need some earlier event."""


_BY_COUNCIL = tuple((kind.name, kind.account) for kind in KINDS.values() if kind.account)
"""Kinds of event recorded for councils, with the headcount line each belongs to."""


def _people(world: World) -> Iterator[str]:
    """Headcounts that do not balance or do not match recorded events, by council and cause."""
    horizon = world.given.horizon
    for name, account in zip(world.given.names, world.history.headcounts, strict=True):
        if account.expected != account.in_post or account.in_post < 0:
            told = f"{account.in_post} in post, {account.expected} by the account"
            yield f"month {horizon}: headcount of {name}: {told}"
    for kind, field in _BY_COUNCIL if world.recording else ():
        counted = dict.fromkeys(world.given.names, 0.0)
        for event in world.history.of_kind(kind):
            counted[event.entity] += event.value or 0.0
        for name, account in zip(counted, map(attrgetter(field), world.history.headcounts), strict=True):
            if counted[name] != account:
                yield f"month {horizon}: {kind} at {name}: {account} in the account, {counted[name]:.0f} by the facts"


def _packages(world: World) -> Iterator[str]:
    """Violations in packages: events out of order, double or early ends, broken precedence."""
    yield from _backwards(world.history.facts)
    released: dict[str, float] = {}
    ended: dict[str, float] = {}
    shown: dict[str, float] = {}
    begun: set[tuple[str, str]] = set()
    for month, entity, kind, cause, _ in world.history.facts:
        step = _STEPS.get(kind)
        if step is None:
            continue
        if step == "released":
            released[entity] = month
        elif entity in ended:
            yield f"month {month:.1f}: {entity}: {kind}, though it had ended in month {ended[entity]:.1f}"
        elif step == "dropped":
            ended[entity] = month
        elif entity not in released:
            yield f"month {month:.1f}: {entity}: {kind}, though it was never released"
        elif step == "finished":
            ended[entity] = month
        else:
            stage = entity, cause or KINDS[kind].officer
            if (stage in begun) == (step == "begins"):
                yield f"month {month:.1f}: {entity}: {kind} ({stage[1]}) out of turn"
            begun.symmetric_difference_update((stage,))
            if cause == "bedding_in" and entity.startswith(REDESIGN):
                shown.setdefault(entity, month)
    yield from _precedence(world, released, ended, ended | shown)


_STEPS = {kind.name: kind.step for kind in KINDS.values() if kind.step}


def _backwards(facts: Sequence[Fact]) -> Iterator[str]:
    """Events recorded after later ones."""
    months = [fact[0] for fact in facts]
    if months != sorted(months):
        for (last, *_), (month, entity, kind, *_) in pairwise(facts):
            if not month >= last:
                yield f"month {month}: {entity}: {kind} is told after what happened in month {last}"


def _precedence(
    world: World, released: dict[str, float], ended: dict[str, float], over: dict[str, float]
) -> Iterator[str]:
    """Packages released before what they wait for is over, and officers held by packages that are not in hand."""
    for package in world.packages if released else ():
        start = released.get(package.name)
        if start is None:
            continue
        for before in package.after:
            if not over.get(before, start + 1.0) <= start + 1e-9:
                yield f"month {start:.1f}: {package.name} is released before {before} has ended"
    in_hand = released.keys() - ended.keys()
    claims = world.hr.busy + world.hr.queue + world.od.busy + world.od.queue
    most = sum(len(p.covers) if p.kind == JOINT else 1 for p in world.packages if p.name in in_hand)
    if world.recording and claims > most:
        held = f"{claims} officers are held or waited for by {len(in_hand)} packages in hand"
        yield f"month {world.given.horizon}: HR and OD: {held}"


def _pools(world: World) -> Iterator[str]:
    horizon = world.given.horizon
    pools: tuple[tuple[str, Pool], ...] = (("HR", world.hr), ("OD", world.od))
    for name, pool in pools:
        if pool.busy < 0 or pool.queue < 0:
            yield f"month {horizon}: {name}: {pool.busy} officers busy and {pool.queue} claims waiting"
        if pool.overdrawn is not None:
            yield f"month {pool.overdrawn:.1f}: {name}: a claim is served though no officer is free"
        if not 0.0 <= pool.use.busy <= pool.use.capacity + _DUST:
            yield f"month {horizon}: {name}: busy for {pool.use.busy} officer months of {pool.use.capacity}"
