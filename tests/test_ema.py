"""Tandem inside the real EMA Workbench: the same figures as our own API, one process or several."""

import keyword
import math
import warnings

import numpy as np
import pytest

from sim.core.errors import InputError
from sim.engine.outcomes import OUTCOMES
from sim.plans.declared_lists import evidence_entries, lever_entries
from sim.study.running.study_run import evaluate
from sim.surfaces import api
from sim.surfaces.api import ema

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ema_workbench as workbench

LEVERS = ["levers.hr.od_posts", "levers.hr.od_route", "levers.pace.packages_at_once", "levers.terms.seconded_officer"]
EVIDENCE = ["evidence.time.review"]
ASKED = ["npv_gbp_m", "dissolved", "services_integrated"]


def small():
    return ema.model(LEVERS, EVIDENCE, ASKED, replications=3, seed=5, horizon_months=36, scenario="transform_first")


def by_our_own_api(experiment):
    keys = {ema.identifier(name): ema.key_of(ema.identifier(name)) for name in [*LEVERS, *EVIDENCE]}
    typed = [f"{key}={str(experiment[name]).lower()}" for name, key in keys.items()]
    plan = ["study.replications=3", "study.seed=5", "study.horizon_months=36", "study.trajectories=none"]
    planned = api.plan_run(["scenario=transform_first", "study.reference=transform_first", *plan, *typed])
    runs = evaluate([cell for cell in planned.cells if cell.scenario == "transform_first"][-1:], planned.study)
    return {name: runs[name].mean() for name in ASKED}


@pytest.fixture(scope="module")
def sequential():
    with workbench.SequentialEvaluator(small()) as evaluator:
        return evaluator.perform_experiments(scenarios=2, policies=2)


def test_experiments_give_what_our_own_api_gives(sequential):
    experiments, outcomes = sequential
    assert len(experiments) == 4
    assert len({*zip(*(np.round(outcomes[name], 9) for name in ASKED), strict=True)}) > 1
    for place in (0, 3):
        expected = by_our_own_api(experiments.iloc[place])
        found = {name: outcomes[name][place] for name in ASKED}
        assert found == pytest.approx(expected, nan_ok=True)


def test_several_processes_give_the_same(sequential):
    experiments, outcomes = sequential
    model = small()
    names = [*(lever.name for lever in model.levers), *(each.name for each in model.uncertainties)]
    rows = experiments[names].astype(object).to_dict(orient="records")
    levers = [{lever.name: row[lever.name] for lever in model.levers} for row in rows[::2]]
    known = [{each.name: row[each.name] for each in model.uncertainties} for row in rows[:2]]
    policies = [workbench.Policy(f"policy {n}", **values) for n, values in enumerate(levers)]
    scenarios = [workbench.Scenario(f"scenario {n}", **values) for n, values in enumerate(known)]
    with workbench.MultiprocessingEvaluator(model, n_processes=2) as evaluator:
        again, found = evaluator.perform_experiments(scenarios=scenarios, policies=policies)
    order = again.reset_index().sort_values(["policy", "scenario"])["index"].to_numpy()
    for name in ASKED:
        assert sorted(found[name][order]) == pytest.approx(sorted(outcomes[name]))


def test_every_lever_quantity_and_outcome_can_be_a_parameter():
    levers, evidence, outcomes = ema.lever_parameters(), ema.evidence_parameters(), ema.scalar_outcomes()
    names = [each.name for each in [*levers, *evidence, *outcomes]]
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
    assert len(names) == len(set(names))
    assert len(levers) == sum(entry["type"] not in ("list", "text") for entry in lever_entries())
    assert len(evidence) == sum(entry["low"] < entry["high"] for entry in evidence_entries())
    directions = {each.name: each.kind for each in outcomes}
    better = {"higher": workbench.ScalarOutcome.MAXIMIZE, "lower": workbench.ScalarOutcome.MINIMIZE}
    wrong = [name for name, kind in directions.items() if better.get(OUTCOMES[name].better, 0) != kind]
    assert wrong == [] and "payback_month" not in directions and "never_pays_back" in directions


def test_keys_and_identifiers_go_both_ways():
    for entry in lever_entries():
        assert ema.key_of(ema.identifier(entry["name"])) == entry["name"]
    for entry in evidence_entries():
        assert ema.key_of(ema.identifier(entry["name"])) == f"{entry['name']}.value"


def test_never_is_not_dropped_from_a_mean():
    found = ema.tandem_model("structure_first", replications=12, horizon_months=33)
    assert 0.0 < found["never_pays_back"] < 1.0 and math.isnan(found["payback_month"])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"levers__hr__od_postz": 1}, "od_posts"),
        ({"levers__hr__od_posts": 99}, "0 to 20"),
        ({"evidence__time__revue": 1.0}, "unknown key"),
        ({"nonsense": 1}, "unknown key"),
        ({"scenario": "structure_frist"}, "structure_first"),
    ],
)
def test_odd_parameters_are_refused_in_one_sentence(values, reason):
    with pytest.raises(InputError, match=reason) as refused:
        ema.tandem_model(**{"replications": 1, **values})
    assert "\n" not in str(refused.value)


def test_unknown_names_are_refused():
    with pytest.raises(InputError, match="did you mean"):
        ema.model(["levers.hr.od_postz"])
    with pytest.raises(InputError, match="did you mean"):
        ema.model(outcomes=["npv_gbp"])
