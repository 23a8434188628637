"""P-19 and P-24, which are about many programmes at once: drawn plans and drawn evidence, one history each."""

from collections.abc import Callable
from math import sqrt
from statistics import mean

import pytest

from patterns.running import drawn, pool, some_rows
from sim.core.luck import Luck

QUICK, SLOW = 160, 600
Shows = Callable[[str, object], None]
PLANS = {
    "levers.pace.packages_at_once": (2, 12),
    "levers.pace.months_between_waves": (0, 8),
    "levers.staff.involvement": (0.0, 1.0),
}
BREADTH = ("savings_only", "better_services")
SHOWCASED = 0.043
"""Recurrent saving as a share of service expenditure in C-2: £2.3m of £53.2m."""


def drawn_plan(number: int) -> tuple[dict[str, float], tuple[str, ...]]:
    """What plan `number` asks for, as numbers and as overrides."""
    luck = Luck(24, number)
    chosen = {key: low + (high - low) * luck.uniform("plan", key) for key, (low, high) in PLANS.items()}
    chosen["levers.pace.packages_at_once"] = round(chosen["levers.pace.packages_at_once"])
    broad = luck.uniform("plan", "aims") < 0.5
    told = tuple(f"{key}={value}" for key, value in chosen.items())
    chosen["breadth"] = float(broad)
    return chosen, ("scenario=structure_first", f"levers.money.aims={BREADTH[broad]}", *told)


def correlation(xs: list[float], ys: list[float]) -> float:
    """Pearson's."""
    mx, my = mean(xs), mean(ys)
    spread = sqrt(sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys))
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def foretellers(n: int) -> dict[str, float]:
    """How each choice goes with success over plans that do not part: services better and people with it."""
    plans = [drawn_plan(number) for number in range(n)]
    results = pool().map(
        some_rows, [(overrides, number, 1) for number, (_, overrides) in enumerate(plans)], chunksize=8
    )
    kept = [(chosen, row) for (chosen, _), (row,) in zip(plans, results, strict=True) if not row["dissolved"]]
    success = [row["service_quality_end"] + row["engagement_change_y3"] for _, row in kept]
    named = {key.rpartition(".")[2]: [chosen[key] for chosen, _ in kept] for key in (*PLANS, "breadth")}
    named["extent"] = [row["shared_roles_share"] for _, row in kept]
    return {name: correlation(values, success) for name, values in named.items()}


@pytest.mark.slow
@pytest.mark.check("P-24")
def test_p24_breadth_and_involvement_foretell_success_better_than_speed(record_property: Shows) -> None:
    found = foretellers(QUICK)
    record_property("reached", told(found, QUICK))
    speed = max(abs(found["packages_at_once"]), abs(found["months_between_waves"]))
    assert found["involvement"] > speed, found
    assert found["breadth"] > 0.0, found


def told(found: dict[str, float], n: int) -> str:
    """Correlations in words."""
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in found.items()) + f" (n = {n})"


@pytest.mark.slow
@pytest.mark.check("P-24")
def test_p24_on_many_plans_breadth_and_involvement_foretell_better_than_extent_and_speed(
    record_property: Shows,
) -> None:
    found = foretellers(SLOW)
    record_property("reached", told(found, SLOW))
    weak = max(abs(found["packages_at_once"]), abs(found["months_between_waves"]))
    assert min(found["involvement"], found["breadth"]) > weak, found


@pytest.mark.check("P-19")
@pytest.mark.xfail(reason="falls short: 3.4% ± 0.5% of the 3.2% that is three quarters of C-2, n = 160", strict=True)
def test_p19_over_the_plausible_range_the_mean_saving_is_far_below_the_showcased_cases(
    record_property: Shows,
) -> None:
    jobs = [(("scenario=structure_first", *drawn(number)), number, 1) for number in range(QUICK)]
    rows = [row for part in pool().map(some_rows, jobs, chunksize=8) for row in part]
    shares = [row["recurrent_saving_y10_gbp_m"] / 53.2 for row in rows]
    middle = mean(shares)
    half = 1.96 * sqrt(sum((share - middle) ** 2 for share in shares) / (len(shares) - 1) / len(shares))
    effect = f"{middle:.1%} ± {half:.1%} of service expenditure saved in year ten, {SHOWCASED:.1%} in C-2"
    record_property("reached", effect)
    record_property("n", len(shares))
    assert middle + half < 0.75 * SHOWCASED, effect
