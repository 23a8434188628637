"""The boxes of the causal picture, from what is chosen and given, on the left, to what comes of it, on the right."""

from __future__ import annotations

from pathlib import Path

from sim.pictures.causal.parts import Kind, Thing

COLUMNS = ("Chosen and given", "Capacity", "People", "The work", "Trust and fairness", "Members", "What comes of it")
"""Headings of the columns, from left to right."""
PACKAGE = Path(__file__).resolve().parents[2]
AGENTS = {
    path.name: path.relative_to(PACKAGE.parent).as_posix() for path in sorted((PACKAGE / "agents").rglob("[a-z]*.py"))
}
"""Files of agents in the repository, by name."""


def _things(kind: Kind, column: int, *rows: tuple[str, str, str, str, str]) -> list[Thing]:
    return [
        Thing(key, title, kind, column, meaning, tuple(map(path_of, files.split())), tuple(outcomes.split()))
        for key, title, meaning, files, outcomes in rows
    ]


def path_of(file: str) -> str:
    """A file by its path in the repository; agents' files are given by name alone."""
    return file if "/" in file else AGENTS[file]


_LEVERS = _things(
    "lever", 0,
    ("sequence", "Order and extent", "What is shared and changed, how far, and in what order",
     "programme_office.py", ""),
    ("pace", "Pace and timeframe", "Gaps between waves, packages at once, the agreed date, rules that slow or pause",
     "programme_office.py adaptation.py", ""),
    ("structure", "Management posts cut", "How many directors and heads of service go when a tier is shared, and when",
     "tiers.py", ""),
    ("staffing", "How posts go", "The route by which surplus posts go, and whether after the joint systems",
     "surplus.py", ""),
    ("terms", "Terms and unions", "What becomes of terms and conditions, and how closely the unions are worked with",
     "employment.py", ""),
    ("hr", "HR and OD", "When HR itself is joined; HR and OD posts; a seat on the top team; common policy",
     "hr.py", ""),
    ("development", "Development and leadership", "Spending on people, time to think, and the style of leadership",
     "development.py", ""),
    ("enablers", "Joint systems", "When ICT, HR and payroll, and buildings are joined: early, late or never",
     "enablers.py", ""),
    ("external", "Consultants", "How many come, when, for how long, and how much of their knowledge stays",
     "hr.py", ""),
    ("staff", "Involvement and communication", "How far staff design the change, how openly it is talked about",
     "staff.py", ""),
    ("members", "Engaging members", "How far leaders and back benchers are involved, early and always",
     "members.py", ""),
    ("governance", "Form of governance", "Who decides, who leads, programme posts, the agreement, a county, a joiner",
     "governance.py", ""),
    ("identity", "Identity and merger", "What is promised about each council's name; whether merger is on the table",
     "governance.py", ""),
    ("money", "Sharing rule, aims, funding", "How savings are shared and shown, for what aims, with whose money",
     "governance.py", ""),
    ("commissioning", "Commissioning", "How much is handed to contractors, and whether with workforce planning",
     "commissioning.py", ""),
)  # fmt: skip
_GIVEN = [
    *_things(
        "given", 0,
        ("size", "Size of services", "Staff and spending of each service: larger ones ask for more attention",
         "services.py savings.py sim/core/inputs/partnership.py", ""),
        ("ties", "Partners and their distance",
         "Number of councils, miles, unlike sizes, cultures that differ, joint work before",
         "relationships.py governance.py sim/core/inputs/partnership.py", ""),
    ),
    *_things(
        "given", 4,
        ("politics", "Differing politics", "Whether the councils are controlled by different parties",
         "members.py risks.py", ""),
        ("pressure", "Budget pressure", "The gap each council must close, and what it has already cut alone",
         "members.py savings.py", "budget_gap_closed_lowest"),
    ),
    *_things(
        "given", 3,
        ("luck", "Luck", "What nobody can know beforehand: each history meets its own, every plan the same",
         "sim/core/luck.py", ""),
    ),
    *_things(
        "given", 5,
        ("elections", "Elections", "Every May in which a council votes: some members go, others come",
         "members.py sim/core/clock.py", ""),
    ),
]  # fmt: skip
_CAPACITY = _things(
    "state", 1,
    ("load", "Load on managers", "Work in hand against what the managers in post can carry: above one is too much",
     "managers.py", "peak_load manager_overload_months"),
    ("posts", "Managers in post", "Directors and heads of service who are left, against those needed",
     "tiers.py", "shared_roles_share"),
    ("capability", "Managers' capability", "How well managers lead change: grows with practice and development",
     "development.py", ""),
    ("coordination", "Burden of coordination", "What serving several councils takes: more pairs, more entangled",
     "governance.py", "coordination_highest"),
    ("hr_time", "HR's time for change", "What the day job and HR's own integration leave to each HR officer",
     "hr.py", "hr_utilisation"),
    ("hr_queue", "Waiting for HR", "Changes that stand still until an HR officer is free",
     "hr.py sim/core/pools.py", "hr_mean_wait_months hr_longest_queue hr_policy_integration"),
    ("od", "OD capability", "Capacity to help people redesign what they do: the denominator of transformation",
     "hr.py", "od_utilisation od_mean_wait_months od_longest_queue"),
)  # fmt: skip
_PEOPLE = _things(
    "state", 2,
    ("fatigue", "Fatigue", "How tired of change the staff of each council are; it wears off slowly",
     "staff.py", "peak_fatigue mean_fatigue months_fatigue_over_line fatigue_crossed fatigue_over_before_transformed "
     "peak_fatigue_management peak_fatigue_joining peak_fatigue_changing months_over_line_management "
     "months_over_line_joining months_over_line_changing"),
    ("uncertainty", "Uncertainty", "Staff who were told of a change and do not know where they will stand",
     "staff.py", "uncertainty_exposure"),
    ("engagement", "Engagement", "How much staff put into their work: a stock apart from fatigue",
     "staff.py", "engagement_end engagement_lowest engagement_change_y3"),
    ("leavers", "Leavers and vacancies", "People who go of their own accord, and posts empty until refilled",
     "staffing.py", "leavers"),
    ("knowledge", "Knowledge lost", "What went with those who left before it was passed on",
     "staffing.py", "knowledge_lost_highest"),
    ("losses", "Jobs lost", "Posts that went, as those who stay feel it; it fades",
     "surplus.py", "redundancies job_losses_highest redeployed rehires"),
    ("strain", "Strain over terms", "Tension while terms are fought over; it may end in a dispute",
     "employment.py", "disputes union_relations_end union_relations_change_y3"),
)  # fmt: skip
_WORK = _things(
    "state", 3,
    ("delivery", "Services joined and changed", "Packages of the programme that have taken effect",
     "services.py programme_office.py progress.py work.py",
     "services_integrated services_transformed services_commissioned duration_ratio unfinished packages_dropped "
     "first_joint_team_month merged"),
    ("errors", "Errors and rework", "Work that left its stage wrong, comes to light, and is done again",
     "services.py", "rework_rounds rework_share"),
    ("culture", "Culture gap", "How differently the councils do things; structure alone does not close it",
     "relationships.py", "culture_gap_end"),
    ("behind", "Behind the plan", "How far the programme trails the agreed timeframe",
     "progress.py", ""),
)  # fmt: skip
_RELATIONS = _things(
    "state", 4,
    ("trust", "Trust", "In each relationship that matters: slow to build, quick to lose",
     "relationships.py",
     "min_trust min_trust_leaders min_trust_leaders_backbench min_trust_members_officers min_trust_managers_staff "
     "min_trust_hr_managers min_trust_hr_unions"),
    ("unfairness", "Felt unfairness", "What a council gets and loses against what it thinks its part",
     "governance.py", "unfairness_highest"),
    ("results", "Results as they look", "Saving delivered against what was expected by now",
     "members.py", "efficiency_delivered"),
    ("threat", "Threat to identity", "Fear for the council's name and independence, the more the deeper sharing goes",
     "governance.py", ""),
)  # fmt: skip
_MEMBERS = _things(
    "state", 5,
    ("leaders", "Buy-in of leaders", "How far each council's leaders stand behind the partnership",
     "members.py", "min_buy_in_leaders"),
    ("bench", "Buy-in of back benches", "How far each council's other members stand behind it",
     "members.py", "min_buy_in_backbench backlash"),
    ("votes", "Votes won", "Each step must win each council's vote, unless that was delegated",
     "members.py work.py", "votes_lost votes_lost_later"),
    ("shocks", "Shocks", "What befalls it: people leave, grant is cut, emergencies, defaults, failed contracts",
     "shocks.py risks.py commissioning.py", "contracts_failed reorganised"),
    ("failures", "Services that collapse", "Backlogs and complaints that have to be put right at a cost",
     "failures.py", "services_failed"),
)  # fmt: skip
_RESULTS = _things(
    "result", 6,
    ("saving", "Recurrent saving", "Pounds a year saved, after running costs",
     "savings.py tiers.py sim/core/ledger.py",
     "recurrent_saving_y1_gbp_m recurrent_saving_y3_gbp_m recurrent_saving_y5_gbp_m recurrent_saving_y10_gbp_m "
     "recurrent_saving_y5_share saving_missed target_missed saving_by_change_gbp_m saving_by_joining_gbp_m"),
    ("cost", "Costs of change", "Set-up, exits, support and what serving several councils costs",
     "savings.py governance.py hr.py sim/core/ledger.py", "setup_cost_gbp_m"),
    ("net", "Net saving", "What is left in all once the change has been paid for",
     "sim/core/ledger.py", "cumulative_net_saving_y10_gbp_m npv_gbp_m payback_month never_pays_back"),
    ("beyond", "Net of going alone", "What sharing brings beyond what each council would have saved by itself",
     "budgets.py sim/core/going_alone.py", "net_of_going_alone_gbp_m cuts_avoided_gbp_m"),
    ("quality", "Service quality", "What residents and members see of the services",
     "service_levels.py", "service_quality_end service_quality_lowest better_services"),
    ("resilience", "Resilience", "Whether a service still runs when one person is away",
     "service_levels.py", "resilience_end"),
    ("stalling", "Stalling", "The programme stops: nothing new is begun", "risks.py", "stalled"),
    ("parting", "Parting", "The partnership ends, or one of three or more councils leaves",
     "risks.py constitution.py", "dissolved partners_left talks_failed"),
)  # fmt: skip

THINGS: dict[str, Thing] = {
    thing.key: thing for thing in (*_LEVERS, *_GIVEN, *_CAPACITY, *_PEOPLE, *_WORK, *_RELATIONS, *_MEMBERS, *_RESULTS)
}
"""Every box by its key; the groups of levers go by the name of the group."""
