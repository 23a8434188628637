"""Differences between compared studies in horizon, evidence, mechanisms, program or luck."""

from typing import Any

from sim.analysis.compare.compared_sides import Side, Sides

NAMED = 3
"""Maximum quantities or mechanisms named; more are counted."""


def unlike(sides: Sides) -> list[str]:
    """Differences of basis between the plans, one sentence each."""
    firsts = _one_a_study(sides)
    found = [_horizons(sides), _evidence(sides), _mechanisms(sides), _partnerships(sides)]
    codes = {str(side.study.manifest["code"]) for side in firsts}
    if len(codes) > 1:
        found.append("The studies were run by different versions of the program: part of the difference may be its own")
    if firsts[0].study.code_differs:
        found.append("The program has changed since the study was run" if len(firsts) == 1 else "")
    return [text for text in found if text]


def _one_a_study(sides: Sides) -> list[Side]:
    return list({side.study.folder: side for side in reversed(sides.every)}.values())


def _horizons(sides: Sides) -> str:
    months = sorted({side.settings.horizon_months for side in sides.every})
    if len(months) == 1:
        return ""
    told = " and ".join(f"{month} months" for month in (months[0], months[-1]))
    return f"Horizons differ ({told}): what is counted over the whole horizon is not like for like"


def _evidence(sides: Sides) -> str:
    base = _quantities(sides.reference)
    apart = {
        name
        for side in sides.others
        for name, value in _quantities(side).items()
        if base.get(name, (None, ""))[0] != value[0]
    }
    meanings = sorted(base.get(name, (None, name))[1] for name in apart)
    return f"Evidence differs in {_named(meanings)}: not only the plans do" if apart else ""


def _quantities(side: Side) -> dict[str, tuple[Any, str]]:
    evidence = side.settings.evidence
    return {
        f"{topic}.{name}": (quantity.value, quantity.meaning)
        for topic, quantities in evidence.items()
        for name, quantity in quantities.items()
    }


def _mechanisms(sides: Sides) -> str:
    base = sides.reference.settings.mechanisms.model_dump()
    others = [side.settings.mechanisms.model_dump() for side in sides.others]
    apart = sorted({name.replace("_", " ") for other in others for name in other if other[name] != base.get(name)})
    return f"Mechanisms differ in {_named(apart)}: not only the plans do" if apart else ""


def _named(names: list[str]) -> str:
    told = "; ".join(f"‘{name}’" for name in names[:NAMED])
    return told + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _partnerships(sides: Sides) -> str:
    base = sides.reference.partnership
    others = [side.partnership for side in sides.others if side.partnership != base]
    if not others:
        return ""
    names = sorted({partnership.name for partnership in (base, *others)})
    if len(names) == 1:
        return f"The given facts of {names[0]} differ between the plans"
    return f"The plans are of different partnerships ({_named(names)}): the same number is only partly the same luck"
