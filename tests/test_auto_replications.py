"""Automatic numbers of replications (Q-S3): decided in replication order, whoever runs what, when and in which bits."""

import json
import random
from array import array
from pathlib import Path

import pandas as pd
import pytest
from breaking import breaking

from sim.analysis.compare import write
from sim.core.errors import InputError
from sim.core.statistics.stopping import AHEAD, needed
from sim.engine import Column
from sim.engine.outcomes import OUTCOMES
from sim.plans.compose import compose
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import StudyPlan, plan_run
from sim.study.design.sweeping import plan_sweep
from sim.study.running import kept_parts, worker
from sim.study.running.gathering import Decision, cut
from sim.study.running.resuming import gather, open_study, resume, work
from sim.study.running.study_run import evaluate, run_study
from sim.study.running.worker import Rows
from sim.study.study import Study
from sim.surfaces.terminal_studies import told

PACE = "levers.pace.months_between_waves"
MOST = 30
WIDTH = 0.16
"""Half-width of npv_gbp_m, in £m, that one cell reaches after 11 histories and two after 10."""


def plan(*more: str) -> StudyPlan:
    usual = ["scenario=structure_first", "study.horizon_months=42", "study.workers=1", "study.replications=auto"]
    given = [*usual, f"study.auto_half_width={WIDTH}", f"study.auto_most={MOST}", *more]
    whole = {text.partition("=")[0]: text for text in given}
    return plan_sweep([[f"{PACE}={months}", *whole.values()] for months in (1, 3, 9)])


def with_chunk(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("sim.study.running.tasks.CHUNK", size)


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return run_study(plan(f"study.replications={MOST}"), tmp_path_factory.mktemp("fixed"))


@pytest.fixture(scope="module")
def auto(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return run_study(plan(), tmp_path_factory.mktemp("auto"))


def counts(study: Study) -> list[int]:
    return [entry["replications"] for entry in study.manifest["cells"]]


def by_hand(fixed: Study, outcome: str, width: float) -> list[int | None]:
    cells = [fixed.runs[fixed.runs["cell"] == cell].sort_values("replication") for cell in fixed.labels]
    return [needed(rows[outcome].tolist(), width) for rows in cells]


def first(fixed: Study, numbers: list[int]) -> pd.DataFrame:
    """The first rows of each cell of a study with a fixed number."""
    limits = fixed.runs["cell"].map(dict(zip(fixed.labels, numbers, strict=True)))
    return fixed.runs[fixed.runs["replication"] < limits].reset_index(drop=True)


def same(one: Study, other: Study) -> None:
    assert one.manifest["status"] == "complete"
    assert (counts(one), one.manifest["digest"]) == (counts(other), other.manifest["digest"])
    for table in ("runs", "trajectories", "readings", "events", "cells"):
        assert getattr(one, table).equals(getattr(other, table)), table
    assert not (one.folder / kept_parts.FOLDER).exists()


# What counts


@pytest.mark.check("Q-S3")
def test_exactly_the_needed_replications_of_each_cell_are_kept(auto: Study, fixed: Study) -> None:
    expected = by_hand(fixed, "npv_gbp_m", WIDTH)
    assert counts(auto) == expected and len(set(expected)) > 1
    assert auto.runs.equals(first(fixed, counts(auto)))
    assert [entry["precision"] for entry in auto.manifest["cells"]] == ["reached"] * 3
    assert auto.manifest["status"] == "complete" and auto.imprecise == []


@pytest.mark.check("Q-S3")
def test_trajectories_and_told_histories_are_of_what_counts(auto: Study, tmp_path: Path) -> None:
    alike = run_study(plan(f"study.replications={counts(auto)[0]}"), tmp_path)
    for table in ("trajectories", "events"):
        ours, theirs = getattr(auto, table), getattr(alike, table)
        for cell, count in zip(auto.labels, counts(auto), strict=True):
            own = ours[ours["cell"] == cell].reset_index(drop=True)
            equal = own.equals(theirs[theirs["cell"] == cell].reset_index(drop=True))
            same_number = count == counts(auto)[0]
            assert equal == same_number if table == "trajectories" else equal or not same_number, (table, count)
    assert auto.trajectories.groupby("cell", sort=False)["n"].max().tolist() == counts(auto)


@pytest.mark.check("Q-S3")
def test_a_history_that_counts_can_be_lived_again_and_no_other(auto: Study) -> None:
    cell, count = list(auto.labels)[2], counts(auto)[2]
    assert auto.rerun(cell, count - 1).replication == count - 1
    with pytest.raises(InputError, match=f"it has 0 to {count - 1}"):
        auto.rerun(cell, count)


@pytest.mark.parametrize(("outcome", "width"), [("dissolved", 0.1), ("payback_month", 1.0)])
@pytest.mark.check("Q-S3")
def test_flags_have_wilsons_interval_and_nulls_say_nothing(
    tmp_path: Path, fixed: Study, outcome: str, width: float
) -> None:
    study = run_study(plan(f"study.auto_outcome={outcome}", f"study.auto_half_width={width}"), tmp_path)
    expected = by_hand(fixed, outcome, width)
    assert counts(study) == [count or MOST for count in expected]
    assert max(counts(study)) > 10
    assert study.runs.equals(first(fixed, counts(study)))


@pytest.mark.check("Q-S3")
def test_where_the_target_is_never_reached_the_most_count_and_it_is_said(
    tmp_path: Path, fixed: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    study = run_study(plan("study.auto_half_width=0.05"), tmp_path)
    expected = by_hand(fixed, "npv_gbp_m", 0.05)
    assert None in expected and counts(study) == [count or MOST for count in expected]
    said = [entry["precision"] for entry in study.manifest["cells"]]
    assert said == ["reached" if count else "not reached" for count in expected]
    assert study.manifest["status"] == "complete" and len(study.imprecise) == expected.count(None)
    write(study)
    assert told(study, as_json=True) == 0
    note = f"note: {MOST} histories do not tell the mean of npv_gbp_m to within 0.05 for {study.imprecise[0]}"
    assert note in capsys.readouterr().err


# On nothing else


@pytest.mark.parametrize(("workers", "size"), [(1, 3), (2, 50), (3, 7)])
@pytest.mark.check("Q-S3", "Q-D1")
def test_the_same_whatever_the_workers_and_the_size_of_tasks(
    tmp_path: Path, auto: Study, monkeypatch: pytest.MonkeyPatch, workers: int, size: int
) -> None:
    with_chunk(monkeypatch, size)
    seen: list[tuple[int, int]] = []
    study = run_study(plan(f"study.workers={workers}"), tmp_path, lambda *now: seen.append(now))
    same(study, auto)
    assert all(0 <= done <= total for done, total in seen)
    assert seen[0] == (0, 3 * MOST) and seen[-1] == (sum(counts(auto)),) * 2


class Interrupted(BaseException):
    """What a power cut would be."""


@pytest.mark.parametrize(("after", "workers"), [(1, 1), (30, 2)])
@pytest.mark.check("Q-S3", "Q-D1")
def test_the_same_after_an_interruption(
    tmp_path: Path, auto: Study, monkeypatch: pytest.MonkeyPatch, after: int, workers: int
) -> None:
    with_chunk(monkeypatch, 4)

    def told(done: int, total: int) -> None:
        if done >= after:
            raise Interrupted

    with pytest.raises(Interrupted):
        run_study(plan(f"study.workers={workers}"), tmp_path, told)
    folder = next(tmp_path.iterdir())
    kept = kept_parts.numbers(folder)
    assert kept and not (folder / "runs.parquet").exists()
    lived: list[int] = []
    usual = kept_parts.write_part
    monkeypatch.setattr(kept_parts, "write_part", lambda *given: (lived.append(given[1]), usual(*given)))
    same(resume(folder), auto)
    assert lived and not set(lived) & set(kept)


@pytest.mark.check("Q-S3")
def test_a_study_stopped_half_way_holds_no_gaps_and_says_partial(
    tmp_path: Path, auto: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_chunk(monkeypatch, 4)
    folder = open_study(plan(), tmp_path)
    work(folder, 0, 3)
    for number in kept_parts.numbers(folder)[1:2]:
        kept_parts.forget(folder, number)
    study = gather(folder)
    assert [entry["status"] for entry in study.manifest["cells"]] == ["partial"] * 3
    assert study.runs["replication"].tolist() == [0, 1, 2, 3] and counts(study) == [4, 0, 0]
    same(resume(folder), auto)


@pytest.mark.check("Q-S3", "Q-D1")
def test_the_same_when_jobs_share_it_out(tmp_path: Path, auto: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    with_chunk(monkeypatch, 4)
    folder = open_study(plan(), tmp_path)
    for job in (1, 0):
        assert work(folder, job, 2) == []
    kept, each = kept_parts.numbers(folder), -(-MOST // 4)
    enough = [-(-(count + AHEAD) // 4) for count in counts(auto)]
    assert kept == [place * each + part for place, count in enumerate(enough) for part in range(count)]
    assert max(enough) < each
    assert work(folder, 0, 2) == [] and kept_parts.numbers(folder) == kept
    same(gather(folder), auto)


@pytest.mark.check("Q-S3", "Q-C3")
def test_other_targets_are_other_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_chunk(monkeypatch, 4)
    folder = open_study(plan(), tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, value in (("auto_outcome", "dissolved"), ("auto_half_width", 0.5), ("auto_most", 100)):
        changed = {**manifest, "study": {**manifest["study"], name: value}}
        (folder / "manifest.json").write_text(json.dumps(changed))
        with pytest.raises(InputError, match="settings were changed"):
            resume(folder)


@pytest.mark.parametrize("size", [4, 50])
@pytest.mark.check("Q-S3")
def test_a_failure_counts_only_before_the_number_is_known(
    tmp_path: Path, auto: Study, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    with_chunk(monkeypatch, size)
    breach = {1: 12, 3: counts(auto)[1] + 5, 9: MOST - 1}

    def here(column: Column) -> bool:
        return column.replication == breach[column.settings.levers.pace.months_between_waves]

    with monkeypatch.context() as patched:
        patched.setattr(worker, "play", breaking("a breach", here))
        study = run_study(plan(), tmp_path)
    entries = study.manifest["cells"]
    assert [entry["status"] for entry in entries] == ["failed", "complete", "complete"]
    assert entries[0]["message"] == "replication 12: a breach" and counts(study) == [12, *counts(auto)[1:]]
    assert study.runs.equals(auto.runs[auto.runs["cell"] != entries[0]["cell"]].reset_index(drop=True))
    same(resume(study.folder, retry=True), auto)


def rows_of(values: list[float], begin: int, size: int, fails_at: int | None) -> Rows:
    asked = min(size, len(values) - begin)
    own = values[begin : begin + asked]
    error = None
    if fails_at is not None and begin <= fails_at < begin + asked:
        own, error = own[: fails_at - begin], "failed"
    place = list(OUTCOMES).index("npv_gbp_m")
    table = [value if column == place else 0.0 for value in own for column in range(len(OUTCOMES))]
    content = memoryview(array("d", table)).tobytes()
    return Rows(0, begin, asked, len(own), content, ("horizon",) * len(own), (), b"", error)


@pytest.mark.check("Q-S3", "Q-D1")
def test_the_number_is_the_same_in_whatever_order_pieces_come() -> None:
    luck = random.Random(3)
    settled = set()
    for _ in range(200):
        values = [luck.gauss(0, 1) for _ in range(60)]
        study = StudySettings(replications="auto", auto_half_width=0.27, auto_most=60)
        fails_at = luck.choice([None, luck.randrange(60)])
        found = needed(values[:fails_at], 0.27)
        expected = found or (60 if fails_at is None else fails_at)
        for size in (1, 7, 50):
            pieces = [rows_of(values, begin, size, fails_at) for begin in range(0, 60, size)]
            luck.shuffle(pieces)
            decision = Decision(study)
            for rows in pieces:
                decision.take(rows)
            kept = [part for rows in pieces if (part := cut(rows, decision.limit)) is not None]
            failed = found is None and fails_at is not None
            assert decision.count == sum(part.done for part in kept) == expected
            assert decision.precision == (None if failed else "reached" if found else "not reached")
            assert any(part.error for part in kept) == failed
            settled.add(decision.precision)
    assert settled == {None, "reached", "not reached"}


# What people may write


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("study.replications=many", "study.replications='many': auto or a whole number from 1 to 1,000,000 is wanted"),
        ("study.replications=2.5", "study.replications=2.5: auto or a whole number from 1 to 1,000,000 is wanted"),
        ("study.replications=true", "study.replications=True: auto or a whole number from 1 to 1,000,000 is wanted"),
        ("study.replications=0", "study.replications=0: auto or a whole number from 1 to 1,000,000 is wanted"),
        (
            "study.replications=1000001",
            "study.replications=1000001: auto or a whole number from 1 to 1,000,000 is wanted",
        ),
        ("study.auto_half_width=0", "study.auto_half_width=0: must be more than 0"),
        ("study.auto_most=14", "study.auto_most=14: allowed is 15 to 1,000,000"),
        ("study.auto_outcome=npv", "study.auto_outcome='npv' is no outcome; did you mean 'npv_gbp_m'?"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(override: str, sentence: str) -> None:
    for planned in (plan_run, lambda given: plan_sweep([given])):
        with pytest.raises(InputError) as refused:
            planned([override])
        assert sentence in str(refused.value)


def test_a_half_width_that_any_mean_keeps_to_is_refused() -> None:
    asked = ["study.replications=auto", "study.auto_outcome=peak_fatigue"]
    for planned in (plan_run, lambda given: plan_sweep([given])):
        with pytest.raises(InputError, match=r"auto_half_width=5: peak_fatigue lies between 0 and 1, so that every"):
            planned([*asked, "study.auto_half_width=5"])
    assert plan_run([*asked, "study.auto_half_width=0.5"])
    assert plan_run(["study.auto_half_width=5", "study.auto_outcome=peak_fatigue"]), "nothing is automatic"


def test_numbers_are_as_before() -> None:
    study = compose(["study.replications=7"]).study
    assert (study.replications, study.at_most, study.automatic) == (7, 7, False)


def test_cells_in_memory_want_a_number() -> None:
    cells, study, *_ = plan()
    with pytest.raises(InputError, match="here a number is wanted"):
        evaluate(cells, study)
