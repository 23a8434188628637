"""How load, fatigue, trust, buy-in … respond: every formula of the model, each written once.

Pure functions of plain numbers for one history: no environment, no waiting, no draw; assignments and one return, so
that the Glass box can print them (`sim.pictures.causal.formulas`). Agents apply those of the monthly pulse to lanes
(`sim.core.lanes.each`). Soft values lie in [0, 1]; switches and masks are 0
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


def product(strength: float, amount: float) -> float:
    """A strength times what it acts on, or a price times how many."""
    return strength * amount


def left_of(taken: float) -> float:
    """What is left of a whole."""
    return 1.0 - taken


def rate_of_pulse(yearly: float, pulse: float) -> float:
    """A rate a year, for one pulse of so many months."""
    return yearly * (pulse / 12.0)


def at_first(usual: float, spread: float, draw: float) -> float:
    """A level at the start: the usual, and what luck makes of it, `draw` from a bell curve about nought."""
    return usual + spread * draw


# --- 1. change load and capacity (M-MG1, M-HR2) ---


def attention_asked(leaders: float, backbench: float, communication: float) -> float:
    """Attention that members and staff are to be given, in all."""
    return leaders + backbench + communication


def councils_served(by_councils: float, inside: float) -> float:
    """Councils that share, against two: each has members, staff and managers of its own to attend to (M-MG1)."""
    return 1.0 + by_councils * (inside / 2.0 - 1.0)


def attention_of_service(against_usual: float, size_counts: float) -> float:
    """Attention that a service asks for: more the more staff it has, though less than in proportion."""
    return float(against_usual**size_counts)


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


def stage_months(
    months: float, drawn: float, lessons: float, strength: float, takes: float, involvement: float
) -> float:
    """A stage that managers carry: longer with involvement, shorter with what was learnt and a strong manager."""
    return months * drawn * lessons / strength * (1.0 + takes * involvement)


def consultation_months(posts: float, few: float, old_law: bool) -> float:
    """Months of consultation before posts go: the law's from 20 posts and from 100, the councils' own below.

    The law is section 188 of the Trade Union and Labour Relations (Consolidation) Act 1992: 30 days from 20 posts, and
    from 100 posts 45 days, or 90 before 6 April 2013.
    """
    return few if posts < 20.0 else 1.0 if posts < 100.0 else 3.0 if old_law else 1.5


def posts_behind(annual: float, pay_share: float, pay: float) -> float:
    """Posts that go with a saving a year: the share of it that is pay, over what a post costs."""
    return annual * pay_share / pay


def longer(months: float, by_each: float, amount: float) -> float:
    """Months that something makes longer."""
    return months * (1.0 + by_each * amount)


def redesign_slowed(apart: float, slows: float, missing: float) -> float:
    """How many times as long a redesign takes where its team is not joined, or joint ICT is missing."""
    return apart * (1.0 + slows * missing)


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


def tied_up(staff: float, free: float) -> float:
    """HR people whom the day job takes before anything changes."""
    return staff * (1.0 - free)


def usual_leavers(yearly: float, people: float) -> float:
    """People who leave in a usual month."""
    return people * yearly / 12.0


def built_or_bought(built: float, usual: float, factor: float) -> float:
    """What a post or a redesign brings to OD capability: otherwise where OD is built from people of one's own."""
    return usual * factor if built else usual


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


def policy_in_common(policy: float, stalls: float) -> float:
    """How far HR policy is common, less what an open merger stalls."""
    return policy * (1.0 - stalls)


def policy_work(loose: float, common: float, usual: float, eased: float) -> float:
    """HR work in each change against the usual: more where policy is loose, less under one HR strategy."""
    return (1.0 + loose * (usual - common)) * (1.0 - eased)


# --- 6. rework (P-7, M-HR4) ---


def errors_at_first(base: float, drawn: float) -> float:
    """How prone to errors a package happens to be; `drawn` is a number from 0 to 1."""
    return base * (0.5 + drawn)


def rushed_by(overload: float, haste: float) -> float:
    """How far overload and hurry together rush people, at most 1."""
    rushed = overload + haste
    return rushed if rushed < 1.0 else 1.0


def errors_left(wrong: float, eases: float, seat: float) -> float:
    """Share of the work that is wrong, less where HR's lead sits on the top team (M-HR3)."""
    return wrong * (1.0 - eases * seat)


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


def monthly(yearly: float) -> float:
    """A rate a year, for one month."""
    return yearly / 12.0


def beyond_one(factor: float) -> float:
    """How far a factor exceeds one."""
    return factor - 1.0


# --- how posts go (D-STAFFING) ---


def kept_back(overdue: float, late: float, pay: float, displaced: float) -> float:
    """Pounds a year that posts past their time, and managers kept on, keep back from the saving."""
    return (overdue + late) * pay + displaced


def displaced_stay(leave: float, pulse: float) -> float:
    """Share of managers kept on who are still there after a pulse."""
    return share_kept(leave * pulse, 12.0)


def exits_beyond_plan(people: float, beyond: float, uncertainty: float, missing: float) -> float:
    """People whom an open offer draws beyond plan, while joint systems are missing (P-20)."""
    return people * (beyond * uncertainty) * missing


def knowledge_aim(each_leaver: float, excess: float) -> float:
    """Where lost knowledge heads, by how far leaving exceeds the usual."""
    return each_leaver * excess


# --- 8. early wins and momentum (M-MB2; S16) ---


def in_months(years: float) -> float:
    """Years, in months."""
    return 12.0 * years


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


def integrity_of(start: float, by_communication: float, communication: float, openness: float) -> float:
    """Integrity as it is felt: more where people are told, and where sharing is open."""
    return start + by_communication * (communication + openness) / 2.0


def benevolence_of(start: float, by_care: float, care: float) -> float:
    """Benevolence as it is felt, by how much care is taken."""
    return start + by_care * care


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


def eroding_keep(pulse: float, build_months: float, factor: float) -> float:
    """Share of its distance that trust keeps for a pulse while it falls."""
    return share_kept(pulse * factor, build_months)


def damage_kept(pulse: float, rate: float) -> float:
    """Part of remembered damage that is left after a pulse."""
    return share_kept(pulse * rate, 1.0)


def fall_remembered(part: float, eroding: float) -> float:
    """Part of a fall that a pulse adds to the damage remembered."""
    return part * (1.0 - eroding)


def hurt_of_losses(by_losses: float, losses: float) -> float:
    """Benevolence lost where posts were lost."""
    return by_losses * losses


def hurt_of_unions(mourned: float, by_strain: float, strain: float) -> float:
    """Benevolence lost with the unions: by job losses, and by strain over terms."""
    return mourned + by_strain * strain


def hurt_of_waiting(by_queue: float, queue: float, officers: int) -> float:
    """Benevolence lost where managers wait for HR."""
    return by_queue * (queue / officers if queue < officers else 1.0)


def worst_of(strength: float, one: float, other: float) -> float:
    """What the worse of two levels takes away."""
    return strength * (one if one > other else other)


# --- 10. fairness (M-MB5) ---


def expected_part(by_need: float, size: float, need: float) -> float:
    """Part of the benefit that a council expects: a mean of its size and its need."""
    return (1.0 - by_need) * size + by_need * need


def benefit_missing(by_benefit: float, expected: float, got: float) -> float:
    """Unfairness from the part of the benefit that a council expects and does not get."""
    missing = by_benefit * (expected - got)
    return missing if missing > 0.0 else 0.0


def felt_unfairness(
    missing: float, joined: float, by_losses: float, lost: float, all_lost: float, size: float, noticed: float,
    shown: float,
) -> float:  # fmt: skip
    """Unfairness from benefit missing and job losses above one's part, until it is faced openly."""
    above = by_losses * (lost - all_lost * size) / (all_lost if all_lost > noticed else noticed)
    return bounded((missing * joined + (above if above > 0.0 else 0.0)) * (1.0 - shown))


# --- 11. member buy-in (M-MB1 to M-MB8) ---


def leaders_weight(carry: float, depth: float, together: float) -> float:
    """Weight of leaders in a vote: less the deeper the step; all of it in a joint cabinet."""
    return 1.0 if together else carry * (1.0 - depth)


def support_of(
    weight: float, leaders: float, backbench: float, depth: float, by_identity: float, threat: float
) -> float:
    """Support for a step: leaders and back benches by weight, less the threat to identity the deeper it goes."""
    return weight * leaders + (1.0 - weight) * backbench - depth * by_identity * threat


def vote_chance(support: float, line: float, spread: float) -> float:
    """Chance that a council's vote is won, given support and the line at which it would be even."""
    return logistic((support - line) / spread)


def felt_results(by_results: float, results: float, threshold: float) -> float:
    """What results add to buy-in: above the threshold commitment grows, below it reverts."""
    return by_results * (results - threshold)


def buy_in_at_first(usual: float, by_gap: float, gap: float, usual_gap: float, spread: float, draw: float) -> float:
    """Buy-in before anything happens: more with a larger budget gap, and what luck makes of it."""
    return usual + by_gap * (gap - usual_gap) + spread * draw


def shared_openly(by_open: float, openness: float, by_breadth: float, wider: float) -> float:
    """What open decisions and wider aims add to buy-in."""
    return by_open * (openness - 0.5) + by_breadth * wider


def involved_by(strength: float, engagement: float, usual: float, shared: float) -> float:
    """What involvement adds to buy-in, against the usual."""
    return strength * (engagement - usual) + shared


def politics_of(by_politics: float, unlike: float, partners: float) -> float:
    """What differing politics would cost leaders, by how many of a council's partners are under other control."""
    return by_politics * unlike / partners


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


def identity_threat(
    calms: float, assurance: float, merger: float, delegated: float, unequal: float, even: float, size: float,
    insider: float,
) -> float:  # fmt: skip
    """Threat to a council's identity against the usual of two equal councils with merger ruled out (M-MB3)."""
    threat = (1.0 - calms * assurance) * merger * (1.0 + delegated)
    smaller = even - size if even > size else 0.0
    return threat * (1.0 + unequal * smaller / even + insider)


def backbench_after_election(
    backbench: float, seats: float, change_hands: float, newcomers: float, by_openness: float, engagement: float
) -> float:
    """Back benchers' buy-in after an election: some are replaced by newcomers who had no part in it (M-MB4)."""
    return backbench + seats * change_hands * (newcomers + by_openness * engagement - backbench)


def leaders_view(drawn: float) -> float:
    """Buy-in that a new leader brings; `drawn` is a number from 0 to 1."""
    return 0.2 + 0.6 * drawn


def half_way(before: float, view: float) -> float:
    """Leaders' buy-in once a new leader has brought a view of their own."""
    return (before + view) / 2.0


# --- 12. culture (M-CU1) ---


def vision_of(by_vision: float, strategy: float, top_team: float, shared: float) -> float:
    """Part of the culture gap that joint vision closes: one HR strategy, HR at the top, shared leadership."""
    return by_vision * (0.5 * strategy + 0.25 * top_team + 0.25 * shared)


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


def streamlined_by(form: float, employer: float, one_employer: float) -> float:
    """Part of the burden that the form of governance, and one employer, take away."""
    return form + employer if one_employer else form


def share_something(begun: float, merged: float) -> float:
    """1 while councils that are not one share something."""
    return 1.0 if begun and not merged else 0.0


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


def talks_strain(hardness: float, absorbs: float, close: float) -> float:
    """Strain of talks over terms: part is taken up where unions are worked with closely."""
    return hardness * (1.0 - absorbs * close)


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


def realised(potential: float, lost: float, wrong: float) -> float:
    """Pounds a year that a package saves: what does not leak away and is not done wrong."""
    return potential * (1.0 - lost) * (1.0 - wrong)


def recovered(potential: float, lost: float, put_right: float) -> float:
    """Pounds a year that are saved after all once work is put right."""
    return potential * (1.0 - lost) * put_right


def place_effect(spread: float, standing: float) -> float:
    """What this partnership reaches against the usual one of its facts: log-normal between partnerships."""
    return exp(spread * standing)


def stage_at_this_place(months: float, pace: float) -> float:
    """How long a stage takes here: the less, the faster this partnership is than others of its facts."""
    return months / pace


def prize_left(cut_before: float, spent_by: float) -> float:
    """Share of the saving potential that cuts already made alone have left (M-PT5)."""
    left = 1.0 - cut_before / spent_by
    return left if left > 0.0 else 0.0


def boldness_of(
    ambition: float, breadth: float, by_style: float, style: float, ideas: float, thinking: float,
    involvement: float, by_security: float, secure: float,
) -> float:  # fmt: skip
    """Potential of redesign against the usual: wider aims, leadership, thinking time, security (M-LD1, M-LD2)."""
    led = ambition * breadth * (1.0 + by_style * style)
    return led * (1.0 + ideas * 10.0 * thinking * (0.5 + involvement)) * (1.0 + by_security * secure)


def system_saving(spending: float, left: float, procurement: float, part: float) -> float:
    """Pounds a year that a joint system could save: its part of joint procurement, ICT and property."""
    return spending * left * procurement * part


def bought_together(save: float, ict: float, buildings: float, county: float) -> float:
    """Part of the saving of joint procurement, ICT and property that comes with joint teams; more with a county."""
    return (1.0 - save * (ict + buildings)) * (1.0 + county)


def merger_saving(
    spending: float, joined: float, realises: float, joint_teams: float, procurement: float, democracy: float
) -> float:
    """Pounds a year that a merger saves: it joins what is still apart, so less the more is joined (P-25)."""
    apart = (1.0 - joined) * realises
    return spending * (apart * (joint_teams + procurement) + democracy)


def protected_cost(cost: float, protects: float, agreement: float) -> float:
    """What an exit or a default costs once the agreement has settled part of it beforehand (D-LEGAL)."""
    return cost * (1.0 - protects * agreement)


# --- service levels (M-FN4; S11) ---


def redesign_raises(usual: float, more: float, aim: float) -> float:
    """What redesign adds to quality, more where better services are an aim."""
    return usual + more * aim


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


def as_promised(promised: float, seen: float, by_wins: float, wins: float) -> float:
    """Results as members see them, quick wins among them; as expected where nothing was promised."""
    return bounded(seen + by_wins * wins) if promised else 0.5


def while_three_share(apart: float, inside: float) -> float:
    """What may part, while more than two councils share."""
    return apart if inside > 2 else 0.0


def hazard_so_far(before: float, added: float, may: float) -> float:
    """Hazard so far: a pulse adds to it where the event can happen."""
    return before + added if may else before
