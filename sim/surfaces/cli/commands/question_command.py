"""The commands that ask something of a study: each prints what the API answers, in words or as JSON."""

from __future__ import annotations

import sys
from textwrap import wrap
from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import api, terminal
from sim.surfaces.api import answers
from sim.surfaces.cli.options import AsJson, ConfigDir, Overrides, StudyName, app, library
from sim.words.answers.pareto_words import table
from sim.words.comparing.comparison_page import said

_Studies = Annotated[list[str], typer.Argument(metavar="STUDY ...", help="Studies: folders, names, or LATEST.")]
_Plans = Annotated[
    list[str] | None,
    typer.Option("--plans", help="Plans to compare, with commas between; may be repeated. If not given, all."),
]


@app.command("compare")
def compare(
    studies: _Studies,
    plans: _Plans = None,
    reference: Annotated[str | None, typer.Option("--reference", help="The plan the others are held against.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="Compare this outcome only; may be repeated.")
    ] = None,
    in_shares: Annotated[
        bool, typer.Option("--in-shares", help="Money as a share of service expenditure: allows other partnerships.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Print everything that was compared.")] = False,
    as_json: AsJson = False,
) -> int:
    """Set plans side by side: what differs, how surely, what is given up, and who pays and saves.

    Of one study all plans are held against its reference; of several studies the plans of each.

    Example: tandem compare LATEST --reference transform_first
    """
    loaded = [api.load(name) for name in studies]
    found = answers.compare(loaded, plans or [], reference, outcome or [], in_shares)
    if as_json:
        terminal.print_json({"folder": str(loaded[0].folder), **found.as_json()})
        return 0
    print(said(found.numbers, full))
    folder = loaded[0].folder.name
    more = "" if full else "; --full prints it"
    print(f"Everything: {folder}/answers/comparison.md{more}. Tables: answers/comparison.csv, councils.csv")
    print(f"Figure: {folder}/figures/trade_off.svg")
    return 0


_First = "The plan to start from: a scenario's name, a label or a cell's id."
_Histories = "Histories of every plan; if not given, up to 200 for levers and 40 for mechanisms."


@app.command("why")
def why(
    study: StudyName,
    first: Annotated[str, typer.Argument(metavar="A", help=_First)],
    second: Annotated[str, typer.Argument(metavar="B", help="The plan to arrive at.")],
    outcome: Annotated[str, typer.Option("--outcome", help="The outcome in which they differ.")] = "npv_gbp_m",
    histories: Annotated[int | None, typer.Option("--histories", min=10, max=100_000, help=_Histories)] = None,
    as_json: AsJson = False,
) -> int:
    """Say why plan B differs from plan A: which levers, which mechanisms, which events of the middle pair.

    Simulates the plans in between under the same luck, and both plans without each mechanism in turn.

    Example: tandem why LATEST structure_first transform_first --outcome dissolved
    """
    loaded = api.load(study)
    with terminal.progress_bar() as progress:
        found = answers.why(loaded, first, second, outcome, histories, progress)
    name = found.name
    where = f"Tables and figure: {loaded.folder.name}/answers/{name}*.csv, figures/{name}.svg"
    return terminal.show(found, as_json, "", where)


@app.command("indicators")
def indicators(
    study: StudyName,
    plan: Annotated[
        str | None, typer.Option("--plan", help="One plan of the study; if not given, all, each within itself.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say which measures at months 6, 12 and 18 foretell dissolution, a stall or a missed target.

    Scores are of histories that were not used to choose. Both the true levels and what councils would see, by late
    and noisy surveys, are scored.

    Example: tandem indicators LATEST --plan structure_first
    """
    loaded = api.load(study)
    with terminal.progress_bar() as progress:
        found = answers.indicators(loaded, plan, progress)
    where = f"Table and figure: {loaded.folder.name}/answers/indicators.csv, figures/indicators.svg"
    return terminal.show(found, as_json, where)


@app.command("sensitivity")
def sensitivity(
    study: StudyName,
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="An outcome to explain; may be repeated.", show_default=False)
    ] = None,
    plan: Annotated[str | None, typer.Option("--plan", help="One plan of the study; if not given, all.")] = None,
    tornado: Annotated[
        bool, typer.Option("--tornado", help="Simulate a plan with every evidence quantity moved alone.")
    ] = False,
    replications: Annotated[
        int | None, typer.Option("--replications", min=2, max=10_000, help="Histories a point, with --tornado.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Simulate even a large number of histories.")] = False,
    as_json: AsJson = False,
) -> int:
    """Say what drives the outcomes, how surely, what that rests on, and how much is luck.

    STUDY is a sample (tandem sweep design=sobol, morris, lhs or one_at_a_time). With --tornado any study will
    do: its reference plan is simulated with each quantity at both ends of its range.

    Example: tandem sensitivity LATEST --outcome npv_gbp_m --outcome dissolved
    """
    if not tornado and (replications is not None or yes):
        raise InputError("--replications and --yes go with --tornado: without it nothing is simulated")
    loaded = api.load(study)
    if tornado:
        with terminal.progress_bar() as progress:
            found = answers.tornado(loaded, outcome, plan, replications, yes, progress)
    else:
        found = answers.sensitivity(loaded, outcome, plan)
    name = found.name
    where = f"Table and figures: {loaded.folder.name}/answers/{name}.csv, figures/{name}*.svg"
    return terminal.show(found, as_json, "", where)


_When = Annotated[str, typer.Option("--when", help="What counts as failing, in outcomes, numbers, and, or, not.")]


@app.command("discover")
def discover(study: StudyName, when: _When = "dissolved or npv_gbp_m < 0", as_json: AsJson = False) -> int:
    """Find the regions of a sampled study in which histories fail, and check them on rows not used to find them.

    Example: tandem discover LATEST --when "dissolved or payback_month > 60"
    """
    loaded = api.load(study)
    return terminal.show(answers.discover(loaded, when), as_json, f"Figure: {loaded.folder.name}/figures/discover.svg")


_Key = "A key that varied in the sweep, or the last part of it."


@app.command("map")
def winner_map(
    study: StudyName,
    x: Annotated[str, typer.Argument(help=_Key)],
    y: Annotated[str, typer.Argument(help=_Key)],
    outcome: Annotated[str, typer.Option("--outcome", help="What the plans compete on.")] = "npv_gbp_m",
    as_json: AsJson = False,
) -> int:
    """Draw which plan wins where, over two keys that varied, and where they cannot be told apart.

    Example: tandem map LATEST od_posts backbench_engagement --outcome dissolved
    """
    loaded = api.load(study)
    found = answers.winner_map(loaded, x, y, outcome)
    return terminal.show(found, as_json, f"Figure: {loaded.folder.name}/figures/map.svg")


_Meets = Annotated[str, typer.Option("--meets", help="What a plan should meet, in outcomes, numbers, and, or, not.")]
_Outcome = Annotated[str, typer.Option("--outcome", help="The outcome in which regret is measured.")]


@app.command("robust")
def robust(
    study: StudyName,
    meets: _Meets = "npv_gbp_m > 0 and not dissolved",
    outcome: _Outcome = "npv_gbp_m",
    as_json: AsJson = False,
) -> int:
    """Compare the plans of a sampled study by regret, and by how often they meet a condition.

    Example: tandem robust LATEST --meets "payback_month <= 60 and not dissolved"
    """
    loaded = api.load(study)
    found = answers.robust(loaded, meets, outcome)
    return terminal.show(found, as_json, f"Figure: {loaded.folder.name}/figures/robust.svg")


@app.command("tip")
def tip(
    study: StudyName,
    lever: Annotated[str, typer.Argument(help="A lever or quantity: its full key, or a unique last part.")],
    target: Annotated[str, typer.Argument(help="What to keep to, such as 'dissolved < 20%' or 'npv_gbp_m > 1'.")],
    plan: Annotated[str | None, typer.Option(help="Which plan of the study; if not given, its reference.")] = None,
    low: Annotated[float | None, typer.Option(help="Lowest value to look at.")] = None,
    high: Annotated[float | None, typer.Option(help="Highest value to look at.")] = None,
    replications: Annotated[
        int | None, typer.Option(min=30, max=100_000, help="Histories at each value to begin with.")
    ] = None,
    most: Annotated[
        int | None, typer.Option(min=30, max=1_000_000, help="Most histories at a value that cannot be told.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find how far a lever can go before a target is lost, with 95% confidence, under the same luck.

    The target is about the mean of an outcome, the chance of a flag, or share(condition).

    Example: tandem tip LATEST levers.pace.months_between_waves "share(npv_gbp_m < 0) < 10%"
    """

    def tell(line: str) -> None:
        print(line, file=sys.stderr)

    found = answers.tip(
        api.load(study),
        lever,
        target,
        plan=plan,
        low=low,
        high=high,
        replications=replications,
        most=most,
        tell=tell if sys.stderr.isatty() else None,
    )
    return terminal.show(found, as_json)


_OVER = "A lever that may change; with values to try, as levers.hr.od_posts=0..6 or levers.hr.od_route=bought,built."
_OBJECTIVE = "What is sought: an outcome or share(condition), with :higher or :lower where that is not plain."


@app.command("search")
def search(
    overrides: Overrides = None,
    over: Annotated[list[str] | None, typer.Option("--over", help=_OVER)] = None,
    objective: Annotated[list[str] | None, typer.Option("--objective", help=_OBJECTIVE)] = None,
    budget: Annotated[int, typer.Option(min=2, max=100_000, help="Plans tried at most.")] = 100,
    check: Annotated[
        int, typer.Option(min=10, max=100_000, help="Histories of each plan found, under fresh luck.")
    ] = 200,
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
) -> int:
    """Seek the plans that no other beats on several objectives at once, and hold them against fresh luck.

    All plans tried meet the same luck; those found are simulated again under luck the search never saw.

    Example: tandem search scenario=transform_first --over levers.pace.months_between_waves --over
    levers.hr.od_posts=0..6 --objective npv_gbp_m --objective dissolved --budget 60 study.replications=40
    """

    def tell(tried: int, most: int) -> None:
        print(f"tried {tried} of {most} plans", file=sys.stderr)

    folders = [config_dir] if config_dir is not None else []
    with terminal.progress_bar() as progress:
        found, study = answers.search(
            overrides or [],
            over or [],
            objective or [],
            budget=budget,
            check=check,
            folders=folders,
            root=terminal.ROOT,
            tell=tell,
            progress=progress,
        )
    where = f"Results: {study.folder} (answers/search.md, figures/search.svg)"
    commands = [f"  {plan.command}" for plan in found.numbers.lasting]
    return terminal.show(found, as_json, "", _aligned(table(found.numbers)), "", where, "To run one:", *commands)


def _aligned(rows: list[list[str]]) -> str:
    """Rows under their heads, which are wrapped to the width of their column; the last column runs free."""
    widths = [max(12 if column else 5, *(len(row[column]) for row in rows[1:])) for column in range(len(rows[0]) - 1)]
    heads = [wrap(head, width) for head, width in zip(rows[0], [*widths, 40], strict=True)]
    tall = max(len(lines) for lines in heads)
    above = [[(([""] * tall) + lines)[-tall + at] for lines in heads] for at in range(tall)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in [*above, *rows[1:]]
    )


@app.command("like")
def like(
    partnership: Annotated[str, typer.Argument(metavar="PARTNERSHIP|FILE.yaml", help="A name, or a file of yours.")],
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, max=10, help="How many to tell of.")] = None,
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
) -> int:
    """Find the real partnerships most like yours, and what was published about them.

    Example: tandem like bromsgrove_redditch
    """
    return terminal.show(answers.like(partnership, count, library(config_dir)), as_json)
