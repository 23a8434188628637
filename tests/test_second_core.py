"""Q-V6: random programmes, played by the simulator and by a second core of its own, leave the same facts."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from programmes import programme, with_evidence
from second_core import Fact, Schedule, Terms

from sim import engine
from sim.core.history import History
from sim.core.inputs.packages import Package
from sim.core.inputs.partnership import Service
from sim.core.luck import Luck
from sim.engine.settings import Settings

SEED = 6
NAMES = ("planning", "housing", "hr", "finance", "parks", "benefits", "licensing", "museums")
CORPORATE = ("hr", "finance")
KINDS = (
    "package released", "stage started", "stage finished", "waiting for HR", "HR arrived", "waiting for OD",
    "OD arrived", "package finished",
)  # fmt: skip
CONSTANT = {
    "od.capability_per_post": 0.0,
    "external.capability_lent": 0.0,
    "hr.integration_dip": 0.0,
    "hr.integration_gain": 0.0,
    "managers.strength_spread": 0.0,
}
"""So that officers and managers keep one speed from first to last."""
INTEGRATION = {"explicit": ("with",), "pilot_then_scale": ("first", "with")}
"""Where HR cannot come at any time without a circle in the plan."""
WORK = {
    "review": "time.review",
    "consultation": "hr.months_per_review",
    "matching": "hr.months_per_matching",
    "preparation": "time.principle",
    "design": "time.design",
    "redesign": "od.months_per_redesign",
    "bedding_in": "time.bedding_in",
}
APRIL_2013 = 39
"""Months from the start of these programmes until 45 days of consultation replaced 90."""
IMPLEMENTATION = {
    "redesign": "time.embed",
    "joint_team": "time.implementation",
    "quick_wins": "time.quick_wins",
}


def random_programme(base: Settings, number: int) -> Settings:
    """A programme of one to eight services under random plans, pace, officers and calendar; luck decides lengths."""
    random = Random(f"programme {number}")
    names = random.sample(NAMES, random.randint(1, len(NAMES)))
    services = {
        name: Service(
            title=name, kind="corporate" if name in CORPORATE else "customer", staff_weight=1.0, spend_weight=1.0
        )
        for name in names
    }
    evidence = {
        "time.committee_cycle": random.choice([1.5, 2.0, 2.5, random.uniform(1.5, 3.0)]),
        "time.spread": random.uniform(0.1, 0.5),
        "hr.free_for_change": random.uniform(0.15, 0.5),
        "od.posts_in_place": random.choice([0.0, 0.5, 1.0, 2.0]),
        "money.joint_teams_saving": random.choice([0.03, 0.1, 0.3]),
        "time.consultation_few": random.choice([0.5, 1.0, 4.0]),
        "time.principle": random.uniform(0.5, 4.0),
    }
    levers = base.levers.model_dump()
    levers["sequence"] |= _sequence(random, names)
    levers["structure"] |= {
        "tiers": random.choice(["together", "one_by_one"]),
        "service_managers": random.random() < 0.5,
    }
    levers["pace"] |= {
        "months_between_waves": random.choice([0.0, 1.0, 3.0, random.uniform(0.0, 8.0)]),
        "packages_at_once": random.randint(1, 10),
    }
    levers["hr"] |= {
        "integrate": random.choice(INTEGRATION.get(levers["sequence"]["sequence"], ("first", "with", "last"))),
        "hr_posts": random.choice([0.0, 0.5, 1.0, 3.0]),
        "od_posts": random.choice([0.0, 0.5, 1.0, 3.0]),
    }
    horizon = random.choice([60, 96, 150])
    return with_evidence(base, evidence, services=services, levers=levers, horizon_months=horizon)


def _sequence(random: Random, names: list[str]) -> dict[str, object]:
    sequence = random.choice(["structure_first", "transform_first", "parallel", "pilot_then_scale", "explicit"])
    extents = ["chief_executive", "management_team", "heads_of_service", "corporate_services", *["most_services"] * 6]
    rules: list[str] = []
    extent = random.choice(extents)
    if sequence == "explicit" and extent == "most_services":
        order = [f"{kind}: {name}" for name in names for kind in ("joint_team", "redesign")]
        random.shuffle(order)
        pairs = [sorted(random.sample(range(len(order)), 2)) for _ in range(random.randint(0, 6))]
        rules = [f"{order[a]} > {order[b]}" for a, b in pairs]
    return {
        "sequence": sequence,
        "extent": extent,
        "service_order": random.choice(["corporate_first", "customer_first", "largest_saving_first"]),
        "redesign_after": random.choice([0.0, 0.5, 1.0]),
        "order": tuple(rules),
        "joining": "service_by_service" if rules else random.choice(["service_by_service", "single_restructure"]),
        "quick_wins": random.random() < 0.5,
    }


def drawn(settings: Settings, replication: int) -> Callable[[str, Package], float]:
    """Months of work in each stage of each package, as luck has it at the address that the simulator uses."""
    luck, e = Luck(SEED, replication), settings.evidence_values

    def months(stage: str, package: Package) -> float:
        if stage == "appointment":
            usual = max(e[f"time.{package.name}"] - e["time.committee_cycle"], 0.5)
        elif stage == "implementation":
            usual = e[IMPLEMENTATION[package.kind]]
        else:
            usual = e[WORK[stage]]
        return usual * luck.lognormal(e["time.spread"], stage, package.name)

    return months


def posts_behind(settings: Settings, replication: int) -> Callable[[Package], float]:
    """Posts that are expected to go by a package: the pay behind a saving on what its services cost."""
    luck, e = Luck(SEED, replication), settings.evidence_values
    weights = {
        name: service.spend_weight * luck.lognormal(e["services.size_spread"], "service cost", name)
        for name, service in settings.services.items()
    }
    spent = settings.partnership.expenditure_gbp_m * 1e6 / sum(weights.values())

    def posts(package: Package) -> float:
        multiples = [
            weights[name] * (e["money.corporate_multiple"] if name in CORPORATE else 1.0) for name in package.covers
        ]
        saving = e["money.joint_teams_saving"] * spent * sum(multiples)
        return saving * e["money.pay_share_of_saving"] / e["money.officer_post"]

    return posts


def terms(settings: Settings, replication: int) -> Terms:
    """The programme as the second core is told of it; whole officers, each as fast as the posts behind them allow."""
    e, levers = settings.evidence_values, settings.levers
    councils = settings.partnership.councils
    staff = sum(max(e["hr.fewest_staff"], c.headcount / e["hr.staff_per_officer"]) for c in councils)
    hr_posts = e["hr.free_for_change"] * staff + levers.hr.hr_posts
    od_posts = max(e["od.posts_in_place"] + levers.hr.od_posts, e["od.improvised_posts"])
    hr_officers, od_officers = max(1, round(hr_posts)), -int(-od_posts // 1)
    return Terms(
        plan=settings.plan(),
        work=drawn(settings, replication),
        hr_officers=hr_officers,
        hr_speed=min(1.0, hr_posts / hr_officers),
        od_officers=od_officers,
        od_speed=od_posts / od_officers * (0.5 + e["od.capability_start"]),
        posts=posts_behind(settings, replication),
        few=e["time.consultation_few"],
        new_law=APRIL_2013,
        appointing=e["hr.months_per_tier"],
        committee_cycle=e["time.committee_cycle"],
        months_between_waves=levers.pace.months_between_waves,
        packages_at_once=levers.pace.packages_at_once,
        review_after_redesign=e["services.review_after_redesign"],
        redesign_apart=e["services.redesign_apart"],
        restructure_longer=e["services.restructure_longer"],
        restructure_breadth=e["services.restructure_breadth"],
        horizon=settings.horizon_months,
    )


def facts(history: History) -> list[Fact]:
    """The facts of the core that the simulator recorded."""
    return [
        (event.month, event.entity, event.kind, event.cause if event.kind.startswith("stage") else "")
        for event in history.events
        if event.kind in KINDS
    ]


def by_package(log: list[Fact]) -> dict[str, list[Fact]]:
    """The facts of each package, in order."""
    found: dict[str, list[Fact]] = {}
    for fact in log:
        found.setdefault(fact[1], []).append(fact)
    return found


def differences(ours: list[Fact], theirs: list[Fact]) -> list[str]:
    """Where two logs part: another fact, another order within a package, or a month that is not the same to 1e-9."""
    a, b = by_package(ours), by_package(theirs)
    found = [f"{name}: only in one" for name in a.keys() ^ b.keys()]
    for name in a.keys() & b.keys():
        pairs = list(zip(a[name], b[name]))
        found += [f"{x} is {y}" for x, y in pairs if x[1:] != y[1:] or abs(x[0] - y[0]) > 1e-9][:1]
        found += [f"{name}: {len(a[name])} facts and {len(b[name])}"] if len(a[name]) != len(b[name]) else []
    released = [[fact[1] for fact in log if fact[2] == "package released"] for log in (ours, theirs)]
    return found if released[0] == released[1] else [*found, "another order of release"]


def check(numbers: range, record_property: Any) -> None:
    """Both cores agree on all of these programmes."""
    base = with_evidence(programme(luck=True), CONSTANT)
    for number in numbers:
        settings = random_programme(base, number)
        ours = facts(engine.run(settings, number, SEED))
        assert len(ours) >= 3
        assert not differences(ours, Schedule(terms(settings, number)).run()), number
    count = f"{len(numbers):,}"
    record_property("reached", f"{count} of {count} programmes leave the same facts")
    record_property("n", len(numbers))


@pytest.mark.check("Q-V6")
def test_a_second_core_leaves_the_same_facts(record_property: Any) -> None:
    check(range(60), record_property)


@pytest.mark.slow
@pytest.mark.check("Q-V6")
def test_a_second_core_leaves_the_same_facts_a_thousand_times(record_property: Any) -> None:
    check(range(1_000), record_property)
