"""All formulas of the model, each written once: load, fatigue, trust, buy-in and the rest.

Pure functions of plain numbers for one history: no environment, no waiting, no draw; assignments and one return, so
that the Glass box can print them (`sim.pictures.causal.formulas`). Agents apply those of the monthly pulse to lanes
(`sim.core.lanes.each`). Soft values lie in [0, 1]; switches and masks are 0
or 1. Every strength is an evidence quantity; the forms are argued in docs/model.md.
"""

from math import exp

LEAST_CAPACITY = 0.1
"""Packages that managers can carry however tired, few or distracted they are."""
MOST_STRAIN = 5.0
"""Maximum strain in a hazard's exponent, at which the rate is about 150 times the base rate."""
MOST_ERRORS, MOST_LEAKAGE, MOST_CLOSED = 0.6, 0.9, 0.9
"""Bounds of the share of work left wrong, of a saving lost, and of a culture gap that can be closed."""
MOST_TIME = 0.7
"""Largest share of managers' time that members, staff and training can take."""


def bounded(value: float) -> float:
    """The value limited to [0, 1]."""
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


def logistic(value: float) -> float:
    """Logistic function from 0 to 1, one half at zero; safe for any finite value."""
    return 0.0 if value < -500.0 else 1.0 / (1.0 + exp(-value))


def share_kept(months: float, time_constant: float) -> float:
    """Share of a distance to the target that remains after some months at a time constant."""
    return exp(-months / time_constant)


def product(strength: float, amount: float) -> float:
    """Product of a strength and the value it acts on, or of a price and a number."""
    return strength * amount


def left_of(taken: float) -> float:
    """Remainder of one whole after a share is taken away."""
    return 1.0 - taken


def rate_of_pulse(yearly: float, pulse: float) -> float:
    """Annual rate converted to a rate for one pulse of the given months."""
    return yearly * (pulse / 12.0)


def at_first(usual: float, spread: float, draw: float) -> float:
    """Level at the start: the usual level scaled by luck; `draw` is standard normal."""
    return usual + spread * draw


# --- 1. change load and capacity (M-MG1, M-HR2) ---


def attention_asked(
    leaders: float,
    backbench: float,
    communication: float,
    involvement: float,
    by_training: float,
    spend: float,
    usual_spend: float,
) -> float:
    """Attention that members and staff are to be given, in all, and time away for training beyond the usual."""
    trained = by_training * (spend - usual_spend) / usual_spend
    return leaders + backbench + communication + involvement + (trained if trained > 0.0 else 0.0)


def time_taken(each: float, asked: float, served: float) -> float:
    """Share of managers' time that members, staff and training take: their time is finite (P-28)."""
    taken = each * asked * served
    return taken if taken < MOST_TIME else MOST_TIME


def time_kept(taken: float, usual: float, slows: float, unsettled: float) -> float:
    """Share of the usual time for the work that managers have left: less while their own posts are at risk (P-29)."""
    return (1.0 - taken) / (1.0 - usual) * (1.0 - slows * unsettled)


def managers_unsettled(at_risk: float, communication: float, softens: float) -> float:
    """Target of managers' uncertainty: the share whose posts are open, softened by communication (M-ST3, M-MG5)."""
    return at_risk * (1.0 - softens * communication)


def councils_served(by_councils: float, inside: float) -> float:
    """Ratio of councils sharing to the usual two; each has members, staff and managers of its own (M-MG1)."""
    return 1.0 + by_councils * (inside / 2.0 - 1.0)


def attention_of_service(against_usual: float, size_counts: float) -> float:
    """Attention that a service needs; it grows less than in proportion to the service's staff."""
    return float(against_usual**size_counts)


def managers_able(
    capability: float,
    time_kept: float,
    emergency: float,
    leaderless: float,
    chief_executive: float,
    tier_shared: float,
) -> float:
    """Managers' capability that is left for change: less in an emergency, or without a chief executive."""
    able = capability * time_kept * (1.0 - emergency)
    return able * leaderless if tier_shared and not chief_executive else able


def posts_needed(posts_at_first: float, eased: float, joined: float) -> float:
    """Director and head-of-service posts that the services need: fewer as teams are joined."""
    return posts_at_first * (1.0 - eased * joined)


def travel_load(travel: float, running: float, shared: float) -> float:
    """Load of distance while the programme runs and something is shared, in packages."""
    return travel * running if shared else 0.0


def office_carries(own: float, carried_by_each: float, funded: float) -> float:
    """Packages that programme posts carry: the councils' own, and half of those paid from outside money."""
    return own + carried_by_each * funded / 2.0


def help_from_outside(consultants: float, carried_by_each: float, office: float, running: float) -> float:
    """Packages that consultants and programme posts carry in place of managers."""
    return (consultants * carried_by_each + office) * running


def change_capacity(packages: float, tired: float, posts: float, needed: float, able: float, helped: float) -> float:
    """Packages that managers can carry: fewer when tired, thinned or less able; more with help from outside."""
    staffed = posts / needed if needed > 0.0 and posts < needed else 1.0
    carried = packages * (1.0 - tired) * staffed * able + helped
    return carried if carried > LEAST_CAPACITY else LEAST_CAPACITY


def load_of(in_hand: float, burden: float, coordination: float, travel: float, capacity: float) -> float:
    """Load on managers: work in hand, coordination and travel, over what they can carry."""
    return (in_hand + burden * coordination + travel) / capacity


def held_up(in_hand: float, left_of_speed: float) -> float:
    """Packages' worth of work that overload holds up."""
    return in_hand * (1.0 - left_of_speed)


def scarcest(managers: float, hr: float, od: float, least: float) -> float:
    """Number of the capacity that holds up most work: 0 none, 1 managers, 2 HR, 3 OD."""
    most = 2.0 if hr >= od else 3.0
    others = hr if hr >= od else od
    found = most if others > managers else 1.0
    return found if (others if others > managers else managers) >= least else 0.0


def overload_of(load: float, sustainable: float) -> float:
    """Load in excess of the sustainable level."""
    return load - sustainable if load > sustainable else 0.0


def midway_load(load: float, before: float) -> float:
    """Load half a pulse ahead, extrapolated from the change since the last pulse."""
    ahead = 1.5 * load - 0.5 * before
    return ahead if ahead > 0.0 else 0.0


def load_speed_queueing(load: float, best: float, swamped: float) -> float:
    """Rival form: overload only queues work, so that throughput stays at its maximum."""
    return 1.0 if load <= best else best / load


def load_speed(load: float, best: float, swamped: float) -> float:
    """Speed of each package under a load: full up to the best load, then falling.

    The programme's throughput, load times speed, is an inverted U with its top at the best load; even
    swamped managers get a share of the most they could.
    """
    relative = load / best
    return 1.0 if load <= best else (1.0 - swamped) * exp(1.0 - relative) + swamped / relative


def pace_of_work(
    rushed: float,
    haste: float,
    sped_up: float,
    consultants: float,
    in_hand: float,
    dispute_slows: float,
    in_dispute: float,
    time: float,
    by_trust: float,
    trust: float,
) -> float:
    """Speed of managers' work before load: by their time for it; faster in haste and with consultants, not disputes."""
    each = consultants / in_hand if in_hand > consultants else 1.0
    helped = sped_up * each if consultants and in_hand else 0.0
    pace = (1.0 + rushed * haste + helped + by_trust * (trust - 0.5)) * time
    return pace * (1.0 - dispute_slows) if in_dispute else pace


def capability_aim(start: float, practised: float, ended: float, planned: float, taught: float) -> float:
    """Target of managers' capability for change: practice from packages ended, plus training."""
    return start + (practised * ended / planned if planned else 0.0) + taught


def taught_by_spending(by_spend: float, spend: float, usual: float) -> float:
    """Capability or engagement gained by development spending above the usual, with diminishing returns."""
    return 3.0 * by_spend * (spend - usual) / (spend + usual)


# --- the agreed timeframe (D-TIMEFRAME) ---


def revision_aim(lived: float, agreed: float) -> float:
    """Revision that would bring what was first agreed to what is lived; one half leaves it as it was."""
    return bounded(0.5 + 0.5 * (bounded(lived) - agreed))


def as_revised(agreed: float, revision: float) -> float:
    """Share agreed by now, as last revised."""
    return agreed + 2.0 * (revision - 0.5)


def dates_in_force(agreed: float, revised: float, held: float) -> float:
    """Share of packages due by now: as last revised, or as first agreed where the timeframe is held."""
    return agreed if held else revised


def behind_of(planned: float, ended: float, packages: float) -> float:
    """Share of packages that should have ended by now but have not."""
    late = planned - ended / packages if packages else 0.0
    return late if late > 0.0 else 0.0


def share_finished(finished: float, packages: float) -> float:
    """Share of the plan's packages that is finished."""
    return finished / packages if packages else 0.0


def ahead_of(planned: float, finished: float, packages: float) -> float:
    """Share of packages finished beyond those that should be by now; less than nought where the plan is late."""
    return finished / packages - planned if packages else 0.0


def haste_of(held: float, hurry: float, behind: float, running: float) -> float:
    """Pressure of the agreed timeframe, 0 to 1, that makes people hurry."""
    pressed = hurry * behind
    return held * running * (pressed if pressed < 1.0 else 1.0)


def stage_months(
    months: float, drawn: float, lessons: float, strength: float, takes: float, involvement: float
) -> float:
    """Months that a managers' stage lasts: longer with involvement, shorter with learning and a strong manager."""
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
    """Duration in months, lengthened in proportion to an amount."""
    return months * (1.0 + by_each * amount)


def redesign_slowed(apart: float, slows: float, missing: float) -> float:
    """Factor on a redesign's duration where its team is not joined or joint ICT is missing."""
    return apart * (1.0 + slows * missing)


# --- 2. fatigue (M-ST4; shape S15) ---


def later_rounds(by_round: float, rounds: float, eased: float) -> float:
    """Factor by which load and uncertainty tire more after each round of change, above all without involvement."""
    return 1.0 + by_round * rounds * eased


def eased_by_involvement(eases: float, involvement: float) -> float:
    """Share of tiring that remains after involvement."""
    return 1.0 - eases * involvement


def fatigue_aim(
    rest: float,
    by_load: float,
    overload: float,
    tough: float,
    by_uncertainty: float,
    uncertainty: float,
    rounds: float,
    eased: float,
) -> float:
    """Target of fatigue: overload and uncertainty, more in later rounds, less with involvement."""
    strain = (by_load * (overload * tough) + by_uncertainty * uncertainty) * rounds
    return rest + 1.0 - exp(-strain * eased)


def fatigue_keep(aim: float, level: float, building: float, pulse: float, recovery: float, depth: float) -> float:
    """Share of its distance to target that fatigue keeps over a pulse; deep fatigue wears off more slowly."""
    return building if aim >= level else exp(-pulse / recovery / (1.0 + depth * level))


def recovery_months(usual: float, freshening: float, faster: float) -> float:
    """Time constant in months at which fatigue wears off; shorter while the programme is freshened up."""
    return usual / (1.0 + faster * freshening)


# --- 3. uncertainty (M-ST3) ---


def exposed_share(unsettled: float, fresh: float, fades: float) -> float:
    """Share of staff announced but not settled, each weighted from 0 to 1 by time since the announcement."""
    return unsettled - fresh * fades


def uncertainty_aim(exposed: float, by_managers: float, at_risk: float, communication: float, softens: float) -> float:
    """Share of staff not yet settled, weighted by exposure, and managers at risk; softened by communication."""
    return (exposed + by_managers * at_risk) * (1.0 - softens * communication)


def with_diminishing_returns(involvement: float) -> float:
    """Benefit of involvement, from 0 to 1: the first working parties bring most, the last hardly anything (P-7)."""
    return involvement * (2.0 - involvement)


# --- 4. engagement (M-ST1, M-ST2, M-ST5; S14) ---


def engagement_while_running(
    by_involvement: float, involvement: float, by_security: float, secure: float, by_purpose: float, purpose: float
) -> float:
    """Engagement added while the programme runs: involvement, job security, wider aims."""
    return by_involvement * involvement + by_security * secure + by_purpose * purpose


def launch_left(launch: float, now: float, fades: float) -> float:
    """Share of the launch excitement that remains."""
    return launch * exp(-now / fades)


def engagement_lift(
    by_sharing: float,
    them_and_us: float,
    gap: float,
    joined: float,
    by_commissioning: float,
    commissioned: float,
    by_buildings: float,
    buildings: float,
    launch: float,
    planned: float,
    involved: float,
    running: float,
    taught: float,
    by_strain: float,
    strain: float,
) -> float:
    """Engagement added at all councils: sharing, launch, involvement, training, less them-and-us, transfers, strain."""
    shared = (by_sharing - them_and_us * gap) * joined - by_commissioning * commissioned - by_buildings * buildings
    return shared + launch * planned + involved * running + taught - by_strain * strain


def engagement_aim(
    start: float,
    lift: float,
    by_results: float,
    results: float,
    by_trust: float,
    trust: float,
    by_fatigue: float,
    fatigue: float,
    rest: float,
    by_uncertainty: float,
    uncertainty: float,
    by_losses: float,
    losses: float,
) -> float:
    """Target of engagement: raised by results and trust, lowered by fatigue, uncertainty and job losses."""
    raised = by_results * (results - 0.5) + by_trust * (trust - 0.5)
    lowered = by_fatigue * (fatigue - rest) + by_uncertainty * uncertainty + by_losses * losses
    return start + lift + raised - lowered


# --- 5. HR and OD (M-HR1, M-HR2) ---


def consultants_present(posts: float, running: float, now: float, start: float, months: float) -> float:
    """Consultants and interims present now: from the agreed month, for the agreed time."""
    return posts * running if start <= now < start + months else 0.0


def hr_officers(free_share: float, staff: float, added: float, running: float) -> int:
    """Whole HR officers assigned to change: those free of the day job, plus posts added while the programme runs."""
    return max(1, round(free_share * staff + added * running))


def built_up(built: float, now: float, months: float) -> float:
    """Share of the added OD posts that are up to the work: those built from one's own people grow into it."""
    return now / months if built and now < months else 1.0


def od_posts_of(
    in_place: float, added: float, running: float, consultants: float, improvised: float, funded: float
) -> float:
    """OD posts: in place, added while it runs, half of all consultants and funded posts; at least those improvised."""
    posts = in_place + (added + funded / 2.0) * running + consultants / 2.0
    return posts if posts > improvised else improvised


def day_job_of(
    usual: float, each_leaver: float, leavers: float, usual_leavers: float, by_dispute: float, in_dispute: float
) -> float:
    """HR's day job in officer months: more when leavers exceed the usual, and in a dispute."""
    more = leavers - usual_leavers
    return usual + (each_leaver * more if more > 0.0 else 0.0) + by_dispute * in_dispute


def hr_joining(begun: float, finished: float, dip: float, gain: float, one_payroll: float, separate: float) -> float:
    """Factor on HR's speed: slower without one payroll and while HR itself is joined, faster afterwards (M-HR3)."""
    speed = 1.0 if one_payroll else 1.0 - separate
    return speed * (1.0 + gain if finished else 1.0 - dip if begun else 1.0)


def tied_up(staff: float, free: float) -> float:
    """HR staff tied up by the day job before anything changes."""
    return staff * (1.0 - free)


def usual_leavers(yearly: float, people: float) -> float:
    """People who leave in a usual month."""
    return people * yearly / 12.0


def built_or_bought(built: float, usual: float, factor: float) -> float:
    """OD capability added by a post or redesign, scaled by `factor` if OD is built from own staff."""
    return usual * factor if built else usual


def officer_speed(staff: float, added: float, running: float, day_job: float, pool: int, joining: float) -> float:
    """Speed of each officer assigned to change, after the day job of the whole HR function."""
    whole = staff + added * running
    free = whole - day_job if whole - day_job > 0.1 * whole else 0.1 * whole
    return (free / pool if free < pool else 1.0) * joining


def starved_share(pulled: float, queue: float, officers: int) -> float:
    """Share of OD's work lost to a queue at HR."""
    return pulled * (queue / officers if queue < officers else 1.0)


def od_speed(posts: float, officers: int, capability: float, starved: float) -> float:
    """Speed of each OD officer: part-time posts, capability, and work lost to a queue at HR."""
    return posts / officers * (0.5 + capability) * (1.0 - starved)


def lent_capability(lent: float, consultants: float, embedded: float) -> float:
    """OD capability lent by three or more consultants, or left behind by earlier ones."""
    now = lent * (consultants / 3.0 if consultants < 3.0 else 1.0)
    return now if now > embedded else embedded


def od_capability_aim(
    start: float,
    by_posts: float,
    added: float,
    running: float,
    lent: float,
    practice: float,
    redesigns: float,
    starves: float,
    overload: float,
    by_joining: float,
    hr_joined: float,
) -> float:
    """Target of OD capability: raised by posts, consultants, redesigns and HR's own joining, lowered by overload."""
    built = start + by_posts * added * running + lent + practice * redesigns + by_joining * hr_joined
    return built - starves * (overload if overload < 1.0 else 1.0)


def policy_in_common(policy: float, stalls: float) -> float:
    """Degree to which HR policy is common, reduced while merger is an open question."""
    return policy * (1.0 - stalls)


def policy_work(loose: float, common: float, usual: float, eased: float) -> float:
    """HR work in each change relative to the usual: more with loose policy, less under one HR strategy."""
    return (1.0 + loose * (usual - common)) * (1.0 - eased)


# --- 6. rework (P-7, M-HR4) ---


def errors_at_first(base: float, drawn: float) -> float:
    """Proneness of a package to errors at the start; `drawn` is uniform between 0 and 1."""
    return base * (0.5 + drawn)


def rushed_by(overload: float, haste: float) -> float:
    """Degree to which overload and hurry rush people, at most 1."""
    rushed = overload + haste
    return rushed if rushed < 1.0 else 1.0


def errors_left(wrong: float, eases: float, seat: float, silences: float, commanding: float) -> float:
    """Share of the work left wrong: less with HR's lead on the top team (M-HR4), more where bad news is not told up."""
    return wrong * (1.0 - eases * seat) * (1.0 + silences * commanding)


def error_share(
    base: float,
    by_fatigue: float,
    fatigue: float,
    by_haste: float,
    haste: float,
    by_knowledge: float,
    knowledge_lost: float,
    learning: float,
    eases: float,
    involvement: float,
    by_od: float,
    od: float,
) -> float:
    """Share of a stage's work that is wrong and not yet discovered, at most 0.6."""
    raised = base + by_fatigue * fatigue + by_haste * haste + by_knowledge * knowledge_lost
    share = raised * learning * (1.0 - eases * involvement) * (1.0 - by_od * od)
    return 0.0 if share < 0.0 else MOST_ERRORS if share > MOST_ERRORS else share


def integration_debt(
    hr_apart: float,
    without_hr: float,
    ict_apart: float,
    without_ict: float,
    terms_apart: float,
    with_own_terms: float,
    by_gap: float,
    gap: float,
) -> float:
    """Errors from separate or missing parts: HR and ICT not joined, different terms and cultures (M-HR5)."""
    return hr_apart * without_hr + ict_apart * without_ict + terms_apart * with_own_terms + by_gap * gap


# --- learning from review to review (M-LR1) ---


def learning_factor(finished: int, strength: float) -> float:
    """Factor on the work of the next package after `finished` similar ones."""
    return float((1.0 + finished) ** -strength)


# --- 7. leavers and knowledge (M-ST7; S6) ---


def leaving_factor(
    by_fatigue: float,
    fatigue: float,
    rest: float,
    by_uncertainty: float,
    uncertainty: float,
    stays: float,
    engagement: float,
    at_first: float,
) -> float:
    """Factor on leavers: more when tired and unsettled, fewer when engaged, at least 0.2."""
    stay = 1.0 - stays * (engagement - at_first)
    driven = 1.0 + by_fatigue * (fatigue - rest) + by_uncertainty * uncertainty
    return driven * (stay if stay > 0.2 else 0.2)


def monthly(yearly: float) -> float:
    """Annual rate converted to a monthly rate."""
    return yearly / 12.0


def beyond_one(factor: float) -> float:
    """Excess of a factor over one."""
    return factor - 1.0


# --- how posts go (D-STAFFING) ---


def suited_to_vacancies(suits: float, held: float, opened: float) -> float:
    """Share of posts to go that vacancies can meet: more where recruitment is held, none of those offered openly."""
    return (1.0 - (1.0 - suits) * (1.0 - held)) * (1.0 - opened)


def exit_payment(years: float, pay: float, by_route: float) -> float:
    """Pounds paid to one who leaves: so much of a year's pay, by the routes in force."""
    return years * pay * by_route


def drawing_early(redundant: float, older: float, retired: float) -> float:
    """Share of those who leave that draw a pension early: the older of the redundant, and all who retire."""
    return redundant * older + retired


def pension_strain(years: float, pay: float, drawn_early: float) -> float:
    """Pounds that a pension fund is owed for one exit, in the mean: so much of a year's pay for a pension early."""
    return years * pay * drawn_early


def kept_back(overdue: float, late: float, pay: float, displaced: float) -> float:
    """Saving withheld, in pounds a year, by overdue surplus posts and managers kept on."""
    return (overdue + late) * pay + displaced


def displaced_stay(leave: float, pulse: float) -> float:
    """Share of displaced managers kept on who are still there after a pulse."""
    return share_kept(leave * pulse, 12.0)


def exits_beyond_plan(people: float, beyond: float, uncertainty: float, missing: float) -> float:
    """People who leave through an open offer beyond the plan, while joint systems are missing (P-20)."""
    return people * (beyond * uncertainty) * missing


def knowledge_aim(each_leaver: float, excess: float) -> float:
    """Target of lost knowledge, from leavers in excess of the usual."""
    return each_leaver * excess


# --- 8. early wins and momentum (M-MB2; S16) ---


def in_months(years: float) -> float:
    """Years converted to months."""
    return 12.0 * years


def expected_results(now: float, agreed: float, prudence: float, need_weight: float, need_months: float) -> float:
    """Results members expect, as a share of the target: a mix of what is agreed by now and of budget needs."""
    needed = now / need_months if now < need_months else 1.0
    return (1.0 - need_weight) * agreed + need_weight * prudence * needed


def perceived_results(delivered: float, expected: float, by_work: float, ahead: float, sensitivity: float) -> float:
    """Results against expectation: money in shares of the target, work in shares of the plan; one half as expected."""
    return logistic(sensitivity * ((1.0 - by_work) * (bounded(delivered) - expected) + by_work * ahead))


# --- 9. trust (M-TR1, M-TR2; shape S17) ---


def ability_of(start: float, by_results: float, results: float) -> float:
    """Perceived ability of a partner, raised by results."""
    return start + by_results * (results - 0.5)


def integrity_of(start: float, by_communication: float, communication: float, openness: float) -> float:
    """Perceived integrity of a partner, raised by communication and open sharing."""
    return start + by_communication * (communication + openness) / 2.0


def benevolence_of(start: float, by_care: float, care: float) -> float:
    """Perceived benevolence of a partner, set by the care taken."""
    return start + by_care * care


def trust_lived(
    benevolence: float, hurt: float, ability: float, integrity: float, kept: float, by_lateness: float, behind: float
) -> float:
    """Trust from experience: mean of ability, benevolence less hurt, integrity and predictability."""
    return 0.25 * (benevolence - hurt + ability + integrity + kept - by_lateness * behind)


def trust_aim(
    lived: float, reciprocity: float, level: float, middle: float, chemistry: float, caps: float, damage: float
) -> float:
    """Target of trust: what is lived through, read in the light of trust already there, and how people get on.

    Remembered damage lowers the most that it can reach.
    """
    read = lived + reciprocity * (level - middle) + chemistry
    ceiling = 1.0 - caps * damage
    return read if read < ceiling else ceiling


def trust_keep(aim: float, level: float, building: float, eroding: float) -> float:
    """Share of its distance to target that trust keeps over a pulse; trust falls faster than it builds."""
    return eroding if aim < level else building


def trust_damage(damage: float, fades: float, remembered: float, aim: float, level: float) -> float:
    """Damage remembered: it fades, and every fall adds to it."""
    return fades * damage + (remembered * (level - aim) if aim < level else 0.0)


def eroding_keep(pulse: float, build_months: float, factor: float) -> float:
    """Share of its distance to target that trust keeps over a pulse while it falls."""
    return share_kept(pulse * factor, build_months)


def damage_kept(pulse: float, rate: float) -> float:
    """Share of remembered damage that is left after a pulse."""
    return share_kept(pulse * rate, 1.0)


def fall_remembered(part: float, eroding: float) -> float:
    """Share of a fall in trust added to remembered damage in a pulse."""
    return part * (1.0 - eroding)


def hurt_of_losses(by_losses: float, losses: float) -> float:
    """Benevolence lost through lost posts."""
    return by_losses * losses


def hurt_of_unions(mourned: float, by_strain: float, strain: float) -> float:
    """Benevolence lost with the unions through job losses and strain over terms."""
    return mourned + by_strain * strain


def hurt_of_waiting(by_queue: float, queue: float, officers: int) -> float:
    """Benevolence lost where managers wait for HR."""
    return by_queue * (queue / officers if queue < officers else 1.0)


def hurt_of_doubt(by_doubt: float, usual: float, one: float, other: float, unfair: float) -> float:
    """Benevolence between leaders lost where either doubts the partnership, or is treated unfairly."""
    doubt = usual - (one if one < other else other)
    return by_doubt * doubt + unfair


def worst_of(strength: float, one: float, other: float) -> float:
    """Deduction for the worse of two levels."""
    return strength * (one if one > other else other)


# --- 10. fairness (M-MB5) ---


def expected_part(by_need: float, size: float, need: float) -> float:
    """Share of the benefit a council expects: mean of its share by size and its share by need."""
    return (1.0 - by_need) * size + by_need * need


def benefit_missing(by_benefit: float, expected: float, got: float) -> float:
    """Unfairness felt by a council that receives less than its expected part of the benefit."""
    missing = by_benefit * (expected - got)
    return missing if missing > 0.0 else 0.0


def felt_unfairness(
    missing: float,
    joined: float,
    by_losses: float,
    lost: float,
    all_lost: float,
    size: float,
    noticed: float,
    shown: float,
) -> float:
    """Unfairness from missing benefit and more than its part of job losses, reduced by facing it openly."""
    above = by_losses * (lost - all_lost * size) / (all_lost if all_lost > noticed else noticed)
    return bounded((missing * joined + (above if above > 0.0 else 0.0)) * (1.0 - shown))


# --- 11. member buy-in (M-MB1 to M-MB8) ---


def leaders_weight(
    carry: float, yields: float, depth: float, cabinet: float, by_cabinet: float, together: float
) -> float:
    """Weight of leaders in a decision: large in a cabinet, whole in a joint one; in full council less the deeper."""
    alone = cabinet if by_cabinet else carry * (1.0 - yields * depth)
    return 1.0 if together else alone


def support_of(
    weight: float, leaders: float, backbench: float, depth: float, by_identity: float, threat: float
) -> float:
    """Support for a step: weighted buy-in of leaders and back benchers, less the threat to identity."""
    return weight * leaders + (1.0 - weight) * backbench - depth * by_identity * threat


def vote_chance(support: float, line: float, spread: float) -> float:
    """Probability that a council's vote is won, given support and the level at which it would be even."""
    return logistic((support - line) / spread)


def standing_lost(hurt: float, remembered: float, most: float) -> float:
    """Buy-in lost with a defeat: less the more is remembered already, since one more is no news."""
    return hurt * (1.0 - remembered / most) if remembered < most else 0.0


def called_in(base: float, backbench: float) -> float:
    """Chance that scrutiny calls in the decision of a cabinet: the likelier, the less back benchers are behind it."""
    return bounded(2.0 * base * (1.0 - backbench))


def felt_results(by_results: float, results: float, threshold: float) -> float:
    """Buy-in added by results: positive above the threshold, negative below it."""
    return by_results * (results - threshold)


def buy_in_at_first(usual: float, by_gap: float, gap: float, usual_gap: float, spread: float, draw: float) -> float:
    """Buy-in at the start: higher with a larger budget gap, varied by luck."""
    return usual + by_gap * (gap - usual_gap) + spread * draw


def shared_openly(by_open: float, openness: float, by_breadth: float, wider: float) -> float:
    """Buy-in added by open decisions and wider aims."""
    return by_open * (openness - 0.5) + by_breadth * wider


def involved_by(strength: float, engagement: float, usual: float, shared: float) -> float:
    """Buy-in added by involvement above the usual."""
    return strength * (engagement - usual) + shared


def unlikeness(half: float, one_mixed: float, same: float) -> float:
    """Political difference of two councils: none under one party, `half` if either is under no party, else one."""
    apart = half if one_mixed else 1.0
    return 0.0 if same else apart


def leaders_aim(
    base: float,
    results: float,
    involved: float,
    by_trust: float,
    partners: float,
    on_buy_in: float,
    unfair: float,
    by_politics: float,
    unlike: float,
    remembered: float,
) -> float:
    """Where leaders' buy-in heads: results, involvement, trust; less unfairness, unlike politics and lost votes."""
    swayed = results + involved + by_trust * (partners - 0.5)
    return base + swayed - on_buy_in * unfair - by_politics * unlike * (1.0 - partners) - remembered


def backbench_aim(
    base: float,
    results: float,
    involved: float,
    by_trust: float,
    officers: float,
    leaders: float,
    threat: float,
    threatened: float,
    joined: float,
    by_losses: float,
    losses: float,
    on_buy_in: float,
    unfair: float,
    remembered: float,
) -> float:
    """Where back benchers' buy-in heads: involvement, results, trust; less threat, losses, unfairness, lost votes."""
    swayed = results + involved + by_trust * (officers + leaders - 1.0)
    lowered = threat * joined * threatened + by_losses * losses + on_buy_in * unfair
    return base + swayed - lowered - remembered


def in_company(aim: float, by_company: float, level: float, base: float) -> float:
    """Target of buy-in once members take their cue from one another: a mood that has turned carries itself on."""
    return aim + by_company * (level - base)


def newcomers_view(usual: float, differs: float, draw: float) -> float:
    """Buy-in that newcomers of one election bring: some were elected for sharing, some against it."""
    return bounded(usual + differs * draw)


def identity_threat(
    calms: float,
    assurance: float,
    merger: float,
    delegated: float,
    unequal: float,
    even: float,
    size: float,
    insider: float,
) -> float:
    """Threat to a council's identity relative to two equal councils with merger ruled out (M-MB3)."""
    threat = (1.0 - calms * assurance) * merger * (1.0 + delegated)
    smaller = even - size if even > size else 0.0
    return threat * (1.0 + unequal * smaller / even + insider)


def backbench_after_election(
    backbench: float, seats: float, change_hands: float, newcomers: float, by_openness: float, engagement: float
) -> float:
    """Back benchers' buy-in after an election, when newcomers without involvement replace some of them (M-MB4)."""
    return backbench + seats * change_hands * (newcomers + by_openness * engagement - backbench)


def view_of_control(backbench: float, by_bench: float, differs: float, drawn: float) -> float:
    """Buy-in of new people in control: they sat on the back benches, and some stood against sharing (M-MB4)."""
    return bounded(0.5 + by_bench * (backbench - 0.5) + differs * (drawn - 0.5))


def view_of_leader(before: float, differs: float, drawn: float) -> float:
    """Buy-in of a new leader of the same party: that of the last one, more or less."""
    return bounded(before + differs * (drawn - 0.5))


def half_way(before: float, view: float) -> float:
    """Leaders' buy-in midway between the old level and a new leader's view."""
    return (before + view) / 2.0


# --- 12. culture (M-CU1) ---


def vision_of(by_vision: float, strategy: float, top_team: float, shared: float) -> float:
    """Share of the culture gap that joint vision closes: one HR strategy, HR at the top, shared leadership."""
    return by_vision * (0.5 * strategy + 0.25 * top_team + 0.25 * shared)


def culture_aim(at_first: float, vision: float, by_mixed: float, joined: float, by_od: float, od: float) -> float:
    """Target of a culture gap after joint vision, mixed teams and OD; structure alone closes nothing."""
    closed = vision + by_mixed * joined + by_od * od
    return at_first * (1.0 - (closed if closed < MOST_CLOSED else MOST_CLOSED))


# --- 13. coordination (S12) ---


def coordination_burden(
    by_pair: float, pairs: float, entangles: float, joined: float, streamlined: float, shared: float
) -> float:
    """Burden of serving several councils, at most one: more pairs and more joined raise it, streamlining lowers it."""
    burden = shared * by_pair * pairs * (1.0 + entangles * joined) * (1.0 - streamlined)
    return burden if burden < 1.0 else 1.0


def streamlined_by(form: float, employer: float, one_employer: float) -> float:
    """Share of the burden removed by the form of governance and by one employer."""
    return form + employer if one_employer else form


def share_something(begun: float, merged: float) -> float:
    """1 while the councils share something and are not one council, else 0."""
    return 1.0 if begun and not merged else 0.0


def pairs_of(inside: float, further: float) -> float:
    """Number of pairs of councils that share, plus those a county adds."""
    return inside * (inside - 1.0) / 2.0 + further


# --- commissioning (M-CO2) ---


def contract_failure(base: float, thin: float, years: float) -> float:
    """Annual rate of contract failure, which rises over five years as client skills thin (M-CO2)."""
    return base * (1.0 + thin * (years / 5.0 if years < 5.0 else 1.0))


# --- terms (M-ST6) ---


def terms_strain(before: float, fades: float, negotiating: float) -> float:
    """Strain over terms: rises at once with the talks and fades slowly to nothing."""
    left = before * fades
    return negotiating if negotiating > left else left if left > 0.001 else 0.0


def support_for_dismissal(leaders: float, backbench: float, refused: float) -> float:
    """Support of a council's members for dismissal and re-engagement: all alike, less what principle takes away."""
    return 0.5 * (leaders + backbench) - refused


def talks_strain(hardness: float, absorbs: float, close: float) -> float:
    """Strain of talks over terms, part of which close work with unions absorbs."""
    return hardness * (1.0 - absorbs * close)


def dispute_hazard(rate: float, strain: float, trust: float) -> float:
    """Hazard of a dispute added in a pulse: strain, where the unions trust little."""
    return rate * strain * (1.0 - trust)


# --- 14. money (M-FN1) ---


def leakage(
    base: float,
    by_fatigue: float,
    fatigue: float,
    by_disengagement: float,
    engagement: float,
    by_overload: float,
    overload: float,
) -> float:
    """Share of a potential saving lost when capacity or engagement is poor, at most 0.9."""
    lost = base + by_fatigue * fatigue + by_disengagement * (1.0 - engagement) + by_overload * overload
    return 0.0 if lost < 0.0 else MOST_LEAKAGE if lost > MOST_LEAKAGE else lost


def realised(potential: float, lost: float, wrong: float) -> float:
    """Saving realised by a package, in pounds a year, after leakage and errors."""
    return potential * (1.0 - lost) * (1.0 - wrong)


def recovered(potential: float, lost: float, put_right: float) -> float:
    """Saving recovered, in pounds a year, once work is put right."""
    return potential * (1.0 - lost) * put_right


def place_effect(spread: float, standing: float) -> float:
    """What this partnership reaches against the usual one of its facts: log-normal between partnerships."""
    return exp(spread * standing)


def stage_at_this_place(months: float, pace: float) -> float:
    """How long a stage takes here: the less, the faster this partnership is than others of its facts."""
    return months / pace


def prize_left(cut_before: float, spent_by: float) -> float:
    """Share of the saving potential that remains after each council's earlier cuts (M-PT5)."""
    left = 1.0 - cut_before / spent_by
    return left if left > 0.0 else 0.0


def with_county(multiple: float, further: float, county: float) -> float:
    """Multiple of a saving where a county or another public body shares: a larger team saves more."""
    return multiple * (1.0 + further * county)


def gap_at(share: float, now: float, months: float, cut_further: float) -> float:
    """Share of its spending that a council must close by now: the gap opens over some months, cuts of grant add."""
    return share * (now / months if now < months else 1.0) + cut_further


def own_option(most: float, since: float, months: float) -> float:
    """What a council saves by an option of its own that has been open so long: it grows to its most."""
    return most * (since / months if since < months else 1.0)


def closes(gap: float, able: float) -> float:
    """What a council saves by itself: as much as it can, and no more than its budget still asks."""
    return 0.0 if gap < 0.0 else gap if gap < able else able


def left_to_cut(gap: float, saved: float) -> float:
    """What must be cut from services: the part of the gap that no saving closes."""
    return gap - saved if saved < gap else 0.0


def funded_posts(on_people: float, pounds: float, months: float, pay: float) -> float:
    """OD and programme posts that the part of outside money spent on people pays for (C-7)."""
    return on_people * pounds / (pay * months / 12.0)


def funded_boldness(most: float, pounds: float, spending: float, usual: float) -> float:
    """What outside money adds to the potential of redesign: it saturates at the usual size of such money (C-7)."""
    against_usual = pounds / (spending * usual)
    return most * (against_usual if against_usual < 1.0 else 1.0)


def boldness_of(
    ambition: float,
    breadth: float,
    by_style: float,
    style: float,
    ideas: float,
    thinking: float,
    involvement: float,
    by_security: float,
    secure: float,
    funded: float,
) -> float:
    """Potential of redesign against the usual: wider aims, leadership, thinking time, security, money from outside."""
    led = ambition * breadth * (1.0 + by_style * style) * (1.0 + funded)
    return led * (1.0 + ideas * 10.0 * thinking * (0.5 + involvement)) * (1.0 + by_security * secure)


def system_saving(spending: float, left: float, procurement: float, part: float) -> float:
    """Potential saving of a joint system, in pounds a year: its part of joint procurement, ICT and property."""
    return spending * left * procurement * part


def bought_together(save: float, ict: float, buildings: float, county: float) -> float:
    """Share of the joint procurement, ICT and property saving that joint teams bring; more with a county."""
    return (1.0 - save * (ict + buildings)) * (1.0 + county)


def merger_saving(
    spending: float, joined: float, realises: float, joint_teams: float, procurement: float, democracy: float
) -> float:
    """Saving of a merger, in pounds a year: less where more is already joined (P-25)."""
    apart = (1.0 - joined) * realises
    return spending * (apart * (joint_teams + procurement) + democracy)


def protected_cost(cost: float, protects: float, agreement: float) -> float:
    """Cost of an exit or default after part of it was settled in the agreement beforehand (D-LEGAL)."""
    return cost * (1.0 - protects * agreement)


# --- service levels (M-FN4; S11) ---


def redesign_raises(usual: float, more: float, aim: float) -> float:
    """Quality added by redesign, more where better services are an aim."""
    return usual + more * aim


def quality_aim(
    start: float,
    by_redesign: float,
    changed: float,
    by_engagement: float,
    engagement: float,
    usual: float,
    dip: float,
    unsettled: float,
    by_overload: float,
    overload: float,
    by_fatigue: float,
    fatigue: float,
    rest: float,
    by_knowledge: float,
    knowledge_lost: float,
    by_errors: float,
    wrong: float,
    joined: float,
    thin: float,
) -> float:
    """Where service quality heads: redesign and engagement raise it, waiting, strain, errors, thinness lower it."""
    raised = by_redesign * changed + by_engagement * (engagement - usual)
    strained = by_overload * (overload if overload < 1.0 else 1.0) + by_fatigue * (fatigue - rest)
    lowered = dip * unsettled + strained + by_knowledge * knowledge_lost + by_errors * wrong * joined + thin
    return start + raised - lowered


def thin_management(by_thinness: float, posts: float, needed: float, borne: float) -> float:
    """Quality lost where fewer managers are left than the services need, beyond what they can bear."""
    short = (1.0 - posts / needed if needed > 0.0 else 0.0) - borne
    return by_thinness * short if short > 0.0 else 0.0


def failing_strain(by_quality: float, borne: float, quality: float) -> float:
    """Strain toward a service's collapse, by how far quality lies below what can just be borne."""
    return by_quality * (borne - quality)


def called_away(emergency: float, failing: float, squeezed: float) -> float:
    """Share of managers' capacity that emergencies, failing services and cuts of grant take, at most nine tenths."""
    taken = emergency + failing + squeezed
    return taken if taken < 0.9 else 0.9


def resilience_aim(
    start: float,
    by_joining: float,
    joined: float,
    by_county: float,
    county: float,
    by_thinning: float,
    thinned: float,
    by_knowledge: float,
    knowledge_lost: float,
) -> float:
    """Target of resilience: raised by joint teams and a county's cover, lowered by thinning and lost knowledge."""
    covered = (by_joining + by_county * county) * joined
    return start + covered - by_thinning * thinned - by_knowledge * knowledge_lost


# --- 15. talks, agreements and defaults (M-PT2, D-LEGAL, K-DEFAULT) ---


def talks_failure(
    base: float,
    by_trust: float,
    trust: float,
    by_need: float,
    gap: float,
    usual_gap: float,
    by_rival: float,
    rival: float,
) -> float:
    """Chance that talks fail: less with trust and need, more where a chief executive will not stand aside."""
    eased = by_trust * (trust - 0.5) + by_need * (gap - usual_gap)
    return bounded(base - eased + by_rival * rival)


def default_hazard(rate: float, trust: float, prevents: float, agreement: float) -> float:
    """Hazard of a default added in one pulse: more with less trust, less with an agreement."""
    return rate * 2.0 * (1.0 - trust) * (1.0 - prevents * agreement)


# --- 16. endings (S19, M-PT2) ---


def case_for_leaving(
    by_lost_support: float,
    leaders: float,
    backbench: float,
    by_distrust: float,
    trust: float,
    by_unfairness: float,
    unfair: float,
    by_culture: float,
    gap: float,
    by_politics: float,
    unlike: float,
    ties: float,
    joined: float,
    resentment: float,
) -> float:
    """Case for leaving at a council: support lost, distrust, unfairness, culture, politics, ties, grievances."""
    lost = by_lost_support * (0.5 - 0.5 * (leaders + backbench))
    strained = by_distrust * (0.5 - trust) + by_unfairness * unfair + by_culture * gap * joined
    return lost + strained + by_politics * unlike * (1.0 - trust) + ties + resentment


def weak_or_worn_ties(loose: float, joined: float, by_coordination: float, coordination: float) -> float:
    """Case for leaving from weak ties while little is joined and from coordination once much is (P-18)."""
    return loose * (1.0 - joined) + by_coordination * coordination * joined


def motion_hazard(rate: float, case: float, line: float, spread: float) -> float:
    """Hazard of a motion to leave added in one pulse: near nought without a case, the whole rate with a strong one."""
    return rate * logistic((case - line) / spread)


def support_for_staying(leaders: float, backbench: float, resentment: float) -> float:
    """Support for staying in a vote on leaving: all members alike, less the grievance of the day."""
    return 0.5 * (leaders + backbench) - resentment


def notice_months(without: float, agreed: float, agreement: float) -> float:
    """Notice that a council gives: what the agreement asks for, as far as there is one."""
    return without + (agreed - without) * agreement


def settled(settles: float, agreement: float, trust: float) -> float:
    """Chance that talks under notice settle the matter: agreements provide for them, trust carries them."""
    return settles * (0.5 + 0.5 * agreement) * trust


def disputed(cost: float, adds: float, in_dispute: float) -> float:
    """Cost of an exit, higher in a dispute."""
    return cost * (1.0 + adds) if in_dispute else cost


def stall_pressure(
    by_poor_results: float, results: float, by_exhaustion: float, fatigue: float, by_doubt: float, leaders: float
) -> float:
    """Pressure toward stalling, less than nought where the programme thrives: poor results, tired people, doubt."""
    poor = by_poor_results * (0.5 - results)
    return poor + by_exhaustion * (fatigue - 0.5) + by_doubt * (0.5 - leaders)


def flagging_so_far(before: float, pressure: float, pulse: float, running: float) -> float:
    """Months of pressure borne so far: they add up under pressure, at most one a month, and wear off without."""
    added = before + pulse * (pressure if pressure < 1.0 else 1.0)
    return (added if added > 0.0 else 0.0) if running else 0.0


def stage_of_stalling(flagging: float, most: float, warned: float) -> float:
    """Turns of a programme: 3 where it stalls, 2 where it falters, 1 where it has recovered, else nought."""
    falters = 2.0 if flagging >= 0.5 * most and not warned else 0.0
    turns = 1.0 if warned and flagging < 0.35 * most else falters
    return 3.0 if flagging >= most else turns


def as_promised(promised: float, seen: float, by_wins: float, wins: float) -> float:
    """Results as members see them, quick wins among them; as expected where nothing was promised."""
    return bounded(seen + by_wins * wins) if promised else 0.5


def hazard(base: float, strain: float) -> float:
    """Annual rate of an event: base rate times the exponential of its strain."""
    return base * exp(strain if strain < MOST_STRAIN else MOST_STRAIN)


def hazard_so_far(before: float, added: float, may: float) -> float:
    """Accumulated hazard after a pulse; it grows only while the event can happen."""
    return before + added if may else before
