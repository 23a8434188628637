"""Mechanisms of the work itself: load, size, HR and OD, joint systems, steps, the plan, learning, rework."""

from __future__ import annotations

from sim.glass.parts import Equation, Sheet

LOAD = Sheet(
    "load", "Load on managers",
    "Managers carry every stage, besides members, staff and partners who need attention. What they can carry falls "
    "when they tire, when posts are cut or one at the top is vacant; consultants and programme posts add to it. Up "
    "to the best load each package goes at full speed; beyond it less gets done in all, the more there is in hand.",
    (
        Equation(
            "capacity",
            "max(0.1, packages_at_full_strength * (1 - managers.fatigue_takes * fatigue) "
            "* min(1, posts / posts_needed) * capability + help)",
            "change_capacity(packages_at_full_strength, managers.fatigue_takes * fatigue, posts, posts_needed, "
            "capability, help)",
        ),
        Equation("packages_at_full_strength", "heads_of_service * managers.packages_per_head", file="managers.py"),
        Equation(
            "help", "external.packages_carried * consultants + governance.programme_post_carries * programme_posts",
            file="managers.py",
        ),
        Equation("load", "in_hand / capacity", file="managers.py"),
        Equation(
            "speed",
            "1 if load <= managers.best_load else (1 - managers.throughput_when_swamped) "
            "* exp(1 - load / managers.best_load) + managers.throughput_when_swamped * managers.best_load / load",
            "load_speed(load, managers.best_load, managers.throughput_when_swamped)",
        ),
        Equation(
            "speed", "1 if load <= managers.best_load else managers.best_load / load",
            "load_speed_queueing(load, managers.best_load)", form="queueing",
        ),
        Equation("overload", "max(0, load - managers.sustainable_load)", file="managers.py"),
    ),
    {
        "fatigue": "mean fatigue of staff, 0 to 1",
        "posts": "directors and heads of service in post",
        "posts_needed": "those needed: all at first, fewer as teams are joined",
        "packages_at_full_strength": "packages that managers could carry if none were tired or missing",
        "heads_of_service": "heads of service at the start",
        "capability": "managers' capability, less thinking time, an emergency, a vacancy at the top",
        "help": "packages carried by others",
        "consultants": "consultants here now",
        "programme_posts": "posts set aside for the programme",
        "in_hand": "weights of the packages in hand, with attention for members, staff and partners",
        "capacity": "packages that can be carried now",
        "load": "work in hand against capacity",
    },
    ("M-MG1", "M-MG4", "M-MG5", "M-HR2", "D-PACE", "C-3"),
    ("managers.py", "services.py"),
    ("managers.*", "external.speeds", "members.engagement_time", "services.stage_weight", "services.bedding_weight",
     "services.waiting_weight"),
    switch="load",
    off="Packages always go at full speed and nobody is ever overloaded, whatever is in hand.",
    rivals=(("queueing", "Overload only makes work queue: throughput stays at its best and never falls."),),
)  # fmt: skip
SCALE = Sheet(
    "scale", "Size of services",
    "A service with more staff asks for more of managers', HR's and OD's attention, though less than in proportion.",
    (
        Equation(
            "attention", "(staff_of_service / services.usual_staff) ** services.size_counts", file="services.py",
        ),
    ),
    {"staff_of_service": "staff of the service in all councils together"},
    ("C-2", "C-3"), ("services.py",), ("services.size_spread",), switch="scale",
    off="Every service asks for the same attention, whatever its size.",
)  # fmt: skip
QUEUES = Sheet(
    "queues", "HR and OD officers",
    "HR consults on each joint team, OD helps with each redesign. Both are small pools of whole officers with a "
    "queue: first by priority, then who asked first. An officer is as fast as the day job leaves time. OD "
    "capability grows with posts, consultants and practice, and is starved by overload: the capability trap.",
    (
        Equation(
            "speed_of_HR_officer",
            "min(1, max(0.1 * HR_staff, HR_staff - day_job) / officers) * own_integration",
            "officer_speed(HR_staff, day_job, officers, own_integration)",
        ),
        Equation(
            "speed_of_OD_officer", "OD_posts / officers * (0.5 + OD_capability) * (1 - pulled_away)",
            "od_speed(OD_posts, officers, OD_capability, pulled_away)",
        ),
        Equation(
            "OD_capability_heads_for",
            "od.capability_start + od.capability_per_post * OD_posts_added + lent + od.capability_per_redesign "
            "* redesigns_finished - od.starved_by_overload * min(1, overload)",
            file="hr.py",
        ),
    ),
    {
        "HR_staff": "people in HR, added posts included",
        "day_job": "HR staff that the daily work takes",
        "officers": "officers assigned to change, whole people",
        "own_integration": "below one while HR itself is being joined, above one once it is",
        "OD_posts": "full-time OD posts, part-time ones counted as such",
        "OD_capability": "OD capability, 0 to 1",
        "pulled_away": "share of OD work pulled into HR's queue",
        "OD_posts_added": "OD posts bought or built",
        "lent": "capability that consultants lend, or left behind",
        "redesigns_finished": "redesigns finished so far",
        "overload": "load beyond the sustainable",
    },
    ("M-HR1", "M-HR2", "M-HR3", "D-HR", "D-EXTERNAL", "S16"), ("hr.py", "work.py"),
    ("hr.*", "od.*", "external.capability_lent"),
)  # fmt: skip
DAY_JOB = Sheet(
    "day_job", "HR's day job",
    "HR's daily work comes first. It grows with people who leave beyond the usual, and with a dispute; a queue at "
    "HR also pulls OD people into HR's work.",
    (
        Equation(
            "day_job",
            "HR_staff * (1 - hr.free_for_change) + hr.months_per_leaver * max(0, leavers - usual_leavers)",
            file="hr.py",
        ),
        Equation("pulled_away", "od.pulled_to_hr * min(1, queue / officers)", file="hr.py"),
    ),
    {
        "HR_staff": "people in HR",
        "leavers": "people who left this month",
        "usual_leavers": "those who leave in a usual month",
        "queue": "changes that wait for HR",
        "officers": "HR officers assigned to change",
    },
    ("M-HR2", "M-HR1"), ("hr.py",), ("staff.turnover",), switch="day_job",
    off="More leavers make HR no busier, and OD is never pulled into HR's queue.",
)  # fmt: skip
ENABLERS = Sheet(
    "enablers", "Joint systems, policy and terms",
    "Joint ICT, one HR and payroll system, shared buildings, common HR policy and one set of terms are what joint "
    "work stands on. While they are missing HR is slower, redesign takes longer, more goes wrong; ICT and buildings "
    "also carry savings of their own. While merger is left open, joint policy waits.",
    (
        Equation(
            "work_in_each_change", "(1 + hr.by_loose_policy * (usual_policy - common_policy)) * (1 - spared)",
            file="hr.py",
        ),
        Equation("redesign_takes", "usual_time * (1 + enablers.missing_slows * ICT_missing)", file="services.py"),
        Equation(
            "errors_added", "enablers.missing_errors * ICT_missing + terms.separate_errors * terms_apart",
            file="services.py",
        ),
    ),
    {
        "usual_policy": "common policy that HR's work takes for granted",
        "common_policy": "how far HR policy is common, less what an open merger stalls",
        "spared": "what one HR and OD strategy spares",
        "usual_time": "months that design and OD work take",
        "ICT_missing": "one until ICT is joined, then nought",
        "terms_apart": "one until terms are one, then nought",
    },
    ("M-HR5", "M-MB9", "M-ST8", "D-INFRA"), ("enablers.py", "hr.py", "services.py"),
    ("enablers.*", "identity.open_stalls", "hr.strategy_eases", "time.joint_ict", "time.hr_payroll",
     "time.accommodation"),
    switch="enablers", off="Nothing is missing without joint systems, policy and terms, and they save nothing.",
)  # fmt: skip
STEPS = Sheet(
    "steps", "A package, step by step",
    "Each piece of the programme goes through stages: review, consultation, vote, implementation, bedding-in; or "
    "design, vote, redesign, embedding. Managers carry the stages, HR and OD officers their part, members vote at "
    "committee dates. Involvement lengthens each stage, a strong manager and lessons learnt shorten it.",
    (
        Equation(
            "months_of_a_stage",
            "usual_months * luck * lessons / strength * (1 + staff.involvement_takes * involvement)",
            file="services.py",
        ),
    ),
    {
        "usual_months": "nominal months of undisturbed work",
        "luck": "how long the stage happens to take here, one in the middle",
        "lessons": "work left when finished packages have taught theirs",
        "strength": "strength of the service's manager",
        "involvement": "how far staff design the change",
    },
    ("D-SEQ", "D-ORDER", "D-SHAPE", "D-INVOLVE", "M-MG2", "M-MB7", "C-3", "C-6"),
    ("services.py", "work.py", "managers.py", "programme_office.py"),
    ("time.*", "services.review_after_redesign", "services.redesign_apart", "services.second_order_work",
     "services.horizontal_work", "members.attempts", "governance.delegated_months"),
)  # fmt: skip
PLAN = Sheet(
    "plan", "The agreed timeframe",
    "The business case is the same plan played without any friction, with some prudence and a margin of time. A "
    "programme behind it has broken a promise. Where the date is held, lateness hurries people: work goes faster, "
    "and more goes wrong; where it may slip, it does not. Rules can pause or slow a programme.",
    (
        Equation("haste", "min(1, plan.hurry_when_held * behind)", file="programme_office.py"),
        Equation("speed_of_managers", "1 + plan.haste_speeds * haste", file="managers.py"),
    ),
    {"behind": "share of the plan that should be finished by now and is not", "haste": "how far people hurry, 0 to 1"},
    ("D-TIMEFRAME", "D-PACE", "D-ADAPT"), ("programme_office.py", "managers.py"), ("plan.*",),
)  # fmt: skip
LEARNING = Sheet(
    "learning", "Learning from package to package",
    "A review that is done makes the next of its kind quicker and cleaner; in sequence there is more to learn from "
    "than when all go at once.",
    (
        Equation("work_left", "(1 + finished) ** (-services.learning)", "learning_factor(finished, services.learning)"),
    ),
    {"finished": "packages of the same kind that are finished"},
    ("M-LR1",), ("work.py", "services.py"), switch="learning",
    off="The tenth package takes as long, and goes as wrong, as the first.",
)  # fmt: skip
REWORK = Sheet(
    "rework", "Errors and rework",
    "Part of the work leaves its stage wrong without anyone seeing it. It comes to light while the new way beds in "
    "and is done again, in up to three rounds, each with errors of its own. Until then the faulty part saves "
    "nothing.",
    (
        Equation(
            "error_share",
            "min(0.6, max(0, (base + rework.by_fatigue * fatigue + rework.by_haste * haste + rework.by_knowledge_lost "
            "* knowledge_lost) * lessons * (1 - rework.involvement_eases * involvement) "
            "* (1 - rework.od_eases * OD_capability)))",
            "error_share(base, fatigue, haste, knowledge_lost, lessons, involvement, OD_capability, "
            "(rework.by_fatigue, rework.by_haste, rework.by_knowledge_lost, rework.involvement_eases, "
            "rework.od_eases))",
        ),
        Equation("errors_left", "error_share * (1 - hr.seat_eases * seat_at_the_top)", file="services.py"),
    ),
    {
        "base": "what this package is prone to, and what is missing or apart: HR, ICT, terms, cultures",
        "fatigue": "mean fatigue of staff",
        "haste": "overload and hurry together, at most one",
        "knowledge_lost": "knowledge lost with those who left",
        "lessons": "work left when finished packages have taught theirs",
        "involvement": "how far staff design the change",
        "OD_capability": "OD capability",
        "error_share": "share of the work that is wrong",
        "seat_at_the_top": "one where HR's lead sits on the top team",
    },
    ("P-7", "M-HR3", "M-HR4", "M-HR5"), ("services.py",), ("rework.*", "services.rework_weight"), switch="rework",
    off="Nothing leaves its stage wrong.",
)  # fmt: skip

SHEETS = (LOAD, SCALE, QUEUES, DAY_JOB, ENABLERS, STEPS, PLAN, LEARNING, REWORK)
