"""The pages of the glass box, made from the declared lists and the documents."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response
from markupsafe import Markup

from sim.pictures.causal import loops
from sim.pictures.causal.causal_drawing import said as words_of
from sim.pictures.causal.equations import mathml
from sim.pictures.causal.equations import quantities as quantities_in
from sim.pictures.causal.parts import Influence, MechanismSheet
from sim.pictures.causal.things import COLUMNS, THINGS
from sim.plans.strict import Library
from sim.rooms.glass import INFLUENCES, SHEETS, facts, papers, switched
from sim.surfaces.web import pages

ROOM = "glass"
SECTIONS = (
    ("", "The picture"),
    ("mechanisms", "Mechanisms"),
    ("agents", "Who acts"),
    ("levers", "Levers"),
    ("outcomes", "Outcomes"),
    ("validation", "Validation"),
    ("assumptions", "Assumptions"),
    ("evidence", "Sources"),
    ("model", "The model in words"),
)
"""The pages of the room: address and title."""
Key = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$")]
View = Literal["parts", "loops", "all"]


def _page(request: Request, template: str, section: str, **values: Any) -> Response:
    shared: dict[str, Any] = {"room": ROOM, "sections": SECTIONS, "section": section, "f": facts}
    shared |= {"things": THINGS, "sheets": SHEETS, "parts": papers.parts}
    return pages.page(request, f"glass/{template}.html.j2", **(shared | values))


def pictures(made: APIRouter) -> None:
    """Add routes for the causal diagram and a page for each of its boxes and arrows."""

    @made.get("/glass", include_in_schema=False)
    def picture(request: Request, show: View = "parts") -> Response:
        chosen = loops.shown(show, INFLUENCES)
        drawn = Markup(loops.whole(show, INFLUENCES, thing_at, influence_at))
        kept = {"show": show, "views": loops.VIEWS, "drawn": drawn, "loops": loops.LOOPS, "columns": COLUMNS}
        return _page(request, "picture", "", **kept, arrows=chosen, said=said)

    @made.get("/glass/thing/{key}", include_in_schema=False)
    def thing(request: Request, key: Key) -> Response:
        one = known(THINGS, key, "thing")
        drawn = Markup(loops.around(key, INFLUENCES, thing_at, influence_at))
        kept = {"into": facts.arrows_into(one), "out": facts.arrows_from(one), "levers": facts.levers().get(key, [])}
        found = [facts.outcomes()[name] for name in one.outcomes]
        is_lever = one.kind == "lever"
        return _page(request, "thing", "", thing=one, drawn=drawn, outcomes=found, is_lever=is_lever, **kept)

    @made.get("/glass/influence/{key}", include_in_schema=False)
    def influence(request: Request, key: Key) -> Response:
        one = known(facts.BY_KEY, key, "arrow")
        found = [facts.quantities()[name] for name in one.quantities]
        rows = [(name, papers.lines().get(name, ())) for name in one.ids]
        back = facts.BY_KEY.get(f"{one.target}--{one.source}")
        kept = {"quantities": found, "rows": rows, "back": back, "sheet": SHEETS[one.sheet]}
        return _page(request, "influence", "", one=one, said=said(one), **kept)


def mechanism_pages(made: APIRouter) -> None:
    """Add routes for every mechanism and the agents that implement them."""

    @made.get("/glass/mechanisms", include_in_schema=False)
    def mechanisms(request: Request) -> Response:
        return _page(request, "mechanisms", "mechanisms", switches=facts.switches())

    @made.get("/glass/mechanism/{key}", include_in_schema=False)
    def mechanism(request: Request, key: Key) -> Response:
        sheet = known(SHEETS, key, "mechanism")
        library = Library()
        kept = {
            "drawn": Markup(loops.of_sheet(sheet, INFLUENCES, thing_at, influence_at)),
            "arrows": facts.arrows_of(sheet),
            "quantities": facts.quantities_of(sheet),
            "rows": [(name, papers.lines().get(name, ())) for name in facts.ids_of(sheet)],
            "equations": [_equation(each) for each in sheet.equations],
            "held": {form: facts.held(sheet, form) for form in forms(sheet)},
            "rivals": [form for form in forms(sheet) if form != "on"],
            "scenarios": {
                name: library.read("scenario", name)["scenario"]["title"] for name in library.names("scenario")
            },
            "partnerships": {name: library.read("partnership", name)["name"] for name in library.names("partnership")},
            "switchable": bool(sheet.switch) and sheet.switch != switched.LUCK,
        }
        return _page(request, "mechanism", "mechanisms", sheet=sheet, said=said, **kept)

    @made.get("/glass/agents", include_in_schema=False)
    def agents(request: Request) -> Response:
        return _page(request, "agents", "agents", agents=facts.agents())


def lists(made: APIRouter) -> None:
    """Add routes for levers, outcomes, quantities and documents."""

    @made.get("/glass/levers", include_in_schema=False)
    def levers(request: Request) -> Response:
        return _page(request, "levers", "levers", groups=facts.levers())

    @made.get("/glass/outcomes", include_in_schema=False)
    def outcomes(request: Request) -> Response:
        where = {name: thing for thing in THINGS.values() for name in thing.outcomes}
        return _page(request, "outcomes", "outcomes", outcomes=facts.outcomes(), where=where)

    @made.get("/glass/quantity/{name}", include_in_schema=False)
    def quantity(request: Request, name: Annotated[str, Path(pattern=r"^[a-z0-9_.]{1,80}$")]) -> Response:
        entry = known(facts.quantities(), name, "quantity")
        sheets = facts.sheets_with(name)
        arrows = [arrow for arrow in INFLUENCES if name in arrow.quantities]
        return _page(request, "quantity", "assumptions", entry=entry, stands_in=sheets, arrows=arrows, said=said)

    @made.get("/glass/{name}", include_in_schema=False)
    def paper(
        request: Request, name: Literal["model", "evidence", "assumptions", "validation", "assurance", "studies"]
    ) -> Response:
        written = papers.paper(name, paper_at, leads_to)
        return _page(request, "paper", name, paper=written, html=Markup(written.html))


def thing_at(key: str) -> str:
    """The address of a thing's page."""
    return f"/glass/thing/{key}"


def influence_at(key: str) -> str:
    """The address of an arrow's page."""
    return f"/glass/influence/{key}"


def paper_at(name: str) -> str:
    """The address of a document; the causal diagram is on the room's first page."""
    return "/glass" if name == "picture" else f"/glass/{name}"


def leads_to(code: str) -> str:
    """Link target of a word in `code`: a quantity, lever, mechanism or outcome; "" if none."""
    name = code.removeprefix("evidence.").removeprefix("levers.").removeprefix("mechanisms.").removesuffix("=off")
    if name in facts.quantities():
        return f"/glass/quantity/{name}"
    if code.startswith("levers.") and name.partition(".")[0] in facts.levers():
        return f"/glass/levers#{name}"
    if name in SHEETS and SHEETS[name].switch:
        return f"/glass/mechanism/{name}"
    return f"/glass/outcomes#{name}" if name in facts.outcomes() else ""


def known(table: Any, key: str, kind: str) -> Any:
    """The entry of a declared list; a 404 page if there is none."""
    if key not in table:
        raise HTTPException(404, f"There is no such {kind} in the model.")
    return table[key]


def said(influence: Influence) -> str:
    """An arrow in words."""
    return words_of(influence.sign, THINGS[influence.source].title, THINGS[influence.target].title)


def forms(sheet: MechanismSheet) -> list[str]:
    """The possible forms of a mechanism; empty if it has no switch."""
    return list(facts.switches()[sheet.switch]["choices"]) if sheet.switch else []


def _equation(equation: Any) -> dict[str, Any]:
    return {
        "math": Markup(mathml(equation.gives, equation.text)),
        "form": equation.form,
        "function": equation.function,
        "file": equation.file,
        "quantities": [facts.quantities()[name] for name in quantities_in(equation.text)],
    }
