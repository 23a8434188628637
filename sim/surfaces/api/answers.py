"""Every question that can be asked of a study: each answer is a finding, kept in the study's folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from sim.analysis import similar
from sim.analysis.attribution import why_plans_differ
from sim.analysis.compare.side_by_side import side_by_side
from sim.analysis.condition import parse
from sim.analysis.indicators import foretelling
from sim.analysis.regions import discovery, robustness, winners
from sim.analysis.seeking import pareto
from sim.analysis.seeking import search as seeking
from sim.analysis.seeking.lever_scale import tip_plan
from sim.analysis.seeking.search_start import objectives_of, start_of, variables_of
from sim.analysis.sensitivity import indices, one_at_a_time
from sim.analysis.sensitivity.one_at_a_time import REPLICATIONS
from sim.analysis.sensitivity.sampled_points import BESIDE
from sim.analysis.similar.nearest_partnerships import LISTED
from sim.core.inputs.partnership import Partnership
from sim.core.refusal import refusal, siblings
from sim.pictures.answers import (
    decision_map,
    index_dots,
    indicator_dots,
    region_ranges,
    regret_dots,
    search_plane,
    tipping_curve,
    trade_off,
    waterfall,
)
from sim.pictures.answers import tornado as tornado_bars
from sim.plans.strict import Library
from sim.study.design.sweeping import plan_sweep
from sim.study.integrity import complaints
from sim.surfaces.api.kept_answers import keep, scope
from sim.surfaces.api.studies import OUTPUTS, Progress, simulate
from sim.words.answers import (
    discovery_words,
    indicators_words,
    map_words,
    pareto_words,
    robustness_words,
    sensitivity_words,
    similar_words,
    tipping_words,
)
from sim.words.comparing import comparison_finding
from sim.words.why import why_finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.analysis.attribution.attribution_finding import Why
    from sim.analysis.compare.side_by_side import Comparison
    from sim.analysis.indicators import Indicators
    from sim.analysis.regions.discovery import Discovery
    from sim.analysis.regions.robustness import Robustness
    from sim.analysis.regions.winners import WinnerMap
    from sim.analysis.seeking.pareto import Pareto
    from sim.analysis.seeking.tipping import Tipping
    from sim.analysis.sensitivity.indices import Sensitivity
    from sim.analysis.similar import Likeness
    from sim.study.study import Study
    from sim.words.finding import StudyFinding

BUDGET, CHECKED = 100, 200
"""Default number of plans tried, and of histories of each plan found under fresh luck."""


class Searched(NamedTuple):
    """The answer of a search, and the study of the plans found, under fresh luck."""

    found: StudyFinding[Pareto]
    study: Study


def compare(
    studies: Study | Sequence[Study],
    plans: Sequence[str] = (),
    reference: str | None = None,
    outcomes: Sequence[str] = (),
    in_shares: bool = False,
) -> StudyFinding[Comparison]:
    """Compare all or named plans of these studies with the reference (the first study's own).

    Paired if they met the same luck, else by Welch's intervals. `outcomes` limits the comparison to these;
    `in_shares` allows other partnerships, with money as a share of service expenditure. Writes
    `answers/comparison.csv`, `.md`, `answers/comparison_dominance.csv`, `answers/comparison_regret.csv`,
    `answers/councils.csv` and `figures/trade_off.svg` into the first study's folder. InputError for plans,
    outcomes or partnerships that cannot be compared, or if no history has finished.
    """
    given = [studies] if not isinstance(studies, Sequence) else list(studies)
    every = list({study.folder.resolve(): study for study in given}.values())
    found = side_by_side(every, plans, reference, outcomes, in_shares, _complaints(every))
    return keep(every[0], comparison_finding.finding(found), {"trade_off": trade_off.trade_off(found)})


def _complaints(studies: Sequence[Study]) -> list[str]:
    """Sentences on files that are missing or altered; with the study's name where there are several."""
    several = len(studies) > 1
    return [f"{study.folder.name}: {text}" if several else text for study in studies for text in complaints(study)]


def why(
    study: Study,
    first: str,
    second: str,
    outcome: str = "npv_gbp_m",
    histories: int | None = None,
    progress: Progress | None = None,
) -> StudyFinding[Why]:
    """Attribution of the difference between two plans in an outcome, under the study's own luck.

    Differing levers get Shapley shares, each mechanism is switched off in both plans, and the middle pair
    of histories is simulated again. Runs in memory: usually up to 200 histories of each intermediate plan and
    40 of each without a mechanism, or `histories` of all. Writes `answers/why_A_B.csv` and `.md`,
    `answers/why_A_B_events.csv` and `figures/why_A_B.svg` into the study's folder. InputError for plans that are
    one, alike or of different partnerships, for a sampled study, and for outcomes without a mean.
    """
    found = why_plans_differ.why(study, first, second, outcome, histories, progress)
    answer = why_finding.finding(found)
    return keep(study, answer, {answer.name: waterfall.waterfall(found, scope(study))})


def discover(study: Study, when: str = "dissolved or npv_gbp_m < 0") -> StudyFinding[Discovery]:
    """Regions of failure of a sampled study, saved as answers/discover.csv, .md and figures/discover.svg.

    Raises InputError for a condition that cannot be read, or a study too small or without a sample.
    """
    found = discovery.discover(study, parse(when))
    return keep(study, discovery_words.finding(found), {"discover": region_ranges.discovery(found, scope(study))})


def winner_map(study: Study, x: str, y: str, outcome: str = "npv_gbp_m") -> StudyFinding[WinnerMap]:
    """The decision map of a study over two of its keys, saved as answers/map.csv, .md and figures/map.svg.

    Raises InputError for a key that did not vary, an unknown outcome, or fewer than two plans.
    """
    found = winners.winner_map(study, x, y, outcome)
    return keep(study, map_words.finding(found), {"map": decision_map.decision_map(found, scope(study))})


def robust(
    study: Study, meets: str = "npv_gbp_m > 0 and not dissolved", outcome: str = "npv_gbp_m"
) -> StudyFinding[Robustness]:
    """Regret and satisficing of a sampled study's plans, saved as answers/robust.csv, .md and figures/robust.svg.

    Raises InputError for a condition that cannot be read, an outcome without a direction, or a study without a
    sample or with a single plan.
    """
    found = robustness.robust(study, parse(meets), outcome)
    return keep(study, robustness_words.finding(found), {"robust": regret_dots.robustness(found, scope(study))})


def indicators(study: Study, plan: str | None = None, progress: Progress | None = None) -> StudyFinding[Indicators]:
    """Measures at months 6, 12 and 18 that predict dissolution, a stall or a missed target, out of sample.

    For all plans, comparing each history with others of its own plan only, or for one plan. Histories are simulated
    again to month 18 to obtain councils' observations. Writes `answers/indicators.csv`, `.md` and
    `figures/indicators.svg` into the study's folder. InputError if the study kept no levels of single
    histories, or the program has changed since.
    """
    found = foretelling.indicators(study, plan, progress)
    return keep(
        study,
        indicators_words.finding(found, study.name),
        {"indicators": indicator_dots.indicators(found, scope(study))},
    )


def sensitivity(
    study: Study, outcomes: Sequence[str] | None = None, plan: str | None = None
) -> StudyFinding[Sensitivity]:
    """Sensitivity of outcomes (the headline ones by default) to each factor of the study's sample.

    Sobol and Morris indices, rank regression coefficients or paired differences, whichever the sample allows,
    each with its interval. Writes `answers/sensitivity.csv`, `.md`, `answers/sensitivity_tornado.csv`,
    `answers/sensitivity_luck.csv` and figures into the study's folder. InputError if the study has no
    sample, or lacks the requested points, plans or values.
    """
    return _drivers(study, indices.sensitivity(study, outcomes, plan), "sensitivity")


def tornado(
    study: Study,
    outcomes: Sequence[str] | None = None,
    plan: str | None = None,
    replications: int | None = None,
    yes: bool = False,
    progress: Progress | None = None,
) -> StudyFinding[Sensitivity]:
    """Effect of each evidence quantity alone on a plan of the study, its reference by default.

    Simulates the plan at both ends of every range under the study's own luck, in memory. Writes
    `answers/tornado.csv`, `.md` and figures into the study's folder. InputError above a stated number of
    histories unless `yes`.
    """
    found = one_at_a_time.tornado(study, outcomes, plan, replications or REPLICATIONS, yes, progress)
    return _drivers(study, found, "tornado")


def _drivers(study: Study, found: Sensitivity, name: str) -> StudyFinding[Sensitivity]:
    """The answer with its figures: the strongest, a tornado for each outcome, and what tells two plans apart."""
    place, plan = scope(study), found.plans[0]
    alone = found.design.kind == "one_at_a_time"

    def drawn(of: str) -> Figure:
        if alone:
            return tornado_bars.tornado(found, of, found.outcomes[0], place)
        return index_dots.indices(found, of, place)

    figures = {name: drawn(plan)}
    if len(found.tornado):
        for outcome in found.outcomes[1:] if alone else found.outcomes:
            own = f"{name}_{outcome}" if alone else f"{name}_tornado_{outcome}"
            figures[own] = tornado_bars.tornado(found, plan, outcome, place)
    figures |= {f"{name}_difference": drawn(of) for of in found.plans[1:] if BESIDE in of}
    return keep(study, sensitivity_words.finding(found, name, study.name), figures)


def tip(
    study: Study,
    lever: str,
    target: str,
    *,
    plan: str | None = None,
    low: float | None = None,
    high: float | None = None,
    replications: int | None = None,
    most: int | None = None,
    tell: Callable[[str], None] | None = None,
) -> StudyFinding[Tipping]:
    """Find the values of one lever or quantity at which a plan keeps a target and loses it.

    All values are simulated under the study's own luck. `low` and `high` narrow the lever's own bounds,
    `replications` is tried first at each value, up to `most` if undecided. Writes
    `answers/tip_<lever>.csv` and `.md` and `figures/tip_<lever>.svg` into the study's folder. Raises
    InputError for a lever without order, an unknown measure, or a range outside what is allowed.
    """
    cell = study.cell_named(plan) if plan is not None else study.reference
    found = tip_plan(study, cell, lever, target, (low, high), (replications, most), tell)
    answer = tipping_words.finding(found, study.labels[cell], target)
    return keep(study, answer, {answer.name: tipping_curve.tipping(found, study.labels[cell])})


def search(
    overrides: Sequence[str],
    over: Sequence[str],
    objectives: Sequence[str],
    *,
    budget: int = BUDGET,
    check: int = CHECKED,
    folders: Sequence[Path] = (),
    root: Path = OUTPUTS,
    tell: Callable[[int, int], None] | None = None,
    progress: Progress | None = None,
) -> Searched:
    """Search the levers in `over` for settings that none dominates on all `objectives`.

    `overrides` give the starting plan and the way of running: `study.replications` histories of each
    of at most `budget` plans, all under the same luck. A lever may carry the values to try, as
    `levers.hr.od_posts=0..6` or `levers.hr.od_route=bought,built`; an objective its direction, as
    `leavers:lower`. The plans found, and the one it began with, are then simulated in `check` histories with
    the next seed and saved as a separate study, with `answers/search.csv` and `.md` and
    `figures/search.svg`. Raises InputError for any fault in the request; nothing is written then.
    """
    library = Library(folders)
    asked, variables = objectives_of(objectives), variables_of(over)
    start = start_of(overrides, library, asked)
    began = {each.key: start.values[each.key] for each in variables}
    directions = [each.direction for each in asked]
    found = seeking.search(variables, start.judge, directions, budget, start.run.seed, began, tell)
    front = [start.tried(candidate, overrides) for candidate in found.front]
    origin = None
    if all(tried.changes for tried in front):
        scores = start.judge([began])[0] or ()
        origin = start.tried(seeking.Candidate(began, 0, scores), overrides)
    rows = [start.row(tried, overrides, check) for tried in [*([origin] if origin else []), *front]]
    study = simulate(plan_sweep(rows, library), root, progress)
    plans, first = pareto.held(front, origin, study.runs, asked)
    counts = len(found.tried), found.refused, found.complete, start.run.at_most, check
    result = pareto.Pareto(tuple(asked), plans, first, *counts)
    answer = pareto_words.finding(result, str(study.folder))
    return Searched(keep(study, answer, {"search": search_plane.pareto(result)}), study)


def like(partnership: str, n: int | None = None, library: Library | None = None) -> StudyFinding[Likeness]:
    """The real partnerships nearest to one, and their published results.

    `partnership` is a name as after `partnership=` on the command line, or a file's path. Raises InputError if
    there is none, or the file describes no partnership.
    """
    return similar_words.finding(
        similar.nearest(_partnership(partnership, library or Library()), LISTED if n is None else n)
    )


def _partnership(name: str, library: Library) -> Partnership:
    content = library.read("partnership", name)
    try:
        return Partnership.model_validate(content)
    except ValidationError as error:

        def where(place: tuple[str | int, ...]) -> str:
            return library.where("partnership", name, place)

        raise refusal(error, lambda place: None, lambda place: siblings(place, Partnership), "", where) from None
