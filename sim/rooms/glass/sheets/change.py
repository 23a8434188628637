"""Sheets of the work's mechanisms: load, size, HR and OD, joint systems, steps, the plan, learning, rework."""

from __future__ import annotations

from sim.pictures.causal.parts import Equation, MechanismSheet

LOAD = MechanismSheet(
    "load",
    "Load on managers",
    "Managers carry every stage, and members, staff and training take of the same time. They have less of it for the "
    "work while their own posts are open. What they can carry falls when they tire, when posts are cut or one at the "
    "top is vacant; consultants and programme posts add to it. Up to the best load each package goes at full speed; "
    "beyond it less gets done in all, the more there is in hand. Each quarter says whose capacity holds up most work.",
    (
        Equation(
            "capacity",
            "change_capacity(packages_at_full_strength, product(managers.fatigue_takes, fatigue), posts, "
            "posts_needed, able, help)",
        ),
        Equation("packages_at_full_strength", "product(heads_of_service, managers.packages_per_head)"),
        Equation(
            "able",
            "managers_able(capability, product(time, left_of(thinking_time)), called_away, "
            "managers.leaderless_capacity, chief_executive, tier_shared)",
        ),
        Equation("posts_needed", "posts_needed(posts_at_first, managers.needed_falls_when_joined, share_joined)"),
        Equation(
            "help",
            "help_from_outside(consultants, external.packages_carried, office, running)",
        ),
        Equation(
            "office",
            "office_carries(product(governance.programme_post_carries, programme_posts), "
            "governance.programme_post_carries, funded_posts)",
        ),
        Equation("called_away", "called_away(emergency, failing_services, cuts_of_grant)"),
        Equation(
            "time",
            "time_kept(time_taken(managers.time_for_people, attention, served), "
            "product(managers.time_for_people, managers.usual_attention), managers.at_risk_slowing, unsettled)",
        ),
        Equation(
            "attention",
            "attention_asked(leaders_engaged, benches_engaged, communication, involvement, managers.training_time, "
            "spend, development.usual_spend)",
        ),
        Equation(
            "unsettled_heads_for",
            "managers_unsettled(managers_at_risk, communication, uncertainty.communication_softens)",
        ),
        Equation("travel", "travel_load(product(governance.distance_load, tens_of_miles), running, anything_finished)"),
        Equation("served", "councils_served(each_further_council, councils)"),
        Equation("load", "load_of(in_hand, governance.burden_load, burden, travel, capacity)"),
        Equation("load_ahead", "midway_load(load, load_before)"),
        Equation("speed", "load_speed(load_ahead, managers.best_load, managers.throughput_when_swamped)"),
        Equation(
            "speed",
            "load_speed_queueing(load_ahead, managers.best_load, managers.throughput_when_swamped)",
            form="queueing",
        ),
        Equation("overload", "overload_of(load, managers.sustainable_load)"),
        Equation("held_up", "held_up(in_hand, speed)"),
        Equation("scarcest", "scarcest(held_up, queue_at_HR, queue_at_OD, managers.noticed_held_up)"),
    ),
    {
        "fatigue": "mean fatigue of staff, 0 to 1",
        "posts": "directors and heads of service in post",
        "posts_needed": "those needed: all at first, fewer as teams are joined",
        "posts_at_first": "directors and heads of service at the start",
        "packages_at_full_strength": "packages that managers could carry if none were tired or missing",
        "heads_of_service": "heads of service at the start",
        "able": "managers' capability that is left for change",
        "capability": "managers' capability for change",
        "thinking_time": "share of managers' time kept free for thinking",
        "emergency": "share of managers' time that an emergency takes",
        "chief_executive": "one while a joint chief executive is in post, else nought",
        "tier_shared": "one from the first shared tier on, before it nought",
        "time": "managers' time for the work, against the usual",
        "attention": "groups of people that are taken along in full, and training",
        "involvement": "how far staff design the change",
        "spend": "pounds a year spent on each employee's development",
        "managers_at_risk": "share of management posts announced as open and not appointed to",
        "unsettled": "uncertainty of managers about their own posts",
        "travel": "load of distance, in packages",
        "speed": "speed that load leaves",
        "held_up": "packages' worth of managers' work that overload holds up",
        "queue_at_HR": "changes that wait for HR",
        "queue_at_OD": "redesigns that wait for OD",
        "help": "packages carried by others",
        "office": "packages that programme posts carry",
        "funded_posts": "OD and programme posts paid from outside money now",
        "called_away": "share of managers' capacity taken by what befalls the councils",
        "failing_services": "share that services which have collapsed take",
        "cuts_of_grant": "share that cuts of grant take",
        "consultants": "consultants here now",
        "programme_posts": "posts set aside for the programme",
        "running": "one while the programme runs, then nought",
        "leaders_engaged": "how far leaders are involved",
        "benches_engaged": "how far back benchers are involved",
        "communication": "how constantly and openly change is talked about",
        "served": "councils to attend to, against two",
        "each_further_council": "one; nought where the mechanism `scale` is off",
        "councils": "councils that share",
        "tens_of_miles": "mean distance between two councils, in tens of miles",
        "anything_finished": "one from the first finished package on",
        "in_hand": "weights of the packages in hand",
        "burden": "burden of coordination, 0 to 1",
        "share_joined": "share of services joined",
        "capacity": "packages that can be carried now",
        "load": "work in hand against capacity",
        "load_before": "the load a pulse ago",
        "load_ahead": "the load half a pulse on, if it goes on as since the last pulse",
    },
    ("M-MG1", "M-MG4", "M-MG5", "M-HR2", "D-PACE", "C-3", "P-26", "P-28", "P-29"),
    ("managers.py", "services.py"),
    (
        "managers.*",
        "external.speeds",
        "services.stage_weight",
        "services.bedding_weight",
        "services.waiting_weight",
    ),
    switch="load",
    off="Packages always go at full speed and nobody is ever overloaded, whatever is in hand.",
    rivals=(("queueing", "Overload only makes work queue: throughput stays at its best and never falls."),),
)
SCALE = MechanismSheet(
    "scale",
    "Size of services",
    "A service with more staff asks for more of managers', HR's and OD's attention, though less than in proportion.",
    (
        Equation("attention", "attention_of_service(staff_against_usual, services.size_counts)"),
        Equation("luck_of_size_and_of_cost", "luck_factor(services.size_spread, draw)"),
    ),
    {
        "staff_against_usual": "staff of the service in all councils together, against services.usual_staff",
        "draw": "a draw from a bell curve about nought",
    },
    ("C-2", "C-3"),
    ("services.py",),
    ("services.size_spread",),
    switch="scale",
    off="Every service asks for the same attention, whatever its size.",
)
QUEUES = MechanismSheet(
    "queues",
    "HR and OD officers",
    "HR consults on each joint team and matches people to its posts, OD helps with each redesign. Both are small "
    "pools of whole officers with a "
    "queue: first by priority, then who asked first. An officer is as fast as the day job leaves time. OD "
    "capability grows with posts, consultants and practice, and is starved by overload: the capability trap.",
    (
        Equation(
            "months_of_consultation", "consultation_months(posts_that_go, time.consultation_few, before_April_2013)"
        ),
        Equation("posts_that_go", "posts_behind(saving_a_year, money.pay_share_of_saving, money.officer_post)"),
        Equation("officers_of_HR", "hr_officers(hr.free_for_change, HR_staff, HR_posts_added, running)"),
        Equation(
            "speed_of_HR_officer",
            "officer_speed(HR_staff, HR_posts_added, running, day_job, officers_of_HR, own_integration)",
        ),
        Equation(
            "own_integration",
            "hr_joining(joining_begun, joining_finished, hr.integration_dip, hr.integration_gain, one_payroll, "
            "enablers.separate_systems)",
        ),
        Equation(
            "OD_posts",
            "od_posts_of(od.posts_in_place, product(OD_posts_added, up_to_the_work), running, consultants, "
            "od.improvised_posts, funded_posts)",
        ),
        Equation("up_to_the_work", "built_up(built, month, hr.built_months)"),
        Equation("speed_of_OD_officer", "od_speed(OD_posts, officers_of_OD, OD_capability, pulled_away)"),
        Equation(
            "OD_capability_heads_for",
            "od_capability_aim(od.capability_start, each_post_brings, OD_posts_added, running, lent, "
            "each_redesign_brings, redesigns_finished, od.starved_by_overload, overload, od.taught_by_joining, "
            "joining_finished)",
        ),
        Equation("each_post_brings", "built_or_bought(built, od.capability_per_post, hr.built_slower)"),
        Equation("each_redesign_brings", "built_or_bought(built, od.capability_per_redesign, hr.built_practice)"),
        Equation("lent", "lent_capability(external.capability_lent, consultants, left_behind)"),
        Equation("consultants", "consultants_present(consultants_agreed, running, month, first_month, months_agreed)"),
    ),
    {
        "posts_that_go": "posts that the change is expected to take away",
        "before_April_2013": "true where the law of before April 2013 holds",
        "saving_a_year": "pounds a year that the change saves",
        "HR_staff": "people in HR of all councils",
        "HR_posts_added": "HR posts added for the programme",
        "running": "one while the programme runs, then nought",
        "day_job": "HR staff that the daily work takes",
        "officers_of_HR": "HR officers assigned to change, whole people",
        "officers_of_OD": "OD officers, whole people: posts rounded up",
        "own_integration": "below one while HR itself is being joined, above one once it is",
        "joining_begun": "one while HR's own team is being joined",
        "joining_finished": "one once it is joined",
        "one_payroll": "one once there is one HR and payroll system",
        "OD_posts": "full-time OD posts, part-time ones counted as such",
        "consultants": "consultants here now",
        "OD_capability": "OD capability, 0 to 1",
        "pulled_away": "share of OD work pulled into HR's queue",
        "OD_posts_added": "OD posts bought or built",
        "up_to_the_work": "share of those posts that are up to the work: all where bought",
        "funded_posts": "OD and programme posts paid from outside money now",
        "each_post_brings": "what each of them brings: od.capability_per_post where bought, less where built",
        "each_redesign_brings": "what each redesign teaches: od.capability_per_redesign, more where built",
        "built": "one where OD is built from people of one's own, nought where it is bought",
        "lent": "capability that consultants lend, or left behind",
        "left_behind": "capability that earlier consultants have left behind",
        "redesigns_finished": "redesigns finished so far",
        "overload": "load beyond the sustainable",
        "consultants_agreed": "consultants agreed on",
        "month": "months since the start",
        "first_month": "month in which they come",
        "months_agreed": "how long they stay",
    },
    ("M-HR1", "M-HR2", "M-HR3", "D-HR", "D-EXTERNAL", "S16"),
    ("hr.py", "work.py"),
    ("hr.*", "od.*", "external.capability_lent"),
)
DAY_JOB = MechanismSheet(
    "day_job",
    "HR's day job",
    "HR's daily work comes first. It grows with people who leave beyond the usual, and with a dispute; a queue at "
    "HR also pulls OD people into HR's work.",
    (
        Equation(
            "day_job",
            "day_job_of(tied_up(HR_staff, hr.free_for_change), hr.months_per_leaver, leavers, usual_leavers, "
            "terms.dispute_day_job, in_dispute)",
        ),
        Equation("usual_leavers", "usual_leavers(staff.turnover, people)"),
        Equation("pulled_away", "starved_share(od.pulled_to_hr, queue, officers)"),
    ),
    {
        "HR_staff": "people in HR of all councils",
        "leavers": "people who left this month",
        "usual_leavers": "those who leave in a usual month",
        "in_dispute": "one while there is a dispute",
        "people": "staff of all councils at the start",
        "queue": "changes that wait for HR",
        "officers": "HR officers assigned to change",
    },
    ("M-HR2", "M-HR1"),
    ("hr.py",),
    ("staff.turnover",),
    switch="day_job",
    off="More leavers make HR no busier, and OD is never pulled into HR's queue.",
)
ENABLERS = MechanismSheet(
    "enablers",
    "Joint systems, policy and terms",
    "Joint ICT, one HR and payroll system, shared buildings, common HR policy and one set of terms are what joint "
    "work stands on. While they are missing HR is slower, redesign takes longer, more goes wrong; ICT and buildings "
    "also carry savings of their own. While merger is left open, joint policy waits.",
    (
        Equation("work_in_each_change", "policy_work(hr.by_loose_policy, common_policy, usual_policy, spared)"),
        Equation("common_policy", "policy_in_common(policy, stalled)"),
        Equation("redesign_takes", "redesign_slowed(apart, enablers.missing_slows, ICT_missing)"),
        Equation(
            "missing_or_apart",
            "integration_debt(HR_apart, rework.hr_not_joined, ICT_missing, enablers.missing_errors, terms_apart, "
            "terms.separate_errors, culture.errors, gap)",
        ),
        Equation("one_payroll_saves", "product(enablers.payroll_saving, staff_of_all)"),
        Equation("a_system_could_save", "system_saving(spending, prize, money.procurement_saving, part)"),
        Equation(
            "bought_with_joint_teams",
            "bought_together(systems_save, enablers.ict_share, enablers.buildings_share, county)",
        ),
    ),
    {
        "staff_of_all": "staff of the councils that share",
        "usual_policy": "common policy that HR's work takes for granted",
        "common_policy": "how far HR policy is common, less what an open merger stalls",
        "policy": "how far HR policy is made common",
        "stalled": "identity.open_stalls where merger is left open, else nought",
        "spared": "hr.strategy_eases where there is one HR and OD strategy, else nought",
        "apart": "services.redesign_apart unless the service's team is joined when design begins, then one",
        "ICT_missing": "one until ICT is joined, then nought",
        "HR_apart": "one until HR itself is joined, then nought",
        "terms_apart": "one until terms are one, then nought",
        "gap": "culture gap now",
        "spending": "pounds a year that the councils spend on services",
        "prize": "what can be saved here against the usual, less what earlier cuts took",
        "part": "enablers.ict_share or enablers.buildings_share",
        "systems_save": "one; nought where this mechanism is off",
        "county": "governance.county_saving where a county shares too, else nought",
    },
    ("M-HR5", "M-MB9", "M-ST8", "D-INFRA"),
    ("enablers.py", "hr.py", "services.py"),
    (
        "enablers.*",
        "identity.open_stalls",
        "hr.strategy_eases",
        "time.joint_ict",
        "time.hr_payroll",
        "time.accommodation",
    ),
    switch="enablers",
    off="Nothing is missing without joint systems, policy and terms, and they save nothing.",
)
STEPS = MechanismSheet(
    "steps",
    "A package, step by step",
    "Each piece of the programme goes through stages: review, consultation, vote, implementation, bedding-in; or "
    "design, vote, redesign, embedding. Managers carry the stages, HR and OD officers their part, members vote at "
    "committee dates. Involvement lengthens each stage, a strong manager and lessons learnt shorten it.",
    (
        Equation(
            "months_of_a_stage",
            "stage_months(usual_months, luck, lessons, strength, staff.involvement_takes, involvement)",
        ),
        Equation("luck", "stage_at_this_place(chance, pace)"),
        Equation("pace", "place_effect(places.pace_spread, places.pace)"),
        Equation("strength", "luck_factor(managers.strength_spread, draw)"),
    ),
    {
        "usual_months": "nominal months of undisturbed work, such as time.review, time.design, "
        "time.embed or time.bedding_in",
        "luck": "how long the stage happens to take here, one in the middle at a place of usual pace",
        "chance": "how long it happens to take, one in the middle",
        "pace": "pace of stages here against that of others of the same facts: no two partnerships are alike",
        "lessons": "work left when finished packages have taught theirs",
        "strength": "strength of the service's manager; the mean where several services are touched",
        "draw": "a draw from a bell curve about nought",
        "involvement": "how far staff design the change",
    },
    ("D-SEQ", "D-ORDER", "D-SHAPE", "D-INVOLVE", "M-MG2", "M-MB7", "C-3", "C-6"),
    ("services.py", "tiers.py", "work.py", "programme_office.py"),
    (
        "time.*",
        "services.restructure_*",
        "services.review_after_redesign",
        "services.redesign_apart",
        "services.second_order_work",
        "services.horizontal_work",
        "members.attempts",
        "governance.delegated_months",
    ),
)
PLAN = MechanismSheet(
    "plan",
    "The agreed timeframe",
    "The business case is the same plan played without any friction, with some prudence and a margin of time. A "
    "programme behind it has broken a promise. Where the date is held, lateness hurries people: work goes faster, "
    "and more goes wrong; where it may slip, it does not. Rules can pause or slow a programme.",
    (
        Equation("behind", "behind_of(planned, ended, packages)"),
        Equation("haste", "haste_of(held, plan.hurry_when_held, behind, running)"),
        Equation(
            "speed_of_managers",
            "pace_of_work(plan.haste_speeds, haste, external.speeds, consultants, in_hand, terms.dispute_slows, "
            "in_dispute, time, managers.trust_speeds, trust)",
        ),
    ),
    {
        "planned": "share of packages that should have ended by now",
        "ended": "packages that have ended",
        "packages": "packages of the programme",
        "behind": "share of the plan that should be finished by now and is not",
        "held": "one where the agreed timeframe is held or brought forward, nought where it may slip",
        "running": "one while the programme runs, then nought",
        "haste": "how far people hurry, 0 to 1",
        "consultants": "consultants here now",
        "in_hand": "packages in hand",
        "in_dispute": "one while there is a dispute",
        "time": "managers' time for the work, against the usual",
        "trust": "mean trust between leaders",
    },
    ("D-TIMEFRAME", "D-PACE", "D-ADAPT"),
    ("progress.py", "adaptation.py", "managers.py"),
    ("plan.*",),
)
LEARNING = MechanismSheet(
    "learning",
    "Learning from package to package",
    "A review that is done makes the next of its kind quicker and cleaner; in sequence there is more to learn from "
    "than when all go at once.",
    (Equation("work_left", "learning_factor(finished, services.learning)"),),
    {
        "finished": "packages of the same kind that are finished",
    },
    ("M-LR1",),
    ("work.py", "services.py"),
    switch="learning",
    off="The tenth package takes as long, and goes as wrong, as the first.",
)
REWORK = MechanismSheet(
    "rework",
    "Errors and rework",
    "Part of the work leaves its stage wrong without anyone seeing it. It comes to light while the new way beds in "
    "and is done again, in up to three rounds, each with errors of its own. Until then the faulty part saves "
    "nothing.",
    (
        Equation(
            "error_share",
            "error_share(base, rework.by_fatigue, fatigue, rework.by_haste, haste, rework.by_knowledge_lost, "
            "knowledge_lost, lessons, rework.involvement_eases, with_diminishing_returns(involvement), "
            "rework.od_eases, "
            "OD_capability)",
        ),
        Equation("prone_to_errors", "errors_at_first(rework.base, luck)"),
        Equation(
            "missing_or_apart",
            "integration_debt(HR_apart, rework.hr_not_joined, ICT_missing, enablers.missing_errors, terms_apart, "
            "terms.separate_errors, culture.errors, gap)",
        ),
        Equation("haste", "rushed_by(overload, hurry)"),
        Equation(
            "errors_left", "errors_left(error_share, hr.seat_eases, seat_at_the_top, development.silences, commanding)"
        ),
    ),
    {
        "base": "what this package is prone to, and what is missing or apart, together",
        "luck": "a number from 0 to 1 that luck draws",
        "HR_apart": "one until HR itself is joined, then nought",
        "ICT_missing": "one until ICT is joined, then nought",
        "terms_apart": "one until terms are one, then nought",
        "gap": "culture gap now",
        "fatigue": "mean fatigue of staff",
        "haste": "overload and hurry together, at most one",
        "overload": "load beyond the sustainable",
        "hurry": "how far a timeframe that is held hurries people",
        "knowledge_lost": "knowledge lost with those who left",
        "lessons": "work left when finished packages have taught theirs",
        "involvement": "how far staff design the change",
        "OD_capability": "OD capability",
        "error_share": "share of the work that is wrong",
        "seat_at_the_top": "one where HR's lead sits on the top team",
        "commanding": "one where leadership commands: bad news is not told upward",
    },
    ("P-7", "M-HR3", "M-HR4", "M-HR5"),
    ("services.py",),
    ("rework.*", "services.rework_weight"),
    switch="rework",
    off="Nothing leaves its stage wrong.",
)

SHEETS = (LOAD, SCALE, QUEUES, DAY_JOB, ENABLERS, STEPS, PLAN, LEARNING, REWORK)
