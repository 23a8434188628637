"""The decision map: questions to settle before two authorities share, and the settings each answer changes.

The fourteen questions are our own ordering of S3's text (docs/evidence.md, Questions before sharing). An answer sets
levers, or starting conditions from the ends of their ranges; an unanswered question stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AGREEMENT = "levers.governance.agreement"
AGREED = 0.5
"""Value of an open part of the agreement: half, the lever's own default."""


@dataclass(frozen=True)
class Choice:
    """One answer: its text, the values it sets by key, and whether it settles a part of the agreement."""

    name: str
    text: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    agreed: bool | None = None


@dataclass(frozen=True)
class MapQuestion:
    """One question of the map: its number in docs/evidence.md, its importance, the evidence, and its answers."""

    name: str
    number: int
    text: str
    reason: str
    source: str
    choices: tuple[Choice, ...]


QUESTIONS = (
    MapQuestion(
        "purpose",
        1,
        "What is sharing for?",
        "What is sought decides what counts as a result, and what members stay for once posts are saved.",
        "D-EXTENT",
        (
            Choice("savings", "To save money", {"levers.money.aims": "savings_only"}),
            Choice("services", "Better services as well", {"levers.money.aims": "better_services"}),
            Choice("revenue", "New income and innovation too", {"levers.money.aims": "revenue_too"}),
        ),
    ),
    MapQuestion(
        "choice",
        1,
        "Do the politicians want it themselves?",
        "Leaders who chose to share begin with more support than leaders who see no other way.",
        "M-MB1",
        (
            Choice("wanted", "Yes, it is their own choice", {"evidence.members.leaders_start.value": 0.85}),
            Choice("needed", "No, they see no other way", {"evidence.members.leaders_start.value": 0.6}),
        ),
    ),
    MapQuestion(
        "chief_executive",
        2,
        "Who will be the one chief executive of both leaders?",
        "An insider may look partial; a clean slate or a shared past makes trust easier.",
        "D-CE",
        (
            Choice(
                "one",
                "One council's, and the other stands aside",
                {"levers.governance.chief_executive": "from_one_council", "levers.governance.other_stands_aside": True},
            ),
            Choice(
                "contested",
                "One council's, and the other does not stand aside",
                {
                    "levers.governance.chief_executive": "from_one_council",
                    "levers.governance.other_stands_aside": False,
                },
            ),
            Choice("outside", "Somebody from outside", {"levers.governance.chief_executive": "independent"}),
            Choice("known", "Somebody both know", {"levers.governance.chief_executive": "known_to_both"}),
        ),
    ),
    MapQuestion(
        "officers",
        3,
        "Are the officers with statutory duties protected?",
        "Their standing is one part of the agreement that holds when things go wrong.",
        "D-LEGAL",
        (
            Choice("yes", "Yes, in writing", agreed=True),
            Choice("no", "No, or not yet", agreed=False),
        ),
    ),
    MapQuestion(
        "start",
        4,
        "Do the councils start from different abilities and aims, and is the level of service agreed?",
        "Unlike partners trust one another less at first; agreed levels of service are part of the agreement.",
        "M-MB8, D-LEGAL",
        (
            Choice("alike", "Much alike, and the level is agreed", {"evidence.trust.start.value": 0.6}, True),
            Choice("differ", "They differ, and the level is agreed", {"evidence.trust.start.value": 0.45}, True),
            Choice("open", "They differ, and nothing is agreed", {"evidence.trust.start.value": 0.4}, False),
        ),
    ),
    MapQuestion(
        "depth",
        5,
        "If money is the reason, how deep must sharing go?",
        "The money is in merged departments, hardly in a few shared posts; deeper is not better in itself.",
        "D-EXTENT",
        (
            Choice("chief", "A chief executive only", {"levers.sequence.extent": "chief_executive"}),
            Choice("management", "The whole management team", {"levers.sequence.extent": "management_team"}),
            Choice("services", "Most services", {"levers.sequence.extent": "most_services"}),
            Choice("employer", "One employer", {"levers.sequence.extent": "one_employer"}),
        ),
    ),
    MapQuestion(
        "staffing",
        6,
        "Are the staffing issues decided first?",
        "How posts go, and whether the unions are worked with, decides how people bear it.",
        "D-STAFFING, D-TERMS",
        (
            Choice(
                "volunteers",
                "Yes: volunteers first, with the unions",
                {"levers.staffing.route": "voluntary_targeted", "levers.terms.union_partnership": 0.8},
            ),
            Choice(
                "market",
                "Yes: no forced redundancy, an internal jobs market",
                {"levers.staffing.route": "redeployment", "levers.terms.union_partnership": 0.8},
            ),
            Choice(
                "later",
                "No, as they come up",
                {"levers.staffing.route": "compulsory", "levers.terms.union_partnership": 0.3},
            ),
        ),
    ),
    MapQuestion(
        "body",
        7,
        "Should there be a body of its own that decides?",
        "Delegation spares votes and delay; that it may stir fears for sovereignty is an assumption.",
        "D-GOVERN",
        (
            Choice("votes", "No, every council votes", {"levers.governance.form": "separate_votes"}),
            Choice("cabinet", "The leaders decide together", {"levers.governance.form": "joint_cabinet"}),
            Choice(
                "committee", "A joint committee with delegated powers", {"levers.governance.form": "joint_committee"}
            ),
        ),
    ),
    MapQuestion(
        "payback",
        8,
        "How long may it take until it has paid for itself?",
        "Costs come before returns, perhaps by years; a short limit presses the timetable.",
        "D-TIMEFRAME, D-PACE",
        (
            Choice(
                "short",
                "Two years or so: the dates are held",
                {"levers.pace.timeframe": "held", "levers.pace.months_between_waves": 2.0},
            ),
            Choice(
                "long",
                "Several years: dates may slip",
                {"levers.pace.timeframe": "slips", "levers.pace.months_between_waves": 6.0},
            ),
        ),
    ),
    MapQuestion(
        "employer",
        9,
        "Who hires, appraises and pays, and who sets the targets?",
        "Several sets of rules are a brake on joint work for as long as they last.",
        "M-HR5, D-LEGAL",
        (
            Choice("one", "One set of rules, targets set together", {"levers.hr.policy_integration": 0.8}, True),
            Choice("each", "Each council its own", {"levers.hr.policy_integration": 0.2}, False),
        ),
    ),
    MapQuestion(
        "default",
        10,
        "What happens on default, or if control changes hands?",
        "An agreed way out is one part of the agreement; control can pass to others at any election.",
        "D-LEGAL, M-MB4",
        (
            Choice("settled", "It is settled in the agreement", agreed=True),
            Choice("unsettled", "It is not settled", agreed=False),
        ),
    ),
    MapQuestion(
        "asked",
        11,
        "Have the public, businesses and partners been asked?",
        "Deciding behind closed doors, or telling people late, costs support.",
        "M-MB6",
        (
            Choice("yes", "Yes, and costs and savings are shown to all", {"levers.money.openness": 0.8}),
            Choice("no", "No, or only afterwards", {"levers.money.openness": 0.2}),
        ),
    ),
    MapQuestion(
        "members",
        12,
        "Are all parties' members in it, and scrutiny too?",
        "Leaders alone cannot carry it: back benchers who had no part in it vote as well.",
        "D-MEMBERS",
        (
            Choice("all", "Yes, all of them", {"levers.members.backbench_engagement": 0.7}),
            Choice("leaders", "The leaders alone", {"levers.members.backbench_engagement": 0.1}),
        ),
    ),
    MapQuestion(
        "role",
        13,
        "Will a councillor represent residents more, or less?",
        "Each council's name and independence, guarded openly, are what members fear to lose.",
        "D-IDENTITY",
        (
            Choice("more", "More: identity and the local role are protected", {"levers.identity.assurance": 0.8}),
            Choice("less", "Less, or nobody has said", {"levers.identity.assurance": 0.2}),
        ),
    ),
    MapQuestion(
        "merger",
        14,
        "Does it end in merger?",
        "Leaving merger open stalls joint policy; ruling it out frees it.",
        "D-IDENTITY, M-MB9",
        (
            Choice("no", "No, it is ruled out", {"levers.identity.merger": "ruled_out"}),
            Choice("open", "That is left open", {"levers.identity.merger": "open"}),
            Choice("yes", "Yes, it is the aim", {"levers.identity.merger": "intended"}),
        ),
    ),
)
"""The questions in order; the first of the fourteen is split into two here."""

BY_NAME = {question.name: question for question in QUESTIONS}


def chosen(question: str, answer: str) -> Choice:
    """The choice with that name; KeyError if there is none."""
    return {choice.name: choice for choice in BY_NAME[question].choices}[answer]


def changes(answers: Mapping[str, str]) -> dict[str, Any]:
    """Values that the answers set, by full key; KeyError for an unknown question or answer."""
    found: dict[str, Any] = {}
    parts: list[bool] = []
    for question in QUESTIONS:
        if question.name in answers:
            choice = chosen(question.name, answers[question.name])
            found |= choice.sets
            parts += [] if choice.agreed is None else [choice.agreed]
    unknown = set(answers) - set(BY_NAME)
    if unknown:
        raise KeyError(min(unknown))
    if parts:
        count = sum(any(choice.agreed is not None for choice in question.choices) for question in QUESTIONS)
        found[AGREEMENT] = (sum(parts) + AGREED * (count - len(parts))) / count
    return found


def open_questions(answers: Mapping[str, str]) -> tuple[MapQuestion, ...]:
    """The questions without an answer."""
    return tuple(question for question in QUESTIONS if question.name not in answers)
