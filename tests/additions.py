"""One small addition of each kind that a contributor may make, as edits of files by their path."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Edit(NamedTuple):
    """Text put into a file beside an anchor that stands there once, or in its place; without one, a new file."""

    path: str
    text: str
    after: str = ""
    before: str = ""
    instead_of: str = ""


def make(root: Path, edits: tuple[Edit, ...]) -> set[str]:
    """Make the edits under this folder and return the paths of the files touched."""
    for edit in edits:
        file = root / edit.path
        anchor = edit.after or edit.before or edit.instead_of
        if not anchor:
            assert not file.exists(), edit.path
            file.write_text(edit.text, encoding="utf-8")
            continue
        whole = file.read_text(encoding="utf-8")
        assert whole.count(anchor) == 1, f"{edit.path} has {whole.count(anchor)} times {anchor!r}"
        new = f"{edit.after}{edit.text}{edit.before}"
        file.write_text(whole.replace(anchor, new), encoding="utf-8")
    return {edit.path for edit in edits}


def quantity(name: str, meaning: str, value: float, unit: str, high: float) -> str:
    """One quantity in a file of `configs/evidence/`."""
    return f"""\
  {name}:
    meaning: "{meaning}"
    value: {value:g}
    unit: {unit}
    low: 0
    high: {high:g}
    grade: assumption
    source: "assumption: made up to try an addition"
"""


THINGS, ARROWS = "configs/glass/things.yaml", "configs/glass/influences.yaml"
ENDS = "configs/glass/mechanisms/ends.yaml"
QUALITY, DEVELOPMENT = "configs/evidence/quality.yaml", "configs/evidence/development.yaml"


def arrow(name: str, sheet: str, quantity: str, because: str, ids: str) -> Edit:
    """One arrow in the causal picture."""
    text = f"{name}:\n  sheet: {sheet}\n  ids: [{ids}]\n  quantities: [{quantity}]\n  because: {because}\n"
    return Edit(ARROWS, text, before="development + cost:\n")


AGENT = (
    Edit(
        "sim/agents/residents.py",
        '''"""Residents: their patience with services that are being changed."""

from typing import Any

from sim.core.world import Agent, Meeting


class Residents(Agent):
    """Agent for residents' patience, which wears while staff do not know where they will stand."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        own = meeting.e.quality
        self.states.soft(self, "patience", "residents' patience", own.patience_start, own.patience_months)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set the target of patience."""
        left = self.formula.left_of(self.formula.product(e.quality.patience_wears, old.unsettled))
        new.patience = self.formula.product(e.quality.patience_start, left)
''',
    ),
    Edit(
        "sim/agents/__init__.py", "from sim.agents.residents import Residents\n", before="from sim.agents.risks import"
    ),
    Edit("sim/agents/__init__.py", "    Residents,\n", after="AGENTS = (\n"),
    Edit(
        QUALITY,
        quantity("patience_start", "Patience of residents at the start", 0.7, "share", 1)
        + quantity("patience_months", "Time in which patience moves", 6, "months", 12).replace("low: 0", "low: 1")
        + quantity("patience_wears", "Patience lost while all staff are unsettled", 0.3, "share", 0.6),
        after="quality:\n",
    ),
    Edit(
        THINGS,
        "patience:\n  title: Residents' patience\n  kind: result\n  column: What comes of it\n"
        "  meaning: How long residents bear with services in change\n  files: [residents.py]\n",
        before="resilience:\n",
    ),
    arrow("uncertainty - patience", "quality", "quality.patience_wears", "Unsettled staff try their patience.", "S11"),
)

GROUP_OF_LEVERS = (
    Edit(
        "sim/agents/residents.py",
        '''from sim.core.inputs.levers import LeverGroup, share
from sim.core.world import Agent, Meeting


class ResidentsLevers(LeverGroup):
    """Levers on residents."""

    visits: float = share(0.0, "How much time members take to hear residents", "D-COMMS")
''',
        instead_of="from sim.core.world import Agent, Meeting\n",
    ),
    Edit(
        "sim/agents/residents.py",
        "    levers = (ResidentsLevers,)\n\n",
        before="    def __init__(self, meeting: Meeting)",
    ),
    Edit(
        "sim/agents/residents.py",
        """
        heard = self.formula.product(e.quality.patience_by_visits, lever.residents.visits)
        new.patience = self.formula.product(e.quality.patience_start, left) + heard
""",
        instead_of="\n        new.patience = self.formula.product(e.quality.patience_start, left)\n",
    ),
    Edit(
        "sim/engine/settings.py",
        "from sim.agents.residents import ResidentsLevers\n",
        before="from sim.agents.shocks import",
    ),
    Edit(
        "sim/engine/settings.py",
        "    residents: ResidentsLevers = ResidentsLevers()\n",
        before="\n    def by_class(self)",
    ),
    Edit(QUALITY, quantity("patience_by_visits", "Patience added by visits", 0.1, "share", 0.2), after="quality:\n"),
    Edit(
        THINGS,
        "residents:\n  title: Residents\n  kind: lever\n  column: Chosen and given\n"
        "  meaning: How much time members take to hear residents\n  files: [residents.py]\n",
        before="size:\n",
    ),
    arrow("residents + patience", "quality", "quality.patience_by_visits", "Who is heard waits longer.", "D-COMMS"),
)

LEVER = (
    Edit(
        "sim/agents/development.py",
        """\
    coaching_days: float = lever(
        0.0, "Days of coaching for managers each year", "days a year", "D-LEAD", ge=0.0, le=200.0
    )
""",
        before="    leadership: Literal",
    ),
    Edit(
        "sim/agents/development.py",
        '        extra += world.current(DevelopmentLevers).coaching_days * world.e("development.coaching_day")\n',
        before='        world.ledger.keep_paying(world.env.now, PROGRAMME_COST, "development", extra)\n',
    ),
    Edit(
        DEVELOPMENT,
        quantity("coaching_day", "Price of a day of coaching", 800, "£", 2000),
        after="development:\n",
    ),
    Edit(
        ARROWS,
        ", development.coaching_day",
        after="  ids: [D-DEVELOP, S6]\n  quantities: [development.usual_spend",
    ),
)

MECHANISM = (
    Edit(
        "sim/core/mechanisms.py",
        '''def served_alike(by_unlike_ways: float, culture_gap: float) -> float:
    """Share of service quality that is left where the councils do things differently."""
    return 1.0 - by_unlike_ways * culture_gap


''',
        before="def quality_aim(",
    ),
    Edit(
        "sim/agents/delivery/service_levels.py",
        "        aim = self.formula.quality_aim(",
        instead_of="        new.quality = self.formula.quality_aim(",
    ),
    Edit(
        "sim/agents/delivery/service_levels.py",
        "        alike = self.formula.served_alike(own.by_unlike_ways, old.culture_gap)\n"
        "        new.quality = self.formula.product(aim, alike)\n",
        before="        new.resilience = ",
    ),
    Edit(
        QUALITY,
        quantity("by_unlike_ways", "Quality lost where councils do things differently", 0.1, "share", 0.3).replace(
            "    meaning", "    zero_without: [quality]\n    meaning"
        ),
        after="quality:\n",
    ),
    Edit(
        ENDS,
        "    left_by_unlike_ways: served_alike(quality.by_unlike_ways, culture_gap)\n",
        before="    resilience_heads_for: ",
    ),
    Edit(
        ENDS,
        "    culture_gap: how differently the councils do things\n",
        before="    better_services: one where better services",
    ),
    arrow("culture - quality", "quality", "quality.by_unlike_ways", "Unlike ways show at the counter.", "M-CU1"),
)

EVENT = (
    Edit(
        "configs/events.yaml",
        """\
  coaching begins:
    of: partnership
    meaning: Managers are coached for the first time.
    told: the coaching of managers begins
    why: it was agreed at the start
    heard: news
""",
        after="kinds:\n",
    ),
    Edit(
        "sim/agents/development.py",
        """\
        if world.current(DevelopmentLevers).coaching_days:
            world.record("partnership", "coaching begins")
""",
        after="        self.decided(world)\n",
    ),
)

OUTCOME = (
    Edit(
        "sim/engine/outcomes/people_outcomes.py",
        '''@outcome("flag", "neutral", "Managers are coached", reads=("coaching begins",))
def coached(f: Finished) -> Value:
    """True if coaching ever begins."""
    return float(f.times("coaching begins") > 0)


''',
        before='@outcome("months", "lower", "Months in which mean fatigue is over its line")',
    ),
    Edit(
        THINGS,
        "  outcomes: [coached]\n",
        after="grows with practice and development'\n  files: [development.py]\n",
    ),
)

FIGURE = (
    Edit(
        "sim/pictures/figures/fatigue_line.py",
        '''"""Fatigue by month and plan."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.core.errors import InputError
from sim.pictures.figures.drawing import plan_legend
from sim.pictures.figures.palette import look
from sim.pictures.figures.style import WIDTH, sheet
from sim.pictures.figures.time_axis import time_axis
from sim.words.summary.study_view import View


def tiredness(view: View) -> Figure:
    """Line of the middle history's fatigue for each plan."""
    tables = {plan.cell: view.trajectory(plan, "fatigue") for plan in view.plans}
    if None in map(type, tables.values()) or tables[view.reference.cell] is None:
        raise InputError("this study kept no monthly figures: run it with study.trajectories=all")
    key = plan_legend(view, lines=True)
    page = sheet("How tired people get", f"Fatigue, 0 to 1; {view.scope}", key.height + 3.0)
    key.draw(page)
    axes = page.axes(0.6, 0.5, WIDTH - 0.8, 2.3)
    time_axis(axes, view, labelled=True)
    for plan in view.plans:
        table = tables[plan.cell]
        if table is not None:
            axes.plot(table.index, table["p50"], color=look(view, plan).colour, linestyle=look(view, plan).dash)
    return page.figure
''',
    ),
    Edit(
        "sim/pictures/figures/__init__.py",
        "from sim.pictures.figures.fatigue_line import tiredness\n",
        before="from sim.pictures.figures.gantt import",
    ),
    Edit("sim/pictures/figures/__init__.py", ", tiredness", after="people_and_members, queues, gantt"),
)

COMMAND = (
    Edit(
        "sim/surfaces/cli/commands/fingerprint_command.py",
        '''"""The command that prints the fingerprint of the program."""

from __future__ import annotations

from sim.study.provenance import origin
from sim.surfaces.cli.options import app


@app.command("fingerprint")
def fingerprint() -> int:
    """Print the fingerprint of the program's source."""
    print(origin()["code"])
    return 0
''',
    ),
    Edit(
        "sim/surfaces/cli/command_list.py",
        "fingerprint fingerprint Print the fingerprint of the program's source.\n",
        before="verify verify Run",
    ),
)

PAGE_SECTION = (
    Edit("sim/rooms/whatif/answer_page.py", "    thanks: str\n", after="    headline: str\n"),
    Edit(
        "sim/rooms/whatif/answer_page.py",
        '        thanks=f"{view.scope}.",\n',
        before="        headline=answer.headline,",
    ),
    Edit(
        "sim/surfaces/web/templates/whatif/room.html.j2",
        '<section aria-label="Thanks"><p id="thanks"></p></section>\n\n',
        before='<figure class="figure" data-figure="saving"',
    ),
    Edit(
        "sim/surfaces/web/static/whatif.js",
        '  byId("thanks").textContent = picture.thanks;\n',
        before='  byId("headline").textContent = picture.headline;\n',
    ),
)

CARD = (
    Edit(
        "configs/workshop/cards.yaml",
        """\
coaching:
  title: Coach the managers
  scope: managers
  does: Managers are coached while they lead the change.
  why: Leading change is learnt by doing it with somebody beside you.
  trap: It costs money every year.
  takes: 1
  rests: 3
  add: {levers.development.coaching_days: 20}
  sources: [M-LD1]
""",
        before="protect_names:\n",
    ),
    Edit("scenarios/workshop/by_election.yaml", "  - coaching\n", before="  - protect_names\n"),
)

ADDITIONS: Mapping[str, tuple[Edit, ...]] = {
    "an agent": AGENT,
    "its own group of levers": GROUP_OF_LEVERS,
    "a lever": LEVER,
    "a mechanism": MECHANISM,
    "a kind of event": EVENT,
    "an outcome": OUTCOME,
    "a figure": FIGURE,
    "a command": COMMAND,
    "a section of the page": PAGE_SECTION,
    "a workshop card": CARD,
}
"""One addition of each kind; later ones may build on earlier ones."""
