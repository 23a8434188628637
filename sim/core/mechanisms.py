"""How load, fatigue, trust, buy-in … respond: every formula of the monthly pulse, each written once.

Pure functions of plain numbers for one history: no environment, no waiting, no draw. Agents apply them to lanes
(`sim.core.lanes.each`), and the Glass box prints them from here. Soft values lie in [0, 1]; switches and masks are 0
or 1. Every strength is an evidence quantity; the forms are argued in docs/model.md.
"""

from math import exp

LEAST_CAPACITY = 0.1
"""Packages that managers can carry however tired, few or distracted they are."""
MOST_STRAIN = 5.0
"""Beyond this a hazard grows no further: some 150 times its base rate."""
MOST_ERRORS, MOST_LEAKAGE, MOST_CLOSED = 0.6, 0.9, 0.9
"""Bounds of the share of work left wrong, of a saving lost, and of a culture gap that can be closed."""


def bounded(value: float) -> float:
    """The value held inside [0, 1]."""
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


def logistic(value: float) -> float:
    """From 0 to 1 through one half at zero; safe for any finite value."""
    return 0.0 if value < -500.0 else 1.0 / (1.0 + exp(-value))


def share_kept(months: float, time_constant: float) -> float:
    """Share of a distance that is left after so many months, at a time constant."""
    return exp(-months / time_constant)


# --- 1. change load and capacity (M-MG1, M-HR2) ---


def managers_able(
    capability: float, time_kept: float, emergency: float, leaderless: float, at_risk: float,
    chief_executive: float, tier_shared: float, tier_in_hand: float,
) -> float:  # fmt: skip
    """Managers' capability that is left for change: less in an emergency, without a chief executive, or at risk."""
    able = capability * time_kept * (1.0 - emergency)
    led = able * leaderless if tier_shared and not chief_executive else able
    return led * (1.0 - at_risk) if tier_in_hand else led


def posts_needed(posts_at_first: float, eased: float, joined: float) -> float:
    """Director and head-of-service posts that the services need: fewer as teams are joined."""
    return posts_at_first * (1.0 - eased * joined)


def people_load(time_for_people: float, served: float, travel: float, running: float, shared: float) -> float:
    """Load of attending to members, staff and distance while the programme runs, in packages."""
    return (time_for_people * served + (travel if shared else 0.0)) * running


def help_from_outside(consultants: float, carried_by_each: float, office: float, running: float) -> float:
    """Packages that consultants and programme posts carry in managers' place."""
    return (consultants * carried_by_each + office) * running


def change_capacity(packages: float, tired: float, posts: float, needed: float, able: float, helped: float) -> float:
    """Packages that managers can carry: fewer when tired, thinned or less able; more with help from outside."""
    staffed = posts / needed if needed > 0.0 and posts < needed else 1.0
    carried = packages * (1.0 - tired) * staffed * able + helped
    return carried if carried > LEAST_CAPACITY else LEAST_CAPACITY


def load_of(in_hand: float, burden: float, coordination: float, for_people: float, capacity: float) -> float:
    """Load on managers: work in hand, coordination and people, over what they can carry."""
    return (in_hand + burden * coordination + for_people) / capacity


def overload_of(load: float, sustainable: float) -> float:
    """Load beyond what can be sustained."""
    return load - sustainable if load > sustainable else 0.0


def midway_load(load: float, before: float) -> float:
    """The load half a pulse on, if it goes on as since the last pulse."""
    ahead = 1.5 * load - 0.5 * before
    return ahead if ahead > 0.0 else 0.0


def load_speed_queueing(load: float, best: float, swamped: float) -> float:
    """Rival form: overload only makes work queue, so that throughput stays at its best and never falls."""
    return 1.0 if load <= best else best / load


def load_speed(load: float, best: float, swamped: float) -> float:
    """Speed of each package under a load: full up to the best load, then falling.

    The programme's throughput, load times speed, is an inverted U with its top at the best load; even
    swamped managers get a share of the most they could.
    """
    relative = load / best
    return 1.0 if load <= best else (1.0 - swamped) * exp(1.0 - relative) + swamped / relative


def pace_of_work(
    rushed: float, haste: float, sped_up: float, consultants: float, in_hand: float, dispute_slows: float,
    in_dispute: float,
) -> float:  # fmt: skip
    """Speed of managers' work before load: faster under pressure and with consultants, slower in a dispute."""
    each = consultants / in_hand if in_hand > consultants else 1.0
    helped = sped_up * each if consultants and in_hand else 0.0
    pace = 1.0 + rushed * haste + helped
    return pace * (1.0 - dispute_slows) if in_dispute else pace


def capability_aim(start: float, practised: float, ended: float, planned: float, taught: float) -> float:
    """Where managers' capability for change heads: practice by packages that have ended, and what was taught."""
    return start + (practised * ended / planned if planned else 0.0) + taught


def taught_by_spending(by_spend: float, spend: float, usual: float) -> float:
    """What spending on development adds to capability against the usual; it saturates."""
    return 3.0 * by_spend * (spend - usual) / (spend + usual)


# --- the agreed timeframe (D-TIMEFRAME) ---


def behind_of(planned: float, ended: float, packages: float) -> float:
    """Share of packages that should have ended by now and have not."""
    late = planned - ended / packages if packages else 0.0
    return late if late > 0.0 else 0.0


def haste_of(held: float, hurry: float, behind: float, running: float) -> float:
    """How far pressure of an agreed timeframe that is held hurries people, 0 to 1."""
    pressed = hurry * behind
    return held * running * (pressed if pressed < 1.0 else 1.0)


# --- 2. fatigue (M-ST4; shape S15) ---


def later_rounds(by_round: float, joined: float, transformed: float) -> float:
    """How much more load tires as more has been changed already."""
    return 1.0 + by_round * (joined + transformed)


def eased_by_involvement(eases: float, involvement: float) -> float:
    """Part of tiring that involvement leaves."""
    return 1.0 - eases * involvement


def fatigue_aim(
    rest: float, by_load: float, overload: float, tough: float, by_uncertainty: float, uncertainty: float,
    rounds: float, eased: float,
) -> float:  # fmt: skip
    """Where fatigue heads: load over the sustainable, more in later rounds, and uncertainty; less where involved."""
    strain = by_load * (overload * tough) * rounds + by_uncertainty * uncertainty
    return rest + 1.0 - exp(-strain * eased)


def fatigue_keep(aim: float, level: float, building: float, pulse: float, recovery: float, depth: float) -> float:
    """Share of its distance that fatigue keeps for a pulse: it wears off the more slowly the deeper it is."""
    return building if aim >= level else exp(-pulse / recovery / (1.0 + depth * level))


def recovery_months(usual: float, freshening: float, faster: float) -> float:
    """Months in which tiredness wears off; fewer while the programme is freshened up."""
    return usual / (1.0 + faster * freshening)


# --- 3. uncertainty (M-ST3) ---


def exposed_share(unsettled: float, fresh: float, fades: float) -> float:
    """Share of staff announced and not settled, each weighted from 0 toward 1 by the time since the announcement."""
    return unsettled - fresh * fades


def uncertainty_aim(exposed: float, communication: float, softens: float) -> float:
    """Share of staff not yet settled, weighted by exposure, softened by communication."""
    return exposed * (1.0 - softens * communication)


# --- 4. engagement (M-ST1, M-ST2, M-ST5; S14) ---


def engagement_while_running(
    by_involvement: float, involvement: float, by_security: float, secure: float, by_development: float,
    spend: float, usual_spend: float, by_purpose: float, purpose: float,
) -> float:  # fmt: skip
    """What lifts engagement while the programme runs: involvement, security, development, wider aims."""
    trained = 3.0 * (spend - usual_spend) / (spend + usual_spend)
    return by_involvement * involvement + by_security * secure + by_development * trained + by_purpose * purpose


def launch_left(launch: float, now: float, fades: float) -> float:
    """Excitement of the launch that is left."""
    return launch * exp(-now / fades)


def engagement_lift(
    by_sharing: float, them_and_us: float, gap: float, joined: float, by_commissioning: float, commissioned: float,
    by_buildings: float, buildings: float, launch: float, planned: float, involved: float, running: float,
    by_strain: float, strain: float,
) -> float:  # fmt: skip
    """What shared roles, launch and involvement add everywhere, less them-and-us, transfers, moves and disputes."""
    shared = (by_sharing - them_and_us * gap) * joined - by_commissioning * commissioned - by_buildings * buildings
    return shared + launch * planned + involved * running - by_strain * strain


def engagement_aim(
    start: float, lift: float, by_results: float, results: float, by_trust: float, trust: float, by_fatigue: float,
    fatigue: float, rest: float, by_uncertainty: float, uncertainty: float, by_losses: float, losses: float,
) -> float:  # fmt: skip
    """Where engagement heads: results and trust raise it, tiredness, uncertainty and job losses lower it."""
    raised = by_results * (results - 0.5) + by_trust * (trust - 0.5)
    lowered = by_fatigue * (fatigue - rest) + by_uncertainty * uncertainty + by_losses * losses
    return start + lift + raised - lowered


# --- 5. HR and OD (M-HR1, M-HR2) ---


def consultants_present(posts: float, running: float, now: float, start: float, months: float) -> float:
    """Consultants and interims who are here now: from their agreed month, for as long as agreed."""
    return posts * running if start <= now < start + months else 0.0


def hr_officers(free_share: float, staff: float, added: float, running: float) -> int:
    """Whole HR officers assigned to change: those free of the day job, and those added while the programme runs."""
    return max(1, round(free_share * staff + added * running))


def od_posts_of(in_place: float, added: float, running: float, consultants: float, improvised: float) -> float:
    """OD posts: in place, added while the programme runs, half of all consultants; at least what is improvised."""
    posts = in_place + added * running + consultants / 2.0
    return posts if posts > improvised else improvised


def day_job_of(
    usual: float, each_leaver: float, leavers: float, usual_leavers: float, by_dispute: float, in_dispute: float
) -> float:
    """Officer months that HR's day job takes: more when more people leave than usual, and in a dispute."""
    more = leavers - usual_leavers
    return usual + (each_leaver * more if more > 0.0 else 0.0) + by_dispute * in_dispute


def hr_joining(begun: float, finished: float, dip: float, gain: float, one_payroll: float, separate: float) -> float:
    """Factor on HR's speed: slower without one payroll and while HR itself is joined, faster afterwards."""
    speed = 1.0 if one_payroll else 1.0 - separate
    return speed * (1.0 + gain if finished else 1.0 - dip if begun else 1.0)


def officer_speed(staff: float, added: float, running: float, day_job: float, pool: int, joining: float) -> float:
    """Speed of each officer assigned to change, once the day job of the whole function is done."""
    whole = staff + added * running
    free = whole - day_job if whole - day_job > 0.1 * whole else 0.1 * whole
    return (free / pool if free < pool else 1.0) * joining


def starved_share(pulled: float, queue: float, officers: int) -> float:
    """Share of OD's work that a queue at HR pulls away."""
    return pulled * (queue / officers if queue < officers else 1.0)


def od_speed(posts: float, officers: int, capability: float, starved: float) -> float:
    """Speed of each OD officer: part-time posts, capability, and work pulled away by a queue at HR."""
    return posts / officers * (0.5 + capability) * (1.0 - starved)


def lent_capability(lent: float, consultants: float, embedded: float) -> float:
    """OD capability that three or more consultants lend, or that earlier ones have left behind."""
    now = lent * (consultants / 3.0 if consultants < 3.0 else 1.0)
    return now if now > embedded else embedded


def od_capability_aim(
    start: float, by_posts: float, added: float, running: float, lent: float, practice: float, redesigns: float,
    starves: float, overload: float,
) -> float:  # fmt: skip
    """Where OD capability heads: posts bring it, consultants lend it, redesigns teach it; overload starves it."""
    built = start + by_posts * added * running + lent + practice * redesigns
    return built - starves * (overload if overload < 1.0 else 1.0)


def policy_work(loose: float, common: float, usual: float, eased: float) -> float:
    """HR work in each change against the usual: more where policy is loose, less under one HR strategy."""
    return (1.0 + loose * (usual - common)) * (1.0 - eased)


# --- 6. rework (P-7, M-HR4) ---


def error_share(
    base: float, by_fatigue: float, fatigue: float, by_haste: float, haste: float, by_knowledge: float,
    knowledge_lost: float, learning: float, eases: float, involvement: float, by_od: float, od: float,
) -> float:  # fmt: skip
    """Share of a stage's work that leaves it wrong and undiscovered, at most six tenths."""
    raised = base + by_fatigue * fatigue + by_haste * haste + by_knowledge * knowledge_lost
    share = raised * learning * (1.0 - eases * involvement) * (1.0 - by_od * od)
    return 0.0 if share < 0.0 else MOST_ERRORS if share > MOST_ERRORS else share


def integration_debt(
    hr_apart: float, without_hr: float, ict_apart: float, without_ict: float, terms_apart: float,
    with_own_terms: float, by_gap: float, gap: float,
) -> float:  # fmt: skip
    """Errors from what is missing or apart: HR and ICT not joined, terms and cultures that differ (M-HR5)."""
    return hr_apart * without_hr + ict_apart * without_ict + terms_apart * with_own_terms + by_gap * gap


# --- learning from review to review (M-LR1) ---


def learning_factor(finished: int, strength: float) -> float:
    """Work left to do in the next package when `finished` like it have taught their lessons."""
    return float((1.0 + finished) ** -strength)


# --- 7. leavers and knowledge (M-ST7; S6) ---


def leaving_factor(
    by_fatigue: float, fatigue: float, rest: float, by_uncertainty: float, uncertainty: float, stays: float,
    engagement: float, at_first: float,
) -> float:  # fmt: skip
    """How many times the usual number leave: the tired and unsettled more, the engaged less; at least a fifth."""
    stay = 1.0 - stays * (engagement - at_first)
    driven = 1.0 + by_fatigue * (fatigue - rest) + by_uncertainty * uncertainty
    return driven * (stay if stay > 0.2 else 0.2)


def knowledge_aim(each_leaver: float, excess: float) -> float:
    """Where lost knowledge heads, by how far leaving exceeds the usual."""
    return each_leaver * excess


# --- 8. early wins and momentum (M-MB2; S16) ---


def expected_results(now: float, promised: float, prudence: float, need_weight: float, need_months: float) -> float:
    """What members look for, as a share of the target: part what was promised for now, part what budgets need."""
    needed = now / need_months if now < need_months else 1.0
    return prudence * ((1.0 - need_weight) * promised + need_weight * needed)


def perceived_results(delivered: float, expected: float, sensitivity: float) -> float:
    """How results look against expectation, as shares of the target saving: one half is as expected."""
    return logistic(sensitivity * (bounded(delivered) - expected))


# --- 9. trust (M-TR1, M-TR2; shape S17) ---


def ability_of(start: float, by_results: float, results: float) -> float:
    """Ability as it is felt: results raise it."""
    return start + by_results * (results - 0.5)


def trust_lived(
    benevolence: float, hurt: float, ability: float, integrity: float, kept: float, by_lateness: float, behind: float
) -> float:
    """What a relationship lives through: mean of ability, benevolence less what hurt it, integrity, predictability."""
    return 0.25 * (benevolence - hurt + ability + integrity + kept - by_lateness * behind)


def trust_aim(lived: float, caps: float, damage: float) -> float:
    """Where trust heads: what was lived through, under a ceiling that remembered damage lowers."""
    ceiling = 1.0 - caps * damage
    return lived if lived < ceiling else ceiling


def trust_keep(aim: float, level: float, building: float, eroding: float) -> float:
    """Share of its distance that trust keeps for a pulse: it is lost faster than built."""
    return eroding if aim < level else building


def trust_damage(damage: float, fades: float, remembered: float, aim: float, level: float) -> float:
    """Damage remembered: it fades, and every fall adds to it."""
    return fades * damage + (remembered * (level - aim) if aim < level else 0.0)


def hurt_of_losses(by_losses: float, losses: float) -> float:
    """Benevolence lost where posts were lost."""
    return by_losses * losses


def worst_of(strength: float, one: float, other: float) -> float:
    """What the worse of two levels takes away."""
    return strength * (one if one > other else other)


# --- 10. fairness (M-MB5) ---


def felt_unfairness(
    missing: float, joined: float, by_losses: float, lost: float, all_lost: float, size: float, noticed: float,
    shown: float,
) -> float:  # fmt: skip
    """Unfairness from benefit missing and job losses above one's part, until it is faced openly."""
    above = by_losses * (lost - all_lost * size) / (all_lost if all_lost > noticed else noticed)
    return bounded((missing * joined + (above if above > 0.0 else 0.0)) * (1.0 - shown))


# --- 11. member buy-in (M-MB1 to M-MB8) ---


def vote_chance(support: float, line: float, spread: float) -> float:
    """Chance that a council's vote is won, given support and the line at which it would be even."""
    return logistic((support - line) / spread)


def felt_results(by_results: float, results: float, threshold: float) -> float:
    """What results add to buy-in: above the threshold commitment grows, below it reverts."""
    return by_results * (results - threshold)


def leaders_aim(
    base: float, results: float, involved: float, by_trust: float, partners: float, on_buy_in: float,
    unfair: float, by_politics: float,
) -> float:  # fmt: skip
    """Where leaders' buy-in heads: results, involvement and trust between leaders, less unfairness and politics."""
    swayed = results + involved + by_trust * (partners - 0.5)
    return base + swayed - on_buy_in * unfair - by_politics * (1.0 - partners)


def backbench_aim(
    base: float, results: float, involved: float, by_trust: float, officers: float, leaders: float, threat: float,
    threatened: float, joined: float, by_losses: float, losses: float, on_buy_in: float, unfair: float,
) -> float:  # fmt: skip
    """Where back benchers' buy-in heads: involvement, results and trust, less threat, local losses and unfairness."""
    swayed = results + involved + by_trust * (officers + leaders - 1.0)
    return base + swayed - threat * joined * threatened - by_losses * losses - on_buy_in * unfair


# --- 12. culture (M-CU1) ---


def culture_aim(at_first: float, vision: float, by_mixed: float, joined: float, by_od: float, od: float) -> float:
    """Where a culture gap heads: what joint vision, mixed teams and OD do not close; structure alone closes nothing."""
    closed = vision + by_mixed * joined + by_od * od
    return at_first * (1.0 - (closed if closed < MOST_CLOSED else MOST_CLOSED))


# --- 13. coordination (S12) ---


def coordination_burden(
    by_pair: float, pairs: float, entangles: float, joined: float, streamlined: float, shared: float
) -> float:
    """Burden of serving several councils, at most one: more pairs, more joined, less streamlined."""
    burden = shared * by_pair * pairs * (1.0 + entangles * joined) * (1.0 - streamlined)
    return burden if burden < 1.0 else 1.0


def pairs_of(inside: float, further: float) -> float:
    """Pairs of councils that share, and those that a county adds."""
    return inside * (inside - 1.0) / 2.0 + further


# --- commissioning (M-CO2) ---


def contract_failure(base: float, thin: float, years: float) -> float:
    """Rate a year at which a contract fails: it rises over five years as skills thin (M-CO2)."""
    return base * (1.0 + thin * (years / 5.0 if years < 5.0 else 1.0))


# --- terms (M-ST6) ---


def terms_strain(before: float, fades: float, negotiating: float) -> float:
    """Strain over terms: it rises at once with the talks, and fades slowly to nothing."""
    left = before * fades
    return negotiating if negotiating > left else left if left > 0.001 else 0.0


def dispute_hazard(rate: float, strain: float, trust: float) -> float:
    """What a pulse adds to the hazard of a dispute: strain, where the unions trust little."""
    return rate * strain * (1.0 - trust)


# --- 14. money (M-FN1) ---


def leakage(
    base: float, by_fatigue: float, fatigue: float, by_disengagement: float, engagement: float, by_overload: float,
    overload: float,
) -> float:  # fmt: skip
    """Share of a potential saving that is not realised when capacity or engagement is poor, at most nine tenths."""
    lost = base + by_fatigue * fatigue + by_disengagement * (1.0 - engagement) + by_overload * overload
    return 0.0 if lost < 0.0 else MOST_LEAKAGE if lost > MOST_LEAKAGE else lost


# --- service levels (M-FN4; S11) ---


def quality_aim(
    start: float, by_redesign: float, changed: float, by_engagement: float, engagement: float, usual: float,
    dip: float, unsettled: float, by_overload: float, overload: float, by_fatigue: float, fatigue: float,
    rest: float, by_knowledge: float, knowledge_lost: float, by_errors: float, wrong: float, joined: float,
) -> float:  # fmt: skip
    """Where service quality heads: redesign and engagement raise it, waiting, strain and errors lower it."""
    raised = by_redesign * changed + by_engagement * (engagement - usual)
    strained = by_overload * (overload if overload < 1.0 else 1.0) + by_fatigue * (fatigue - rest)
    lowered = dip * unsettled + strained + by_knowledge * knowledge_lost + by_errors * wrong * joined
    return start + raised - lowered


def resilience_aim(
    start: float, by_joining: float, joined: float, by_thinning: float, thinned: float, by_knowledge: float,
    knowledge_lost: float,
) -> float:  # fmt: skip
    """Where resilience heads: joint teams cover for one another; thin management and lost knowledge do not."""
    return start + by_joining * joined - by_thinning * thinned - by_knowledge * knowledge_lost


# --- 15. hazards (S19) ---


def hazard(base: float, strain: float) -> float:
    """Rate a year: the base rate times the exponential of the strain on it."""
    return base * exp(strain if strain < MOST_STRAIN else MOST_STRAIN)


def distrust_strain(by_distrust: float, trust: float) -> float:
    """Strain of distrust between leaders."""
    return by_distrust * (0.5 - trust)


def support_strain(by_lost_buy_in: float, leaders: float, backbench: float) -> float:
    """Strain of lost support among members."""
    return by_lost_buy_in * (0.5 - 0.5 * (leaders + backbench))


def parting_strain(
    distrust: float, lost: float, loose_ties: float, joined: float, by_coordination: float, coordination: float,
    by_politics: float, trust: float,
) -> float:  # fmt: skip
    """Strain toward parting: weak ties while little is joined, coordination once much is (P-18)."""
    worn = by_coordination * coordination * joined
    return distrust + lost + loose_ties * (1.0 - joined) + worn + by_politics * (1.0 - trust)


def stalling_strain(
    by_poor_results: float, results: float, by_fatigue: float, fatigue: float, by_lost_buy_in: float, leaders: float
) -> float:
    """Strain toward stalling: poor results, tired people, leaders who doubt."""
    poor = by_poor_results * (0.5 - results)
    return poor + by_fatigue * (fatigue - 0.4) + by_lost_buy_in * (0.5 - leaders)
