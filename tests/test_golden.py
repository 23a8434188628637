"""Golden scenarios: results that are on record, and the changelog that must name them."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sim.agents.shocks import SHOCKS
from sim.assurance import golden
from sim.assurance.golden import Golden, GoldenRecord
from sim.engine import outcomes, run
from sim.engine.settings import Mechanisms

pytestmark = pytest.mark.check("Golden")
CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"
NAMED = re.compile(r"[Gg]olden\s+digest\s+`?([0-9a-f]{12})\b")


@pytest.fixture(scope="module")
def reached() -> GoldenRecord:
    """All golden scenarios, simulated now."""
    return golden.played()


def test_the_results_are_those_on_record(reached: GoldenRecord, record_property: Callable[[str, object], None]) -> None:
    known = golden.recorded()
    found = golden.verdicts(reached, known)
    equal = list(found.values()).count("equal")
    where = "" if reached.platform == known.platform else f", on {reached.platform} against {known.platform}"
    record_property("reached", f"{equal} of {len(found)} equal to the bit{where}")
    record_property("n", len(found))
    assert len(found) == 12
    assert found.keys() == known.scenarios.keys()
    assert golden.kept(reached, known), "\n".join(golden.shifts(reached, known))


def test_the_changelogs_topmost_section_names_the_digest() -> None:
    """Whoever moves results says so, and by how much: `make golden` prints the line's substance."""
    topmost = CHANGELOG.read_text(encoding="utf-8").split("\n## ")[1]
    assert NAMED.findall(topmost)[-1:] == [golden.recorded().digest[: golden.SHOWN_DIGITS]]


def test_the_record_is_whole() -> None:
    content = json.loads(golden.RESULTS.read_text(encoding="utf-8"))
    assert content["digest"] == golden.recorded().digest
    assert golden.as_content(golden.recorded()) == content
    assert all(set(told["figures"]) == set(golden.FIGURES) for told in content["scenarios"].values())


def test_between_them_they_reach_what_can_happen() -> None:
    asked = golden.scenarios().values()
    assert {shock.kind for settings in asked for shock in settings.shocks} == set(SHOCKS)
    assert {len(settings.partnership.councils) for settings in asked} == {2, 3, 4}
    assert len({settings.partnership.name for settings in asked}) == 10
    assert any(settings.decisions for settings in asked)
    assert any(settings.levers.pace.rules for settings in asked)
    chosen = {(name, getattr(settings.mechanisms, name)) for settings in asked for name in Mechanisms.model_fields}
    assert {("trust", "symmetric"), ("load", "queueing"), ("luck", "off")} <= chosen
    means = [known.figures for known in golden.recorded().scenarios.values()]
    for happens in ("dissolved", "stalled", "never_pays_back", "votes_lost", "packages_dropped"):
        assert any(figures[happens] for figures in means), happens


def test_a_row_is_that_of_the_engine(reached: GoldenRecord) -> None:
    settings = golden.scenarios()["merger"]
    rows = [outcomes.row(run(settings, replication), settings) for replication in range(golden.REPLICATIONS)]
    values = [row["npv_gbp_m"] for row in rows]
    assert reached.scenarios["merger"].figures["npv_gbp_m"] == sum(v for v in values if v is not None) / len(values)


@pytest.mark.parametrize("name", golden.scenarios())
def test_every_outcome_lies_within_the_span_it_declares(name: str) -> None:
    settings = golden.scenarios()[name]
    for replication in range(4):
        row = outcomes.row(run(settings, replication), settings)
        spans = {
            each: (outcomes.OUTCOMES[each].low, value, outcomes.OUTCOMES[each].high) for each, value in row.items()
        }
        assert not {e: s for e, s in spans.items() if s[1] is not None and not s[0] <= s[1] <= s[2]}


def test_another_name_for_the_same_results_is_another_digest_of_digests(reached: GoldenRecord) -> None:
    one, two = reached.scenarios["merger"], reached.scenarios["dissolved"]
    assert one.digest != two.digest
    assert GoldenRecord("", {"a": one, "b": two}).digest != GoldenRecord("", {"a": two, "b": one}).digest
    assert GoldenRecord("", {"a": one, "b": two}).digest == GoldenRecord("elsewhere", {"b": two, "a": one}).digest


KNOWN = Golden("a" * 64, dict.fromkeys(golden.FIGURES, 2.0) | {"min_trust": None})


def changed(**figures: float | None) -> Golden:
    """The known results with another digest and other figures."""
    return replace(KNOWN, digest="b" * 64, figures={**KNOWN.figures, **figures})


@pytest.mark.parametrize(
    ("reached", "likeness"),
    [
        (KNOWN, "equal"),
        (changed(), "within tolerance"),
        (changed(npv_gbp_m=2.000001), "within tolerance"),
        (changed(npv_gbp_m=2.00001), "differs"),
        (changed(npv_gbp_m=None), "differs"),
        (changed(min_trust=0.0), "differs"),
    ],
)
def test_results_are_equal_near_or_different(reached: Golden, likeness: str) -> None:
    assert golden.compared(reached, KNOWN) == likeness


def test_the_promise_is_to_the_bit_on_the_platform_on_record_and_a_tolerance_elsewhere() -> None:
    here, near, far = (GoldenRecord("here", {"one": result}) for result in (KNOWN, changed(), changed(npv_gbp_m=3.0)))
    assert golden.kept(here, here)
    assert not golden.kept(near, here)
    assert golden.kept(replace(near, platform="elsewhere"), here)
    assert not golden.kept(replace(far, platform="elsewhere"), here)
    assert not golden.kept(here, GoldenRecord("here", {}))


def test_the_shift_of_every_figure_is_told() -> None:
    known = GoldenRecord("", {"one": KNOWN, "same": KNOWN})
    reached = GoldenRecord("", {"one": changed(npv_gbp_m=2.5, min_trust=0.25), "same": KNOWN, "fresh": KNOWN})
    assert golden.shifts(reached, known) == [
        "one: net present value over the horizon; year 0 is not discounted (£m) 2.5 instead of 2; "
        "lowest trust in any relationship (share) 0.25 instead of never",
        "fresh: new",
    ]
    for unseen in (changed(), changed(npv_gbp_m=2.0000001)):
        told = golden.shifts(GoldenRecord("", {"one": unseen}), known)
        assert told == ["one: no figure moved so far that six digits show it"]


def test_writing_puts_on_record_and_comparing_answers_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reached: GoldenRecord
) -> None:
    monkeypatch.setattr(golden, "RESULTS", tmp_path / "golden.json")
    monkeypatch.setattr(golden, "played", lambda: reached)
    assert golden.main(["--write"]) == 0
    assert f"golden digest {reached.digest[:12]}" in capsys.readouterr().out
    assert golden.main([]) == 0
    other = {**reached.scenarios, "merger": replace(reached.scenarios["merger"], digest="0" * 64)}
    monkeypatch.setattr(golden, "played", lambda: replace(reached, scenarios=other))
    assert golden.main([]) == 1
    assert golden.main(["--now"]) == 2
