"""Mechanisms of what comes of it: coordination, money, service levels, commissioning, shocks, endings, luck."""

from __future__ import annotations

from sim.glass.parts import Equation, Sheet

COORDINATION = Sheet(
    "coordination", "Burden of coordination",
    "Every pair of councils has to be kept in step, the more so the more is joined. A joint cabinet, committee, "
    "board or one employer streamlines. The burden takes managers' attention, delays decisions, and strains the "
    "partnership; and the more pairs of councils, the longer the talks before each step.",
    (
        Equation(
            "burden",
            "min(1, governance.burden_per_pair * pairs * (1 + governance.by_entanglement * share_joined) "
            "* (1 - streamlined))",
            "coordination_burden(governance.burden_per_pair, pairs, governance.by_entanglement * share_joined, "
            "streamlined)",
        ),
        Equation("added_to_work_in_hand", "governance.burden_load * burden", file="managers.py"),
        Equation(
            "months_added_to_each_decision",
            "governance.burden_delays * burden + governance.aligning_months * (councils * (councils - 1) / 2 - 1)",
            file="work.py",
        ),
    ),
    {
        "pairs": "pairs of councils inside, a county counted besides",
        "councils": "councils inside, two or more",
        "share_joined": "share of services joined",
        "streamlined": "what the form of governance and one employer spare",
        "burden": "burden of coordination, 0 to 1",
    },
    ("S12", "C-12", "M-MB8", "D-GOVERN", "D-PARTNERS"), ("governance.py", "managers.py", "work.py"),
    ("governance.cabinet_streamlines", "governance.committee_streamlines", "governance.board_streamlines",
     "governance.employer_streamlines", "governance.distance_load", "governance.county_pairs",
     "governance.county_culture", "governance.county_saving"),
    switch="coordination", off="Serving several councils takes no attention and delays nothing.",
)  # fmt: skip
LEAKAGE = Sheet(
    "leakage", "Savings that leak away",
    "Part of what could be saved is lost when a new way of working begins amid fatigue, disengagement or overload.",
    (
        Equation(
            "lost_share",
            "min(0.9, max(0, leakage.base + leakage.by_fatigue * fatigue + leakage.by_disengagement * (1 - engagement) "
            "+ leakage.by_overload * overload))",
            "leakage(leakage.base, fatigue, engagement, overload, (leakage.by_fatigue, leakage.by_disengagement, "
            "leakage.by_overload))",
        ),
        Equation("realised", "potential * (1 - lost_share) * (1 - error_share)", file="services.py"),
    ),
    {
        "fatigue": "mean fatigue of staff",
        "engagement": "mean engagement of staff",
        "overload": "load beyond the sustainable, at most one",
        "potential": "what the package could save at best",
        "lost_share": "share lost",
        "error_share": "share of the work that is wrong",
    },
    ("M-FN1", "S10"), ("services.py",), ("leakage.*",), switch="leakage",
    off="All that could be saved is saved, errors aside.",
)  # fmt: skip
SAVINGS = Sheet(
    "savings", "Savings and costs",
    "Posts cut from management save at once. Joint teams, redesigns, contracts and systems save a share of what "
    "their services cost, after a ramp; each is paid for once, as a share of what it is to save. Every pound is "
    "posted by month, council, kind and cause, in whole pence, and shared by the rule agreed.",
    (
        Equation("management_saving", "posts_cut * pay_of_post", file="managers.py"),
        Equation("joint_team_could_save", "spending * money.joint_teams_saving", file="services.py"),
        Equation("redesign_could_save", "spending * money.transformation_saving * boldness", file="services.py"),
        Equation("prize_left", "max(0, 1 - cuts_made_alone / 0.4)", file="sim/world/given.py"),
        Equation(
            "present_value_of_a_year", "net_saving / (1 + money.discount_rate) ** year", file="sim/outcomes/money.py"
        ),
    ),
    {
        "posts_cut": "posts that go from the tier",
        "pay_of_post": "what one of them costs a year",
        "spending": "pounds a year the service costs the councils that share, times the prize left",
        "boldness": "one, more for bolder, wider or better-led redesign",
        "cuts_made_alone": "share of expenditure the councils had cut before",
        "net_saving": "savings less costs in that year",
        "year": "years from the start, the first is nought",
    },
    ("M-FN1", "M-FN2", "M-FN4", "M-PT5", "S7", "S8", "S13", "D-FUNDING"),
    ("services.py", "managers.py", "governance.py", "hr.py", "sim/ledger.py"),
    ("money.*", "services.second_order_potential", "services.horizontal_potential", "external.cost_a_month",
     "governance.agreement_cost", "governance.agreement_protects", "governance.programme_post"),
)  # fmt: skip
ORGANISATION = Sheet(
    "organisation", "New employer, company, merger, joiners",
    "A single employer, an owned company or a merger is a step like any other, with a deep vote at every council. A "
    "merger joins what is still apart, so it saves less the more is joined. A late partner gains by its size; one "
    "that leaves takes its part along.",
    (
        Equation(
            "merger_saves",
            "spending * ((1 - share_joined) * organisation.merger_realises * (money.joint_teams_saving "
            "+ money.procurement_saving) + organisation.democracy_saving)",
            file="constitution.py",
        ),
    ),
    {"spending": "pounds a year that the councils spend on services", "share_joined": "share of services joined"},
    ("D-EXTENT", "D-PARTNERS", "K-JOIN", "K-EXIT", "P-25"), ("constitution.py",),
    ("organisation.*", "members.depth_one_employer", "members.depth_company", "members.depth_merger",
     "governance.employer_streamlines"),
)  # fmt: skip
COMMISSIONING = Sheet(
    "commissioning", "Commissioning",
    "Services handed to contractors save something, need commissioners, and carry a risk that grows over five years "
    "as skills thin out, unless workforce planning is in the contract: a contract may fail, and its saving is lost.",
    (
        Equation(
            "rate_of_failure",
            "commissioning.fails * (1 + commissioning.thin_skills * min(years / 5, 1))",
            "contract_failure(commissioning.fails, commissioning.thin_skills, years)",
        ),
    ),
    {"years": "years since the contract began"},
    ("M-CO1", "M-CO2", "M-CO3", "D-COMMISSION"), ("commissioning.py", "services.py"),
    ("commissioning.*", "money.commissioning_saving", "money.commissioning_one_off", "money.commissioning_ramp",
     "members.depth_commission", "time.procurement"),
)  # fmt: skip
QUALITY = Sheet(
    "quality", "Service levels",
    "Quality rises with redesign and engagement. It dips between announcement and start, and under overload, "
    "fatigue, lost knowledge and faulty work. Resilience rises as teams are joined, and falls with thin management "
    "and lost knowledge.",
    (
        Equation(
            "quality_heads_for",
            "quality.start + quality.by_redesign * share_changed + quality.by_engagement * (engagement "
            "- engagement.start) - quality.anticipation_dip * unsettled - quality.by_overload * overload "
            "- quality.by_fatigue * (fatigue - fatigue.start) - quality.by_knowledge * knowledge_lost "
            "- quality.by_errors * wrong * share_joined",
            file="service_levels.py",
        ),
        Equation(
            "resilience_heads_for",
            "quality.resilience_start + quality.resilience_joined * share_joined - quality.resilience_thinned "
            "* thinned - quality.resilience_knowledge * knowledge_lost",
            file="service_levels.py",
        ),
    ),
    {
        "share_changed": "share of services redesigned or commissioned",
        "engagement": "mean engagement of staff",
        "unsettled": "share of staff told and not settled",
        "overload": "load beyond the sustainable, at most one",
        "fatigue": "mean fatigue of staff",
        "knowledge_lost": "knowledge lost",
        "wrong": "share of joined work that is faulty",
        "share_joined": "share of services joined",
        "thinned": "share of management posts cut",
    },
    ("S11", "M-FN4", "M-MG7"), ("service_levels.py",), ("quality.*",), switch="quality",
    off="Quality and resilience stay where they were.",
)  # fmt: skip
DISSOLUTION = Sheet(
    "dissolution", "Parting",
    "A partnership can end at any time: from weak ties while little is joined, from the strain of coordination once "
    "much is, from distrust, from support that is gone. Of three or more, one may leave and the others go on. Talks "
    "before the start can fail. Sharing is then unwound over some months, at a cost.",
    (
        Equation("rate_of_parting", "endings.dissolution * exp(min(strain, 5))", "hazard(endings.dissolution, strain)"),
        Equation(
            "strain",
            "endings.by_distrust * (0.5 - trust) + endings.by_lost_buy_in * (0.5 - (leaders + benches) / 2) "
            "+ endings.while_little_is_joined * (1 - share_joined) + endings.by_coordination * burden * share_joined "
            "+ politics",
            file="shocks.py",
        ),
    ),
    {
        "strain": "strain on the partnership",
        "trust": "lowest trust between leaders",
        "leaders": "lowest buy-in of leaders",
        "benches": "lowest buy-in of back benches",
        "share_joined": "share of services joined",
        "burden": "burden of coordination",
        "politics": "what differing politics add",
    },
    ("M-PT2", "M-FN3", "S12", "S19", "P-18"), ("shocks.py", "constitution.py", "sim/world/meeting.py"),
    ("endings.*", "governance.talks_fail", "money.exit_per_saving"), switch="dissolution",
    off="The partnership never parts, nobody leaves, and talks never fail.",
)  # fmt: skip
STALL = Sheet(
    "stall", "Stalling",
    "A programme stalls when results are poor, people are worn out or leaders' support has ebbed: nothing new is "
    "begun, what is in hand is finished.",
    (
        Equation("rate_of_stalling", "endings.stall * exp(min(strain, 5))", "hazard(endings.stall, strain)"),
        Equation(
            "strain",
            "endings.by_poor_results * (0.5 - results) + endings.by_fatigue * (fatigue - 0.4) "
            "+ endings.by_lost_buy_in * (0.5 - leaders)",
            file="shocks.py",
        ),
    ),
    {
        "strain": "strain on the programme",
        "results": "results as they look",
        "fatigue": "mean fatigue of staff",
        "leaders": "lowest buy-in of leaders",
    },
    ("M-MB2", "M-ST4", "S18", "S19"), ("shocks.py",), switch="stall", off="The programme never stalls.",
)  # fmt: skip
SHOCKS = Sheet(
    "shocks", "Shocks",
    "Things come from outside at a steady rate: a chief executive or leader leaves, grant is cut, an emergency "
    "strikes, councils are reorganised. Defaults come sooner between partners who do not trust each other, failed "
    "contracts as skills thin.",
    (
        Equation(
            "rate_of_default", "shocks.default * exp(min(strain, 5))", "hazard(shocks.default, strain)",
        ),
        Equation("strain", "endings.by_distrust * (0.5 - trust)", file="shocks.py"),
    ),
    {"strain": "strain between leaders", "trust": "lowest trust between leaders"},
    ("K-CE", "K-CONTROL", "K-LEADER", "K-FUNDING", "K-EMERGENCY", "K-DEFAULT", "K-REORG"),
    ("shocks.py", "members.py", "commissioning.py", "relationships.py"),
    ("shocks.*", "trust.change_of_people_costs", "members.control_changes", "governance.rushed"), switch="shocks",
    off="None of these happens, unless a plan dates one.",
)  # fmt: skip
LUCK = Sheet(
    "luck", "Luck",
    "What nobody can know beforehand is drawn at an address: purpose, entity, occasion. Every plan meets the same "
    "luck, so that plans are compared like with like. Hazards fire when what has accumulated reaches a threshold "
    "that luck has set.",
    (
        Equation("length_of_a_stage", "usual_months * exp(time.spread * draw())", file="work.py"),
    ),
    {"usual_months": "nominal months; the draw is from a bell curve about nought"},
    (), ("sim/luck.py", "work.py"),
    ("time.spread", "fatigue.resilience_spread", "staff.starting_spread", "members.starting_spread",
     "trust.starting_spread", "services.size_spread", "managers.strength_spread"),
    switch="luck", off="Every draw takes its middle value: one history, the same each time.",
)  # fmt: skip

SHEETS = (
    COORDINATION, LEAKAGE, SAVINGS, ORGANISATION, COMMISSIONING, QUALITY, DISSOLUTION, STALL, SHOCKS, LUCK,
)  # fmt: skip
