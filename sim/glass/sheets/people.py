"""Mechanisms of people: fatigue, uncertainty, engagement, leavers, how posts go, terms, culture, leadership."""

from __future__ import annotations

from sim.glass.parts import Equation, Sheet

FATIGUE = Sheet(
    "fatigue", "Fatigue",
    "Staff tire of work beyond what can be sustained and of not knowing where they will stand; more with every "
    "further round, less where they have a part in it. Fatigue builds within months and wears off slowly, the more "
    "slowly the deeper it is; new faces and methods help.",
    (
        Equation(
            "heads_for",
            "fatigue.start + 1 - exp(-(fatigue.by_load * overload * rounds + fatigue.by_uncertainty * uncertainty) "
            "* eased)",
            "fatigue.start + fatigue_target(fatigue.by_load * overload, fatigue.by_uncertainty * uncertainty, rounds, "
            "eased)",
        ),
        Equation("rounds", "1 + fatigue.by_round * (share_joined + share_transformed)", file="staff.py"),
        Equation("eased", "1 - fatigue.involvement_eases * involvement", file="staff.py"),
    ),
    {
        "overload": "load beyond the sustainable, by how tough this council's staff are",
        "uncertainty": "uncertainty of this council's staff",
        "rounds": "how much harder later rounds tire",
        "eased": "what involvement leaves of it",
        "share_joined": "share of services joined",
        "share_transformed": "share of services redesigned",
        "involvement": "how far staff design the change",
    },
    ("M-ST4", "S15", "S18"), ("staff.py",), ("fatigue.*", "staff.freshening_recovers"), switch="fatigue",
    off="Neither load nor uncertainty tires anyone: fatigue stays at rest.",
)  # fmt: skip
UNCERTAINTY = Sheet(
    "uncertainty", "Uncertainty",
    "From the day a service is told of a change until it has its new form, its staff do not know where they will "
    "stand. It bites more with time; good communication takes the edge off.",
    (
        Equation(
            "heads_for", "unsettled * (1 - uncertainty.communication_softens * communication)",
            "uncertainty_target(unsettled, communication, uncertainty.communication_softens)",
        ),
        Equation(
            "unsettled_of_a_service", "share_of_staff * (1 - exp(-months_waited / uncertainty.exposure_months))",
            file="staff.py",
        ),
    ),
    {
        "unsettled": "share of staff told and not settled, summed over services",
        "communication": "how constantly and openly change is talked about",
        "share_of_staff": "the service's share of staff, by what is at stake",
        "months_waited": "months since the announcement",
    },
    ("M-ST3", "D-COMMS", "X-5"), ("staff.py",), ("uncertainty.*",), switch="uncertainty",
    off="Nobody minds waiting.",
)  # fmt: skip
ENGAGEMENT = Sheet(
    "engagement", "Engagement",
    "The launch lifts engagement, and the lift fades. Involvement, security, development, an aim beyond savings, "
    "shared posts, results and trust raise it; fatigue, uncertainty, lost jobs and strain lower it. It is a stock "
    "apart from fatigue: among municipal staff demands hardly touch it.",
    (
        Equation(
            "shift",
            "engagement.by_results * (results - 0.5) + engagement.by_trust * (trust - 0.5) - engagement.by_fatigue "
            "* (fatigue - fatigue.start) - engagement.by_uncertainty * uncertainty - engagement.by_losses * losses",
            "engagement_shift(results - 0.5, trust - 0.5, fatigue - fatigue.start, uncertainty, losses, "
            "(engagement.by_results, engagement.by_trust, engagement.by_fatigue, engagement.by_uncertainty, "
            "engagement.by_losses))",
        ),
        Equation(
            "lift",
            "engagement.launch * exp(-months / engagement.launch_fades) + engagement.by_shared_roles * share_joined "
            "+ engagement.by_involvement * involvement - staff.by_strain * strain",
            file="staff.py",
        ),
        Equation("heads_for", "start + lift + shift", file="staff.py"),
    ),
    {
        "results": "results as they look, one half is as expected",
        "trust": "trust of staff in their managers",
        "fatigue": "fatigue of this council's staff",
        "uncertainty": "uncertainty of this council's staff",
        "losses": "jobs lately lost here, as those who stay feel it",
        "months": "months since the start",
        "share_joined": "share of services joined",
        "involvement": "how far staff design the change",
        "strain": "strain over terms",
        "start": "this council's engagement at the start",
        "lift": "what the programme itself adds; security, development, purpose, buildings and culture count here too",
        "shift": "the first line",
    },
    ("M-ST1", "M-ST2", "M-ST5", "M-ST8", "M-MG6", "S14"), ("staff.py",),
    ("engagement.*", "staff.by_development", "staff.by_purpose", "staff.by_shared_buildings", "staff.by_commissioning",
     "staff.starting_spread", "development.usual_spend"),
    switch="engagement", off="Engagement stays where it was at the start.",
)  # fmt: skip
LEAVERS = Sheet(
    "leavers", "Leavers and knowledge",
    "Each month some people leave of their own accord: more when tired or uncertain, fewer when engaged. Posts "
    "stand empty for some months, and what the leavers knew goes with them.",
    (
        Equation(
            "rate_of_leaving",
            "staff.turnover / 12 * (1 + staff.leave_by_fatigue * (fatigue - fatigue.start) "
            "+ staff.leave_by_uncertainty * uncertainty) * max(0.2, 1 - staff.stay_by_engagement "
            "* (engagement - engagement_at_start))",
            file="staffing.py",
        ),
        Equation("knowledge_lost_heads_for", "staff.knowledge_per_leaver * leaving_beyond_usual", file="staffing.py"),
    ),
    {
        "fatigue": "fatigue of this council's staff",
        "uncertainty": "uncertainty of this council's staff",
        "engagement": "engagement of this council's staff",
        "engagement_at_start": "what it was at the start",
        "leaving_beyond_usual": "rate of leaving against the usual, less one",
    },
    ("M-ST7", "S6"), ("staffing.py",), ("staff.refill_months", "staff.knowledge_months"), switch="leavers",
    off="Nobody leaves of their own accord, no post falls vacant, no knowledge is lost that way.",
)  # fmt: skip
STAFFING = Sheet(
    "staffing", "How posts go",
    "Posts that are no longer needed are first met by vacancies that suit. When the rest fall due, the route "
    "removes its share at its cost and hurt; who stays keeps back their pay from the saving until a vacancy fits. "
    "An open offer made before joint systems are in place draws more people than planned, and the experienced among "
    "them.",
    (
        Equation("go_when_due", "share_that_goes * (posts - met_by_vacancies)", file="staffing.py"),
        Equation("kept_back", "posts_still_filled * money.officer_post + pay_of_managers_kept", file="staffing.py"),
        Equation(
            "leave_beyond_plan", "exits * staffing.beyond_plan * uncertainty * systems_missing", file="staffing.py"
        ),
    ),
    {
        "share_that_goes": "share that the route in force removes when posts fall due",
        "posts": "posts that are to go",
        "met_by_vacancies": "those that a suitable vacancy has met",
        "posts_still_filled": "posts past their time that are still filled",
        "pay_of_managers_kept": "pay of managers kept on",
        "exits": "paid exits under an open voluntary offer",
        "uncertainty": "uncertainty of this council's staff",
        "systems_missing": "share of joint ICT and HR systems not in place",
    },
    ("D-STAFFING", "M-ST5", "S8", "P-20"), ("staffing.py", "managers.py"),
    ("staffing.*", "staff.by_security", "money.pay_share_of_saving", "engagement.losses_fade"), switch="staffing",
    off="Posts go at once, as by redundancy, whatever the route.",
)  # fmt: skip
TERMS = Sheet(
    "terms", "Talks over terms",
    "Bringing terms together strains relations while the talks last, by how hard the bargain is; working closely "
    "with the unions takes part of it up. Strain fades slowly, and with little trust it may end in a dispute, in "
    "which work goes to rule.",
    (
        Equation("strain_of_talks", "hardness * (1 - terms.union_absorbs * union_partnership)", file="employment.py"),
        Equation("hazard_of_dispute", "terms.dispute * strain * (1 - trust_of_unions)", file="employment.py"),
    ),
    {
        "hardness": "strain of the approach taken, before the unions take any up",
        "union_partnership": "how closely the unions are worked with, a seconded officer included",
        "strain": "strain now",
        "trust_of_unions": "trust between HR and the unions",
    },
    ("M-ST6", "D-TERMS", "K-DISPUTE"), ("employment.py",), ("terms.*", "time.terms"), switch="terms",
    off="Terms are brought together without strain, and there is never a dispute over them.",
)  # fmt: skip
CULTURE = Sheet(
    "culture", "Culture",
    "Councils do things differently. The gap slows joint teams, makes errors and sets camps against each other. A "
    "common vision, mixed teams and OD close it; a new structure by itself does not.",
    (
        Equation(
            "gap_heads_for",
            "gap_at_first * (1 - min(0.9, vision + culture.by_mixed_teams * involvement * share_joined "
            "+ culture.by_od * OD_capability))",
            "culture_aim(gap_at_first, vision, culture.by_mixed_teams * involvement * share_joined, "
            "culture.by_od * OD_capability)",
        ),
        Equation("forming_a_team_takes", "usual_months * (1 + culture.slows * gap)", file="services.py"),
        Equation("errors_added", "culture.errors * gap", file="services.py"),
    ),
    {
        "gap_at_first": "culture gap when the partnership begins",
        "vision": "what a joint strategy, a seat at the top and shared leadership close",
        "involvement": "how far staff design the change: mixed teams",
        "share_joined": "share of services joined",
        "OD_capability": "OD capability",
        "usual_months": "nominal months",
        "gap": "culture gap now",
    },
    ("M-CU1",), ("relationships.py", "services.py", "staff.py"), ("culture.*", "staff.them_and_us"), switch="culture",
    off="Cultures do not differ: there is no gap to close.",
)  # fmt: skip
LEADERSHIP = Sheet(
    "leadership", "Leading change",
    "Managers learn to lead change by doing it, in shared posts, and from what is spent on them, with a lag. "
    "Leaders who are seen and let go are trusted and make bolder redesigns; those who command appoint faster. Time "
    "to think raises ideas and is missed in the work at hand.",
    (
        Equation(
            "capability_heads_for",
            "managers.capability_start + managers.capability_gain * share_of_packages_ended + 3 * development.by_spend "
            "* (spend - development.usual_spend) / (spend + development.usual_spend)",
            file="development.py",
        ),
        Equation(
            "boldness_of_redesign",
            "(1 + development.shared_innovation * style) * (1 + development.ideas * 10 * thinking_time "
            "* (0.5 + involvement))",
            file="services.py",
        ),
    ),
    {
        "share_of_packages_ended": "share of the programme's packages that have ended",
        "spend": "pounds a year spent on each employee's development",
        "style": "one where leadership is shared, minus one where it commands, else nought",
        "thinking_time": "share of managers' time kept free",
        "involvement": "how far staff design the change",
    },
    ("M-LD1", "M-LD2", "M-MG3", "M-MG6", "D-LEAD", "D-DEVELOP"), ("development.py", "services.py", "managers.py"),
    ("development.*", "managers.capability_months"), switch="leadership",
    off="Capability stays as it was; style, development and thinking time make no difference.",
)  # fmt: skip

SHEETS = (FATIGUE, UNCERTAINTY, ENGAGEMENT, LEAVERS, STAFFING, TERMS, CULTURE, LEADERSHIP)
