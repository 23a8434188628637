"""Every mechanism at points worked out by hand: inside, at its limits, and beyond them."""

from collections.abc import Callable
from math import exp
from typing import Any

import pytest

from sim.core import mechanisms as m

pytestmark = pytest.mark.check("Mutation")
E = exp(1.0)
LOGISTIC_1 = E / (1 + E)
AT: list[tuple[Callable[..., Any], tuple[Any, ...], float]] = [
    (m.bounded, (-0.1,), 0.0),
    (m.bounded, (0.3,), 0.3),
    (m.bounded, (1.5,), 1.0),
    (m.logistic, (0.0,), 0.5),
    (m.logistic, (1.0,), LOGISTIC_1),
    (m.logistic, (-1.0,), 1 - LOGISTIC_1),
    (m.logistic, (-500.5,), 0.0),
    (m.logistic, (-1e308,), 0.0),
    (m.logistic, (1e308,), 1.0),
    # ten packages, less a fifth for tiredness, three quarters of posts, at nine tenths; one and a half from outside
    (m.change_capacity, (10.0, 0.2, 6.0, 8.0, 0.9, 1.5), 6.9),
    (m.change_capacity, (10.0, 0.2, 12.0, 8.0, 0.9, 1.5), 8.7),
    (m.change_capacity, (10.0, 0.2, 6.0, 0.0, 0.9, 1.5), 8.7),
    (m.change_capacity, (10.0, 0.2, 0.25, 0.5, 0.9, 1.5), 5.1),
    (m.change_capacity, (0.11, 0.0, 1.0, 1.0, 1.0, 0.0), 0.11),
    (m.change_capacity, (0.05, 0.0, 1.0, 1.0, 1.0, 0.0), 0.1),
    (m.load_speed_queueing, (0.8, 0.9, 0.3), 1.0),
    (m.load_speed_queueing, (1.8, 0.9, 0.3), 0.5),
    (m.load_speed, (0.8, 0.9, 0.3), 1.0),
    # at twice the best load: seven tenths of 1/e, and half of three tenths
    (m.load_speed, (1.8, 0.9, 0.3), 0.7 / E + 0.15),
    # load 0.5 × 0.8 × 1.25, uncertainty 0.6 × 0.5: (0.5 + 0.3) × 1.2 × 0.8, above a rest of 0.1
    (m.fatigue_aim, (0.1, 0.5, 0.8, 1.25, 0.6, 0.5, 1.2, 0.8), 1.1 - exp(-0.768)),
    (m.fatigue_aim, (0.1, 0.5, 0.0, 1.25, 0.6, 0.0, 1.2, 0.8), 0.1),
    (m.fatigue_keep, (0.6, 0.5, 0.7, 1.0, 9.0, 2.0), 0.7),
    (m.fatigue_keep, (0.4, 0.5, 0.7, 1.0, 9.0, 2.0), exp(-1 / 18)),
    (m.uncertainty_aim, (0.6, 0.2, 0.5, 0.5, 0.4), 0.56),
    # start 0.5 and lift 0.1; results 0.3 × 0.2, trust 0.4 × −0.1, fatigue 0.25 × 0.5, uncertainty, losses
    (m.engagement_aim, (0.5, 0.1, 0.3, 0.7, 0.4, 0.4, 0.25, 0.7, 0.2, 0.2, 0.3, 0.6, 0.1), 0.375),
    # six of ten officers are free, over eight in the pool
    (m.officer_speed, (8.0, 4.0, 0.5, 4.0, 8, 0.9), 0.675),
    (m.officer_speed, (8.0, 2.0, 1.0, 3.0, 4, 0.9), 0.9),
    (m.officer_speed, (10.0, 3.0, 0.0, 9.8, 4, 0.9), 0.225),
    (m.officer_speed, (1.0, 0.0, 1.0, 0.4, 1, 0.9), 0.54),
    (m.od_speed, (3.0, 4, 0.3, 0.2), 0.48),
    (m.od_speed, (0.5, 1, 0.3, 0.2), 0.32),
    # 0.05 + 0.08 + 0.03 + 0.06, then 0.8, 1 - 0.2 and 1 - 0.15 of it
    (m.error_share, (0.05, 0.2, 0.4, 0.1, 0.3, 0.3, 0.2, 0.8, 0.4, 0.5, 0.25, 0.6), 0.11968),
    (m.error_share, (5.0, 0.2, 0.4, 0.1, 0.3, 0.3, 0.2, 0.8, 0.4, 0.5, 0.25, 0.6), 0.6),
    (m.error_share, (-0.9, 0.2, 0.4, 0.1, 0.3, 0.3, 0.2, 0.8, 0.4, 0.5, 0.25, 0.6), 0.0),
    (m.learning_factor, (3, 0.5), 0.5),
    (m.learning_factor, (0, 0.5), 1.0),
    (m.perceived_results, (0.6, 0.4, 0.0, 0.3, 5.0), LOGISTIC_1),
    (m.perceived_results, (0.6, 0.4, 0.5, 0.2, 5.0), LOGISTIC_1),
    (m.ahead_of, (0.4, 10.0, 20.0), 0.1),
    (m.ahead_of, (0.4, 0.0, 0.0), 0.0),
    (m.vote_chance, (0.6, 0.5, 0.1), LOGISTIC_1),
    (m.unlikeness, (0.5, 1.0, 0.0), 0.5),
    (m.unlikeness, (0.5, 1.0, 1.0), 0.0),
    (m.unlikeness, (0.5, 0.0, 0.0), 1.0),
    # missing 0.6 × 0.5; 12 of 20 lost at half of all staff: 2 above one's part, of 20
    (m.felt_unfairness, (0.6, 0.5, 2.0, 12.0, 20.0, 0.5, 4.0, 0.4), 0.3),
    (m.felt_unfairness, (0.6, 0.5, 2.0, 2.0, 2.0, 0.5, 4.0, 0.4), 0.48),
    (m.felt_unfairness, (0.6, 0.5, 2.0, 2.0, 20.0, 0.5, 4.0, 0.0), 0.3),
    (m.felt_unfairness, (0.9, 1.0, 9.0, 20.0, 20.0, 0.5, 4.0, 0.0), 1.0),
    (m.culture_aim, (0.5, 0.2, 0.2, 0.5, 0.5, 0.6), 0.2),
    (m.culture_aim, (0.5, 0.1, 0.2, 0.5, 0.5, 0.2), 0.35),
    (m.culture_aim, (0.5, 0.5, 0.5, 1.0, 1.0, 0.5), 0.05),
    (m.coordination_burden, (0.1, 3.0, 0.5, 1.0, 0.2, 1.0), 0.36),
    (m.coordination_burden, (0.5, 6.0, 0.5, 1.0, 0.2, 1.0), 1.0),
    (m.coordination_burden, (0.5, 6.0, 0.5, 1.0, 0.2, 0.0), 0.0),
    (m.contract_failure, (0.04, 0.5, 2.5), 0.05),
    (m.contract_failure, (0.04, 0.5, 10.0), 0.06),
    (m.leakage, (0.1, 0.2, 0.4, 0.5, 0.7, 0.1, 0.3), 0.36),
    (m.leakage, (2.0, 0.2, 0.4, 0.5, 0.7, 0.1, 0.3), 0.9),
    (m.leakage, (-0.8, 0.2, 0.4, 0.5, 0.7, 0.1, 0.3), 0.0),
    (m.load_of, (3.0, 2.0, 0.5, 1.0, 4.0), 1.25),
    (m.managers_able, (0.8, 0.9, 0.5, 0.7, 0.0, 1.0), 0.252),
    (m.managers_able, (0.8, 0.9, 0.5, 0.7, 1.0, 1.0), 0.36),
    (m.attention_asked, (0.7, 0.3, 0.5, 0.4, 0.5, 300.0, 150.0), 2.4),
    (m.attention_asked, (0.7, 0.3, 0.5, 0.4, 0.5, 100.0, 150.0), 1.9),
    (m.time_taken, (0.1, 2.0, 1.5), 0.3),
    (m.time_taken, (0.2, 4.0, 2.0), 0.7),
    (m.time_kept, (0.28, 0.1, 0.2, 0.5), 0.72),
    (m.managers_unsettled, (0.8, 0.5, 0.5), 0.6),
    (m.travel_load, (0.3, 1.0, 1.0), 0.3),
    (m.travel_load, (0.3, 1.0, 0.0), 0.0),
    (m.held_up, (6.0, 0.75), 1.5),
    (m.scarcest, (1.0, 2.0, 0.0, 0.5), 2.0),
    (m.scarcest, (1.0, 0.0, 3.0, 0.5), 3.0),
    (m.scarcest, (1.0, 1.0, 0.0, 0.5), 1.0),
    (m.scarcest, (0.4, 0.0, 0.0, 0.5), 0.0),
    (m.pace_of_work, (0.2, 0.5, 0.3, 2.0, 4.0, 0.25, 1.0, 0.8, 0.2, 0.5), 0.75),
    (m.pace_of_work, (0.2, 0.0, 0.3, 0.0, 4.0, 0.25, 0.0, 1.0, 0.2, 1.0), 1.1),
    (m.later_rounds, (0.5, 2.0, 0.8), 1.8),
    (m.with_diminishing_returns, (0.5,), 0.75),
    (m.errors_left, (0.2, 0.1, 1.0, 0.5, 1.0), 0.27),
    (m.support_for_dismissal, (0.7, 0.5, 0.35), 0.25),
    (m.hurt_of_doubt, (0.5, 0.7, 0.6, 0.4, 0.1), 0.25),
    (m.in_company, (0.5, 0.4, 0.6, 0.5), 0.54),
    (m.newcomers_view, (0.35, 0.25, 1.0), 0.6),
    (m.newcomers_view, (0.35, 0.25, -2.0), 0.0),
    (m.with_county, (2.0, 0.1, 1.0), 2.2),
    (m.day_job_of, (6.0, 0.1, 14.0, 4.0, 2.0, 1.0), 9.0),
    (m.day_job_of, (6.0, 0.1, 3.0, 4.0, 2.0, 0.0), 6.0),
    (m.hr_joining, (1.0, 0.0, 0.3, 0.2, 0.0, 0.1), 0.63),
    (m.hr_joining, (1.0, 1.0, 0.3, 0.2, 1.0, 0.1), 1.2),
    (m.leaving_factor, (1.0, 0.5, 0.25, 0.4, 0.5, 0.5, 0.6, 0.2), 1.16),
    (m.expected_results, (12.0, 0.45, 0.9, 0.4, 24.0), 0.45),
    (m.expected_results, (36.0, 0.45, 0.9, 0.4, 24.0), 0.63),
    (m.revision_aim, (0.2, 0.6), 0.3),
    (m.revision_aim, (1.4, 0.6), 0.7),
    (m.as_revised, (0.6, 0.3), 0.2),
    (m.dates_in_force, (0.6, 0.2, 1.0), 0.6),
    (m.dates_in_force, (0.6, 0.2, 0.0), 0.2),
    (m.share_finished, (3.0, 12.0), 0.25),
    (m.share_finished, (3.0, 0.0), 0.0),
    (m.trust_lived, (0.6, 0.1, 0.5, 0.4, 0.7, 0.5, 0.2), 0.5),
    (m.leaders_aim, (0.5, 0.1, 0.05, 0.2, 0.75, 0.4, 0.25, 0.4, 0.5, 0.05), 0.5),
    (m.backbench_aim, (0.5, 0.1, 0.05, 0.2, 0.75, 0.5, 0.3, 0.5, 0.4, 2.0, 0.01, 0.4, 0.25, 0.02), 0.5),
    (m.identity_threat, (0.4, 0.5, 1.5, 0.25, 0.8, 0.5, 0.25, 0.1), 2.25),
    (m.identity_threat, (0.4, 0.5, 1.0, 0.0, 0.8, 0.5, 0.75, 0.0), 0.8),
    (m.support_of, (0.75, 0.6, 0.4, 0.5, 0.2, 1.5), 0.4),
    (m.backbench_after_election, (0.6, 0.5, 0.4, 0.3, 0.2, 0.5), 0.56),
    (m.stage_months, (6.0, 1.5, 0.8, 0.9, 0.25, 0.4), 8.8),
    (m.policy_work, (0.5, 0.2, 0.4, 0.1), 0.99),
    (m.attention_of_service, (4.0, 0.5), 2.0),
    (m.prize_left, (0.1, 0.4), 0.75),
    (m.prize_left, (0.5, 0.4), 0.0),
    (m.boldness_of, (1.5, 1.2, 0.1, 1.0, 0.2, 0.1, 0.5, 0.3, 0.0, 0.0), 2.376),
    (m.merger_saving, (100.0, 0.4, 0.5, 0.1, 0.05, 0.01), 5.5),
    (m.weak_or_worn_ties, (0.2, 0.25, 0.4, 0.5), 0.2),
    (m.case_for_leaving, (1.0, 0.4, 0.3, 1.0, 0.4, 0.5, 0.2, 0.5, 0.4, 0.2, 1.0, 0.1, 0.5, 0.2), 0.87),
    (m.motion_hazard, (0.4, 0.3, 0.3, 0.1), 0.2),
    (m.support_for_staying, (0.6, 0.4, 0.1), 0.4),
    (m.notice_months, (6.0, 12.0, 0.5), 9.0),
    (m.settled, (0.6, 1.0, 0.5), 0.3),
    (m.settled, (0.6, 0.0, 0.5), 0.15),
    (m.disputed, (2.0, 0.5, 1.0), 3.0),
    (m.disputed, (2.0, 0.5, 0.0), 2.0),
    (m.default_hazard, (0.02, 0.5, 0.5, 1.0), 0.01),
    (m.talks_failure, (0.3, 1.0, 0.6, 1.5, 0.2, 0.1, 0.3, 1.0), 0.35),
    (m.stall_pressure, (2.0, 0.25, 1.0, 0.6, 1.0, 0.4), 0.7),
    (m.flagging_so_far, (3.0, 4.0, 1.0, 1.0), 4.0),
    (m.flagging_so_far, (0.2, -0.5, 1.0, 1.0), 0.0),
    (m.flagging_so_far, (3.0, 0.5, 1.0, 0.0), 0.0),
    (m.stage_of_stalling, (10.0, 10.0, 1.0), 3.0),
    (m.stage_of_stalling, (5.0, 10.0, 0.0), 2.0),
    (m.stage_of_stalling, (5.0, 10.0, 1.0), 0.0),
    (m.stage_of_stalling, (3.0, 10.0, 1.0), 1.0),
    (m.called_in, (0.05, 0.6), 0.04),
    (m.standing_lost, (0.04, 0.1, 0.2), 0.02),
    (m.standing_lost, (0.04, 0.3, 0.2), 0.0),
    (m.view_of_control, (0.4, 0.5, 0.6, 0.5), 0.45),
    (m.view_of_leader, (0.6, 0.4, 1.0), 0.8),
    (
        m.quality_aim,
        (0.5, 0.2, 0.5, 0.1, 0.6, 0.5, 0.1, 0.2, 0.05, 2.0, 0.1, 0.4, 0.2, 0.3, 0.1, 0.2, 0.5, 0.4, 0.05),
        0.4,
    ),
    (m.thin_management, (0.5, 2.0, 10.0, 0.4), 0.2),
    (m.thin_management, (0.5, 7.0, 10.0, 0.4), 0.0),
    (m.failing_strain, (10.0, 0.35, 0.15), 2.0),
    (m.called_away, (0.3, 0.15, 0.1), 0.55),
    (m.called_away, (0.6, 0.45, 0.1), 0.9),
    (m.suited_to_vacancies, (0.6, 0.5, 0.25), 0.6),
    (m.exit_payment, (0.6, 36_000.0, 0.5), 10_800.0),
    (m.drawing_early, (0.5, 0.3, 0.2), 0.35),
    (m.pension_strain, (0.8, 36_000.0, 0.25), 7_200.0),
    (m.gap_at, (0.1, 12.0, 48.0, 0.03), 0.055),
    (m.own_option, (2.0, 6.0, 24.0), 0.5),
    (m.closes, (1.0, 2.0), 1.0),
    (m.closes, (-1.0, 2.0), 0.0),
    (m.left_to_cut, (3.0, 1.0), 2.0),
    (m.left_to_cut, (3.0, 4.0), 0.0),
    (m.funded_posts, (0.6, 1e6, 36.0, 50_000.0), 4.0),
    (m.funded_boldness, (0.2, 1e6, 50e6, 0.04), 0.1),
    (m.office_carries, (0.5, 0.4, 2.0), 0.9),
]


@pytest.mark.parametrize(("mechanism", "given", "expected"), AT, ids=lambda value: getattr(value, "__name__", None))
def test_a_mechanism_at_a_point(mechanism: Callable[..., float], given: tuple[Any, ...], expected: float) -> None:
    assert mechanism(*given) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_the_logistic_is_never_quite_nothing_before_it_is_cut() -> None:
    assert m.logistic(-500.5) == 0.0
    assert 0.0 < m.logistic(-500.0) < 1e-200
    assert 0.0 < m.logistic(-499.5) < 1e-200


def test_throughput_is_an_inverted_u_with_its_top_at_the_best_load() -> None:
    loads = [0.1 * step for step in range(1, 60)]
    throughput = [load * m.load_speed(load, 0.9, 0.3) for load in loads]
    assert loads[throughput.index(max(throughput))] == pytest.approx(0.9)
    assert throughput == sorted(throughput[:9]) + sorted(throughput[9:], reverse=True)
    queueing = [load * m.load_speed_queueing(load, 0.9, 0.3) for load in loads]
    assert queueing == pytest.approx([min(load, 0.9) for load in loads])


FADES, REMEMBERED, CAPS = 0.95, 0.5, 0.8
"""What one pulse leaves of damage, the part of a fall that is kept in mind, and how far damage caps trust."""


@pytest.mark.parametrize(
    ("level", "lived", "damage", "aim", "keep", "remembered"),
    [
        # built: the experience is better, and the ceiling of 1 - 0.8 × 0.25 is higher still
        (0.4, 0.6, 0.25, 0.6, 0.9, 0.2375),
        # built, up to the ceiling
        (0.4, 0.9, 0.5, 0.6, 0.9, 0.475),
        # lost: half of the fall of 0.5 is remembered
        (0.9, 0.4, 0.2, 0.4, 0.6, 0.44),
        # where nothing changes nothing is lost
        (0.5, 0.5, 0.2, 0.5, 0.9, 0.19),
    ],
)
def test_trust_is_built_slowly_lost_fast_and_capped_by_damage(
    level: float, lived: float, damage: float, aim: float, keep: float, remembered: float
) -> None:
    heads_for = m.trust_aim(lived, 0.0, level, level, 0.0, CAPS, damage)
    assert heads_for == pytest.approx(aim, abs=1e-12)
    assert m.trust_keep(heads_for, level, 0.9, 0.6) == keep
    assert m.trust_damage(damage, FADES, REMEMBERED, heads_for, level) == pytest.approx(remembered, abs=1e-12)
