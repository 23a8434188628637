"""Impossible plans are named before they run: circles, no capacity for needed work, no way to win a vote (Q-B4)."""

import json
from pathlib import Path
from typing import Any

import pytest
from answers import tree
from ways_in import HEADER

from sim.core.errors import InputError
from sim.core.mechanisms import vote_chance
from sim.engine import Simulation
from sim.plans.compose import compose
from sim.plans.strict import Library
from sim.study.design.cells import plan_run

pytestmark = pytest.mark.check("Q-B4")

COMMUNITY, LEISURE, ICT = "joint_team: community", "joint_team: leisure_parks", "joint_team: ict"
CIRCLES = (
    [f"{COMMUNITY} > {LEISURE}", f"{LEISURE} > {COMMUNITY}"],
    [f"{COMMUNITY} > {LEISURE}", f"{LEISURE} > {ICT}", f"{ICT} > {COMMUNITY}"],
    [f"{COMMUNITY} > {COMMUNITY}"],
    [f"{COMMUNITY} > chief_executive"],
    ["redesign: community > joint_team: community"],
)
NOTHING = {
    "evidence.hr.fewest_staff.value": 0,
    "evidence.hr.staff_per_officer.value": 1e9,
    "evidence.od.improvised_posts.value": 0,
    "evidence.time.committee_cycle.value": 0,
    "evidence.members.vote_line.value": 1.0,
    "evidence.members.vote_spread.value": 0,
    "levers.pace.packages_at_once": 0,
    "partnership.councils": [],
}
"""Settings that would leave no officer, no meeting, no vote, no package at a time or no council."""


@pytest.mark.parametrize("order", CIRCLES)
def test_a_circle_is_named_package_by_package(order: list[str], tmp_path: Path, monkeypatch: Any) -> None:
    """Typed, and in a file with its line; nothing has been written then."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenario").mkdir()
    rules = "".join(f"      - {json.dumps(rule)}\n" for rule in order)
    own = f"{HEADER}scenario: {{title: X}}\nlevers:\n  sequence:\n    order:\n{rules}"
    (tmp_path / "scenario" / "own.yaml").write_text(own)
    before = tree(tmp_path)
    for given, library in ((f"levers.sequence.order={json.dumps(order)}", None), ("scenario=own", Library([tmp_path]))):
        with pytest.raises(InputError, match=r"levers\.sequence\.order: order goes in a circle") as caught:
            plan_run([given], library)
        circle = str(caught.value).partition("circle: ")[2].split(" > ")
        assert circle[0] == circle[-1] and set(circle) & set(" > ".join(order).split(" > "))
        assert library is None or "own.yaml, line 5" in str(caught.value)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("key", "value"), NOTHING.items(), ids=list(NOTHING))
def test_no_capacity_and_no_vote_is_refused_with_its_range(key: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        plan_run([f"{key}={json.dumps(value)}"])
    said = str(caught.value)
    assert said.startswith(key.removesuffix(".value"))
    assert any(words in said for words in ("outside its range", "allowed is", "may not be empty"))


def test_the_poorest_plan_that_is_allowed_still_has_officers_and_votes_it_can_win(record_property: Any) -> None:
    """Every capacity and every vote at the worst end of its range at once."""
    poorest = (
        "evidence.hr.fewest_staff.value=1.0", "evidence.hr.staff_per_officer.value=180.0",
        "evidence.od.posts_in_place.value=0.0", "evidence.od.improvised_posts.value=0.05",
        "evidence.members.vote_line.value=0.42", "evidence.members.vote_spread.value=0.02",
    )  # fmt: skip
    settings = compose(poorest).settings
    world = Simulation(settings, 0, 1).world
    members = settings.evidence["members"]
    chance = vote_chance(1.0, members["vote_line"].value, members["vote_spread"].value)
    record_property(
        "reached",
        f"{len(CIRCLES)} circles and {len(NOTHING)} settings without capacity or vote refused before the run; the "
        f"poorest plan allowed has {world.hr.capacity} HR officers",
    )
    assert world.hr.capacity >= 1 and world.od.capacity >= 1 and chance > 0.5
