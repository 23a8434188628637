"""Fuzzed input of every kind is taken, or refused in one sentence, at once, with nothing written (Q-B1)."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import Tally, tree
from corpora import TEXTS
from hypothesis import strategies as st
from mutations import altered, overrides, spoilt, tried
from ways_in import READERS, TABLE, Files, documents, keys, text_of

from hydra_plugins.tandem.sample import read_sweep
from sim.analysis.condition import parse
from sim.analysis.plan_measures import target
from sim.analysis.seeking.pareto import objective
from sim.analysis.seeking.search_start import variables_of
from sim.engine.outcomes import OUTCOMES
from sim.plans.strict import Library
from sim.surfaces import api

pytestmark = pytest.mark.check("Q-B1")

QUICK, ALL = 8, 560
"""Inputs of each kind of file: half altered in what they say, half in their bytes."""
COUNTS = [pytest.param(QUICK, id="quick"), pytest.param(ALL, id="all", marks=pytest.mark.slow)]
WHOLE_FILE = (
    "is missing", "the file is empty", "must hold 'key: value' lines", "larger than", "pairs must name every",
    "wants a partnership", "belong together", "holds no council",
)  # fmt: skip
"""What is refused of a file as a whole: there is no line to name."""
SHIPPED = Library()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", READERS)
def test_files(kind: str, count: int, tmp_path: Path, record_property: Any) -> None:
    """Good files with something changed in them, and good files with bytes spoilt; each refusal names its line."""
    files, tally, chance = Files(tmp_path), Tally(kind), random.Random(f"{kind} {count}")
    good = [TABLE.encode()] if kind == "table" else [text_of(kind, each).encode() for each in documents(kind)]
    for text in good[: 2 if count == QUICK else len(good)]:
        files.put(kind, text)
        files.read(kind)
    files.put(kind, good[0])
    before = tree(tmp_path)

    def fed(data: bytes) -> None:
        place = files.put(kind, data)
        sentence = tally.ask(files.read, kind, told=repr(data[:2000]))
        if sentence is not None:
            assert place.name in sentence, f"{sentence} does not name the file, for {data[:2000]!r}"
            named = ", line " in sentence or any(words in sentence for words in WHOLE_FILE)
            assert named, f"{sentence} names no line, for {data[:2000]!r}"

    if kind != "table":
        tried(altered(documents(kind)), count // 2, lambda content: fed(_bytes(text_of(kind, content))))
    while tally.count < count:
        fed(spoilt(chance.choice(good), chance))
    _shown(tally, record_property)
    assert tree(tmp_path) <= before | ({"own.yaml"} if kind == "table" else set()), "something was written"
    assert tally.refused > tally.count // 4


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _shown(tally: Tally, record_property: Any) -> None:
    record_property("reached", tally.said)
    record_property("n", tally.count)
    assert tally.count, "nothing was tried"


def _typed() -> st.SearchStrategy[str]:
    return overrides(*keys())


SWEPT = (
    "scenario=glob(*)", "scenario=a,b", "scenario=glob(", "scenario=glob(zz*)", "design=sobol", "design=lhs",
    "design=1",
    "design=", "design.over=evidence", "design.over=[", "design.over=levers.hr.od_posts", "design.n=3", "design.n=1e9",
    "design.n=-1", "design.n=9999999999", "design.groups=x", "design.jobs=2", "design.seed=x", "design.levels=0",
    "levers.pace.packages_at_once=range(1,4)", "levers.hr.od_posts=interval(0,3)", "levers.hr.od_posts=interval(3,0)",
    "levers.hr.od_posts=choice(1,2)", "levers.hr.od_posts=range(0,1e9)", "levers.hr.od_posts=range(0,1,1e-300)",
    "levers.hr.od_posts=range(1,3,0)", "levers.hr.od_posts=range(3,1)", "levers.hr.od_posts=range(1,1e308)",
    "levers.hr.od_posts=shuffle(range(1,99999999))", "levers.hr.od_posts=sort(range(1,99999999))",
    "levers.hr.od_posts=int(range(1,99999999))", "levers.hr.od_posts=tag(a,1)", "levers.hr.od_posts=sort(1,b)",
    "levers.hr.od_posts=extend_list(1)", "levers.hr.od_posts=json_str(1)", "scenario=choice(parallel,choice(a))",
    "evidence.time.review.value=interval(0,1)", *("scenario=" + "[" * n for n in (5, 50, 5000)),
    *("scenario=" + "choice(" * n for n in (5, 50, 1200)), "scenario=" + "{a:" * 3000,
    "scenario=glob(" + "*" * 50 + ")",
    "scenario=glob('" + "(a+)+" * 20 + "')",
)  # fmt: skip
"""Sweeps that are odd, endless or deep."""

GIVEN: dict[str, tuple[Any, ...]] = {
    "sweeps": tuple([odd] for odd in SWEPT),
    "conditions (--when, --meets)": ("dissolved or npv_gbp_m < 0", "payback_month > 60 and not stalled", "x < 1"),
    "levers to search (--over)": ("levers.pace.months_between_waves", "levers.hr.hr_posts", "levers.nothing=1"),
}
"""Inputs that are tried beside those drawn: of twenty drawn conditions often none can be read."""

WORDS = (
    *list(OUTCOMES)[:14], "dissolved", "npv_gbp_m", "payback_month", "and", "or", "not", "(", ")", "<", "<=", ">", ">=",
    "==", "!=", "=", "0", "1", "-1", "0.2", "20%", "1e400", ".5", "nan", "share(", "share", ":lower", ":higher", "&",
    "|",
    "(" * 30, "not " * 30, "x" * 600, "√", "\u202e", "\n",
)  # fmt: skip


def _conditions() -> st.SearchStrategy[str]:
    """Words of the grammar in any order, and conditions that are almost right."""
    outcome, number = st.sampled_from(list(OUTCOMES)), st.sampled_from(("0", "1", "-2.5", "60", "1e3", "1e400", "x"))
    part = st.tuples(outcome, st.sampled_from(("<", ">", "<=", ">=", "==", "!=")), number).map(" ".join)
    parts = st.one_of(part, part, st.sampled_from(("dissolved", "not stalled")))
    joined = st.lists(parts, min_size=1, max_size=4).flatmap(
        lambda parts: st.sampled_from((" and ", " or ", " ", " and not ")).map(lambda joint: joint.join(parts))
    )  # fmt: skip
    words = st.sampled_from(WORDS)
    loose = st.lists(words, max_size=10).flatmap(
        lambda found: st.sampled_from((" ", "")).map(lambda by: by.join(found))
    )
    return st.one_of(joined, loose, st.text(max_size=30), st.sampled_from(TEXTS))


def _targets() -> st.SearchStrategy[str]:
    what = st.one_of(st.sampled_from(list(OUTCOMES)), _conditions().map("share({})".format))
    right = st.tuples(what, st.sampled_from(("<", ">", "=")), st.sampled_from(("0.2", "20%", "1", "-1", "1e99"))).map(
        " ".join
    )
    return st.one_of(right, right, what, _conditions())


def _objectives() -> st.SearchStrategy[str]:
    what = st.one_of(st.sampled_from(list(OUTCOMES)), st.sampled_from(list(OUTCOMES)).map("share({} < 1)".format))
    ways = st.sampled_from(("", ":lower", ":higher", ":up", ":", "::lower", ": lower"))
    return st.one_of(st.tuples(what, ways).map("".join), _targets())


def _ranges() -> st.SearchStrategy[str]:
    ends = (
        "0..6",
        "6..0",
        "1..",
        "..1",
        "1,2",
        "a,b",
        ",",
        "[1]",
        "{a: 1}",
        "1e400..2",
        "nan..1",
        "1..1",
        "",
        "true",
        "'",
    )
    return st.one_of(st.tuples(st.sampled_from(keys()[0]), st.sampled_from(ends)).map("=".join), _typed())


TYPED: dict[str, tuple[Callable[[Any], Any], Callable[[], st.SearchStrategy[Any]]]] = {
    "overrides": (lambda given: api.plan_run(given, SHIPPED), lambda: st.lists(_typed(), min_size=1, max_size=3)),
    "sweeps": (
        lambda given: read_sweep(given, SHIPPED.names),
        lambda: st.lists(st.one_of(_typed(), st.sampled_from(SWEPT)), min_size=1, max_size=3),
    ),
    "conditions (--when, --meets)": (parse, _conditions),
    "targets (tandem tip)": (target, _targets),
    "objectives (--objective)": (objective, _objectives),
    "levers to search (--over)": (lambda given: variables_of([given]), _ranges),
}


@pytest.mark.parametrize("count", [pytest.param(20, id="quick"), pytest.param(700, id="all", marks=pytest.mark.slow)])
@pytest.mark.parametrize("way", TYPED)
def test_words_on_a_command_line(way: str, count: int, tmp_path: Path, monkeypatch: Any, record_property: Any) -> None:
    """Overrides, sweeps, conditions, targets and ranges; none writes anything."""
    monkeypatch.chdir(tmp_path)
    reader, strategy = TYPED[way]
    tally = Tally(way)
    tried(strategy(), count, lambda given: tally.ask(reader, given))
    for odd in GIVEN.get(way, ()):
        tally.ask(reader, odd)
    _shown(tally, record_property)
    assert tree(tmp_path) == set(), "something was written"
    assert tally.taken and tally.refused
