"""The brief: what it says and how it is marked, that it stands alone, for every audience and every kind of study."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_studies import Truth, study_of
from read_page import Page, wrong

from hydra_plugins.tandem.sample import read_sweep
from sim.core.clock import Clock
from sim.core.errors import InputError
from sim.core.words import LONGEST_PLAN
from sim.plans.compose import shipped_evidence
from sim.study.design.sweeping import plan_sweep
from sim.study.integrity import complaints
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.surfaces import brief as report
from sim.surfaces import cli
from sim.surfaces.api.reporting import AUDIENCES
from sim.surfaces.api.reporting import report as written
from sim.surfaces.brief import annexes, brief
from sim.surfaces.brief.drawings import safe
from sim.surfaces.brief.marks import Marker
from sim.surfaces.brief.stress import ITEMS

ALPHA = Truth("Alpha", (0.1, 0.5, 1.5, 2.5), 9.0, parted=20, never=10, stalled=5)
BETA = Truth("Beta", (0.1, 0.3, 1.0, 2.0), 6.0, parted=10, never=12, stalled=5)
PARTS = ("question", "answer", "savings", "risks", "drives", "councils", "changes", "again", "limits")
LARGEST = 1_000_000
NASTY = "=1+1 <script>alert(1)</script> &amp; **bold**\n\tline \u202e {{ 7 * 7 }} " + "long " * 1900
KINDS: dict[str, tuple[Sequence[Truth], int, str]] = {
    "two": ((ALPHA, BETA), 120, "bromsgrove_redditch"),
    "one": ((ALPHA,), 120, "bromsgrove_redditch"),
    "six": (tuple(Truth(f"Plan number {n}", (0.1, 0.4, 1 + n / 9, 2.0), 5.0 + n) for n in range(6)), 120,
            "bromsgrove_redditch"),
    "nine": (tuple(Truth(f"Way {n}", (0.1, 0.4, 1 + n / 9, 2.0), 5.0 + n) for n in range(9)), 120,
             "bromsgrove_redditch"),
    "short": ((ALPHA, BETA), 24, "bromsgrove_redditch"),
    "three councils": ((ALPHA, BETA), 120, "dorset_councils"),
    "nasty": ((Truth(NASTY, (0.1, 0.4, 1.0, 2.0), 5.0, meaning=NASTY), Truth(NASTY + "x", (0.1, 0.4, 1.5, 2.0), 6.0)),
              120, "bromsgrove_redditch"),
    "ties": ((ALPHA, Truth("Beta", ALPHA.saving, ALPHA.net, wobble=0.4)), 120, "bromsgrove_redditch"),
    "loses": ((Truth("Alpha", (-0.1, -0.2, -0.3, -0.1), -2.0, never=100, parted=100),
               Truth("Beta", (-0.1, -0.3, -0.6, -0.5), -4.0, never=100)), 120, "bromsgrove_redditch"),
}  # fmt: skip


QUICK = ("two", "nasty", "ties")
SOME = [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]


class Made(dict[str, Any]):
    """What is made of each kind of study, when it is first asked for."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, kind: str) -> Any:
        self[kind] = self.make(kind)
        return self[kind]


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(lambda kind: study_of(tmp_path_factory.mktemp("made"), *KINDS[kind]))


@pytest.fixture(scope="module")
def htmls(studies: Made) -> Made:
    return Made(lambda kind: brief(studies[kind], "technical" if kind == "two" else "officers"))


@pytest.fixture(scope="module")
def pages(htmls: Made) -> Made:
    return Made(lambda kind: Page(htmls[kind]))


# -- every figure --


@pytest.mark.check("Q-S4")
@pytest.mark.parametrize("kind", SOME)
def test_every_figure_carries_its_interval_or_is_exact(kind: str, pages: Made, record_property: Any) -> None:
    page = pages[kind]
    estimates = [figure for figure in page.figures if figure.kind == "estimate"]
    told = f"{len(page.bare)} of {len(page.figures) + len(page.bare)} figures of a brief stand bare"
    record_property("reached", f"{told}; {len(estimates)} with their interval ({kind})")
    record_property("n", len(page.figures))
    assert page.bare == []
    assert len(estimates) > 12
    assert [complaint for figure in estimates if (complaint := wrong(figure))] == []
    known = {"95% interval", "95% intervals", "nine histories in ten", "out of 100", "points of 100"}
    for figure in page.figures:
        if figure.kind == "exact" and figure.text not in known:
            assert "exact" in page.section(figure.section).text, figure
    own_words = {figure.section for figure in page.figures if figure.kind == "given"}
    assert own_words <= {"question", "answer", "files"}
    for section in page.sections:
        assert not section.exact or "are exact" in section.text


@pytest.mark.check("Q-S4")
@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Saves £1.3m a year by year five (0.0 to 1.6).", 0),
        ("Saves £1.3m a year.", 1),
        ("Breaks down in one history in four (23%, 18 to 29).", 0),
        ("Breaks down in one history in four.", 1),
        ("Breaks down in 23% of them.", 1),
        ("In year five and May 2010.", 0),
        ("Longer (by 3.2 months, 1.1 to 4.0).", 0),
        ("Longer by 3.2 months.", 1),
        ("Nothing in any of the 200 histories of each plan (0%, 0 to 2).", 0),
        ("All 200 histories (100%, 98 to 100) and £3.0m (0.1).", 1),
    ],
)
def test_the_reader_of_the_page_finds_a_figure_without_a_mark(text: str, bare: int) -> None:
    marked = Marker.of(Clock(2008, 7), ["Plan 9"])(text + " Plan 9.")
    assert len(Page(f"<section aria-labelledby='a'><p>{marked}</p></section>").bare) == bare, marked


@pytest.mark.check("Q-S4")
def test_a_range_that_does_not_hold_its_figure_is_found() -> None:
    page = Page('<data class="estimate" value="3" data-low="1" data-high="2">3 (1 to 2)</data>')
    assert "out of order" in wrong(page.figures[0])
    page = Page('<data class="estimate" value="3" data-low="1" data-high="4">about 3</data>')
    assert "not shown" in wrong(page.figures[0])


# -- what it says --


@pytest.mark.parametrize("kind", SOME)
def test_the_parts_stand_in_their_order(kind: str, pages: Made) -> None:
    assert [section.key for section in pages[kind].sections if section.key in PARTS] == list(PARTS)


def test_what_to_do_how_sure_and_why_can_be_read(pages: Made) -> None:
    page = pages["two"]
    answer = page.section("answer").text
    assert (
        "Alpha is worth £7.2m (6.6 to 7.8) over ten years against £4.8m (4.2 to 5.4) for beta: it is ahead by £2.4m"
        in answer
    )
    assert "What to do. Weigh money against risk: alpha brings most, but breaks down more often than beta." in answer
    assert "In net present value over ten years alpha is £2.4m (2.4 to 2.4) ahead of beta" in answer
    assumed = sum(q.grade == "assumption" for group in shipped_evidence().values() for q in group.values())
    assert f"{assumed} are assumptions" in answer
    drives = page.section("drives").text
    assert "What also differs" in drives and "What drives it" not in drives
    assert "need not be what makes the result" in drives or "cannot be told apart" in drives
    assert "Review this brief by May 2027" in page.section("again").text
    assert "May 2010" in page.section("again").text
    assert "cannot be told apart" in pages["ties"].section("answer").text
    assert "Money gives no reason to choose" in pages["ties"].section("answer").text


def test_each_council_is_told_what_it_pays_and_when(pages: Made) -> None:
    text = pages["two"].section("councils").text
    assert all(f"{council}, {plan}" in text for council in ("Bromsgrove", "Redditch") for plan in ("alpha", "beta"))
    months = np.arange(121)
    balance = np.cumsum(np.interp(months, [0, 12, 36, 60, 120], [0, *ALPHA.saving])) / 12 - np.minimum(months / 30, 1.0)
    lowest, credit = balance.min() / 2, int(months[balance <= 0.01][-1]) + 1
    assert f"−{-lowest:.1f} (" in text
    assert f"year {credit // 12 + 1} (" in text
    assert f"{balance[-1] / 2:.1f} ({balance[-1] / 2 - 0.3:.1f} to {balance[-1] / 2 + 0.3:.1f})" in text


@pytest.mark.slow
def test_three_councils_and_other_horizons_are_told_as_they_are(pages: Made) -> None:
    three = pages["three councils"].section("councils").text
    assert all(f"{name}, alpha" in three for name in ("North Dorset", "West Dorset", "Weymouth and Portland"))
    assert "neither plan" in pages["loses"].section("answer").text
    assert "by year one" in pages["short"].section("answer").text
    assert "follow?" not in pages["one"].section("question").text
    assert "3 more plans" in pages["nine"].section("question").text


@pytest.mark.check("STRESS-DES")
def test_all_of_stress_des_is_answered(pages: Made) -> None:
    text = pages["two"].section("stress").text
    numbers = [number for number, _, _ in ITEMS]
    assert numbers == sorted(numbers) and len(set(numbers)) == 24
    assert {number.partition(".")[0] for number in numbers} == set("123456")
    for number, item, _ in ITEMS:
        assert len(text.partition(item)[2].split("\n")[0]) > 40, (number, item)
    assert "Bromsgrove (322 staff)" in text
    assert "100 replications of each plan, fixed beforehand" in text
    assert "root seed 1" in text


def test_logs_assurance_and_manifest_are_annexed(studies: Made, pages: Made) -> None:
    page, manifest = pages["two"], studies["two"].manifest
    assert "months from one wave of packages to the next" in page.section("decisions").text
    assert "Bromsgrove District Council" in page.section("data").text
    assert "time between the meetings at which a council votes" in page.section("assumptions").text
    assert "nearest to Bromsgrove & Redditch" in page.section("alike").text
    assert all(word in page.section("assurance").text for word in ("Level of assurance", "Limits of use", "Review by"))
    assert all(
        str(manifest[key]) in page.section("manifest").text for key in ("digest", "settings_hash", "code", "seed")
    )


# -- audiences --


def test_the_audience_changes_depth_and_never_numbers(studies: Made, pages: Made) -> None:
    made = {audience: Page(brief(studies["two"], audience)) for audience in ("members", "officers")}
    made["technical"] = pages["two"]
    keys = {audience: [section.key for section in page.sections] for audience, page in made.items()}
    assert set(keys["members"]) < set(keys["officers"]) < set(keys["technical"])
    for audience, page in made.items():
        for key in {*keys["members"]} & {*keys[audience]} - {""}:
            assert page.figures_of(key) == made["members"].figures_of(key), (audience, key)
    assert tuple(report.AUDIENCES) == AUDIENCES
    with pytest.raises(InputError, match="did you mean 'members'"):
        brief(studies["two"], "member")


# -- it stands alone --


def test_a_brief_asks_for_nothing_and_runs_nothing(htmls: Made, pages: Made) -> None:
    for kind, page in ((kind, pages[kind]) for kind in QUICK):
        assert "script" not in page.tags, kind
        assert not [name for _, name, _ in page.attributes if name.startswith("on")], kind
        links = [value for _, name, value in page.attributes if name in ("href", "src", "xlink:href", "action")]
        assert all(link.startswith("#") for link in links), kind
        assert [name for name, count in Counter(page.ids).items() if count > 1] == [], kind
    html = htmls["two"]
    assert len(html.encode()) < LARGEST
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", html)
    assert "default-src 'none'" in html
    assert str(Path.cwd()) not in html and str(Path.home()) + "/" not in html


def test_every_figure_has_an_alternative_text_and_a_table(pages: Made) -> None:
    page = pages["two"]
    drawings = [value for tag, name, value in page.attributes if tag == "svg" and name == "aria-labelledby"]
    assert len(drawings) == 2
    assert all(part in page.ids for value in drawings for part in value.split())
    assert page.tags.count("details") == 2
    behind = page.section("risks").text
    assert "one history in five (20%, 13 to 29)" in behind


def test_two_briefs_of_a_study_are_the_same_bytes(studies: Made, tmp_path: Path) -> None:
    study = studies["two"]
    first = written(study, tmp_path / "one.html").page.read_bytes()
    copy = tmp_path / study.folder.name
    shutil.copytree(study.folder, copy)
    code = (
        "import sys; from pathlib import Path; "
        "from sim.study.study import Study; from sim.surfaces.api.reporting import report;"
        "report(Study.load(sys.argv[1]), Path(sys.argv[2]))"
    )
    second = tmp_path / "two.html"
    subprocess.run(
        [sys.executable, "-c", code, str(copy), str(second)],
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    assert second.read_bytes() == first


# -- bad input --


def test_what_users_wrote_is_escaped_and_cut(htmls: Made, pages: Made) -> None:
    html = htmls["nasty"]
    assert "<script>" not in html
    assert "7 * 7" in html and "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "long " * 200 not in html
    assert "\u202e" not in html
    names = {figure.text for figure in pages["nasty"].figures if figure.kind == "name"}
    assert max(map(len, names)) <= LONGEST_PLAN + 4
    assert any(name.endswith("(2)") for name in names), "two titles that are the same once cut stay apart"


def test_a_study_without_a_finished_history_says_so(tmp_path: Path) -> None:
    study = study_of(tmp_path, (ALPHA, BETA), done=False)
    page = Page(brief(study, "officers", complaints(study)))
    text = page.section("answer").text
    assert "No history was finished" in text and "no answer" in text
    assert "headcount of Redditch does not balance" in text
    assert "svg" not in page.tags
    assert page.bare == []
    assert [section.key for section in page.sections if section.key in PARTS] == ["question", "answer", "limits"]


@pytest.mark.parametrize(
    ("name", "how"),
    [("trajectories.parquet", "missing"), ("comparison.csv", "altered"), ("runs.parquet", "altered")]
    + [
        pytest.param(name, how, marks=pytest.mark.slow)
        for name, how in (("trajectories.parquet", "altered"), ("comparison.csv", "missing"),
                          ("runs.parquet", "missing"), ("events.parquet", "missing"))
    ],
)  # fmt: skip
def test_files_that_are_missing_or_altered_are_said_at_the_top(
    name: str, how: str, studies: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(studies["two"].folder, folder)
    if how == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(b"nothing that can be read")
    assert cli.main(["report", str(folder), "-o", str(tmp_path / "brief.html")]) == 0
    page = Page((tmp_path / "brief.html").read_text())
    assert name in page.section("files").text
    assert name in capsys.readouterr().err
    assert page.bare == []
    if name == "runs.parquet":
        assert "no answer" in page.section("answer").text


def test_a_sampled_study_gets_a_brief(tmp_path: Path) -> None:
    tiny = ["study.replications=2", "study.horizon_months=24", "study.workers=1"]
    asked = read_sweep(
        ("design=lhs", "design.n=5", "design.over=evidence.time", "scenario=structure_first,transform_first", *tiny),
        lambda group: ["structure_first", "transform_first"],
        False,
    )
    study = run_study(plan_sweep(asked.rows, None, *asked.sample), tmp_path)
    page = Page(brief(study))
    assert page.bare == []
    assert "quantities moved over their ranges" in page.section("answer").text
    assert [complaint for figure in page.figures if figure.kind == "estimate" and (complaint := wrong(figure))] == []


@pytest.mark.parametrize(
    "inside",
    ["<script>alert(1)</script>", '<rect onclick="x()"/>', '<use href="http://a.example/x"/>',
     '<rect fill="url(http://a.example)"/>', "<foreignObject><b/></foreignObject>", '<image href="x.png"/>'],
)  # fmt: skip
def test_a_kept_figure_that_acts_or_fetches_is_left_out(inside: str) -> None:
    frame = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{}</svg>'
    assert safe(frame.format(inside), "x") is None
    assert safe('<!DOCTYPE svg [<!ENTITY a "b">]>' + frame.format("&a;"), "x") is None
    assert safe(frame.format('<g id="a"><use href="#a"/></g>'), "x") == frame.format(
        '<g id="x-a"><use href="#x-a" /></g>'
    )


WHY = """# Why alpha differs from beta

From alpha to beta, the net present value over the horizon falls by £4.2m (3.8 to 4.7), from £7.3m to £3.1m, for the worse; 200 histories under the same luck.

The levers. Which comes first is all that differs between the plans.

A bare 17 that no range stands beside.

- The difference would be larger by £0.5m (0.2 to 0.8) without “fatigue” (5 of its 10 quantities assumed); by £0.5m (0.2 to 0.7) without “luck”.
"""  # noqa: E501


def test_answers_that_were_asked_for_stand_in_the_brief(studies: Made, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(studies["two"].folder, folder)
    (folder / "answers").mkdir()
    (folder / "answers" / "why_alpha_beta.md").write_text(WHY)
    sign = (
        "At month 12 the measure that best foretells a stall is trust: of 100 pairs of histories it ranks 81 "
        "(range 76 to 86) rightly. 47 of 400 come to it."
    )
    (folder / "answers" / "indicators.md").write_text(f"# Signs\n\n{sign}\n")
    (folder / "figures").mkdir()
    (folder / "figures" / "why_alpha_beta.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img" aria-labelledby="t">'
        '<title id="t">Why</title><g id="a"/></svg>'
    )
    page = Page(brief(Study.load(folder)))
    drives = page.section("drives").text
    assert "falls by £4.2m (3.8 to 4.7), for the worse" in drives and "£7.3m" not in drives
    assert "larger by £0.5m (0.2 to 0.8) without “fatigue”" in drives and "a bare 17" not in drives.lower()
    assert "it ranks 81 (range 76 to 86) rightly." in page.section("again").text
    assert page.bare == []
    assert [wrong(figure) for figure in page.figures if figure.kind == "estimate" and wrong(figure)] == []
    assert page.tags.count("svg") == 3 and "why-t" in page.ids


# -- the command --


def test_the_command_writes_where_it_is_told(studies: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(studies["one"].folder, folder)
    assert cli.main(["report", str(folder), "--audience", "members"]) == 0
    assert (folder / "report.html").is_file()
    assert "report.html" in capsys.readouterr().out
    for arguments in (
        [str(folder), "--audience", "everyone"],
        [str(folder), "-o", str(tmp_path / "no" / "where.html")],
        [str(folder), "-o", str(tmp_path)],
        ["no-such-study"],
    ):
        assert cli.main(["report", *arguments]) == 2
        assert "Traceback" not in capsys.readouterr().err


def test_without_the_extra_a_sentence_names_it(studies: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InputError, match=r"tandem-sim\[pdf\]"):
        written(studies["one"], tmp_path / "x.html", "members", pdf=True)
    assert not (tmp_path / "x.html").exists()


@pytest.mark.slow
def test_the_brief_on_paper_is_the_same_every_time(studies: Made, tmp_path: Path) -> None:
    first, second = (written(studies["two"], tmp_path / f"{n}.html", "members", pdf=True).paper for n in (1, 2))
    assert first and second
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"%PDF")


def test_an_annex_writes_no_range_where_nothing_varied() -> None:
    assert [annexes._with_ends(*found) for found in ((0.0, 0.0, 0.0), (3.0, 1.0, 5.0), (0.0, -0.001, 0.001))] == [
        "0.00 (alike)", "3.00 (1.00 to 5.00)", "0.000 (−0.001 to 0.001)",
    ]  # fmt: skip
