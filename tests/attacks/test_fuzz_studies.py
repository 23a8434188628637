"""Studies, manifests and bundles that somebody else hands over: altered, they are read or refused in one sentence."""

import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from answers import Tally
from mutations import altered, spoilt, tried

from sim.analysis.compare.side_by_side import side_by_side
from sim.core.errors import InputError
from sim.study.bundle import opened
from sim.study.files import store
from sim.study.integrity import complaints
from sim.study.reproducing import plan_again
from sim.study.study import Study
from sim.surfaces import api, brief
from sim.surfaces.api import diaries, exports

pytestmark = pytest.mark.check("Q-B1", "Q-D5")

SMALL = ["study.replications=6", "study.horizon_months=24", "study.workers=1", "scenario=structure_first,parallel"]
TABLES = ("runs", "cells", "trajectories", "readings", "events")
COUNTS = [pytest.param(2, id="quick"), pytest.param(40, id="all", marks=pytest.mark.slow)]


class Handed:
    """A study as it was made, and a copy that is spoilt again and again."""

    def __init__(self, good: Path, place: Path) -> None:
        self.good, self.copy, self.bundle = good, place / "copy", place / "bundle.zip"
        self.out = place / "out"
        self.out.mkdir()
        shutil.copytree(good, self.copy)

    def restored(self, name: str) -> bytes:
        """A file as it was; the copy has it again."""
        shutil.copy(self.good / name, self.copy / name)
        return (self.good / name).read_bytes()


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handed]:
    place = tmp_path_factory.mktemp("handed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.pictures.figures.save_all", lambda *_: None)
        made = api.run(SMALL, [], place / "outputs")
    yield Handed(made.folder, place)


def _compared(study: Study, handed: Handed) -> None:
    side_by_side([study], (), None, (), False, complaints(study))


def _diary(study: Study, handed: Handed) -> None:
    diaries.diary(study, "parallel", "0")


READERS: dict[str, Callable[[Study, Handed], Any]] = {
    "complaints": lambda study, handed: complaints(study),
    "reproduce": lambda study, handed: plan_again(study),
    "compare": _compared,
    "summary": lambda study, handed: (api.summary(study), json.dumps(api.as_json(study), allow_nan=False)),
    "export": lambda study, handed: exports.export(study, handed.out / "x.zip", ["csv"], True),
    "diary": _diary,
    "report": lambda study, handed: brief.brief(study, "members", complaints(study)),
}


def asked(handed: Handed, tallies: dict[str, Tally], about: str) -> None:
    """Each reader, on the copy as it stands; the brief, which takes a second by itself, on every fifth."""
    for name in tallies:
        reader = READERS[name]
        if name != "report" or tallies[name].count < tallies["compare"].count / 5:
            tallies[name].ask(lambda read=reader: read(Study.load(handed.copy), handed), told=f"{name} of {about}")


def shown(tallies: dict[str, Tally], record_property: Any) -> Tally:
    """All readers' answers together, put on record."""
    whole = Tally("studies and manifests handed to reproduce, compare, export, diary, report and the summary")
    whole.taken, whole.refused = sum(each.taken for each in tallies.values()), sum(t.refused for t in tallies.values())
    whole.slowest = max(each.slowest for each in tallies.values())
    record_property("reached", whole.said)
    record_property("n", whole.count)
    return whole


@pytest.mark.parametrize("count", COUNTS)
def test_altered_manifests(handed: Handed, count: int, record_property: Any) -> None:
    """In their bytes, in what they say, and in what they say with a new seal over it."""
    tallies = {name: Tally(name) for name in READERS}
    text, chance = handed.restored(store.MANIFEST), random.Random(11)
    whole = json.loads(text)
    without = {key: value for key, value in whole.items() if key != "settings"}

    def fed(content: Any) -> None:
        if isinstance(content, dict):
            content = {"settings": whole["settings"], **content}
            content = {**content, store.SEAL: store.seal_of(_plain(content))} if chance.random() < 0.5 else content
        (handed.copy / store.MANIFEST).write_text(json.dumps(content))
        asked(handed, tallies, f"a manifest that says {json.dumps(content)[:200]}")

    for number in range(count):
        (handed.copy / store.MANIFEST).write_bytes(spoilt(text, chance))
        asked(handed, tallies, f"spoilt manifest {number}")
    tried(altered([without]), 2 * count, fed)
    tried(altered([whole]), count, fed)
    handed.restored(store.MANIFEST)
    answers = shown(tallies, record_property)
    assert answers.taken and answers.refused


ODD: dict[str, Any] = {
    "cells": [[], [{}], None, "x", [None], [{"cell": "x"}]], "bases": [[], None, [{"/x/y": 1}], [[]]],
    "reference": ["x", None], "study": [{}, None, {"name": "main"}], "seed": [None, "1", 1.5, -1],
    "origins": [[], [{}], None, [None]], "settings": [{}, None, [], {"levers": {}}], "digest": [1, [], "x"],
    "design": [{}, {"factors": []}, {"factors": [{}]}, 1], "status": [None, 1], "created": [1, None], "code": [None],
    "files": [[], {"runs.parquet": None}, {"/etc/passwd": "x"}],
}  # fmt: skip
"""Other things under each key of a manifest."""


@pytest.mark.parametrize(
    "every", [pytest.param(False, id="quick"), pytest.param(True, id="all", marks=pytest.mark.slow)]
)
def test_odd_manifests_are_read_or_refused_in_words(handed: Handed, every: bool) -> None:
    """Under each key in turn, with a fresh seal; what refuses the whole is asked once, the rest of the readers."""
    whole = json.loads(handed.restored(store.MANIFEST))
    tallies = {name: Tally(name) for name in READERS if every or name in ("complaints", "reproduce", "summary")}
    for key, values in ODD.items():
        for value in values:
            store.write_manifest(handed.copy, {**whole, key: value})
            try:
                Study.load(handed.copy)
            except InputError as error:
                assert "was altered" in str(error)
                continue
            asked(handed, tallies, f"{key}={value!r}")
    handed.restored(store.MANIFEST)
    assert all(tally.count for tally in tallies.values())


def _plain(content: Any) -> Any:
    return {key: value for key, value in content.items() if "\\ud" not in json.dumps(value)}


@pytest.mark.slow
@pytest.mark.parametrize("count", [20])
def test_altered_tables(handed: Handed, count: int, record_property: Any) -> None:
    """In their bytes; and whole tables that lack a column, hold words for numbers, nothing, or each row twice."""
    tallies, chance = {name: Tally(name) for name in READERS}, random.Random(12)
    for name in (*(f"{each}.parquet" for each in TABLES), "comparison.csv"):
        for number in range(count):
            (handed.copy / name).write_bytes(spoilt(handed.restored(name), chance))
            asked(handed, tallies, f"{name} spoilt {number}")
        handed.restored(name)
    for name in TABLES:
        good = pd.read_parquet(handed.good / f"{name}.parquet")
        for number in range(count):
            column = chance.choice(list(good.columns))
            way = chance.choice(list(WAYS))
            WAYS[way](good, column, number).to_parquet(handed.copy / f"{name}.parquet", index=False)
            asked(handed, tallies, f"{name} with {column} {way}")
        handed.restored(f"{name}.parquet")
    answers = shown(tallies, record_property)
    assert answers.taken and answers.refused


WAYS: dict[str, Callable[[pd.DataFrame, str, int], pd.DataFrame]] = {
    "gone": lambda table, column, number: table.drop(columns=[column]),
    "as words": lambda table, column, number: table.assign(**{column: "x"}),
    "as numbers": lambda table, column, number: table.assign(**{column: number}),
    "empty": lambda table, column, number: table.assign(**{column: None}),
    "without rows": lambda table, column, number: table.iloc[:0],
    "doubled": lambda table, column, number: pd.concat([table, table]),
    "shuffled": lambda table, column, number: table.assign(
        **{column: table[column].sample(frac=1, random_state=number).to_numpy()}
    ),
}


@pytest.mark.parametrize("count", COUNTS)
def test_altered_bundles(handed: Handed, count: int, record_property: Any) -> None:
    """Bytes of a bundle spoilt, and things that are no bundle."""
    exports.export(Study.load(handed.good), handed.out / "good.zip", ["csv"], True)
    good, chance, tally = (handed.out / "good.zip").read_bytes(), random.Random(13), Tally("bundles")

    def read() -> None:
        with opened(handed.bundle) as study:
            plan_again(study)
            complaints(study)

    others = [b"", b"PK\x05\x06" + b"\0" * 18, b"{}", b"[]", b"\x80\x04.", good[: len(good) // 2], good + b"x" * 1000]
    for data in [*others, *(spoilt(good, chance) for _ in range(4 * count))]:
        handed.bundle.write_bytes(data)
        tally.ask(read, told=f"a bundle of {len(data)} bytes that begins {data[:40]!r}")
    record_property("reached", tally.said)
    record_property("n", tally.count)
    assert tally.refused


def test_a_bundle_takes_nothing_out_of_its_place(handed: Handed, tmp_path: Path) -> None:
    """Names that lead elsewhere are not unpacked, and an entry that grows beyond measure is refused."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        bundle.writestr("manifest.json", (handed.good / "manifest.json").read_bytes())
        for name in ("../elsewhere.txt", "/tmp/elsewhere.txt", "../runs.parquet", "..\\runs.parquet"):
            bundle.writestr(name, b"x")
    place = tmp_path / "within" / "bundle.zip"
    place.parent.mkdir()
    place.write_bytes(made.getvalue())
    with opened(place) as study:
        assert {path.name for path in study.folder.iterdir()} == {"manifest.json"}
    assert [path.name for path in tmp_path.rglob("*")] == ["within", "bundle.zip"]
