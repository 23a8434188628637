"""What must hold in every history; each check returns sentences, none where all is well."""

from collections import Counter
from collections.abc import Iterator

from sim.history import Event
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
    ledger, money = world.ledger, world.history.money
    late = [line for line in ledger.payments if not 0 <= line.month < world.given.horizon]
    if late:
        yield f"month {late[0].month}: {late[0].cause} is paid outside the history"
    first = min((event.month for event in world.history.events if event.kind in _ENABLES), default=None)
    saved = min(money.get("saving", {}), default=None)
    if saved is not None and world.recording and (first is None or saved + 1 < first):
        yield f"month {saved}: something is saved before anything enables it"


_ENABLES = ("posts cut", "stage finished")
_ENDS = ("package finished", "package dropped")


def _packages(world: World) -> Iterator[str]:
    if not world.recording:
        return
    by_kind = {kind: _months(world.history.events, kind) for kind in ("package released", *_ENDS)}
    released, ended = by_kind["package released"], by_kind["package finished"] | by_kind["package dropped"]
    ends = Counter(event.entity for event in world.history.events if event.kind in _ENDS)
    for name, count in ends.items():
        if count > 1:
            yield f"{name} ends {count} times"
    for name, month in by_kind["package finished"].items():
        if not released.get(name, month + 1) <= month:
            yield f"{name} is finished in month {month:.1f} without having been released"
    for package in world.packages:
        start = released.get(package.name)
        for before in package.after if start is not None else ():
            if ended.get(before, float("inf")) > (start or 0.0) + 1e-9:
                yield f"{package.name} is released in month {start:.1f}, before {before} has ended"


def _months(events: list[Event], kind: str) -> dict[str, float]:
    return {event.entity: event.month for event in events if event.kind == kind}


def _pools(world: World) -> Iterator[str]:
    for name, pool in (("HR", world.hr), ("OD", world.od)):
        if pool.busy < 0 or pool.queue < 0:
            yield f"{name}: {pool.busy} officers busy and {pool.queue} claims waiting"
        if pool.use.busy > pool.use.capacity + 1e-6:
            yield f"{name}: busy for {pool.use.busy} officer months of {pool.use.capacity}"
