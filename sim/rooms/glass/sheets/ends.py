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
    "posted by month, council, kind and cause, in whole pence, and shared by the rule agreed.",
    (
        Equation("management_saving", "product(posts_cut, pay_of_post)"),
        Equation("joint_team_could_save", "product(money.joint_teams_saving, spending)"),
        Equation("redesign_could_save", "product(boldness, product(money.transformation_saving, spending))"),
        Equation("contract_could_save", "product(money.commissioning_saving, spending)"),
        Equation("prize_left", "prize_left(cuts_made_alone, all_that_could_be_cut)"),
        Equation("exit_costs", "protected_cost(cost, governance.agreement_protects, agreement)"),
        Equation("present_value_of_a_year", "discounted(net_saving, money.discount_rate, year)"),
    ),
    {
        "posts_cut": "posts that go from the tier",
        "pay_of_post": "what one of them costs a year: money.*_post",
        "spending": "pounds a year the service costs the councils that share, times the prize left",
        "boldness": "one, more for bolder, wider or better-led redesign",
        "cuts_made_alone": "share of expenditure the councils had cut before",
        "all_that_could_be_cut": "share of expenditure whose cutting leaves nothing to save: four "
        "tenths, our assumption",
        "cost": "cost of parting, leaving or a default before any agreement",
        "agreement": "how much was agreed beforehand",
        "net_saving": "savings less costs in that year",
        "year": "years from the start, the first is nought",
    },
    ("M-FN1", "M-FN2", "M-FN4", "M-PT5", "S7", "S8", "S13", "D-FUNDING"),
    ("savings.py", "tiers.py", "governance.py", "hr.py", "sim/core/ledger.py"),
    (
        "money.*",
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
    "fatigue, lost knowledge and faulty work. Resilience rises as teams are joined, and falls with thin management "
    "and lost knowledge.",
    (
        Equation(
            "quality_heads_for",
            "quality_aim(quality.start, redesign_raises(quality.by_redesign, quality.by_aim, better_services), "
            "share_changed, quality.by_engagement, engagement, engagement.start, quality.anticipation_dip, unsettled,"
            " quality.by_overload, overload, quality.by_fatigue, fatigue, fatigue.start, quality.by_knowledge, "
            "knowledge_lost, quality.by_errors, wrong, share_joined)",
        ),
        Equation(
            "resilience_heads_for",
            "resilience_aim(quality.resilience_start, quality.resilience_joined, share_joined, "
            "quality.resilience_thinned, thinned, quality.resilience_knowledge, knowledge_lost)",
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
        "share_joined": "share of services joined",
        "thinned": "share of management posts cut",
    },
    ("S11", "M-FN4", "M-MG7"),
    ("service_levels.py",),
    ("quality.*",),
    switch="quality",
    off="Quality and resilience stay where they were.",
)
DISSOLUTION = MechanismSheet(
    "dissolution",
    "Parting",
    "A partnership can end at any time: from weak ties while little is joined, from the strain of coordination once "
    "much is, from distrust, from support that is gone. Of three or more, one may leave and the others go on. Talks "
    "before the start can fail. Sharing is then unwound over some months, at a cost.",
    (
        Equation("hazard_of_parting", "hazard_so_far(a_pulse_ago, hazard_added, able)"),
        Equation("hazard_added", "hazard(rate_of_pulse(endings.dissolution, pulse), strain)"),
        Equation("added_that_one_leaves", "hazard(rate_of_pulse(endings.partner_leaves, pulse), strain)"),
        Equation("able_to_leave", "while_three_share(able, councils)"),
        Equation(
            "strain",
            "parting_strain(distrust, support_lost, endings.while_little_is_joined, share_joined, "
            "endings.by_coordination, burden, politics, trust)",
        ),
        Equation("distrust", "distrust_strain(endings.by_distrust, trust)"),
        Equation("support_lost", "support_strain(endings.by_lost_buy_in, leaders, benches)"),
    ),
    {
        "pulse": "months from one pulse to the next",
        "a_pulse_ago": "the hazard so far, a pulse ago",
        "hazard_added": "what this pulse adds to the hazard",
        "able": "one where something is shared, else nought",
        "councils": "councils that share",
        "strain": "strain on the partnership",
        "distrust": "strain of distrust between leaders",
        "support_lost": "strain of lost support among members",
        "trust": "lowest trust between leaders",
        "leaders": "lowest buy-in of leaders",
        "benches": "lowest buy-in of back benches",
        "share_joined": "share of services joined",
        "burden": "burden of coordination",
        "politics": "what differing politics would add without any trust",
    },
    ("M-PT2", "M-FN3", "S12", "S19", "P-18"),
    ("risks.py", "constitution.py", "sim/core/world.py"),
    ("endings.*", "governance.talks_fail", "money.exit_per_saving"),
    switch="dissolution",
    off="The partnership never parts, nobody leaves, and talks never fail.",
)
STALL = MechanismSheet(
    "stall",
    "Stalling",
    "A programme stalls when results are poor, people are worn out or leaders' support has ebbed: nothing new is "
    "begun, what is in hand is finished.",
    (
        Equation("adds_to_hazard_of_stalling", "hazard(rate_of_pulse(endings.stall, pulse), strain)"),
        Equation(
            "strain",
            "stalling_strain(endings.by_poor_results, results, endings.by_fatigue, fatigue, endings.by_lost_buy_in, "
            "leaders)",
        ),
    ),
    {
        "pulse": "months from one pulse to the next",
        "strain": "strain on the programme",
        "results": "results as they look",
        "fatigue": "mean fatigue of staff",
        "leaders": "lowest buy-in of leaders",
    },
    ("M-MB2", "M-ST4", "S18", "S19"),
    ("risks.py",),
    switch="stall",
    off="The programme never stalls.",
)
SHOCKS = MechanismSheet(
    "shocks",
    "Shocks",
    "Things come from outside at a steady rate: a chief executive or leader leaves, grant is cut, an emergency "
    "strikes, councils are reorganised. Defaults come sooner between partners who do not trust each other, failed "
    "contracts as skills thin.",
    (
        Equation("adds_to_hazard_of_default", "hazard(rate_of_pulse(shocks.default, pulse), strain)"),
        Equation("strain", "distrust_strain(endings.by_distrust, trust)"),
    ),
    {
        "pulse": "months from one pulse to the next",
        "strain": "strain between leaders",
        "trust": "lowest trust between leaders",
    },
    ("K-CE", "K-CONTROL", "K-LEADER", "K-FUNDING", "K-EMERGENCY", "K-DEFAULT", "K-REORG"),
    ("shocks.py", "risks.py", "members.py", "commissioning.py", "relationships.py"),
    ("shocks.*", "trust.change_of_people_costs", "members.control_changes", "governance.rushed"),
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
    DISSOLUTION,
    STALL,
    SHOCKS,
    LUCK,
)
