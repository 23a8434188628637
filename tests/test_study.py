"""Which cells run, and how their replications are cut into tasks."""

from types import SimpleNamespace
from typing import Any

import pytest

from sim.core.errors import InputError
from sim.plans.compose import cell_id, compose
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell, plan_run
from sim.study.design.sweeping import plan_sweep
from sim.study.running.tasks import chunk, tasks

PACE = "levers.pace.months_between_waves"


def scenarios(cells: list[Cell]) -> list[str]:
    return [cell.scenario for cell in cells]


def waves(cells: list[Cell]) -> list[Any]:
    return [cell.settings.model_dump()["levers"]["pace"]["months_between_waves"] for cell in cells]


def usual_pace() -> int:
    settings = compose(["scenario=structure_first"]).settings
    return int(settings.model_dump()["levers"]["pace"]["months_between_waves"])


def other_pace() -> int:
    return usual_pace() + 1


# Which cells run


def test_no_scenario_runs_those_of_the_study() -> None:
    cells, study, reference, *_ = plan_run([])
    assert scenarios(cells) == list(study.scenarios) == ["structure_first", "transform_first"]
    assert reference == cells[0].id


def test_no_scenario_takes_every_override_in_every_cell() -> None:
    cells, _, _, *_ = plan_run([f"{PACE}={other_pace()}", "study.scenarios=[parallel,hr_first]"])
    assert scenarios(cells) == ["parallel", "hr_first"]
    assert waves(cells) == [other_pace()] * 2


def test_one_scenario_brings_the_reference_without_its_levers() -> None:
    cells, _, reference, *_ = plan_run(["scenario=transform_first", f"{PACE}={other_pace()}"])
    assert scenarios(cells) == ["structure_first", "transform_first"]
    assert waves(cells) == [usual_pace(), other_pace()]
    assert reference == cells[0].id
    assert cells[0].varied[PACE] == usual_pace()
    assert cells[1].varied[PACE] == other_pace()


def test_other_overrides_reach_the_reference_too() -> None:
    entry = plan_run([])[0][0].settings.model_dump()["evidence"]
    topic = next(iter(entry))
    quantity = next(name for name, fact in entry[topic].items() if fact["low"] < fact["high"])
    key = f"evidence.{topic}.{quantity}.value"
    cells, study, _, *_ = plan_run(
        ["scenario=transform_first", f"{key}={entry[topic][quantity]['low']}", "study.horizon_months=60"]
    )
    values = [cell.settings.model_dump()["evidence"][topic][quantity]["value"] for cell in cells]
    assert values == [entry[topic][quantity]["low"]] * 2
    assert [cell.settings.horizon_months for cell in cells] == [60, 60]
    assert study.horizon_months == 60


def test_the_reference_alone_where_both_are_the_same() -> None:
    assert scenarios(plan_run(["scenario=structure_first"])[0]) == ["structure_first"]
    cells, _, reference, *_ = plan_run(["scenario=structure_first", f"{PACE}={usual_pace()}"])
    assert [cell.id for cell in cells] == [reference]


def test_a_changed_reference_scenario_meets_the_unchanged() -> None:
    cells, _, reference, *_ = plan_run(["scenario=structure_first", f"{PACE}={other_pace()}"])
    assert waves(cells) == [usual_pace(), other_pace()]
    assert reference == cells[0].id
    assert len({cell.label for cell in cells}) == 2


def test_the_reference_can_be_chosen() -> None:
    cells, _, reference, *_ = plan_run(["scenario=hr_first", "study.reference=parallel"])
    assert scenarios(cells) == ["parallel", "hr_first"]
    assert reference == cells[0].id


def test_named_scenarios_run_alone_and_take_the_levers() -> None:
    cells, _, reference, *_ = plan_run(["scenario=parallel,structure_first", f"{PACE}={other_pace()}"])
    assert scenarios(cells) == ["parallel", "structure_first"]
    assert waves(cells) == [other_pace()] * 2
    assert reference == cells[1].id
    assert plan_run(["scenario=parallel,hr_first"])[2] == plan_run(["scenario=parallel,hr_first"])[0][0].id


def test_a_scenario_named_twice_runs_once() -> None:
    assert scenarios(plan_run(["scenario=parallel,parallel"])[0]) == ["parallel"]


@pytest.mark.parametrize(
    "overrides",
    [
        ["scenario=[structure_first,parallel]"],
        ["scenario=structure_first", "scenario=parallel"],
        ["scenario=structure_first,"],
        ["scenario=structure_first,nowhere"],
        ["scenario={a: 1}"],
        ["study.reference=nowhere", "scenario=parallel"],
        ["study.scenarios=[structure_first,nowhere]"],
        [f"{PACE}=[1,2]"],
    ],
)
def test_what_cannot_be_meant_is_refused(overrides: list[str]) -> None:
    with pytest.raises(InputError):
        plan_run(overrides)


def test_a_list_of_scenarios_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(InputError, match="write scenario=structure_first,parallel"):
        plan_run(["scenario=[structure_first,parallel]"])


def test_a_sweep_adds_no_reference_and_merges_equal_cells() -> None:
    rows = [["scenario=parallel", f"{PACE}={months}"] for months in (usual_pace(), other_pace(), other_pace())]
    cells, _, reference, *_ = plan_sweep(rows)
    assert scenarios(cells) == ["parallel", "parallel"]
    assert reference == cells[0].id
    assert len({cell.label for cell in cells}) == 2


def test_a_sweep_compares_with_the_study_s_reference_where_it_has_it() -> None:
    rows = [
        [f"scenario={name}", f"{PACE}={months}"]
        for name in ("parallel", "structure_first")
        for months in (other_pace(), usual_pace())
    ]
    cells, _, reference, *_ = plan_sweep(rows)
    assert reference == cell_id(compose(["scenario=structure_first"]).settings) == cells[3].id


def test_a_sweep_without_a_scenario_runs_those_of_the_study() -> None:
    cells, _, _, *_ = plan_sweep([[f"{PACE}={months}"] for months in (usual_pace(), other_pace())])
    assert scenarios(cells) == ["structure_first", "transform_first"] * 2


def test_a_sweep_has_one_seed_and_at_least_one_cell() -> None:
    with pytest.raises(InputError, match=r"study\.seed must be the same"):
        plan_sweep([["study.seed=1"], ["study.seed=2"]])
    with pytest.raises(InputError, match="no cells"):
        plan_sweep([])


def test_ids_follow_content_not_seed_and_labels_read_well() -> None:
    first, second, *_ = plan_run([])[0], plan_run(["study.seed=9", "study.replications=3", "study.workers=1"])[0]
    assert [cell.id for cell in first] == [cell.id for cell in second]
    assert [cell.label for cell in first] == [cell.settings.scenario.title for cell in first]


# How the work is cut


def pieces(cells: int, replications: int, workers: int) -> list[list[tuple[int, int, int]]]:
    fake: Any = [SimpleNamespace(base=None, values=dict, id=str(n)) for n in range(cells)]
    study = StudySettings(replications=replications, trajectories="none")
    found = tasks(fake, study, chunk(cells, replications, workers))
    return [[(p.cell, p.first, p.asked) for p in task.pieces] for task in found]


@pytest.mark.parametrize("cells", [1, 2, 7])
@pytest.mark.parametrize("replications", [1, 10, 49, 50, 130, 200])
@pytest.mark.parametrize("workers", [1, 2, 8])
def test_every_replication_is_in_one_piece(cells: int, replications: int, workers: int) -> None:
    found = pieces(cells, replications, workers)
    seen = [(cell, n) for task in found for cell, first, size in task for n in range(first, first + size)]
    assert sorted(seen) == [(cell, n) for cell in range(cells) for n in range(replications)]
    sizes = [sum(size for _, _, size in task) for task in found]
    if cells * replications >= 50 * workers:
        assert min(sizes[:-1], default=50) >= 50
    else:
        assert len(found) >= min(workers, cells * replications) / 2


@pytest.mark.parametrize(("cells", "size"), [(1_000, 50), (2_000, 100), (10_000, 250), (100_000, 250)])
def test_a_large_study_has_larger_tasks(cells: int, size: int) -> None:
    assert chunk(cells, 10, 2) == size


def test_small_cells_share_a_task() -> None:
    assert [len(task) for task in pieces(20, 10, 2)] == [5, 5, 5, 5]
