"""P-32: how far endings are foretold at month 24, by an indicator fitted on some plans and judged on others."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from math import exp, inf, sqrt

import numpy as np
import pytest

from sim.analysis.indicators.joint_model import foretold
from sim.analysis.indicators.prediction_scores import Cases
from sim.assurance.reach.lived import DECIDED, measured
from sim.assurance.reach.people_rows import FORETELL
from sim.core.luck import Luck
from sim.engine import run_all
from sim.plans.compose import compose

Shows = Callable[[str, object], None]
PLANS, EACH, FRESH = 100, 40, 5000
"""Plans drawn, histories of each, and the first replication number, which no other test has used."""
VARIED = {
    "levers.members.leader_engagement": (0.2, 1.0),
    "levers.members.backbench_engagement": (0.0, 0.9),
    "levers.staff.involvement": (0.0, 1.0),
    "levers.governance.agreement": (0.0, 1.0),
    "levers.money.openness": (0.0, 1.0),
    "levers.structure.management_posts_cut": (0.1, 0.7),
}
SCENARIOS = ("structure_first", "transform_first", "parallel")


def plan_of(number: int) -> list[str]:
    """Plan `number`: a shipped sequence, with its levers of members, staff, agreement and structure drawn."""
    luck = Luck(32, number)
    chosen = {key: low + (high - low) * luck.uniform("plan", key) for key, (low, high) in VARIED.items()}
    return [f"scenario={SCENARIOS[number % len(SCENARIOS)]}", *(f"{key}={value:.3f}" for key, value in chosen.items())]


def piece(number: int) -> list[tuple[list[float], float]]:
    """For each history of one plan that lasts beyond month 24: its states then, and whether it parts later."""
    settings = compose(plan_of(number)).settings
    found = []
    for history in run_all(settings, range(FRESH + number * EACH, FRESH + (number + 1) * EACH)):
        assert not isinstance(history, Exception), history
        row = measured(history, settings)
        if min(row["parted_month"], 12.0 * row["years"]) > DECIDED:
            states = [*(row[f"{name}_m{DECIDED}"] for name in FORETELL), row["hostile"]]
            found.append((states, float(row["parted_month"] < inf)))
    return found


def tenths(plans: int) -> tuple[int, int, int]:
    """Endings in the worst and the best tenth of the histories judged, and the size of a tenth."""
    with ProcessPoolExecutor(2) as crew:
        pieces = list(crew.map(piece, range(plans)))
    judged = np.array([number % 2 == 1 for number, rows in enumerate(pieces) for _ in rows])
    rows = [row for rows in pieces for row in rows]
    happens = np.array([ends for _, ends in rows])
    cases = Cases(np.zeros(len(rows), dtype=np.int64), np.arange(len(rows)), happens)
    order = np.argsort(foretold(np.array([states for states, _ in rows]), cases, ~judged, judged), kind="stable")
    own, tenth = happens[judged][order], len(order) // 10
    return int(own[-tenth:].sum()), int(own[:tenth].sum()), tenth


def ratio_of(worst: int, best: int, tenth: int) -> tuple[float, float, float]:
    """Ratio of two shares with its 95% interval on a logarithmic scale, half an ending added to each."""
    a, b, n = worst + 0.5, best + 0.5, tenth + 0.5
    half = 1.96 * sqrt(1.0 / a + 1.0 / b - 2.0 / n)
    return a / b, a / b * exp(-half), a / b * exp(half)


@pytest.mark.slow
@pytest.mark.check("P-32")
def test_p32_endings_are_foretold_on_plans_that_the_indicator_has_not_seen(record_property: Shows) -> None:
    worst, best, tenth = tenths(PLANS)
    ratio, low, high = ratio_of(worst, best, tenth)
    record_property("reached", f"{worst} of {tenth} against {best}: {ratio:.1f} times ({low:.1f} to {high:.1f})")
    assert low > 2.0, (worst, best, tenth)
