"""What must hold in every history; each check returns sentences, none where all is well."""

from collections import Counter
from collections.abc import Iterator
from math import inf

from sim.world import World


def breaches(world: World) -> list[str]:
    """Everything that should hold at the end and does not."""
    return [*_states(world), *_money(world), *_packages(world), *_pools(world)]


def _states(world: World) -> Iterator[str]:
    for name, level in zip(world.states.names, world.states.levels, strict=True):
        if not 0.0 <= level <= 1.0:
            yield f"{name} is {level} at the horizon"
    rows = world.history.states
    if rows and not (min(map(min, rows)) >= 0.0 and max(map(max, rows)) <= 1.0):
        month = next(m for m, row in enumerate(rows) if not (min(row) >= 0.0 and max(row) <= 1.0))
        yield f"month {month}: a soft state lies outside 0 to 1"


def _money(world: World) -> Iterator[str]:
    ledger, money, horizon = world.ledger, world.history.money, world.given.horizon
    late = [payment for payment in ledger.payments if not 0 <= payment.month < horizon]
    if late:
        yield f"month {late[0].month}: {late[0].cause} is paid outside the history"
    saved = min(money.get("saving", {}), default=None)
    if saved is not None and world.recording:
        first = min([event.month for kind in _ENABLES for event in world.history.of_kind(kind)[:1]], default=None)
        if first is None or saved + 1 < first:
            yield f"month {saved}: something is saved before anything enables it"


_ENABLES = ("posts cut", "stage finished")
_FATES = ("package released", "package finished", "package dropped")


def _packages(world: World) -> Iterator[str]:
    releases, finishes, drops = map(world.history.of_kind, _FATES)
    released = {event.entity: event.month for event in releases}
    ends = [*finishes, *drops]
    ended = {event.entity: event.month for event in ends}
    if len(ended) < len(ends):
        name, count = Counter(event.entity for event in ends).most_common(1)[0]
        yield f"{name} ends {count} times"
    for end in finishes:
        if not released.get(end.entity, inf) <= end.month:
            yield f"{end.entity} is finished in month {end.month:.1f} without having been released"
    for package in world.packages if released else ():
        start = released.get(package.name)
        if start is not None and max([ended.get(before, inf) for before in package.after], default=0.0) > start + 1e-9:
            before = max(package.after, key=lambda name: ended.get(name, inf))
            yield f"{package.name} is released in month {start:.1f}, before {before} has ended"


def _pools(world: World) -> Iterator[str]:
    for name, pool in (("HR", world.hr), ("OD", world.od)):
        if pool.busy < 0 or pool.queue < 0:
            yield f"{name}: {pool.busy} officers busy and {pool.queue} claims waiting"
        if pool.use.busy > pool.use.capacity + 1e-6:
            yield f"{name}: busy for {pool.use.busy} officer months of {pool.use.capacity}"
