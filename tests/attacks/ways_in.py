"""Every way in by which people hand something to the program, as functions that take it or refuse it."""

import json
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.engine.settings import Mechanisms
from sim.plans import partnership_csv
from sim.plans.strict import SHIPPED, Library
from sim.plans.study_settings import StudySettings
from sim.surfaces import api
from sim.words.documents import validation_page

CONFIGS, SCENARIOS = SHIPPED
HEADER = "# @package _global_\n"
TABLE = (
    "council,full_name,headcount,service_expenditure_gbp_m,control,setting,elections,next_election_year,"
    "budget_gap_share,earlier_cuts_share,distance_miles,prior_joint_working,culture_gap,source\n"
    "Athorpe,Athorpe District Council,310,21.5,con,rural,thirds,2027,10%,0,,,,accounts 2025\n"
    '"Bford, North",,"1,280",£19.5m,NOC,urban,whole,,0.1,5%,"Athorpe: 12","Athorpe: 0.3",0.2,\n'
)
FOLDER = "mine"


def content(path: Path) -> Any:
    """A shipped file as plain data."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def keys() -> tuple[tuple[str, ...], Mapping[str, Any]]:
    """Every key that may be typed, and what the levers are set to."""
    levers = api.listed("levers")
    names = [entry["name"] for entry in levers]
    names += [f"{entry['name']}.value" for entry in api.listed("evidence")]
    names += [f"study.{name}" for name in StudySettings.model_fields]
    names += [f"mechanisms.{name}" for name in Mechanisms.model_fields]
    names += ["scenario", "partnership", "services", "study", "partnership.start_year", "design", "design.over"]
    known = {entry["name"]: json.dumps(entry["default"], ensure_ascii=False) for entry in levers}
    return tuple(names), {**known, "scenario": "parallel", "partnership": "dorset_councils"}


class Files:
    """A folder in which files of a user's own are put, and what reads each kind of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own = folder / FOLDER

    def file(self, kind: str) -> Path:
        """Where a file of this kind stands."""
        places = {
            "partnership": self.folder / "own.yaml",
            "table": self.folder / "own.csv",
            "case": self.folder / "cases" / "own.yaml",
        }
        group = "workshop" if kind == "pack" else kind.removeprefix("own ")
        return places.get(kind, self.own / group / "own.yaml")

    def put(self, kind: str, data: bytes) -> Path:
        """Write the file, and nothing else beside it."""
        shutil.rmtree(self.own, ignore_errors=True)
        place = self.file(kind)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        return place

    def read(self, kind: str) -> None:
        """Have the program read it, as far as it goes before anything is simulated."""
        READERS[kind](self)

    def library(self) -> Library:
        """The user's own folder, read anew."""
        return Library([self.own])


def _partnership(files: Files) -> None:
    path = str(files.file("partnership"))
    api.plan_run([f"partnership={path}"], Library())
    _likeness(path)


def _likeness(path: str) -> None:
    api.like(path)


def _case(files: Files) -> None:
    from sim.analysis.validation.case_settings import prepare
    from sim.analysis.validation.cases import read_cases

    for case in read_cases(files.file("case").parent):
        prepare(case)


def _table(files: Files) -> None:
    made = partnership_csv.formed(files.file("table"))
    written = files.put("partnership", made.text.encode())
    api.plan_run([f"partnership={written}"], Library())


def _pack(files: Files) -> None:
    from sim.rooms.workshop.game.packs import Shelf

    Shelf(files.own)


def _named(group: str) -> Callable[[Files], None]:
    def read(files: Files) -> None:
        api.plan_run([f"{group}=own"], files.library())

    return read


READERS: Mapping[str, Callable[[Files], None]] = {
    "scenario": _named("scenario"),
    "partnership": _partnership,
    "own partnership": _named("partnership"),
    "services": _named("services"),
    "study": _named("study"),
    "case": _case,
    "pack": _pack,
    "table": _table,
}


@cache
def documents(kind: str) -> list[Any]:
    """Good files of a kind, as plain data; nobody changes them."""
    if kind == "scenario":
        return [content(path) for path in sorted((SCENARIOS / "scenario").glob("*.yaml"))] + [_rich_scenario()]
    if kind in ("partnership", "own partnership"):
        return [content(path) for path in sorted((CONFIGS / "partnership").glob("*.yaml"))][:4]
    if kind == "case":
        example = Path(validation_page.__file__).parent / "templates" / "own_case.yaml"
        shipped = sorted((CONFIGS / "case").glob("*.yaml"))
        few = [path for path in shipped if path.stem not in ("sector", "city_jobs_market")]
        return [content(path) for path in few] + [content(example)]
    folder = SCENARIOS / "workshop" if kind == "pack" else CONFIGS / kind
    return [content(path) for path in sorted(folder.glob("*.yaml"))]


def _rich_scenario() -> Any:
    """A scenario that uses all that one may."""
    return {
        "scenario": {"title": "Ours", "meaning": "A test.", "reasons": {"levers.hr.od_posts": "because"}},
        "levers": {
            "pace": {
                "packages_at_once": 2,
                "months_between_waves": 3,
                "rules": ["when fatigue > 0.6 pause for 3 months"],
            },
            "sequence": {"extent": "most_services"},
            "hr": {"od_posts": 2.0},
        },
        "decisions": [{"month": 18, "change": {"pace.packages_at_once": 3}, "reason": "it went well"}],
        "shocks": [{"month": 30, "kind": "chief_executive_leaves"}, {"month": 40, "kind": "emergency"}],
        "mechanisms": {"fatigue": "off"},
    }


def text_of(kind: str, content: Any) -> str:
    """A document as the file it stands in."""
    from mutations import as_yaml

    return (HEADER if kind == "scenario" else "") + as_yaml(content)
