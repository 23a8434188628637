"""Composes settings from the plain files without Hydra: for the API, the page and the cells of a sweep."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from json import dumps
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.levers import entries
from sim.core.inputs.quantity import Quantity
from sim.core.inputs.shipped import shipped
from sim.core.refusal import Place, bounds, refusal, siblings
from sim.engine.settings import Levers, Mechanisms, Settings
from sim.plans.ensemble_file import shipped_ensemble
from sim.plans.strict import SHIPPED, Library, by_key, parse_override, read_document
from sim.plans.study_settings import StudySettings

CHOSEN = ("study", "services", "partnership", "scenario")
"""Groups in which one file is chosen by name, in order of precedence: later files override earlier ones."""
_OVERRIDABLE = ("study", "levers", "evidence", "mechanisms", "partnership", "services")
OVERRIDDEN = {"grade": "assumption", "source": "assumption: overridden by the user"}
"""Source note of an overridden quantity, which replaces the old citation."""
_PARTS = ("partnership", "services", "scenario", "levers", "decisions", "shocks", "evidence", "mechanisms")


@dataclass(frozen=True)
class Composed:
    """Validated settings of one cell, with the study's settings, the plain content and the user's overrides."""

    settings: Settings
    study: StudySettings
    content: dict[str, Any]
    overridden: dict[str, Any]


def lever_defaults() -> dict[str, Any]:
    """The declared defaults of all levers, as plain nested dictionaries."""
    return _plain(Levers())


def mechanism_defaults() -> dict[str, Any]:
    """The declared defaults of all mechanisms, as a plain dictionary."""
    return _plain(Mechanisms())


def compose(overrides: Sequence[str] = (), library: Library | None = None) -> Composed:
    """Compose and validate the cell that `overrides` describe; InputError names what is wrong."""
    library = library or Library()
    given = [parse_override(text) for text in by_key(overrides).values()]
    chosen = _chosen(given)
    content = _base(chosen, library)
    overridden = {key: value for key, value in given if key not in CHOSEN}
    for key, value in overridden.items():
        _override(content, key, value)
    study = _validated_study(content["study"], chosen, library, overridden)
    settings = _validated(content, chosen, library, study, overridden)
    if study.evidence == "ensemble":
        settings = settings.replaced(ensemble=shipped_ensemble(settings.evidence))
    return Composed(settings, study, content, overridden)


def cell_id(settings: Settings) -> str:
    """Short hash of everything that determines the cell's histories; titles and study settings are left out."""
    return hash_of_content(content_of(settings))


def content_of(settings: Settings) -> dict[str, Any]:
    """Plain values that determine a cell's histories."""
    content = settings.model_dump(
        mode="json", exclude={"scenario": True, "evidence": True, "partnership": {"provenance"}}
    )
    return {**content, "evidence": settings.evidence_values}


def hash_of_content(content: Mapping[str, Any]) -> str:
    """Short hash of the content of a cell."""
    return hash_of_json({name: dumps(part, sort_keys=True) for name, part in content.items()})


def hash_of_json(parts: Mapping[str, str]) -> str:
    """Short hash of a cell's content given as JSON parts; equals the hash of the whole."""
    inside = ", ".join([f'"{name}": {parts[name]}' for name in sorted(parts)])
    return sha256(f"{{{inside}}}".encode()).hexdigest()[:16]


def _chosen(given: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    chosen = {name: _defaults()[name] for name in CHOSEN}
    for key, value in given:
        if key in CHOSEN:
            if isinstance(value, list | dict):
                raise InputError(f"{key}={shown(value)}: one name is wanted, not a list")
            chosen[key] = value
    return chosen


@cache
def _main_file() -> dict[str, Any]:
    """Content of the shipped config.yaml, which Hydra reads too."""
    content: dict[str, Any] = shipped("config.yaml")
    return content


@cache
def _defaults() -> dict[str, Any]:
    """Defaults list of config.yaml: name chosen in each group, and evidence topics."""
    entries_with_names = (entry for entry in _main_file()["defaults"] if isinstance(entry, dict))
    return {key: value for entry in entries_with_names for key, value in entry.items()}


@cache
def _shipped_content() -> dict[str, Any]:
    evidence: dict[str, Any] = {}
    for topic in _defaults()["evidence"]:
        evidence |= read_document(SHIPPED[0] / "evidence" / f"{topic}.yaml")
    parts = {name: _main_file()[name] for name in ("scenario", "decisions", "shocks", "design")}
    return {"evidence": evidence, "levers": lever_defaults(), "mechanisms": mechanism_defaults(), **parts}


def _base(chosen: Mapping[str, Any], library: Library) -> dict[str, Any]:
    """Shipped content overlaid by the chosen files; only parts that overrides may change are copied."""
    content = dict(_shipped_content())
    for group in ("study", "services", "partnership"):
        content[group] = library.read(group, chosen[group])
    if chosen["scenario"] is not None:
        content = _merged(content, library.read("scenario", chosen["scenario"]), chosen["scenario"], library)
    return content


def _merged(base: Any, over: Any, scenario: str, library: Library, place: tuple[str, ...] = ()) -> Any:
    """Content of `base` overlaid by `over`: mappings key by key, other values whole. Neither is changed.

    An empty mapping of the base takes any keys.
    """
    if not isinstance(base, dict) or not isinstance(over, dict) or not base:
        return over
    result = dict(base)
    for key, value in over.items():
        if key not in base:
            where = library.where("scenario", scenario, (*place, key))
            raise InputError(f"{where}: unknown key '{'.'.join((*place, key))}'{suggestion(key, base)}")
        if isinstance(base[key], dict) and not isinstance(value, dict):
            where = library.where("scenario", scenario, (*place, key))
            raise InputError(f"{where}: {'.'.join((*place, key))}={shown(value)}: keys with values are wanted")
        result[key] = _merged(base[key], value, scenario, library, (*place, key))
    return result


def _override(content: dict[str, Any], key: str, value: Any) -> None:
    """Set one key, copying the mappings on the way; InputError with the nearest key if there is none."""
    first, *rest = key.split(".")
    if first == "design":
        raise InputError(f"{key}={shown(value)} is for a sweep: tandem sweep design=sobol design.over=evidence")
    if first not in _OVERRIDABLE:
        raise InputError(f"{key}: unknown key{suggestion(key, _all_keys(content))}")
    place = content
    for part in (first, *rest)[:-1]:
        if not isinstance(place.get(part), dict):
            raise InputError(f"{key}: unknown key{suggestion(key, _all_keys(content))}")
        place[part] = dict(place[part])
        place = place[part]
    last = (first, *rest)[-1]
    if last not in place:
        raise InputError(f"{key}: unknown key{suggestion(key, _all_keys(content))}")
    if isinstance(place[last], dict):
        first = "value" if "value" in place[last] else next(iter(place[last]), "…")
        raise InputError(f"{key}={shown(value)}: set its keys one by one, such as {key}.{first}")
    place[last] = copy.copy(value)


def _all_keys(content: Mapping[str, Any]) -> list[str]:
    keys = [entry["name"] for group in Levers().by_class() for entry in entries(group)]
    keys += [f"study.{name}" for name in content["study"]] + [f"mechanisms.{name}" for name in content["mechanisms"]]
    keys += [f"evidence.{topic}.{name}.value" for topic, group in content["evidence"].items() for name in group]
    return [*keys, *CHOSEN]


def _validated_study(
    content: Mapping[str, Any], chosen: Mapping[str, Any], library: Library, overridden: Mapping[str, Any]
) -> StudySettings:
    def where(place: Place) -> str:
        return _standing(("study", *place), chosen, library, overridden)

    try:
        study = StudySettings.model_validate(content)
    except ValidationError as error:
        raise refusal(
            error, lambda place: bounds(place, StudySettings), lambda place: StudySettings.model_fields, "study.", where
        ) from None
    known = library.names("scenario")
    for key, names in (("scenarios", study.scenarios), ("reference", (study.reference,))):
        for name in names:
            if name not in known:
                stands = f"{place}: " if (place := where((key,))) else ""
                raise InputError(f"{stands}study.{key}: unknown scenario {shown(name)}{suggestion(name, known)}")
    return study


def _validated(
    content: Mapping[str, Any],
    chosen: Mapping[str, Any],
    library: Library,
    study: StudySettings,
    overridden: Mapping[str, Any],
) -> Settings:
    parts = {name: content[name] for name in _PARTS}
    parts["scenario"] = {**parts["scenario"], "name": chosen["scenario"] or "defaults"}
    parts["evidence"] = _evidence(content["evidence"], overridden)
    parts["horizon_months"] = study.horizon_months
    try:
        return Settings.model_validate(parts)
    except ValidationError as error:
        raise refusal(
            error,
            _allowed,
            lambda place: siblings(place, Settings),
            "",
            lambda place: _standing(place, chosen, library, overridden),
        ) from None


@cache
def shipped_evidence() -> dict[str, dict[str, Quantity]]:
    """The evidence register as shipped, validated."""
    shipped = _shipped_content()["evidence"]
    return {topic: {name: Quantity.model_validate(q) for name, q in group.items()} for topic, group in shipped.items()}


def _evidence(content: Mapping[str, Any], overridden: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Evidence register in which overridden quantities lose their citation."""
    register: dict[str, dict[str, Any]] = dict(shipped_evidence())
    for key in overridden:
        part, _, rest = key.partition(".")
        if part == "evidence":
            topic, name = rest.split(".")[:2]
            own = {**content[topic][name], **OVERRIDDEN, "central": shipped_evidence()[topic][name].value}
            register[topic] = {**register[topic], name: own}
    return register


def _allowed(place: Place) -> dict[str, Any] | None:
    if place[0] != "levers":
        return None
    name = ".".join(str(part) for part in place)
    known = (entry for group in Levers().by_class() for entry in entries(group))
    return next((entry for entry in known if entry["name"] == name), None)


def standing(overrides: Sequence[str], library: Library, *place: str | int) -> str:
    """File and line of a place in the composed settings; empty unless a user's file sets it."""
    given = [parse_override(text) for text in overrides]
    overridden = {key: value for key, value in given if key not in CHOSEN}
    return _standing(place, _chosen(given), library, overridden)


def _standing(place: Place, chosen: Mapping[str, Any], library: Library, overridden: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in place)
    if not place or any(key.startswith(given) for given in overridden):
        return ""
    within = place[0] in ("partnership", "services", "study")
    group, inner = (str(place[0]), place[1:]) if within else ("scenario", place)
    if place == ("horizon_months",):
        group, inner = "study", place
    name = chosen[group]
    return library.where(group, name, inner) if name is not None and library.is_own(group, name) else ""


def _plain(model: BaseModel) -> dict[str, Any]:
    content: dict[str, Any] = model.model_dump(mode="json")
    return content
