"""Councils like yours: who is nearest by facts that are known, and what the sources say of them."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from sim.analysis import similar
from sim.analysis.similar.nearest_partnerships import MEASURES, spread_of
from sim.core.errors import InputError
from sim.core.inputs.partnership import Partnership
from sim.surfaces.api import answers as api_likeness
from sim.surfaces.cli import main
from sim.words.answers import similar_words

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
KEYS = sorted(similar.built_in())


def varied(key: str, **changes: Any) -> Partnership:
    """A built-in partnership under other councils' names, with some facts of each council or pair changed."""
    content = similar.built_in()[key].model_dump()
    pairs = {name: changes.pop(name) for name in ("distance_miles",) if name in changes}
    for council in content["councils"]:
        council |= {"full_name": f"New {council['full_name']}", **changes}
    for pair in content["pairs"]:
        pair |= pairs
    return Partnership.model_validate({**content, "name": "Ours"})


def rows_of_evidence(source: str) -> str:
    """What docs/evidence.md says under an id, or in the table of the ten partnerships."""
    if source.startswith("S1"):
        return "\n".join(line for line in EVIDENCE.splitlines() if re.match(r"\| [^|]+ \| [^|]+ Council \|", line))
    found = [line for line in EVIDENCE.splitlines() if line.startswith(f"| {source} |")]
    assert len(found) == 1, source
    return found[0]


@pytest.mark.parametrize("key", KEYS)
def test_every_statement_stands_in_the_evidence(key: str) -> None:
    record = similar.record_of(key)
    for statement in record.statements:
        figures = set(NUMBER.findall(statement.text))
        assert figures <= set(NUMBER.findall(rows_of_evidence(statement.source))), statement
    if all(each.source == "S1 table 2" for each in record.statements):
        assert record.thin


def test_each_forming_is_the_one_of_its_own_row() -> None:
    for key, partnership in similar.built_in().items():
        years = {
            line.split("|")[5].strip() for line in EVIDENCE.splitlines() if any(
                f"| {council.full_name} |" in line for council in partnership.councils
            )
        }  # fmt: skip
        cited = [each for each in similar.record_of(key).statements if each.source == "S1 table 2"]
        assert all(set(NUMBER.findall(each.text)) <= years for each in cited), key


def test_the_ten_have_a_record_each_and_nothing_more() -> None:
    assert [path.stem for path in sorted((ROOT / "configs" / "published").glob("*.yaml"))] == KEYS
    assert len(KEYS) == 10


@pytest.mark.parametrize("key", KEYS)
def test_a_partnership_is_not_its_own_neighbour_and_its_record_comes_first(key: str) -> None:
    own = similar.built_in()[key]
    found = similar.nearest(own, 9)
    assert key not in {each.key for each in found.neighbours}
    assert found.compared == len(found.neighbours) == 9
    assert found.own == similar.record_of(key)
    lines = similar_words.said(found).splitlines()
    assert lines[1].startswith("Published about ")
    assert lines[2].strip() == similar_words.published(found.own)[0]


def test_a_copy_under_other_names_is_nearest_to_its_original() -> None:
    for key in KEYS:
        found = similar.nearest(varied(key), 10)
        assert found.neighbours[0].key == key
        assert found.neighbours[0].apart == 0
        assert found.own is None
        assert [each.apart for each in found.neighbours] == sorted(each.apart for each in found.neighbours)


def test_spreads_are_those_of_the_middle_half_and_one_partnership_does_not_move_them() -> None:
    staff = sorted(math.log(each.headcount) for each in similar.built_in().values())
    low, high = staff[2] + (staff[3] - staff[2]) * 0.25, staff[6] + (staff[7] - staff[6]) * 0.75
    measure = next(each for each in MEASURES if each.key == "headcount")
    assert spread_of(measure) == pytest.approx((high - low) / 1.349)
    twice = similar.nearest(varied("chiltern_south_bucks", headcount=728 // 2), 10)
    own = next(each for each in twice.neighbours if each.key == "chiltern_south_bucks")
    by_key = {one.measure: one for one in own.differences}
    assert by_key["headcount"].spreads == pytest.approx(math.log(728 / 364) / spread_of(measure))
    assert by_key["expenditure"].spreads == by_key["distance"].spreads == by_key["councils"].spreads == 0


@pytest.mark.parametrize(("field", "measure"), [("control", "politics"), ("distance_miles", "distance")])
def test_what_nobody_gave_is_unknown_and_not_near(field: str, measure: str) -> None:
    same = varied("chiltern_south_bucks")
    told = {"provenance": {field: "assumption: not given; default something"}}
    unknown = Partnership.model_validate(same.model_dump() | told)
    first = similar.nearest(unknown, 10)
    own = next(each for each in first.neighbours if each.key == "chiltern_south_bucks")
    found = next(one for one in own.differences if one.measure == measure)
    assert (found.here, found.known, found.spreads) == (None, False, 1.0)
    assert own.apart == pytest.approx(1 / len(MEASURES))
    assert "is unknown here, so not counted as near" in similar_words.said(first)
    whose = {"provenance": {f"{field} of {'Chiltern and South Bucks' if measure == 'distance' else 'Chiltern'}": (
        "assumption: not given; default something")}}  # fmt: skip
    by_name = similar.nearest(Partnership.model_validate(same.model_dump() | whose), 10)
    assert by_name.table.equals(first.table)


def test_one_council_alone_has_no_distance_and_no_politics() -> None:
    content = similar.built_in()["chiltern_south_bucks"].model_dump()
    alone = Partnership.model_validate({**content, "name": "Alone", "councils": content["councils"][:1], "pairs": []})
    found = similar.nearest(alone)
    assert {one.measure for one in found.neighbours[0].differences if not one.known} == {"politics", "distance"}
    assert "shares Chiltern with this one" in similar_words.said(similar.nearest(alone, 10))


def test_far_from_all_is_said_and_the_nearest_that_tells_something_is_added() -> None:
    far = similar.nearest(varied("go_shared_services", headcount=9000, service_expenditure_gbp_m=900.0))
    assert far.lone
    assert "None is close" in similar_words.said(far).splitlines()[0]
    near = similar.nearest(varied("east_hampshire_havant"))
    assert not near.lone
    assert all(each.record.thin for each in near.neighbours)
    assert near.told is not None
    rank, told = near.told
    assert rank > 3 and not told.record.thin
    assert "The nearest of which more than its beginning was published" in similar_words.said(near)


def test_who_is_first_hangs_on_a_measure_or_not() -> None:
    found = similar.nearest(similar.built_in()["bromsgrove_redditch"], 10)
    for measure in MEASURES:
        means = {
            each.name: sum(one.spreads for one in each.differences if one.measure != measure.key)
            for each in found.neighbours
        }
        assert found.without[measure.title] == min(means, key=lambda name: means[name])
    changed = {name for name in found.without.values() if name != found.neighbours[0].name}
    said = similar_words.said(found).splitlines()[0]
    assert changed and all(f"{name} would be first without" in said for name in changed)


def test_differences_are_said_with_both_figures() -> None:
    found = similar.nearest(similar.built_in()["bromsgrove_redditch"])
    said = similar_words.said(found)
    assert "843 staff, here 1,045 (19% lower)." in said
    assert "£60.0m a year of service expenditure, here £53.2m (13% higher)." in said
    assert "nearest of ten, not a forecast" in said
    assert "exact" in said
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", said)


def test_the_command_says_it_and_gives_it_to_machines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["like", "bromsgrove_redditch"]) == 0
    assert capsys.readouterr().out == api_likeness.like("bromsgrove_redditch").text + "\n"
    assert main(["like", "go_shared_services", "--json", "-n", "2"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [each["rank"] for each in content["neighbours"]] == [1, 2]
    assert all(each["published"] and len(each["differences"]) == len(MEASURES) for each in content["neighbours"])
    mine = tmp_path / "my own, file=1.yaml"
    text = (ROOT / "configs" / "partnership" / "chiltern_south_bucks.yaml").read_text(encoding="utf-8")
    mine.write_text(text.replace("name: Chiltern & South Bucks", 'name: "Nice\\n<b>&= one"'))
    assert main(["like", str(mine)]) == 0
    assert "Nice <b>&= one" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["bromsgrov"], "did you mean 'bromsgrove_redditch'"),
        (["nothing/there.yaml"], "no such file"),
        (["bromsgrove_redditch", "-n", "0"], "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_found_is_refused(words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["like", *words]) == 2
    assert reason in capsys.readouterr().err


def test_a_file_that_is_no_partnership_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (ROOT / "configs" / "partnership" / "chiltern_south_bucks.yaml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(text.replace("headcount: 139", "headcount: some"))
    line = next(n for n, each in enumerate(mine.read_text().splitlines(), 1) if "some" in each)
    with pytest.raises(InputError, match=rf"mine\.yaml, line {line}: councils\.2\.headcount='some'"):
        api_likeness.like(str(mine))
    with pytest.raises(InputError, match="0 neighbours"):
        api_likeness.like("bromsgrove_redditch", 0)
