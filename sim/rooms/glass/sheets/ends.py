"""Sheets of the results' mechanisms: coordination, money, service levels, commissioning, shocks, endings, luck."""

from __future__ import annotations

from sim.pictures.causal.parts import Equation, MechanismSheet

COORDINATION = MechanismSheet(
    "coordination",
    "Burden of coordination",
    "Every pair of councils has to be kept in step, the more so the more is joined. A joint cabinet, committee, "
    "board or one employer streamlines. The burden takes managers' attention, delays decisions, and strains the "
    "partnership; and the more pairs of councils, the longer the talks before each step.",
    (
        Equation(
            "burden",
            "coordination_burden(governance.burden_per_pair, pairs, governance.by_entanglement, share_joined, "
            "streamlined, shared)",
        ),
        Equation("pairs", "pairs_of(councils, county)"),
        Equation("streamlined", "streamlined_by(form, governance.employer_streamlines, one_employer)"),
        Equation("shared", "share_something(begun, merged)"),
        Equation("months_added_to_each_decision", "product(governance.burden_delays, burden)"),
        Equation("months_of_aligning", "product(governance.aligning_months, further_pairs)"),
    ),
    {
        "pairs": "pairs of councils inside, a county counted besides",
        "councils": "councils inside, two or more",
        "county": "governance.county_pairs where a county shares too, else nought",
        "share_joined": "share of services joined",
        "streamlined": "what the form of governance (governance.*_streamlines) and one employer spare",
        "form": "governance.*_streamlines by the form of governance, nought for separate votes",
        "one_employer": "one once there is one employer",
        "shared": "one while councils that are not one share something",
        "begun": "one from the first finished package until the partnership parts",
        "merged": "one once the councils have merged",
        "burden": "burden of coordination, 0 to 1",
        "further_pairs": "pairs of councils inside beyond the first",
    },
    ("S12", "C-12", "M-MB8", "D-GOVERN", "D-PARTNERS"),
    ("governance.py", "managers.py", "work.py"),
    (
        "governance.cabinet_streamlines",
        "governance.committee_streamlines",
        "governance.board_streamlines",
        "governance.employer_streamlines",
        "governance.distance_load",
        "governance.county_pairs",
        "governance.county_culture",
        "governance.county_saving",
    ),
    switch="coordination",
    off="Serving several councils takes no attention and delays nothing.",
)
LEAKAGE = MechanismSheet(
    "leakage",
    "Savings that leak away",
    "Part of what could be saved is lost when a new way of working begins amid fatigue, disengagement or overload.",
    (
        Equation(
            "lost_share",
            "leakage(leakage.base, leakage.by_fatigue, fatigue, leakage.by_disengagement, engagement, "
            "leakage.by_overload, overload)",
        ),
        Equation("realised", "realised(potential, lost_share, error_share)"),
        Equation("saved_after_all", "recovered(potential, lost_share, put_right)"),
    ),
    {
        "fatigue": "mean fatigue of staff",
        "engagement": "mean engagement of staff",
        "overload": "load beyond the sustainable, at most one",
        "potential": "what the package could save at best",
        "lost_share": "share lost",
        "error_share": "share of the work that is wrong",
        "put_right": "share of the work that rework has put right",
    },
    ("M-FN1", "S10"),
    ("savings.py",),
    ("leakage.*",),
    switch="leakage",
    off="All that could be saved is saved, errors aside.",
)
SAVINGS = MechanismSheet(
    "savings",
    "Savings and costs",
    "Posts cut from management save at once. Joint teams, redesigns, contracts and systems save a share of what "
    "their services cost, after a ramp; each is paid for once, as a share of what it is to save. Every pound is "
    "posted by month, council, kind and cause, in whole pence, and shared by the rule agreed. Outside money pays for "
    "OD and programme posts for some years and makes redesigns bolder; the rest of it meets other costs.",
    (
        Equation("management_saving", "product(posts_cut, pay_of_post)"),
        Equation(
            "joint_team_could_save",
            "product(product(money.joint_teams_saving, with_county(multiple, governance.county_teams, county)), "
            "spending)",
        ),
        Equation("redesign_could_save", "product(boldness, product(money.transformation_saving, spending))"),
        Equation("contract_could_save", "product(money.commissioning_saving, spending)"),
        Equation(
            "posts_from_outside_funding",
            "funded_posts(funding.on_people, outside_money, funding.months, money.added_post)",
        ),
        Equation(
            "boldness_from_outside_funding",
            "funded_boldness(funding.boldness, outside_money, all_spending, funding.usual)",
        ),
        Equation("prize_left", "prize_left(cuts_made_alone, all_that_could_be_cut)"),
        Equation("prize", "product(place_effect(places.saving_spread, places.saving), prize_left)"),
        Equation("exit_costs", "protected_cost(cost, governance.agreement_protects, agreement)"),
        Equation("present_value_of_a_year", "discounted(net_saving, money.discount_rate, year)"),
    ),
    {
        "posts_cut": "posts that go from the tier",
        "pay_of_post": "what one of them costs a year: money.*_post",
        "multiple": "money.corporate_multiple for a corporate service, else one",
        "county": "one where a county or another public body shares too, else nought",
        "spending": "pounds a year the service costs the councils that share it, times the prize",
        "prize_left": "share of what could be saved that cuts made alone have left",
        "boldness": "one, more for bolder, wider or better-led redesign",
        "outside_money": "pounds won from outside for transformation",
        "all_spending": "pounds a year that the councils spend on services",
        "cuts_made_alone": "share of expenditure the councils had cut before",
        "all_that_could_be_cut": "share of expenditure whose cutting leaves nothing to save: four "
        "tenths, our assumption",
        "cost": "cost of parting, leaving or a default before any agreement",
        "agreement": "how much was agreed beforehand",
        "net_saving": "savings less costs in that year",
        "year": "years from the start, the first is nought",
    },
    ("M-FN1", "M-FN2", "M-FN4", "M-PT5", "S7", "S8", "S13", "D-FUNDING", "C-7"),
    ("savings.py", "tiers.py", "governance.py", "hr.py", "sim/core/ledger.py"),
    (
        "money.*",
        "funding.*",
        "places.*",
        "services.second_order_potential",
        "services.horizontal_potential",
        "external.cost_a_month",
        "governance.agreement_cost",
        "governance.agreement_protects",
        "governance.programme_post",
    ),
)
ORGANISATION = MechanismSheet(
    "organisation",
    "New employer, company, merger, joiners",
    "A single employer, an owned company or a merger is a step like any other, with a deep vote at every council. A "
    "merger joins what is still apart, so it saves less the more is joined. A late partner gains by its size; one "
    "that leaves takes its part along.",
    (
        Equation(
            "merger_saves",
            "merger_saving(spending, share_joined, organisation.merger_realises, money.joint_teams_saving, "
            "money.procurement_saving, organisation.democracy_saving)",
        ),
    ),
    {
        "spending": "pounds a year that the councils spend on services",
        "share_joined": "share of services joined",
    },
    ("D-EXTENT", "D-PARTNERS", "K-JOIN", "K-EXIT", "P-25"),
    ("constitution.py",),
    (
        "organisation.*",
        "members.depth_one_employer",
        "members.depth_company",
        "members.depth_merger",
        "governance.employer_streamlines",
    ),
)
COMMISSIONING = MechanismSheet(
    "commissioning",
    "Commissioning",
    "Services handed to contractors save something, need commissioners, and carry a risk that grows over five years "
    "as skills thin out, unless workforce planning is in the contract: a contract may fail, and its saving is lost.",
    (Equation("rate_of_failure", "contract_failure(commissioning.fails, thin, years)"),),
    {
        "thin": "commissioning.thin_skills, or nought where workforce planning is in the contract",
        "years": "years since the contract began",
    },
    ("M-CO1", "M-CO2", "M-CO3", "D-COMMISSION"),
    ("commissioning.py", "services.py"),
    (
        "commissioning.*",
        "money.commissioning_saving",
        "money.commissioning_one_off",
        "money.commissioning_ramp",
        "members.depth_commission",
        "time.procurement",
    ),
)
QUALITY = MechanismSheet(
    "quality",
    "Service levels",
    "Quality rises with redesign and engagement. It dips between announcement and start, and under overload, "
    "fatigue, lost knowledge, faulty work and management cut beyond what services can bear. Resilience rises as "
    "teams are joined, and falls with thin management and lost knowledge.",
    (
        Equation(
            "quality_heads_for",
            "quality_aim(quality.start, redesign_raises(quality.by_redesign, quality.by_aim, better_services), "
            "share_changed, quality.by_engagement, engagement, engagement.start, quality.anticipation_dip, unsettled,"
            " quality.by_overload, overload, quality.by_fatigue, fatigue, fatigue.start, quality.by_knowledge, "
            "knowledge_lost, quality.by_errors, wrong, share_joined, thin)",
        ),
        Equation(
            "thin",
            "thin_management(quality.by_thin_management, managers, managers_needed, quality.thinness_borne)",
        ),
        Equation(
            "resilience_heads_for",
            "resilience_aim(quality.resilience_start, quality.resilience_joined, share_joined, "
            "quality.resilience_county, county, quality.resilience_thinned, thinned, quality.resilience_knowledge, "
            "knowledge_lost)",
        ),
    ),
    {
        "better_services": "one where better services are an aim too, else nought",
        "share_changed": "share of services redesigned or commissioned",
        "engagement": "mean engagement of staff",
        "unsettled": "share of staff told and not settled",
        "overload": "load beyond the sustainable",
        "fatigue": "mean fatigue of staff",
        "knowledge_lost": "knowledge lost",
        "wrong": "share of joined work that is faulty",
        "county": "one where a county or another public body shares too, else nought",
        "share_joined": "share of services joined",
        "thinned": "share of management posts cut",
        "thin": "quality lost to thin management",
        "managers": "directors and heads of service who are left",
        "managers_needed": "those that the services need: fewer as teams are joined",
    },
    ("S11", "M-FN4", "M-MG7"),
    ("service_levels.py",),
    ("quality.*",),
    switch="quality",
    off="Quality and resilience stay where they were.",
)
FAILURES = MechanismSheet(
    "failures",
    "Services that collapse",
    "A service collapses the sooner the poorer services are. It is put right at a cost, its head of service goes, "
    "managers are taken up for months, members hear complaints and think less of sharing. After a second collapse "
    "within three years inspectors step in, and part of the management posts cut is put back. A contract that fails "
    "is such a collapse too.",
    (
        Equation("hazard_of_collapse", "hazard_so_far(a_pulse_ago, hazard_added, shares)"),
        Equation("hazard_added", "hazard(rate_of_pulse(failures.rate, pulse), strain)"),
        Equation("strain", "failing_strain(failures.by_quality, failures.borne, service_quality)"),
        Equation("cost_of_a_collapse", "product(failures.cost, cost_of_service)"),
    ),
    {
        "pulse": "months from one pulse to the next",
        "a_pulse_ago": "the hazard so far, a pulse ago",
        "hazard_added": "what this pulse adds to the hazard",
        "shares": "one where the councils have a programme, else nought",
        "strain": "how far quality lies below what can be borne, in its effect",
        "service_quality": "quality of services now",
        "cost_of_service": "pounds a year that the service costs the councils that share",
    },
    ("S1", "S2", "P-31"),
    ("failures.py", "tiers.py", "members.py"),
    ("failures.*",),
)
ALONE = MechanismSheet(
    "alone",
    "Going alone",
    "Every council has a budget gap to close, whether it shares or not. Alone it can thin its managers, redesign, let "
    "services to contractors and charge more: each grows to a limit of its own and costs something once. While it "
    "shares it keeps the options that the plan does not take up, with half a hand; the others are open again once the "
    "programme has stalled or the councils have parted. On either path it saves no more "
    "than its budget asks, and what no saving closes is cut from services. The difference between the two paths is "
    "what sharing itself brings.",
    (
        Equation("gap", "gap_at(gap_of_council, now, alone.gap_months, grant_cut_further)"),
        Equation(
            "lost_alone",
            "leakage(leakage.base, leakage.by_fatigue, fatigue.start, leakage.by_disengagement, engagement.start, "
            "leakage.by_overload, no_overload)",
        ),
        Equation("reached_alone", "left_of(lost_alone)"),
        Equation("luck_of_council", "luck_factor(alone.spread, draw)"),
        Equation("option", "own_option(most, open_for, months)"),
        Equation("saved_alone", "closes(gap, able_alone)"),
        Equation("saved_beside_sharing", "closes(gap_left_by_sharing, able_beside)"),
        Equation("cut_from_services", "left_to_cut(gap, saved)"),
        Equation("prize_left", "prize_left(cuts_made_alone, all_that_could_be_cut)"),
    ),
    {
        "gap_of_council": "the council's budget gap, as a share of its spending",
        "now": "months from the start",
        "grant_cut_further": "what further cuts of grant have added, as a share of spending",
        "most": "most that the option can save: alone.*_saving of what the council spends, times the prize left and "
        "luck, and times alone.while_sharing while it shares; of what the partnership took up, the part not done",
        "no_overload": "nought",
        "lost_alone": "share lost where people are as they were at the start",
        "draw": "a draw from a bell curve about nought",
        "open_for": "months for which the option has been open",
        "months": "months in which it is reached: alone.*_months",
        "gap": "what the council must close by now",
        "able_alone": "all its options together",
        "gap_left_by_sharing": "gap less what sharing saves the council",
        "able_beside": "the options that sharing leaves it, together",
        "saved": "what it saves, by whichever path",
        "cuts_made_alone": "share of expenditure the council had cut before",
        "all_that_could_be_cut": "share of expenditure whose cutting leaves nothing to save: four "
        "tenths, our assumption",
    },
    ("S10", "S26", "P-33", "M-PT5"),
    ("budgets.py", "sim/core/inputs/going_alone.py"),
    ("alone.*", "shocks.funding_cut_need"),
)
DISSOLUTION = MechanismSheet(
    "dissolution",
    "Leaving",
    "Each council has a case for leaving: members' support lost, distrust between leaders, benefit or effort that "
    "looks one-sided, clashing cultures, unlike politics, ties that are weak early or worn by coordination later, and "
    "grievances that fade: a hostile change of control, a chief executive lost or passed over, a better offer, a "
    "default, a failed service. The stronger it is, the sooner a motion to leave is put down. Full council votes on "
    "the day's support; then notice runs, in which talks may settle the matter; then the council goes, at a cost. What "
    "was agreed beforehand decides notice, talks, cost and disputes. Of three or more the others go on. Talks before "
    "the start can fail.",
    (
        Equation("unrest", "hazard_so_far(a_pulse_ago, unrest_added, able)"),
        Equation(
            "unrest_added",
            "motion_hazard(rate_of_pulse(endings.motions, pulse), case, endings.motion_line, endings.motion_spread)",
        ),
        Equation(
            "case",
            "case_for_leaving(endings.by_lost_support, leaders, benches, endings.by_distrust, trust, "
            "endings.by_unfairness, unfairness, endings.by_culture, culture_gap, endings.by_politics, unlike, ties, "
            "share_joined, resentment)",
        ),
        Equation(
            "ties",
            "weak_or_worn_ties(endings.while_little_is_joined, share_joined, endings.by_coordination, burden)",
        ),
        Equation("stays", "support_for_staying(leaders, benches, resentment)"),
        Equation("chance_of_staying", "vote_chance(stays, endings.leaving_line, endings.leaving_spread)"),
        Equation("notice", "notice_months(endings.notice_without, endings.notice_agreed, agreement)"),
        Equation("chance_talks_settle_it", "settled(endings.settles, agreement, trust)"),
        Equation("chance_of_a_dispute", "product(governance.exit_disputed, left_of(agreement))"),
        Equation("cost_of_leaving", "disputed(agreed_cost, governance.dispute_adds, in_dispute)"),
        Equation(
            "chance_that_talks_before_the_start_fail",
            "talks_failure(governance.talks_fail, governance.talks_by_trust, trust, governance.talks_by_need, "
            "budget_gap, members.usual_budget_gap, governance.talks_by_rival, rival)",
        ),
    ),
    {
        "pulse": "months from one pulse to the next",
        "a_pulse_ago": "unrest so far, a pulse ago",
        "unrest_added": "what this pulse adds to it",
        "able": "one where something is shared, else nought",
        "case": "what speaks for leaving, at one council",
        "leaders": "buy-in of leaders there",
        "benches": "buy-in of back benches there",
        "trust": "mean trust of its leaders in their partners",
        "unfairness": "unfairness felt there",
        "culture_gap": "gap between the councils' cultures",
        "unlike": "how unlike its partners' politics are to its own, 0 to 1",
        "ties": "what weak or worn ties add",
        "share_joined": "share of services joined",
        "burden": "burden of coordination",
        "resentment": "grievance of the day, which fades",
        "stays": "support for staying",
        "agreement": "how much was agreed beforehand",
        "agreed_cost": "cost of leaving that the agreement leaves",
        "in_dispute": "one where the councils dispute what each owes, else nought",
        "budget_gap": "mean budget gap of the councils, as a share of spending",
        "rival": "one where other chief executives will not stand aside, else nought",
    },
    ("M-PT2", "M-PT4", "M-MB5", "M-FN3", "D-LEGAL", "D-CE", "S12", "S19", "P-18", "P-32"),
    ("partings.py", "constitution.py", "sim/core/world.py"),
    ("endings.*", "governance.talks_*", "governance.exit_disputed", "money.exit_per_saving"),
    switch="dissolution",
    off="Nobody moves to leave, and talks never fail.",
)
STALL = MechanismSheet(
    "stall",
    "Stalling",
    "Poor results, tired people and leaders who doubt press on a programme. Pressure adds up month by month and wears "
    "off where things look up; each step that members would not have counts for some months. At half of what the "
    "programme can bear it falters, for all to see; at the whole it stalls: nothing new is begun, what is in hand is "
    "finished.",
    (
        Equation(
            "pressure",
            "stall_pressure(endings.by_poor_results, results, endings.by_exhaustion, fatigue, endings.by_doubt, "
            "leaders)",
        ),
        Equation("flagging", "flagging_so_far(a_pulse_ago, pressure, pulse, running)"),
        Equation("turn", "stage_of_stalling(flagging, can_bear, faltering)"),
        Equation("luck_of_what_it_can_bear", "luck_factor(endings.stall_spread, draw)"),
    ),
    {
        "pulse": "months from one pulse to the next",
        "pressure": "pressure on the programme, less than nought where it thrives",
        "results": "results as they look",
        "fatigue": "mean fatigue of staff",
        "leaders": "lowest buy-in of leaders",
        "a_pulse_ago": "months of pressure so far, a pulse ago",
        "flagging": "months of pressure so far",
        "running": "one while something is shared and the programme runs, else nought",
        "faltering": "one once it has faltered, until it picks up",
        "can_bear": "months of full pressure that this programme bears: endings.stall_months times luck",
        "draw": "a draw from a bell curve about nought",
    },
    ("M-MB2", "M-ST4", "S18", "S19"),
    ("risks.py",),
    ("endings.stall_*",),
    switch="stall",
    off="The programme never stalls.",
)
SHOCKS = MechanismSheet(
    "shocks",
    "Shocks",
    "Things come from outside at a steady rate: a chief executive or leader leaves, members change sides, grant is "
    "cut, an emergency strikes, others make a better offer. A national round of reorganisation comes in one year, and "
    "takes in these councils or not; new ones take over on a first of April. Defaults come sooner between partners "
    "who do not trust each other or have agreed little, failed contracts as skills thin.",
    (
        Equation(
            "adds_to_hazard_of_default",
            "default_hazard(rate_of_pulse(shocks.default, pulse), trust, governance.agreement_prevents, agreement)",
        ),
    ),
    {
        "pulse": "months from one pulse to the next",
        "trust": "lowest trust between leaders",
        "agreement": "how much was agreed beforehand",
    },
    ("K-CE", "K-CONTROL", "K-LEADER", "K-FUNDING", "K-EMERGENCY", "K-DEFAULT", "K-REORG", "C-26"),
    ("shocks.py", "risks.py", "members.py", "commissioning.py", "relationships.py"),
    (
        "shocks.*",
        "trust.change_of_people_costs",
        "trust.change_of_control_costs",
        "members.control_changes",
        "governance.rushed",
    ),
    switch="shocks",
    off="None of these happens, unless a plan dates one.",
)
LUCK = MechanismSheet(
    "luck",
    "Luck",
    "What nobody can know beforehand is drawn at an address: purpose, entity, occasion. Every plan meets the same "
    "luck, so that plans are compared like with like. Hazards fire when what has accumulated reaches a threshold "
    "that luck has set.",
    (Equation("luck_of_a_stage", "luck_factor(time.spread, draw)"),),
    {
        "draw": "a draw from a bell curve about nought; at its middle the factor is one",
    },
    (),
    ("sim/core/luck.py", "work.py"),
    (
        "time.spread",
        "fatigue.resilience_spread",
        "staff.starting_spread",
        "members.starting_spread",
        "trust.starting_spread",
        "services.size_spread",
        "managers.strength_spread",
    ),
    switch="luck",
    off="Every draw takes its middle value: one history, the same each time.",
)

SHEETS = (
    COORDINATION,
    LEAKAGE,
    SAVINGS,
    ORGANISATION,
    COMMISSIONING,
    QUALITY,
    FAILURES,
    ALONE,
    DISSOLUTION,
    STALL,
    SHOCKS,
    LUCK,
)
