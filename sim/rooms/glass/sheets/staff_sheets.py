"""Sheets of staff mechanisms: fatigue, uncertainty, engagement, leavers, job cuts, terms, culture, leadership."""

from __future__ import annotations

from sim.pictures.causal.parts import Equation, MechanismSheet

FATIGUE = MechanismSheet(
    "fatigue",
    "Fatigue",
    "Staff tire of work beyond what can be sustained and of not knowing where they will stand; more with every "
    "further round, above all where they had no part in it. Fatigue builds within months and wears off slowly, the "
    "more "
    "slowly the deeper it is; new faces and methods help.",
    (
        Equation(
            "heads_for",
            "fatigue_aim(fatigue.start, fatigue.by_load, overload, tough, fatigue.by_uncertainty, uncertainty, "
            "rounds, eased)",
        ),
        Equation("rounds", "later_rounds(fatigue.by_round, rounds_gone_through, eased)"),
        Equation("eased", "eased_by_involvement(fatigue.involvement_eases, with_diminishing_returns(involvement))"),
        Equation("tough", "luck_factor(fatigue.resilience_spread, draw)"),
        Equation(
            "left_of_the_way_after_a_pulse",
            "fatigue_keep(heads_for, level, share_kept(pulse, fatigue.build_months), pulse, recovery, "
            "fatigue.recovery_depth)",
        ),
        Equation("recovery", "recovery_months(fatigue.recovery_months, freshening, staff.freshening_recovers)"),
    ),
    {
        "overload": "load beyond the sustainable",
        "tough": "how hard load tires this council's staff, one in the middle",
        "draw": "a draw from a bell curve about nought",
        "uncertainty": "uncertainty of this council's staff",
        "rounds": "how much harder later rounds tire",
        "eased": "what involvement leaves of it",
        "rounds_gone_through": "rounds of change of which half has ended: management, teams, services, organisation",
        "involvement": "how far staff design the change",
        "heads_for": "where fatigue heads, the first line",
        "level": "fatigue now",
        "pulse": "months from one pulse to the next",
        "recovery": "months in which tiredness wears off, near rest",
        "freshening": "one while the programme is freshened up",
    },
    ("M-ST4", "P-30", "S15", "S18"),
    ("staff.py",),
    ("fatigue.*", "staff.freshening_recovers"),
    switch="fatigue",
    off="Neither load nor uncertainty tires anyone: fatigue stays at rest.",
)
UNCERTAINTY = MechanismSheet(
    "uncertainty",
    "Uncertainty",
    "From the day a service is told of a change until it has its new form, its staff do not know where they will "
    "stand. It bites more with time; good communication takes the edge off.",
    (
        Equation(
            "heads_for",
            "uncertainty_aim(exposed, uncertainty.weight_management, managers_at_risk, communication, "
            "uncertainty.communication_softens)",
        ),
        Equation("exposed", "exposed_share(unsettled, fresh, share_kept(pulse, uncertainty.exposure_months))"),
    ),
    {
        "exposed": "share of staff told and not settled, weighted by the time since they were told",
        "managers_at_risk": "share of management posts announced as open and not appointed to",
        "communication": "how constantly and openly change is talked about",
        "unsettled": "share of staff told and not settled, by what is at stake",
        "fresh": "the part of it whose exposure has still to grow",
        "pulse": "months from one pulse to the next",
    },
    ("M-ST3", "D-COMMS", "X-5"),
    ("staff.py",),
    ("uncertainty.*",),
    switch="uncertainty",
    off="Nobody minds waiting.",
)
ENGAGEMENT = MechanismSheet(
    "engagement",
    "Engagement",
    "The launch lifts engagement, and the lift fades. Involvement, security, development, an aim beyond savings, "
    "shared posts, results and trust raise it; fatigue, uncertainty, lost jobs and strain lower it. It is a stock "
    "apart from fatigue: among municipal staff demands hardly touch it.",
    (
        Equation(
            "heads_for",
            "engagement_aim(at_the_start, lift, engagement.by_results, results, engagement.by_trust, trust, "
            "engagement.by_fatigue, fatigue, fatigue.start, engagement.by_uncertainty, uncertainty, "
            "engagement.by_losses, losses)",
        ),
        Equation("at_the_start", "at_first(engagement.start, staff.starting_spread, draw)"),
        Equation(
            "lift",
            "engagement_lift(engagement.by_shared_roles, staff.them_and_us, gap, share_joined, "
            "staff.by_commissioning, share_commissioned, staff.by_shared_buildings, buildings_shared, excitement, "
            "planned, while_it_runs, running, taught, staff.by_strain, strain)",
        ),
        Equation("excitement", "launch_left(engagement.launch, months, engagement.launch_fades)"),
        Equation(
            "while_it_runs",
            "engagement_while_running(engagement.by_involvement, with_diminishing_returns(involvement), "
            "staff.by_security, jobs_secure, staff.by_purpose, purpose)",
        ),
        Equation("taught", "taught_by_spending(staff.by_development, spend, development.usual_spend)"),
        Equation("losses_still_felt_after_a_pulse", "share_kept(pulse, engagement.losses_fade)"),
    ),
    {
        "results": "results as they look, one half is as expected",
        "trust": "trust of staff in their managers",
        "fatigue": "fatigue of this council's staff",
        "uncertainty": "uncertainty of this council's staff",
        "losses": "jobs lately lost here, as those who stay feel it",
        "at_the_start": "this council's engagement at the start",
        "draw": "a draw from a bell curve about nought",
        "lift": "what the programme itself adds",
        "gap": "culture gap now",
        "share_joined": "share of services joined",
        "share_commissioned": "share of services commissioned",
        "buildings_shared": "one once buildings are shared",
        "excitement": "what is left of the excitement of the launch",
        "planned": "one where there is a programme at all",
        "while_it_runs": "what lifts engagement while the programme runs",
        "taught": "what development beyond the usual adds while it is paid for",
        "running": "one while the programme runs, then nought",
        "strain": "strain over terms",
        "months": "months since the start",
        "involvement": "how far staff design the change",
        "jobs_secure": "share of surplus posts whose holders keep a job",
        "spend": "pounds a year spent on each employee's development",
        "purpose": "one where aims go beyond savings",
        "pulse": "months from one pulse to the next",
    },
    ("M-ST1", "M-ST2", "M-ST5", "M-ST8", "M-MG6", "S14"),
    ("staff.py",),
    (
        "engagement.*",
        "staff.by_development",
        "staff.by_purpose",
        "staff.by_shared_buildings",
        "staff.by_commissioning",
        "staff.starting_spread",
        "development.usual_spend",
    ),
    switch="engagement",
    off="Engagement stays where it was at the start.",
)
LEAVERS = MechanismSheet(
    "leavers",
    "Leavers and knowledge",
    "Each month some people leave of their own accord: more when tired or uncertain, fewer when engaged. Posts "
    "stand empty for some months, and what the leavers knew goes with them.",
    (
        Equation(
            "times_the_usual",
            "leaving_factor(staff.leave_by_fatigue, fatigue, fatigue.start, staff.leave_by_uncertainty, uncertainty, "
            "staff.stay_by_engagement, engagement, engagement_at_start)",
        ),
        Equation("chance_of_leaving_in_a_month", "product(monthly(staff.turnover), times_the_usual)"),
        Equation("knowledge_lost_heads_for", "knowledge_aim(staff.knowledge_per_leaver, beyond_one(mean_of_councils))"),
    ),
    {
        "fatigue": "fatigue of this council's staff",
        "uncertainty": "uncertainty of this council's staff",
        "engagement": "engagement of this council's staff",
        "engagement_at_start": "what it was at the start",
        "times_the_usual": "how many times the usual number leave this council",
        "mean_of_councils": "the same, in the mean over all councils' staff",
    },
    ("M-ST7", "S6"),
    ("staffing.py",),
    ("staff.refill_months", "staff.knowledge_months"),
    switch="leavers",
    off="Nobody leaves of their own accord, no post falls vacant, no knowledge is lost that way.",
)
STAFFING = MechanismSheet(
    "staffing",
    "How posts go",
    "Posts that are no longer needed are first met by vacancies that suit. When the rest fall due, the routes "
    "chosen, side by side, remove their shares at their costs and hurts; who stays keeps back their pay from the "
    "saving until a vacancy fits. "
    "An open offer made before joint systems are in place draws more people than planned, and the experienced among "
    "them.",
    (
        Equation("go_when_due", "product(share_that_goes, posts_left)"),
        Equation(
            "kept_back",
            "kept_back(posts_past_their_time, posts_that_wait, money.officer_post, managers_kept_on)",
        ),
        Equation("kept_on_still_there", "displaced_stay(staffing.displaced_leave, pulse)"),
        Equation("leave_beyond_plan", "exits_beyond_plan(exits, staffing.beyond_plan, uncertainty, systems_missing)"),
        Equation("suited", "suited_to_vacancies(staffing.suits_vacancies, recruitment_held, offered_openly)"),
        Equation("paid_to_one_who_leaves", "exit_payment(staffing.redundancy_years, pay_of_post, paid_by_route)"),
        Equation(
            "pension_strain_of_an_exit",
            "pension_strain(staffing.strain_years, pay_of_post, drawing_early(redundant, older, retired))",
        ),
    ),
    {
        "share_that_goes": "share that the routes in force remove when posts fall due: staffing.*_goes",
        "posts_left": "posts that are to go and that no suitable vacancy has met",
        "posts_past_their_time": "posts past their time that are still filled",
        "posts_that_wait": "posts that fell due and wait for joint systems",
        "managers_kept_on": "pay of managers kept on",
        "pulse": "months from one pulse to the next",
        "exits": "paid exits under an open voluntary offer",
        "uncertainty": "uncertainty of this council's staff",
        "systems_missing": "share of joint ICT and HR systems not in place",
        "recruitment_held": "share of posts for which recruitment is held",
        "offered_openly": "share of posts that are to go by an offer open to all",
        "pay_of_post": "what the post costs a year: money.*_post",
        "paid_by_route": "mean payment by the routes in force, against redundancy pay: staffing.*_cost",
        "redundant": "share of those who leave by redundancy, compulsory or voluntary",
        "older": "share of them old enough for a pension: staffing.older, or staffing.older_managers",
        "retired": "share of those who leave by early retirement",
    },
    ("D-STAFFING", "M-ST5", "S8", "P-20"),
    ("surplus.py", "tiers.py"),
    ("staffing.*", "staff.by_security", "money.pay_share_of_saving", "engagement.losses_fade"),
    switch="staffing",
    off="Posts go at once, as by redundancy, whatever the route.",
)
TERMS = MechanismSheet(
    "terms",
    "Talks over terms",
    "Bringing terms together strains relations while the talks last, by how hard the bargain is; working closely "
    "with the unions takes part of it up. Strain fades slowly, and with little trust it may end in a dispute, in "
    "which work goes to rule.",
    (
        Equation("strain_of_talks", "talks_strain(hardness, terms.union_absorbs, union_partnership)"),
        Equation(
            "chance_that_dismissal_is_carried",
            "vote_chance(support_for_dismissal(leaders, backbench, terms.dismiss_reengage_refused), "
            "members.vote_line, members.vote_spread)",
        ),
        Equation("strain", "terms_strain(strain_before, share_kept(pulse, months_to_fade), strain_of_talks)"),
        Equation(
            "adds_to_hazard_of_dispute",
            "dispute_hazard(rate_of_pulse(terms.dispute, pulse), strain, trust_of_unions)",
        ),
    ),
    {
        "hardness": "strain of the approach taken, before the unions take any up: terms.*_strain",
        "union_partnership": "how closely the unions are worked with, a seconded officer (terms.officer_adds) "
        "included; "
        "nought where dismissal is carried",
        "leaders": "leaders' buy-in",
        "backbench": "back benchers' buy-in",
        "strain_before": "strain a pulse ago",
        "pulse": "months from one pulse to the next",
        "months_to_fade": "months in which strain fades, nine: as long as fatigue takes",
        "strain_of_talks": "strain while talks last, else nought",
        "strain": "strain now",
        "trust_of_unions": "trust between HR and the unions",
    },
    ("M-ST6", "D-TERMS", "K-DISPUTE"),
    ("employment.py",),
    ("terms.*", "time.terms"),
    switch="terms",
    off="Terms are brought together without strain, and there is never a dispute over them.",
)
CULTURE = MechanismSheet(
    "culture",
    "Culture",
    "Councils do things differently. The gap slows joint teams, makes errors and sets camps against each other. A "
    "common vision, mixed teams and OD close it; a new structure by itself does not.",
    (
        Equation(
            "gap_heads_for",
            "culture_aim(gap_at_first, vision, product(culture.by_mixed_teams, involvement), share_joined, "
            "culture.by_od, OD_capability)",
        ),
        Equation("vision", "vision_of(culture.by_vision, joint_strategy, seat_at_the_top, shared_leadership)"),
        Equation("forming_a_team_takes", "longer(time.implementation, culture.slows, gap)"),
    ),
    {
        "gap_at_first": "culture gap when the partnership begins",
        "vision": "what a joint strategy, a seat at the top and shared leadership close",
        "involvement": "how far staff design the change: mixed teams",
        "share_joined": "share of services joined",
        "OD_capability": "OD capability",
        "joint_strategy": "one where there is one HR and OD strategy",
        "seat_at_the_top": "one where HR's lead sits on the top team",
        "shared_leadership": "one where leadership is shared down the line",
        "gap": "culture gap now",
    },
    ("M-CU1",),
    ("relationships.py", "services.py", "staff.py"),
    ("culture.*", "staff.them_and_us"),
    switch="culture",
    off="Cultures do not differ: there is no gap to close.",
)
LEADERSHIP = MechanismSheet(
    "leadership",
    "Leading change",
    "Managers learn to lead change by doing it, in shared posts, and from what is spent on them, with a lag. "
    "Leaders who are seen and let go are trusted and make bolder redesigns; those who command appoint faster. Time "
    "to think raises ideas and is missed in the work at hand.",
    (
        Equation(
            "capability_heads_for",
            "capability_aim(managers.capability_start, managers.capability_gain, packages_ended, packages, taught)",
        ),
        Equation("taught", "taught_by_spending(development.by_spend, spend, development.usual_spend)"),
        Equation(
            "boldness_of_redesign",
            "boldness_of(ambition, breadth, development.shared_innovation, style, development.ideas, thinking_time, "
            "involvement, staffing.security_unlocks, jobs_secure, funded)",
        ),
    ),
    {
        "packages_ended": "packages that have ended",
        "packages": "packages of the programme",
        "taught": "what spending on development adds",
        "spend": "pounds a year spent on each employee's development",
        "ambition": "services.second_order_potential where the framework itself is changed, else one",
        "breadth": "services.horizontal_potential where several services are redesigned at once, else one",
        "style": "one where leadership is shared, minus one where it commands, else nought",
        "thinking_time": "share of managers' time kept free",
        "involvement": "how far staff design the change",
        "jobs_secure": "share of surplus posts whose holders keep a job",
        "funded": "what outside money adds, as savings and costs say",
    },
    ("M-LD1", "M-LD2", "M-MG3", "M-MG6", "D-LEAD", "D-DEVELOP"),
    ("development.py", "savings.py", "managers.py"),
    ("development.*", "managers.capability_months"),
    switch="leadership",
    off="Capability stays as it was; style, development and thinking time make no difference.",
)

SHEETS = (FATIGUE, UNCERTAINTY, ENGAGEMENT, LEAVERS, STAFFING, TERMS, CULTURE, LEADERSHIP)
