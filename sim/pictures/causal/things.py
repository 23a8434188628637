"""The boxes of the causal diagram, from choices and given facts (left) to results (right)."""

from __future__ import annotations

from pathlib import Path

from sim.pictures.causal.parts import Kind, Thing, records

COLUMNS = ("Chosen and given", "Capacity", "People", "The work", "Trust and fairness", "Members", "What comes of it")
"""Headings of the columns, from left to right."""
PACKAGE = Path(__file__).resolve().parents[2]
AGENTS = {
    path.name: path.relative_to(PACKAGE.parent).as_posix() for path in sorted((PACKAGE / "agents").rglob("[a-z]*.py"))
}
"""Repository paths of the agents' files, by name."""


def _things(kind: Kind, column: int, text: str) -> list[Thing]:
    """Boxes from rows of `key | title | files | outcomes = meaning`."""
    return [
        Thing(key, title, kind, column, meaning, tuple(map(path_of, files.split())), tuple("".join(outcomes).split()))
        for (key, title, files, *outcomes), meaning in records(text)
    ]


def path_of(file: str) -> str:
    """Repository path of a file; agents' files are given by name alone."""
    return file if "/" in file else AGENTS[file]


_LEVERS = _things(
    "lever",
    0,
    """
sequence | Order and extent | programme_office.py |
  = What is shared and changed, how far, and in what order
pace | Pace and timeframe | programme_office.py adaptation.py |
  = Gaps between waves, packages at once, the agreed date, rules that slow or pause
structure | Management posts cut | tiers.py |
  = How many directors and heads of service go when a tier is shared, and when
staffing | How posts go | surplus.py |
  = The route by which surplus posts go, and whether after the joint systems
terms | Terms and unions | employment.py |
  = What becomes of terms and conditions, and how closely the unions are worked with
hr | HR and OD | hr.py |
  = When HR itself is joined; HR and OD posts; a seat on the top team; common policy
development | Development and leadership | development.py |
  = Spending on people, time to think, and the style of leadership
enablers | Joint systems | enablers.py |
  = When ICT, HR and payroll, and buildings are joined: early, late or never
external | Consultants | hr.py |
  = How many come, when, for how long, and how much of their knowledge stays
staff | Involvement and communication | staff.py |
  = How far staff design the change, how openly it is talked about
members | Engaging members | members.py |
  = How far leaders and back benchers are involved, early and always
governance | Form of governance | governance.py |
  = Who decides, who leads, programme posts, the agreement, a county, a joiner
identity | Identity and merger | governance.py |
  = What is promised about each council's name; whether merger is on the table
money | Sharing rule, aims, funding | governance.py |
  = How savings are shared and shown, for what aims, with whose money
commissioning | Commissioning | commissioning.py |
  = How much is handed to contractors, and whether with workforce planning
""",
)
_GIVEN = [
    *_things(
        "given",
        0,
        """
size | Size of services | services.py savings.py sim/core/inputs/partnership.py |
  = Staff and spending of each service: larger ones ask for more attention
ties | Partners and their distance | relationships.py governance.py sim/core/inputs/partnership.py |
  = Number of councils, miles, unlike sizes, cultures that differ, joint work before
""",
    ),
    *_things(
        "given",
        4,
        """
politics | Differing politics | members.py partings.py |
  = Whether the councils are controlled by different parties
pressure | Budget pressure | members.py savings.py | budget_gap_closed_lowest
  = The gap each council must close, and what it has already cut alone
""",
    ),
    *_things(
        "given",
        3,
        """
luck | Luck | sim/core/luck.py |
  = What nobody can know beforehand: each history meets its own, every plan the same
""",
    ),
    *_things(
        "given",
        5,
        """
elections | Elections | members.py sim/core/clock.py |
  = Every May in which a council votes: some members go, others come
""",
    ),
]
_CAPACITY = _things(
    "state",
    1,
    """
load | Load on managers | managers.py | quarters_managers_scarce peak_load manager_overload_months
  = Work in hand against what the managers in post can carry: above one is too much
posts | Managers in post | tiers.py | shared_roles_share
  = Directors and heads of service who are left, against those needed
capability | Managers' capability | development.py |
  = How well managers lead change: grows with practice and development
coordination | Burden of coordination | governance.py | coordination_highest
  = What serving several councils takes: more pairs, more entangled
hr_time | HR's time for change | hr.py | hr_utilisation quarters_hr_scarce
  = What the day job and HR's own integration leave to each HR officer
hr_queue | Waiting for HR | hr.py sim/core/pools.py | hr_mean_wait_months hr_longest_queue hr_policy_integration
  = Changes that stand still until an HR officer is free
od | OD capability | hr.py | od_utilisation quarters_od_scarce od_mean_wait_months od_longest_queue
  = Capacity to help people redesign what they do: the denominator of transformation
""",
)
_PEOPLE = _things(
    "state",
    2,
    """
fatigue | Fatigue | staff.py | peak_fatigue mean_fatigue months_fatigue_over_line fatigue_crossed
  fatigue_over_before_transformed peak_fatigue_management peak_fatigue_joining peak_fatigue_changing
  months_over_line_management months_over_line_joining months_over_line_changing
  = How tired of change the staff of each council are; it wears off slowly
uncertainty | Uncertainty | staff.py | uncertainty_exposure
  = Staff who were told of a change and do not know where they will stand
engagement | Engagement | staff.py | engagement_end engagement_lowest engagement_change_y3
  = How much staff put into their work: a stock apart from fatigue
leavers | Leavers and vacancies | staffing.py | leavers
  = People who go of their own accord, and posts empty until refilled
knowledge | Knowledge lost | staffing.py | knowledge_lost_highest
  = What went with those who left before it was passed on
losses | Jobs lost | surplus.py | redundancies job_losses_highest redeployed rehires
  = Posts that went, as those who stay feel it; it fades
strain | Strain over terms | employment.py | disputes union_relations_end union_relations_change_y3
  = Tension while terms are fought over; it may end in a dispute
""",
)
_WORK = _things(
    "state",
    3,
    """
delivery | Services joined and changed | services.py programme_office.py progress.py work.py | services_integrated
  services_transformed services_transformed_y5 services_commissioned duration_ratio unfinished packages_dropped
  first_joint_team_month merged
  = Packages of the programme that have taken effect
errors | Errors and rework | services.py | rework_rounds rework_share
  = Work that left its stage wrong, comes to light, and is done again
culture | Culture gap | relationships.py | culture_gap_end
  = How differently the councils do things; structure alone does not close it
behind | Behind the plan | progress.py |
  = How far the programme trails the agreed timeframe
""",
)
_RELATIONS = _things(
    "state",
    4,
    """
trust | Trust | relationships.py | min_trust min_trust_leaders min_trust_leaders_backbench min_trust_members_officers
  min_trust_managers_staff min_trust_hr_managers min_trust_hr_unions
  = In each relationship that matters: slow to build, quick to lose
unfairness | Felt unfairness | governance.py | unfairness_highest
  = What a council gets and loses against what it thinks its part
results | Results as they look | members.py | efficiency_delivered
  = Saving delivered against what was expected by now
threat | Threat to identity | governance.py |
  = Fear for the council's name and independence, the more the deeper sharing goes
""",
)
_MEMBERS = _things(
    "state",
    5,
    """
leaders | Buy-in of leaders | members.py | min_buy_in_leaders
  = How far each council's leaders stand behind the partnership
bench | Buy-in of back benches | members.py | min_buy_in_backbench buy_in_backbench_y2 backlash
  = How far each council's other members stand behind it
votes | Votes won | members.py votes.py work.py | votes_lost votes_lost_later reports_held_back
  = Each step must win each council's vote, unless that was delegated
shocks | Shocks | shocks.py risks.py commissioning.py | contracts_failed reorganised
  = What befalls it: people leave, grant is cut, emergencies, defaults, failed contracts
failures | Services that collapse | failures.py | services_failed
  = Backlogs and complaints that have to be put right at a cost
""",
)
_RESULTS = _things(
    "result",
    6,
    """
saving | Recurrent saving | savings.py tiers.py sim/core/ledger.py | recurrent_saving_y1_gbp_m
  recurrent_saving_y3_gbp_m recurrent_saving_y5_gbp_m recurrent_saving_y10_gbp_m recurrent_saving_y5_share
  saving_missed target_missed saving_by_change_gbp_m saving_by_joining_gbp_m
  = Pounds a year saved, after running costs
cost | Costs of change | savings.py governance.py hr.py sim/core/ledger.py | setup_cost_gbp_m
  = Set-up, exits, support and what serving several councils costs
net | Net saving | sim/core/ledger.py | cumulative_net_saving_y10_gbp_m npv_gbp_m payback_month never_pays_back
  = What is left in all once the change has been paid for
beyond | Net of going alone | budgets.py sim/core/inputs/going_alone.py | net_of_going_alone_gbp_m cuts_avoided_gbp_m
  = What sharing brings beyond what each council would have saved by itself
quality | Service quality | service_levels.py | service_quality_end service_quality_lowest better_services
  = What residents and members see of the services
resilience | Resilience | service_levels.py | resilience_end
  = Whether a service still runs when one person is away
stalling | Stalling | risks.py | stalled
  = The programme stops: nothing new is begun
parting | Parting | partings.py constitution.py | dissolved partners_left talks_failed
  = The partnership ends, or one of three or more councils leaves
""",
)

THINGS: dict[str, Thing] = {
    thing.key: thing for thing in (*_LEVERS, *_GIVEN, *_CAPACITY, *_PEOPLE, *_WORK, *_RELATIONS, *_MEMBERS, *_RESULTS)
}
"""Every box by its key; groups of levers have the group's name."""
