"""How load, fatigue, trust, buy-in … respond. Pure functions of numbers: no environment, no yield, no draw.

Soft values lie in [0, 1]. Every strength is an evidence quantity; the forms are argued in docs/model.md.
"""

from collections.abc import Sequence
from math import exp


def bounded(value: float) -> float:
    """The value held inside [0, 1]."""
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


def logistic(value: float) -> float:
    """From 0 to 1 through one half at zero; safe for any finite value."""
    if value < -500.0:
        return 0.0
    return 1.0 / (1.0 + exp(-value))


# --- 1. change load and capacity (M-MG1, M-HR2) ---


def change_capacity(
    packages: float, tired: float, posts: float, posts_needed: float, capability: float, external: float
) -> float:
    """Packages that managers can carry: fewer when tired, thinned or less able; more with help from outside."""
    staffed = posts / posts_needed if posts_needed > 0.0 else 1.0
    carried = packages * (1.0 - tired) * (staffed if staffed < 1.0 else 1.0) * capability + external
    return carried if carried > 0.1 else 0.1


def load_speed_queueing(load: float, best: float) -> float:
    """Rival form: overload only makes work queue, so that throughput stays at its best and never falls."""
    return 1.0 if load <= best else best / load


def load_speed(load: float, best: float, swamped: float) -> float:
    """Speed of each package under a load: full up to the best load, then falling.

    The programme's throughput, load times speed, is an inverted U with its top at the best load; even
    swamped managers get a share of the most they could.
    """
    if load <= best:
        return 1.0
    relative = load / best
    return (1.0 - swamped) * exp(1.0 - relative) + swamped / relative


# --- 2. fatigue (M-ST4; shape S15) ---


def fatigue_target(load: float, uncertainty: float, rounds: float, eased: float) -> float:
    """Where fatigue heads, as it weighs load over the sustainable and uncertainty.

    Load tires more by the factor for later `rounds`; both tire less where people are involved, to the part `eased`.
    """
    return 1.0 - exp(-(load * rounds + uncertainty) * eased)


# --- 3. uncertainty (M-ST3) ---


def uncertainty_target(exposed: float, communication: float, softened: float) -> float:
    """Share of staff not yet settled, weighted by exposure, softened by communication."""
    return exposed * (1.0 - softened * communication)


# --- 4. engagement (M-ST1, M-ST2, M-ST5; S14) ---


def engagement_shift(
    results: float, trust: float, tiredness: float, uncertainty: float, losses: float,
    strengths: tuple[float, float, float, float, float],
) -> float:  # fmt: skip
    """What results and trust (from their middle), tiredness, uncertainty and job losses add to engagement."""
    by_results, by_trust, by_tiredness, by_uncertainty, by_losses = strengths
    raised = by_results * results + by_trust * trust
    return raised - by_tiredness * tiredness - by_uncertainty * uncertainty - by_losses * losses


# --- 5. HR and OD (M-HR1, M-HR2) ---


def officer_speed(staff: float, day_job: float, pool: int, integration: float) -> float:
    """Speed of each officer assigned to change, once the day job of the whole function is done."""
    if pool <= 0:
        return 0.0
    free, least = staff - day_job, 0.1 * staff
    each = (free if free > least else least) / pool
    return (each if each < 1.0 else 1.0) * integration


def od_speed(posts: float, pool: int, capability: float, starved: float) -> float:
    """Speed of each OD officer: part-time posts, capability, and work pulled away by a queue at HR."""
    return posts / pool * (0.5 + capability) * (1.0 - starved) if pool > 0 else 0.0


# --- 6. rework (P-7, M-HR4) ---


def error_share(
    base: float, fatigue: float, haste: float, knowledge_lost: float, learning: float, involvement: float, od: float,
    strengths: tuple[float, float, float, float, float],
) -> float:  # fmt: skip
    """Share of a stage's work that leaves it wrong and undiscovered, at most six tenths."""
    by_fatigue, by_haste, by_knowledge, eased, by_od = strengths
    raised = base + by_fatigue * fatigue + by_haste * haste + by_knowledge * knowledge_lost
    return min(max(raised * learning * (1.0 - eased * involvement) * (1.0 - by_od * od), 0.0), 0.6)


# --- learning from review to review (M-LR1) ---


def learning_factor(finished: int, strength: float) -> float:
    """Work left to do in the next package when `finished` like it have taught their lessons."""
    return float((1.0 + finished) ** -strength)


# --- 8. early wins and momentum (M-MB2; S16) ---


def perceived_results(delivered: float, expected: float, sensitivity: float) -> float:
    """How results look against expectation, as shares of the target saving: one half is as expected."""
    return logistic(sensitivity * (delivered - expected))


# --- 9. trust (M-TR1, M-TR2; shape S17) ---


def trust_responses(
    levels: Sequence[float], lived: Sequence[float], damages: Sequence[float],
    shape: tuple[float, float, float, float, float],
) -> tuple[list[float], list[float], list[float]]:  # fmt: skip
    """For each relationship: where trust heads, the share of the distance one pulse leaves, and the damage remembered.

    Trust follows what was lately lived through, under a ceiling that remembered damage lowers; it is lost
    faster than built, and every fall adds to the damage.
    """
    build, erode, fades, kept, caps = shape
    aims: list[float] = []
    keeps: list[float] = []
    remembered: list[float] = []
    for level, experience, damage in zip(levels, lived, damages):
        ceiling = 1.0 - caps * damage
        aim = experience if experience < ceiling else ceiling
        aims.append(aim)
        if aim < level:
            keeps.append(erode)
            remembered.append(fades * damage + kept * (level - aim))
        else:
            keeps.append(build)
            remembered.append(fades * damage)
    return aims, keeps, remembered


# --- 11. member buy-in (M-MB1 to M-MB8) ---


def vote_chance(support: float, line: float, spread: float) -> float:
    """Chance that a council's vote is won, given support and the line at which it would be even."""
    return logistic((support - line) / spread)


def politics_cost(most: float, trust: float) -> float:
    """What differing politics take from leaders' buy-in: at most `most` without trust, little with it (P-17)."""
    return most * (1.0 - trust)


# --- 10. fairness (M-MB5) ---


def felt_unfairness(benefit_missing: float, losses_above: float, shown: float) -> float:
    """Unfairness from benefit missing and job losses above one's part, until it is faced openly."""
    return bounded((benefit_missing + losses_above) * (1.0 - shown))


# --- 12. culture (M-CU1) ---


def culture_aim(at_first: float, vision: float, mixed: float, od: float) -> float:
    """Where a culture gap heads: what joint vision, mixed teams and OD do not close; structure alone closes nothing."""
    closed = vision + mixed + od
    return at_first * (1.0 - (closed if closed < 0.9 else 0.9))


# --- 13. coordination (S12) ---


def coordination_burden(per_pair: float, pairs: float, entangled: float, streamlined: float) -> float:
    """Burden of serving several councils, at most one: more pairs, more joined, less streamlined."""
    return min(1.0, per_pair * pairs * (1.0 + entangled) * (1.0 - streamlined))


# --- commissioning (M-CO2) ---


def contract_failure(base: float, thin: float, years: float) -> float:
    """Rate a year at which a contract fails: it rises over five years as skills thin (M-CO2)."""
    return base * (1.0 + thin * min(years / 5.0, 1.0))


# --- 14. money (M-FN1) ---


def leakage(
    base: float, fatigue: float, engagement: float, overload: float, strengths: tuple[float, float, float]
) -> float:
    """Share of a potential saving that is not realised when capacity or engagement is poor, at most nine tenths."""
    by_fatigue, by_engagement, by_overload = strengths
    lost = base + by_fatigue * fatigue + by_engagement * (1.0 - engagement) + by_overload * overload
    return min(max(lost, 0.0), 0.9)


# --- 15. hazards (S19) ---


def hazard(base: float, strain: float) -> float:
    """Rate a year: the base rate times the exponential of the strain on it."""
    return base * exp(strain if strain < 5.0 else 5.0)
