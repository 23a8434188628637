"""Words for a sensitivity analysis: the strongest factors of each outcome, their evidence, and the share of luck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sim.analysis.sensitivity.indices import LEVER, SEVERAL, Sensitivity
from sim.analysis.sensitivity.sampled_points import BESIDE, CONSTANT, LUCK, grades
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.plans.key_words import name as meaning
from sim.study.design.designs import Design, members_of
from sim.words.finding import StudyFinding, records

TOP = 5
_VAGUE = 0.8
"""Widest 95% interval of luck's share of variance (0 to 1) that is still reported as a figure."""
_LETTERS = {"hr", "od", "ict"}
_WEIGHED = {
    "sobol": "by their share of the variance between points (total order, with all that they do together with others)",
    "morris": "by the mean size of their effect over their whole range",
    "lhs": "by their standardised rank regression coefficients",
    "one_at_a_time": "by what each does alone, from its low to its high end",
}
SHORT = {
    "npv_gbp_m": "Net present value",
    "recurrent_saving_y5_gbp_m": "Saving in year five",
    "dissolved": "Breaking down",
    "peak_fatigue": "Peak fatigue",
    "min_buy_in_backbench": "Lowest back-bench buy-in",
}
"""Short names of the headline outcomes; other outcomes use their declared meaning."""
STEADY = {
    CONSTANT: "nothing varied; it is the same in every history, at every point, so nothing drives it",
    LUCK: "no factor moved it; it is the same at every point, and all that varies is luck",
}
"""Phrases for an outcome that no factor moved."""
GRADE_WORDS = {"A": "grade A", "B": "grade B", "C": "grade C", "assumption": "an assumption", LEVER: "a lever"}


def said(finding: Sensitivity) -> str:
    """The sensitivity results: drivers of each plan and outcome, then luck's share, then cautions."""
    parts = []
    for plan in finding.plans:
        lines = [line for outcome in finding.outcomes for line in _answer(finding, plan, outcome)]
        parts.append("\n".join([f"What drives {_driven(plan)}:", *lines]))
    about = [words.sentence(f"Factors are put in order {_WEIGHED[finding.design.kind]}; ranges are 95% intervals")]
    about += [words.sentence(text) for text in (_luck_in_bars(finding), *finding.notes) if text]
    return "\n\n".join([*parts, "\n".join(about)])


def head_of(plan: str) -> str:
    """A plan, or the difference between two plans, as worded in a subtitle."""
    second, beside, first = plan.partition(BESIDE)
    return f"difference of {second} from {first}, history by history" if beside else plan


def _driven(plan: str) -> str:
    return f"the {head_of(plan)}" if BESIDE in plan else f"the results of {plan}"


def _answer(finding: Sensitivity, plan: str, outcome: str) -> Iterable[str]:
    name = title(outcome)
    still = finding.steady.get((plan, outcome))
    if still:
        yield f"{name}: {STEADY[still]}."
        return
    found = finding.drivers(plan, outcome, TOP)
    count = len(found)
    if not count:
        first = _largest(finding, plan, outcome)
        yield f"{name}: no {_noun(finding.design)} can be told from none{first}.{_luck(finding, plan, outcome)}"
        return
    named = [_driver(str(factor), finding.design) for factor in found["factor"]]
    most = f"the {_strongest(count, finding.design)}" if count == TOP else _only(count, finding.design)
    resting = resting_on(list(found["grade"]))
    told = "" if not resting else f" {words.sentence(resting)}"
    yield f"{name}: {most} {words.listed(named)}.{told}{_luck(finding, plan, outcome)}"


def _largest(finding: Sensitivity, plan: str, outcome: str) -> str:
    """The factors with the largest estimates when none is statistically clear, with a caution that it may be luck."""
    rows = finding.of(plan, outcome, finding.strength)
    first = rows[rows["value"].fillna(0) != 0].sort_values("rank")["factor"].head(2)
    said_so = words.listed(labelled(str(factor), finding.design) for factor in first)
    return f"; what comes out largest, {said_so}, may do so by luck" if said_so else ""


def _strongest(count: int, design: Design) -> str:
    return f"{words.number(count)} strongest drivers are" if count > 1 else f"strongest {_noun(design)} is"


def _only(count: int, design: Design) -> str:
    noun = words.counted(count, _noun(design))
    return f"only {noun} can be told from none:"


def _noun(design: Design) -> str:
    grouped = design.kind in ("sobol", "morris") and any(factor.group for factor in design.factors)
    return "group" if grouped else "factor"


def _driver(factor: str, design: Design) -> str:
    members = members_of(design).get(factor, ())
    if len(members) > 1 and design.kind in ("sobol", "morris"):
        return f"{group_name(factor)} ({words.number(len(members))} quantities together, {_share(members)})"
    key = members[0] if members and factor not in design.keys else factor
    topic = topic_of(key)
    return f"{meaning(key)} ({topic + ', ' if topic else ''}{GRADE_WORDS[_grade(key)]})"


def _share(members: Sequence[str]) -> str:
    assumed = sum(_grade(key) == "assumption" for key in members)
    return f"{words.number(assumed)} of them assumptions" if assumed else "none of them an assumption"


def _grade(key: str) -> str:
    return grades().get(key, LEVER)


def group_name(group: str) -> str:
    """A group's name in plain words, from the last part of its key."""
    name = words.plain(group.rpartition(".")[2])
    return name.upper() if name in _LETTERS else name


def topic_of(key: str) -> str:
    """Topic of an evidence quantity in plain words; "" for any other factor."""
    parts = key.split(".")
    return group_name(parts[1]) if parts[0] == "evidence" and len(parts) > 2 else ""


def named(key: str) -> str:
    """A factor in plain words, with its topic if it is an evidence quantity; a group by its name."""
    topic = topic_of(key)
    return f"{meaning(key)} ({topic})" if topic else meaning(key)


def title(outcome: str) -> str:
    """An outcome's title in plain words."""
    return SHORT.get(outcome) or OUTCOMES[outcome].meaning.partition(";")[0].partition(":")[0]


def finding_said(plan: str, outcome: str, drivers: pd.DataFrame, design: Design, steady: str = "") -> str:
    """Title of a figure: the outcome's strongest drivers, in order, and the grade of evidence behind them.

    `steady` comes from Points and is set if no factor moved the outcome.
    """
    of_two = "the difference in " if BESIDE in plan else ""
    subject = words.start_of(of_two + (words.mid(title(outcome)) if of_two else title(outcome)))
    if steady:
        return f"{subject}: {STEADY[steady]}"
    if drivers.empty:
        return f"{subject}: nothing can be told from none"
    first = words.listed(labelled(str(key), design) for key in drivers["factor"].head(2))
    resting = resting_on(list(drivers["grade"].head(TOP)))
    return f"{subject} can be told to turn on {first}" + (f"; {resting}" if resting else "")


def labelled(factor: str, design: Design) -> str:
    """A factor or group inside a sentence."""
    members = members_of(design).get(factor, ())
    if len(members) > 1:
        return f"the {len(members)} quantities of {group_name(factor)}"
    return meaning(members[0] if members else factor)


def label(factor: str, design: Design) -> str:
    """A factor or group as a row label of a figure, topic first."""
    members = members_of(design).get(factor, ())
    if len(members) > 1:
        return f"{words.start_of(group_name(factor))} ({len(members)} quantities)"
    key = members[0] if members else factor
    topic = topic_of(key)
    return words.start_of(f"{topic}: {meaning(key)}" if topic else meaning(key))


def resting_on(found: Sequence[str]) -> str:
    """Grades of evidence of the strongest drivers: "three of the five strongest drivers are assumptions"."""
    count, assumed, levers = len(found), found.count("assumption"), found.count(LEVER)
    if SEVERAL in found:
        return ""
    whole = f"{words.number(count)} strongest drivers" if count > 1 else ""
    if not whole:
        return ""
    parts = []
    if levers < count:
        parts.append(f"{_how_many(assumed, count)} the {whole} {_is(assumed, 'an assumption', 'assumptions')}")
    if levers:
        said_of = _is(levers, "a lever", "levers")
        parts.append(f"{words.number(levers)} {said_of}" if parts else f"all of the {whole} {said_of}")
    return " and ".join(parts)


def _how_many(some: int, of: int) -> str:
    return "none of" if not some else "all of" if some == of else f"{words.number(some)} of"


def _is(count: int, one: str, many: str) -> str:
    return f"is {one}" if count < 2 else f"are {many}"


def _luck(finding: Sensitivity, plan: str, outcome: str) -> str:
    """Sentence giving luck's share of the variance between single histories."""
    split = finding.split
    rows = split[(split["plan"] == plan) & (split["outcome"] == outcome)]
    if rows.empty or rows["luck"].isna().all():
        return ""
    luck, low, high = (float(rows[name].iloc[0]) for name in ("luck", "low", "high"))
    if not high - low <= _VAGUE:
        return " How much of the variance is luck cannot be told from so few histories."
    ends = f" ({round(100 * low)}% to {round(100 * high)}%)" if high >= 0.01 and low <= 0.99 else ""
    return f" Luck makes {words.percent(luck)}{ends} of the variance between histories, the factors the rest."


def _luck_in_bars(finding: Sensitivity) -> str:
    if finding.design.kind == "one_at_a_time":
        return (
            "The bars span what is not known of the world (each factor's range), their intervals are luck alone: "
            f"{words.counted(finding.replications, 'history', 'histories')} a point, the same luck at each"
        )
    return (
        f"There are {words.counted(finding.replications, 'history', 'histories')} a point, with the same luck at each"
    )


def lines_of(finding: Sensitivity) -> pd.DataFrame:
    """The sensitivity table with readable names beside the keys, strongest factor first."""
    table = finding.table.assign(_later=finding.table["measure"].ne(finding.strength))
    ranked = table.sort_values(["plan", "outcome", "_later", "measure", "rank"], kind="stable")
    return _with_names(ranked.drop(columns="_later"), finding.design)


def tornado_lines(finding: Sensitivity) -> pd.DataFrame:
    """The tornado table with readable names beside the keys, widest bar first."""
    table = finding.tornado.assign(_size=-finding.tornado["swing"].abs())
    ranked = table.sort_values(["plan", "outcome", "_size"], kind="stable").drop(columns="_size")
    return _with_names(ranked, finding.design)


def _with_names(table: pd.DataFrame, design: Design) -> pd.DataFrame:
    names = {factor: label(str(factor), design) for factor in table["factor"].unique()}
    table.insert(list(table.columns).index("factor") + 1, "name", table["factor"].map(names))
    return table


def finding(found: Sensitivity, name: str, study: str) -> StudyFinding[Sensitivity]:
    """Answer of sensitivity: the drivers in a sample, or in one plan with every quantity moved alone."""
    alone = found.design.kind == "one_at_a_time"
    tables = (
        {name: tornado_lines(found)}
        if alone
        else {
            name: lines_of(found),
            f"{name}_tornado": tornado_lines(found),
            f"{name}_luck": found.split,
        }
    )
    content = {
        "study": found.study,
        "design": found.design.kind,
        "replications": found.replications,
        "measures": records(found.table),
        "luck": records(found.split),
        "tornado": records(found.tornado),
        "notes": list(found.notes),
    }
    lines = said(found).splitlines()
    return StudyFinding(found, lines[0], lines, content, tables, name, f"What drives the outcomes of {study}")
