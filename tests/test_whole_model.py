"""Everything the sources describe can be chosen, and happens: every lever matters, every shock leaves its trace."""

from functools import cache
from itertools import pairwise
from statistics import mean, pstdev, pvariance
from typing import Any

import pytest
from programmes import with_evidence

from sim import engine
from sim.agents.shocks import DATED
from sim.core.history import History
from sim.core.inputs.packages import JOINT
from sim.engine import outcomes
from sim.engine.plan import given_by
from sim.engine.settings import DatedShock, Settings
from sim.plans.compose import compose
from sim.plans.declared_lists import lever_entries

REPLICATIONS = range(8)
CALM = ("mechanisms.dissolution=off", "mechanisms.stall=off", "mechanisms.shocks=off", "mechanisms.buy_in=off")
FOUR = "partnership=go_shared_services"
NEEDED = {
    "levers.sequence.order": ("levers.sequence.sequence=explicit",),
    "levers.pace.pause_months": ("levers.pace.pause_when_fatigue_over=0.3",),
    "levers.hr.od_route": ("levers.hr.od_posts=2",),
    "levers.external.start_month": ("levers.external.posts=3",),
    "levers.external.months": ("levers.external.posts=3",),
    "levers.external.embedding": ("levers.external.posts=3", "levers.external.start_month=24"),
    "levers.staffing.timing": ("levers.staffing.voluntary=1", "levers.staffing.open_offer=true"),
    "levers.staffing.open_offer": ("levers.staffing.voluntary=1",),
    "levers.governance.joiner": (FOUR,),
    "levers.governance.joins_month": (FOUR, "levers.governance.joiner=Cotswold"),
    "levers.money.funding_month": ("levers.money.outside_funding_gbp_m=1",),
    "levers.commissioning.workforce_planning": ("levers.commissioning.share=1", "levers.sequence.sequence=parallel"),
}
"""What must be chosen as well for a lever to have anything to act on."""
FAST = ("levers.pace.packages_at_once=12", "levers.pace.months_between_waves=0")
"""A pace beyond what managers can carry; the default pace of the default partnership is within it."""
OTHER = {
    "levers.sequence.arrangements": '["finance: apart"]',
    "levers.sequence.order": '["joint_team: community > joint_team: ict","heads_of_service > joint_team: community"]',
    "levers.pace.rules": '["when fatigue > 0.3 pause for 4 months"]',
    "levers.governance.joiner": '"West Oxfordshire"',
    "levers.pace.agreed_months": "60",
    "levers.pace.pause_when_fatigue_over": "0.3",
    "levers.external.start_month": "30",
    "levers.governance.joins_month": "60",
    "levers.sequence.redesign_after": "0.1",
    "levers.pace.pause_months": "9",
    "levers.money.sharing_rule": "equal",
}


def another(entry: dict[str, Any]) -> str:
    """A value of the lever that is not its default."""
    name, default = entry["name"], entry["default"]
    if name in OTHER:
        return OTHER[name]
    if entry["type"] == "choice":
        return str(next(choice for choice in reversed(entry["choices"]) if choice != default))
    if entry["type"] == "true or false":
        return str(not default).lower()
    middle = (entry["low"] + entry["high"]) / 2
    value = middle if abs(middle - default) > 1e-9 else entry["high"]
    return str(int(value)) if entry["type"] == "whole number" else str(value)


@cache
def histories(*overrides: str) -> tuple[tuple[Any, ...], ...]:
    """What some replications leave behind."""
    settings = compose(["scenario=structure_first", *overrides]).settings
    return tuple(facts(engine.run(settings, replication)) for replication in REPLICATIONS)


def facts(history: History) -> tuple[Any, ...]:
    """All but the decisions themselves."""
    return tuple(history.events), str(history.states), tuple(history.ledger())


@pytest.mark.parametrize("entry", lever_entries(), ids=lambda entry: entry["name"])
def test_every_lever_changes_histories(entry: dict[str, Any]) -> None:
    needed = NEEDED.get(entry["name"], ())
    assert histories(*needed, f"{entry['name']}={another(entry)}") != histories(*needed)


def shocked(kind: str, council: str | None = None, *overrides: str) -> list[History]:
    """Histories with one shock at month 40."""
    base = compose(["scenario=structure_first", "mechanisms.dissolution=off", *overrides]).settings
    settings = base.replaced(shocks=(DatedShock(month=40, kind=kind, council=council),))  # type: ignore[arg-type]
    return [engine.run(settings, replication) for replication in REPLICATIONS]


TRACES = {
    "chief_executive_leaves": "chief executive left",
    "control_changes": "control changed",
    "leader_changes": "leader changed",
    "funding_cut": "grant cut further",
    "emergency": "emergency begins",
    "dispute": "dispute begins",
    "default": "partner defaults",
    "reorganisation": "reorganised",
    "dissolution": "dissolved",
}


@pytest.mark.parametrize(("kind", "trace"), TRACES.items())
def test_a_dated_shock_befalls_the_partnership(kind: str, trace: str) -> None:
    assert any(event.kind == trace and 40 <= event.month <= 41 for history in shocked(kind) for event in history.events)


def test_what_can_happen_again_is_drawn_anew_each_time() -> None:
    """A partner that defaults early is no more likely to default next month: the counts are those of a Poisson law."""
    steady = [*CALM[:2], CALM[3], "mechanisms.trust=off"]
    calm = compose(["scenario=structure_first", *steady]).settings
    settings = with_evidence(calm, {"shocks.default": 0.5})
    counts, gaps = [], []
    for replication in range(40):
        months = [e.month for e in engine.run(settings, replication).events if e.kind == "partner defaults"]
        counts.append(len(months))
        gaps += [later - sooner for sooner, later in pairwise(months)]
    assert 0.4 < pvariance(counts) / mean(counts) < 2.0
    assert 0.75 < pstdev(gaps) / mean(gaps) < 1.25


def test_one_of_four_councils_leaves_and_the_others_go_on() -> None:
    for history in shocked("partner_leaves", "Cotswold", FOUR, "mechanisms.shocks=off"):
        assert [e.entity for e in history.events if e.kind == "partner left"] == ["Cotswold"]
        after = [line for line in history.ledger() if line.month > 60 and line.kind == "saving"]
        assert all(line.pence[1] == 0 for line in after)
        assert any(sum(line.pence) for line in after)


def annual(history: History, cause: str) -> float:
    """Pounds a year that a cause brings or takes in the last month."""
    last = history.horizon - 1
    return sum(sum(line.pence) for line in history.ledger() if (line.month, line.cause) == (last, cause)) * 12 / 100


def test_what_a_leaver_and_a_parting_leave_behind_is_counted_once() -> None:
    """Governance and staffing set their costs anew by who is inside; the ledger must not take them off as well."""
    overrides = ("partnership=dorset_councils", "levers.staffing.redeployment=1", "mechanisms.shocks=off")
    left = shocked("partner_leaves", None, *overrides)
    settings = compose(["scenario=structure_first", *overrides]).settings
    pair = settings.evidence_values["money.coordination_per_pair"]
    gone = [h for h in left if any(e.kind == "partner left" for e in h.events)]
    assert gone
    assert [annual(h, "coordination") for h in gone] == pytest.approx([-pair] * len(gone), abs=1.0)
    parted = [h for h in shocked("dissolution", None, *overrides) if h.ended_by == "dissolved"]
    held = [[e for e in h.ledger() if e.cause == "posts still in place" and sum(e.pence)] for h in parted]
    assert sum(map(bool, held)) > len(parted) / 2
    assert [annual(h, "posts still in place") for h in parted] == pytest.approx([0.0] * len(parted), abs=1.0)


def test_where_the_only_council_in_need_is_outside_size_decides() -> None:
    content = compose(["scenario=structure_first", FOUR, "levers.money.sharing_rule=by_need"]).settings
    councils = [
        council.model_copy(update={"budget_gap_share": 0.2 if council.name == "Cotswold" else 0.0})
        for council in content.partnership.councils
    ]
    place = content.partnership.model_copy(update={"councils": tuple(councils)})
    levers = content.levers.model_copy(
        update={"governance": content.levers.governance.model_copy(update={"joiner": "Cotswold"})}
    )
    history = engine.run(content.replaced(partnership=place, levers=levers), 0)
    assert history.shares[0][1] == 0.0
    assert sum(history.shares[0]) == pytest.approx(1.0)


def test_what_is_put_in_before_a_partner_joins_is_for_those_inside() -> None:
    calm = ("mechanisms.dissolution=off", "mechanisms.shocks=off", "levers.enablers.joint_ict=early")
    late = ("levers.governance.joiner=Cotswold", "levers.governance.joins_month=119")
    whole, fewer = (
        engine.run(compose(["scenario=structure_first", FOUR, *calm, *further]).settings, 0) for further in ((), late)
    )
    assert 0.0 < annual(fewer, "joint ict") < 0.9 * annual(whole, "joint ict")


def test_shocks_on_a_merged_council_and_on_two() -> None:
    asked = ("levers.sequence.extent=merger", "study.horizon_months=180")
    reached = compose(["scenario=structure_first", *asked, *CALM]).settings
    merged = next(h for h in finished(reached, "merger") if h.ended_by == "merged")
    month = next(e.month for e in merged.events if e.kind == "merged")
    for kind in ("default", "dissolution", "reorganisation"):
        shock = DatedShock(month=int(month) + 1, kind=kind, council=None)  # type: ignore[arg-type]
        after = engine.run(reached.replaced(shocks=(shock,)), merged.replication)
        assert after.ended_by == "merged"
        assert not [e for e in after.events if e.kind in ("partner defaults", "dissolved")]
    with pytest.raises(ValueError, match="say dissolution"):
        reached.replaced(shocks=(DatedShock(month=40, kind="partner_leaves"),)).check()


@pytest.mark.parametrize("partnership", ["bromsgrove_redditch", "go_shared_services"])
@pytest.mark.parametrize("kind", ["leader_changes", "emergency", None])
def test_the_whole_model_does_not_depend_on_the_order_of_councils(partnership: str, kind: Any) -> None:
    overrides = [f"partnership={partnership}", "evidence.shocks.emergency.value=0.12"]
    base = compose(["scenario=structure_first", *overrides]).settings
    base = base.replaced(shocks=(DatedShock(month=40, kind=kind, council=None),)) if kind else base
    turned = base.partnership.model_copy(update={"councils": base.partnership.councils[::-1]})
    struck = []
    for replication in range(4):
        ours, theirs = (
            [
                (event.kind, event.entity, event.cause, round(event.month, 6))
                for event in engine.run(given, replication).events
            ]
            for given in (base, base.replaced(partnership=turned))
        )
        assert sorted(ours, key=str) == sorted(theirs, key=str)
        struck += [event for event in ours if (event[2] == DATED if kind else event[0] == "emergency begins")]
    assert struck


def test_a_late_partner_gets_its_part_from_the_day_it_joins() -> None:
    overrides = (FOUR, "levers.governance.joiner=Cotswold", "mechanisms.dissolution=off", "mechanisms.shocks=off")
    settings = compose(["scenario=structure_first", *overrides]).settings
    joined = 0
    for replication in REPLICATIONS:
        history = engine.run(settings, replication)
        month = next((e.month for e in history.events if e.kind == "partner joined"), None)
        early = [line for line in history.ledger() if line.month < (month or 120) and line.kind == "saving"]
        assert all(line.pence[1] == 0 for line in early)
        if month is not None:
            joined += 1
            assert any(line.pence[1] > 0 for line in history.ledger() if line.month > month + 1)
    assert joined >= len(REPLICATIONS) / 2


def finished(settings: Settings, entity: str) -> list[History]:
    """Histories in which a package is finished."""
    runs = [engine.run(settings, replication) for replication in range(16)]
    return [h for h in runs if any(e.kind == "package finished" and e.entity == entity for e in h.events)]


@pytest.mark.parametrize("extent", ["one_employer", "company", "merger"])
def test_the_deepest_steps_are_reached_and_save_something(extent: str) -> None:
    settings = compose(["scenario=structure_first", f"levers.sequence.extent={extent}", *CALM]).settings
    reached = finished(settings, extent)
    assert reached
    cause = extent.replace("_", " ")
    late = [line for line in reached[0].ledger() if (line.kind, line.cause) == ("saving", cause) and line.month > 110]
    assert late
    assert all(sum(line.pence) > 0 for line in late)


def test_commissioned_services_leave_with_their_staff_and_contracts_can_fail() -> None:
    overrides = ("levers.commissioning.share=1", "levers.sequence.sequence=parallel", "mechanisms.dissolution=off")
    settings = compose(["scenario=structure_first", *overrides]).settings
    rows = [outcomes.row(engine.run(settings, replication), settings) for replication in range(16)]
    assert sum(row["services_commissioned"] or 0.0 for row in rows) > 0
    assert sum(row["contracts_failed"] or 0.0 for row in rows) > 0


def test_the_commissioning_scenario_hands_services_and_their_staff_over_within_its_ten_years() -> None:
    settings = compose(["scenario=commissioning"]).settings
    runs = [engine.run(settings, replication) for replication in range(16)]
    let = [outcomes.row(history, settings)["services_commissioned"] or 0.0 for history in runs]
    assert mean(let) >= 1.0
    assert sum(bool(history.of_kind("staff transferred")) for history in runs) >= 4


def test_talks_can_fail_and_then_nothing_is_shared() -> None:
    settings = compose(["scenario=structure_first", "levers.governance.talks_months=12"]).settings
    runs = [engine.run(settings, replication) for replication in range(40)]
    failed = [history for history in runs if history.ended_by == "talks failed"]
    assert 4 <= len(failed) <= 24
    assert all(not any(e.kind == "package released" for e in history.events) for history in failed)


def test_a_programme_that_loses_every_vote_is_not_complete() -> None:
    settings = with_evidence(compose(["scenario=structure_first"]).settings, {"members.vote_line": 5.0})
    history = engine.run(settings, 0)
    assert not history.of_kind("package finished")
    assert [event.cause for event in history.of_kind("programme ended")] == ["given up"]
    row = outcomes.row(history, settings)
    assert (row["duration_ratio"], row["unfinished"], row["packages_dropped"]) == (None, 1.0, len(settings.plan()))


def test_the_largest_saving_first_is_the_largest_saving_and_not_the_largest_service() -> None:
    settings = compose(["scenario=structure_first", "levers.sequence.service_order=largest_saving_first"]).settings
    order = [package.covers[0] for package in settings.plan() if package.kind == JOINT]
    e = settings.evidence_values
    joined, changed = e["money.joint_teams_saving"], e["money.transformation_saving"]

    def saving(name: str) -> float:
        service = settings.services[name]
        multiple = e["money.corporate_multiple"] if service.kind == "corporate" else 1.0
        return service.spend_weight * (joined * multiple + changed)

    assert sorted(order, key=saving, reverse=True) == order
    assert sorted(order, key=lambda name: -settings.services[name].spend_weight) != order


def test_a_review_is_short_after_a_redesign_across_services_too() -> None:
    across = ("scenario=transform_first", "levers.sequence.shape=horizontal", *CALM)
    usual = compose(list(across)).settings
    slower = with_evidence(usual, {"services.review_after_redesign": 1.5})
    joined = [[e for e in engine.run(each, 0).events if e.entity.startswith(JOINT)] for each in (usual, slower)]
    assert joined[0] != joined[1]


def test_results_are_seen_where_they_move_no_buy_in() -> None:
    settings = compose(["scenario=structure_first", "mechanisms.buy_in=off", "mechanisms.dissolution=off"]).settings
    seen = engine.run(settings, 0).column("results")
    assert max(seen) - min(seen) > 0.05


def test_posts_outside_a_partnership_are_neither_cut_nor_saved() -> None:
    late = ("levers.governance.joiner=Cotswold", "levers.governance.joins_month=119", "mechanisms.dissolution=off")
    settings = compose(["scenario=structure_first", FOUR, *late]).settings
    place = [council.name for council in settings.partnership.councils].index("Cotswold")
    for replication in range(4):
        lines = [line for line in engine.run(settings, replication).ledger() if line.month < 119]
        cut = [line for line in lines if "management" in line.cause]
        assert cut and not sum(abs(line.pence[place]) for line in cut)


def test_what_is_promised_for_a_month_does_not_hang_on_how_long_a_study_looks() -> None:
    short, usual = (
        compose(["scenario=structure_first", f"study.horizon_months={months}"]).settings for months in (36, 120)
    )
    ours, theirs = (given_by(settings).promise for settings in (short, usual))
    assert ours.saving[:37] == theirs.saving[:37]
    assert ours.target == theirs.target
    seen = [engine.run(settings, 3) for settings in (short, usual)]
    assert seen[0].states[:37] == seen[1].states[:37]


def test_a_rival_theory_is_another_theory() -> None:
    for rival in ("mechanisms.load=queueing", "mechanisms.trust=symmetric"):
        assert histories(*FAST, rival) != histories(*FAST)
        assert histories(*FAST, rival) != histories(*FAST, f"{rival.split('=')[0]}=off")


def test_wrong_partners_are_refused_by_name() -> None:
    from sim.core.errors import InputError

    with pytest.raises(InputError, match="two councils must share"):
        compose(["scenario=structure_first", "levers.governance.joiner=Redditch"])
    with pytest.raises(InputError, match="the councils are Cheltenham"):
        compose(["scenario=structure_first", FOUR, "levers.governance.joiner=Redditch"])
