"""Lever differences between two plans, and the hybrid plans (Shapley coalitions) that mix them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.core.errors import InputError
from sim.engine.settings import Settings
from sim.plans import scenario

WHOLE = ("services", "decisions", "shocks")
"""Parts of settings that a hybrid plan takes whole from one plan or the other."""
MOST_APART = 12
"""Maximum single differences; above it those of a group are merged, as orders would exceed what can be run."""

DIFFER = " things differ"

Needed = Callable[[int], Sequence[int]]
"""Numbers of the hybrid plans needed for a count of factors."""


@dataclass(frozen=True)
class PlanFactor:
    """A difference between two plans that can be changed alone: one key, or several that need each other.

    `first` and `second` are its values in the two plans, by key. `why` is the reason for merging its keys;
    `many` is true if they were merged only because there were too many.
    """

    keys: tuple[str, ...]
    first: tuple[Any, ...]
    second: tuple[Any, ...]
    why: str = ""
    many: bool = False


@dataclass(frozen=True)
class Between:
    """Two plans, their differences as factors, and every hybrid plan that is needed."""

    first: Settings
    second: Settings
    factors: tuple[PlanFactor, ...]

    def plan(self, number: int) -> Settings:
        """Hybrid plan by number: the first plan with these factors from the second. Raises ValueError if refused."""
        if number == 0:
            return self.first
        if number == 2 ** len(self.factors) - 1:
            return self.second
        keys = [key for place, factor in enumerate(self.factors) if number >> place & 1 for key in factor.keys]
        return with_keys(self.first, self.second, keys)


def differences(first: Settings, second: Settings) -> list[str]:
    """Keys in which two plans differ. Raises InputError if the plans cannot be compared."""
    if scenario.values(first)["study.horizon_months"] != scenario.values(second)["study.horizon_months"]:
        raise InputError("the two plans were run over different lengths of time, so their results do not compare")
    ours, theirs = (each.model_dump(exclude={"partnership": {"provenance"}})["partnership"] for each in (first, second))
    if ours != theirs:
        names = [each.partnership.name for each in (first, second)]
        apart = f"of {names[0]}, but not from the same facts or start"
        if names[0] != names[1]:
            apart = f"of different partnerships, {names[0]} and {names[1]}"
        raise InputError(f"the two plans are {apart}: a difference between them is not one between plans alone")
    keys = [key for key in scenario.differing([first, second])[0] if not key.startswith(("partnership", "study."))]
    return keys + [part for part in WHOLE if getattr(first, part) != getattr(second, part)]


def with_keys(first: Settings, second: Settings, keys: Sequence[str]) -> Settings:
    """The first plan with these keys taken from the second, validated again."""
    parts: dict[str, Any] = {key: getattr(second, key) for key in keys if key in WHOLE}
    for part in ("levers", "mechanisms", "evidence"):
        own = [key.removesuffix(".value").split(".")[1:] for key in keys if key.startswith(f"{part}.")]
        if own:
            parts[part] = _changed(getattr(first, part), getattr(second, part), own)
    return first.replaced(**parts)


def _changed(first: Any, second: Any, paths: Sequence[Sequence[str]]) -> Any:
    """The first settings as plain content, with values at these paths from the second."""
    content = dict(first) if isinstance(first, dict) else first.model_dump()
    theirs = second if isinstance(second, dict) else second.model_dump()
    for path in paths:
        if len(path) == 1:
            content[path[0]] = theirs[path[0]]
        else:
            group, name = path
            content[group] = {**content[group], name: theirs[group][name]}
    return content


def between(first: Settings, second: Settings, needed: Needed) -> Between:
    """Two plans with the fewest merged factors for which every hybrid plan needed is allowed.

    Keys that cannot be changed one without the other are taken together. InputError where there is nothing
    they differ in.
    """
    keys = differences(first, second)
    if not keys:
        raise InputError("the two plans are set alike in everything that decides a history: they do not differ")
    groups, whys = _at_first(keys)
    while True:
        made = Between(first, second, tuple(_factor(first, second, group, whys) for group in groups))
        refused = _refused(made, [*_simple(len(groups)), *needed(len(groups))])
        if refused is None:
            return made
        groups = _joined(made, groups, *refused, whys)


def _at_first(keys: Sequence[str]) -> tuple[list[tuple[str, ...]], dict[tuple[str, ...], str]]:
    """Initial groups: each key alone, or keys of a lever or evidence group together if there are very many."""
    if len(keys) <= MOST_APART:
        return [(key,) for key in keys], {}
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key if key in WHOLE else ".".join(key.split(".")[:2]), []).append(key)
    groups = [tuple(group) for group in found.values()]
    return groups, {group: f"{len(keys)}{DIFFER}" for group in groups if len(group) > 1}


def _factor(first: Settings, second: Settings, group: tuple[str, ...], whys: dict[tuple[str, ...], str]) -> PlanFactor:
    ours, theirs = (tuple(_value(settings, key) for key in group) for settings in (first, second))
    why = whys.get(group, "")
    return PlanFactor(group, ours, theirs, why, why.endswith(DIFFER))


def _value(settings: Settings, key: str) -> Any:
    if key in WHOLE:
        return len(getattr(settings, key))
    part, *path = key.removesuffix(".value").split(".")
    found = getattr(settings, part)
    for name in path:
        found = found[name] if isinstance(found, dict) else getattr(found, name)
    return found.value if part == "evidence" else found


def _simple(count: int) -> list[int]:
    """Hybrid plans with one factor of the second plan, and with all but one."""
    return [1 << place for place in range(count)] + [2**count - 1 - (1 << place) for place in range(count)]


def _refused(made: Between, plans: Sequence[int]) -> tuple[int, str] | None:
    """Number and reason of the first hybrid plan that is not allowed."""
    for number in plans:
        reason = _reason(made, number)
        if reason:
            return number, reason
    return None


def _reason(made: Between, number: int) -> str:
    """Reason why a plan is not allowed; "" if it is."""
    try:
        made.plan(number)
    except ValueError as error:
        found = getattr(error, "errors", None)
        context = found()[0].get("ctx", {}) if found else {}
        return " ".join(str(context.get("error", error)).split())
    return ""


def _joined(
    made: Between, groups: list[tuple[str, ...]], number: int, reason: str, whys: dict[tuple[str, ...], str]
) -> list[tuple[str, ...]]:
    """Groups with the fewest mergers that avoid the refused plan."""
    count = len(groups)
    held = [place for place in range(count) if number >> place & 1]
    for place in list(held):
        fewer = sum(1 << other for other in held if other != place)
        held = [other for other in held if other != place] if fewer and _reason(made, fewer) else held
    missing = [place for place in range(count) if place not in held]
    for place in list(missing):
        fewer = sum(1 << other for other in (*held, *missing) if other != place)
        missing = [other for other in missing if other != place] if not _reason(made, fewer) else missing
    together = sorted({*held, *missing})
    group = tuple(key for place in together for key in groups[place])
    whys[group] = reason
    rest = [groups[place] for place in range(count) if place not in together]
    return [*rest[: together[0]], group, *rest[together[0] :]]
