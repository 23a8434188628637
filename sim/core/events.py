"""All kinds of event, each declared once: entity, wording, audience, and use in charts and comparisons.

Wordings are forms with named parts, such as "{packages}" or "{entities}", which `sim.words` fills in. All code that
records, checks, tells, charts or compares events reads `KINDS`; there is no other list of kinds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Entity = Literal["council", "package", "partnership", "lever"]
Heard = Literal["within", "news", "grave news"]
Turning = Literal["no", "first", "always"]
Weight = Literal["", "end", "turn", "work"]
Step = Literal["", "released", "begins", "ends", "finished", "dropped"]
Vote = Literal["", "won", "lost"]
Told = Literal["diary", "news"]


@dataclass(frozen=True)
class Lasted:
    """Reason for an end: `form` with the months since the event of kind `since`, or `plain` if that is unknown.

    Where `at_once` is set, `plain` also serves for what took no time.
    """

    since: str
    form: str
    plain: str
    at_once: bool = False


@dataclass(frozen=True)
class Shown:
    """Reason made of the recorded cause and the lowest level of a series; `by_cause` names other series."""

    series: str
    words: str
    by_cause: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Worked:
    """Reason derived from earlier events by the rule of this name in `sim.words.event_reasons.causes`."""

    rule: str


Why = str | Lasted | Shown | Worked | None
"""Reason for an event: a fixed clause, one of the forms above, or None for the recorded cause in words."""


@dataclass(frozen=True)
class Stage:
    """A stage of a package: sentences for its start and end, the clause for what follows, its look in the Gantt."""

    name: str
    begins: str
    ends: str
    then: str
    chart: str
    """Label in a chart's key; stages with the same label share one entry."""
    shade: float = 0.0
    """Strength of the plan's colour in the stage's bar; 0 gives the stage no bar of its own."""


@dataclass(frozen=True)
class Kind:
    """One kind of event and its declared properties."""

    name: str
    of: Entity
    """Type of entity that the event is recorded for."""
    meaning: str
    """Meaning of the event in plain words."""
    told: str
    """Clause that tells the event in diaries and news."""
    many: str = ""
    """Clause that tells the event for several entities at once, if it differs from `told`."""
    told_of: Mapping[str, str] = field(default_factory=dict)
    """Clauses that replace `told` for some recorded causes."""
    why: Why = None
    causes: Mapping[str, str] = field(default_factory=dict)
    """Words for recorded causes of this kind; they take precedence over `CAUSES`."""
    lets: str = ""
    """Clause that explains why a stage may begin right after this event."""
    each: tuple[Told, ...] = ()
    """Outputs (diary, news) that tell same-month events separately when their values differ."""
    heard: Heard = "within"
    """Audience: staff concerned only, or everyone in the councils and the workshop as (grave) news."""
    turning: Turning = "no"
    """Rule for marking a turning point in the diary and debrief: never, the first such event, or each one."""
    opens: str = ""
    """Text that the diary puts before the first such event, where that is a turning point."""
    ending: str = ""
    """Sentence with "{when}" by which the debrief names this event as the end of a history."""
    note: str = ""
    """Short note above the Gantt; empty for no note."""
    lesser: bool = False
    """True if the Gantt drops this note first when room is short."""
    parts: bool = False
    """True if the councils separate at this event; the Gantt greys all that follows."""
    mark: str = ""
    """Symbol for the event in charts."""
    weighs: Weight = ""
    """Class of the event when two histories are compared: end, turn or work; work ranks in declared order."""
    counted: str = ""
    """Plural name used when a comparison counts such events."""
    step: Step = ""
    """Position in a package's life cycle; every "begins" needs a matching "ends", in the right order."""
    officer: Literal["", "HR", "OD"] = ""
    """HR or OD, if the step waits for or gains an officer; the event's cause names the stage if this is empty."""
    vote: Vote = ""
    """Result of a vote, for events that are votes; their cause is the package voted on."""
    account: str = ""
    """Line of a council's headcount account that the values of these events add up to."""


_STAGES = (
    Stage(
        "review",
        begins="the review of {subjects} begins",
        ends="the review of {subjects} is finished",
        then="the review is finished",
        chart="review or design",
        shade=0.3,
    ),
    Stage(
        "design",
        begins="people begin to design {packages}",
        ends="the design of {packages} is ready",
        then="the design is ready",
        chart="review or design",
        shade=0.3,
    ),
    Stage(
        "decision",
        begins="{packages} {go} to the councils for a decision",
        ends="the councils have finished deciding on {packages}",
        then="the councils have agreed",
        chart="decision",
        shade=0.48,
    ),
    Stage(
        "consultation",
        begins="staff are consulted on {packages}",
        ends="consultation on {packages} is over",
        then="consultation is over",
        chart="consultation or redesign",
        shade=0.66,
    ),
    Stage(
        "matching",
        begins="HR matches people to the posts of {packages}",
        ends="the posts of {packages} are filled",
        then="the posts are filled",
        chart="appointment",
        shade=0.6,
    ),
    Stage(
        "appointment",
        begins="the search for {packages} begins",
        ends="{packages} {are} appointed",
        then="the appointments are made",
        chart="appointment",
        shade=0.6,
    ),
    Stage(
        "implementation",
        begins="{packages} {are} put into practice",
        ends="{packages} {are} in place",
        then="the change is in place",
        chart="implementation",
        shade=0.95,
    ),
    Stage(
        "bedding_in",
        begins="{packages} {begin} to bed in",
        ends="{packages} {have} bedded in",
        then="the new way of working has bedded in",
        chart="bedding in",
        shade=0.16,
    ),
    Stage(
        "redesign",
        begins="with an OD officer, {packages} {are} carried out",
        ends="the OD work on {packages} is done",
        then="the OD work is done",
        chart="consultation or redesign",
        shade=0.66,
    ),
    Stage(
        "job evaluation",
        begins="HR begins to evaluate jobs for {packages}",
        ends="HR has evaluated all jobs for {packages}",
        then="the jobs have been evaluated",
        chart="consultation or redesign",
        shade=0.66,
    ),
    Stage(
        "negotiation",
        begins="talks with the unions about {packages} begin",
        ends="talks with the unions about {packages} are over",
        then="the talks with the unions are over",
        chart="review or design",
        shade=0.3,
    ),
    Stage(
        "systems",
        begins="HR prepares {packages}",
        ends="HR has prepared {packages}",
        then="HR has prepared it",
        chart="consultation or redesign",
        shade=0.66,
    ),
    Stage(
        "transfer",
        begins="HR begins to transfer the staff for {packages}",
        ends="the staff for {packages} have been transferred",
        then="the staff have been transferred",
        chart="consultation or redesign",
        shade=0.66,
    ),
    Stage(
        "procurement",
        begins="bids are invited for {packages}",
        ends="{packages} {are} let",
        then="the contract is let",
        chart="implementation",
        shade=0.95,
    ),
    Stage(
        "preparation",
        begins="the case for {packages} is prepared",
        ends="the case for {packages} is ready",
        then="the case is ready",
        chart="review or design",
        shade=0.3,
    ),
    Stage(
        "rework",
        begins="part of the work on {packages} is done again",
        ends="the mistakes found in {packages} are put right",
        then="the mistakes are put right",
        chart="rework",
    ),
)
STAGES = {stage.name: stage for stage in _STAGES}
"""All stages by name; the name is the cause recorded with the events that begin and end the stage."""

CAUSES = {
    "dated in the scenario": "the plan's scenario sets it for this month",
    "partnership dissolved": "the partnership is dissolved",
    "merged with the councils": "the merger joins these teams in any case",
    "a leader steps down": "a leader steps down",
    "moved on": "they move on",
    "settlement": "the national settlement is lower",
    "flood, fire or accident": "a flood, a fire or an accident",
    "a partner fails its commitments": "by chance, the likelier the less leaders trust one another",
    "support there is gone": "support there is gone",
    "voted by every council": "every council has voted for it",
    "no agreement was reached": "no agreement was reached",
    "a vacancy or a grant came before readiness": "a vacancy or a grant came before people were ready",
    "open offer": "the offer to leave is open to all",
    "skills have thinned": "the skills it needs have thinned out",
    "agreed period": "its agreed period is over",
    "leaders part ways": "leaders have come to distrust one another",
    "members' support is gone": "members' support is gone",
    "coordination wears": "the burden of serving several councils has worn them down",
    "it looks one-sided": "benefit or effort looks one-sided there",
    "cultures clash": "the councils' cultures clash",
    "those in power campaigned against it": "those in power there campaigned against sharing",
    "the chief executive is gone": "the joint chief executive is gone, and the council wants its own again",
    "the council's own chief executive was passed over": "its own chief executive was passed over",
    "another offer looks better": "another offer looks better",
    "a partner did not keep its word": "a partner did not keep its word",
    "a shared service has failed": "a shared service has failed its residents",
    "members change sides": "members have changed sides",
    "others court it": "others would share with it instead",
    "results are poor": "results are poor",
    "pressure has eased": "results, support or strength have come back",
    "too little was agreed beforehand": "too little was agreed beforehand",
    "talks have settled it": "talks between the councils have settled the matter",
    "people are worn out": "people are worn out",
    "support has ebbed": "support has ebbed",
}
"""Words for recorded causes, shared by all kinds of event."""

_WORK = (
    Kind(
        "package released",
        of="package",
        meaning="A package's turn has come: those who carry it may begin.",
        told="work is released on {packages}",
        why=Worked("order"),
        lets="work on it has been released",
        step="released",
    ),
    Kind(
        "stage started",
        of="package",
        meaning="A stage of a package begins; the cause names the stage.",
        told="stage started for {packages}: {stage}",
        told_of={stage.name: stage.begins for stage in _STAGES},
        why=Worked("the step before"),
        step="begins",
    ),
    Kind(
        "stage finished",
        of="package",
        meaning="A stage of a package ends; the cause names the stage.",
        told="stage finished for {packages}: {stage}",
        told_of={stage.name: stage.ends for stage in _STAGES},
        why=Worked("the stage's work"),
        step="ends",
    ),
    Kind(
        "waiting for HR",
        of="package",
        meaning="A package asks for an HR officer and joins the queue.",
        told="{packages} must wait for HR",
        why="every HR officer is busy with other work",
        step="begins",
        officer="HR",
    ),
    Kind(
        "HR arrived",
        of="package",
        meaning="An HR officer has come free and takes the package up.",
        told="an HR officer takes up {packages}",
        many="HR officers take up {packages}",
        why=Lasted("waiting for HR", "somebody has come free, after {0} of waiting", "somebody is free", at_once=True),
        lets="an HR officer has taken it up",
        step="ends",
        officer="HR",
    ),
    Kind(
        "waiting for OD",
        of="package",
        meaning="A redesign asks for an OD officer and joins the queue.",
        told="{packages} must wait for OD",
        why="every OD officer is busy with other work",
        step="begins",
        officer="OD",
    ),
    Kind(
        "OD arrived",
        of="package",
        meaning="An OD officer has come free and takes the redesign up.",
        told="an OD officer takes up {packages}",
        many="OD officers take up {packages}",
        why=Lasted("waiting for OD", "somebody has come free, after {0} of waiting", "somebody is free", at_once=True),
        lets="an OD officer has taken it up",
        step="ends",
        officer="OD",
    ),
    Kind(
        "package finished",
        of="package",
        meaning="All stages of a package are done.",
        told="{packages} {are} complete",
        why=Worked("the last stage"),
        heard="news",
        weighs="work",
        step="finished",
    ),
    Kind(
        "package dropped",
        of="package",
        meaning="A package is given up for good.",
        told="{packages} {are} given up",
        why=Worked("what was lost"),
        heard="news",
        mark="s",
        weighs="work",
        step="dropped",
    ),
    Kind(
        "vote won",
        of="council",
        meaning="A council's members vote for a step.",
        told="{entities} {votes} for {package}{again}",
        why=Worked("support"),
        lets="the councils have agreed",
        each=("diary", "news"),
        heard="news",
        mark="|",
        vote="won",
    ),
    Kind(
        "vote lost",
        of="council",
        meaning="A council's members vote against a step.",
        told="{entities} {votes} against {package}{again}",
        why=Worked("support"),
        each=("diary", "news"),
        heard="grave news",
        turning="first",
        opens="the first vote is lost; ",
        mark="x",
        weighs="work",
        counted="votes lost",
        vote="lost",
    ),
    Kind(
        "report held back",
        of="package",
        meaning="A report that soundings say would be lost is amended; the cause names the council.",
        told="the report on {packages} is held back and amended",
        why=Worked("the soundings"),
        heard="news",
        weighs="work",
        counted="reports held back",
    ),
    Kind(
        "called in",
        of="council",
        meaning="Scrutiny calls in a decision of a cabinet; the cause names the package.",
        told="scrutiny at {entities} calls in the decision on {package}",
        why="back benchers want it looked at again",
        heard="news",
        weighs="work",
        counted="decisions called in",
    ),
    Kind(
        "rework found",
        of="package",
        meaning="Part of the work done turns out to be wrong and must be done again.",
        told="{share} the work on {packages} turns out to be wrong and must be done again",
        why=Worked("the round"),
        lets="mistakes have been found",
        each=("diary", "news"),
        heard="news",
        weighs="work",
        counted="rounds of rework",
    ),
    Kind(
        "contract failed",
        of="package",
        meaning="A contractor fails: the service is let anew or taken back.",
        told="the contractor fails, and {packages} must be let anew or taken back",
        heard="news",
        note="a contract fails",
        weighs="turn",
    ),
)

_PROGRAMME = (
    Kind(
        "decision",
        of="lever",
        meaning="A lever is set to another value, by the plan, by a rule or by a team.",
        told="a decision, {set}",
        why=Worked("who decided"),
        each=("diary",),
        note="decision: {lever}",
        lesser=True,
    ),
    Kind(
        "programme paused",
        of="partnership",
        meaning="No new package is released until the programme resumes.",
        told="the programme pauses",
        why=Worked("the decision to pause"),
        heard="news",
        turning="first",
        note="programme pauses",
        weighs="turn",
    ),
    Kind(
        "programme resumed",
        of="partnership",
        meaning="Packages are released again after a pause.",
        told="the programme resumes",
        why=Worked("the decision to pause"),
        heard="news",
        note="resumes",
        lesser=True,
    ),
    Kind(
        "programme ended",
        of="partnership",
        meaning="Every package has come to its end, or nothing more will be begun.",
        told="the programme has no work left",
        heard="news",
        causes={
            "complete": "every package has come to its end",
            "given up": "every package was given up",
            "dissolved": "the partnership is dissolved",
            "stalled": "the programme had stalled",
            "reorganised": "national reorganisation has ended what was not begun",
        },
    ),
    Kind(
        "talks failed",
        of="partnership",
        meaning="Talks before the first month end without a deal: nothing is ever shared.",
        told="the talks fail before anything is decided",
        turning="always",
        ending="The talks failed before anything was decided; nothing was ever shared.",
        note="talks fail",
        weighs="end",
    ),
    Kind(
        "deal rushed",
        of="partnership",
        meaning="The councils strike their deal before people are ready for it.",
        told="the deal is struck in haste",
        note="the deal is rushed",
        weighs="turn",
    ),
    Kind(
        "programme falters",
        of="partnership",
        meaning="Pressure on the programme has lasted: it will stall in some months unless that eases.",
        told="the programme falters: if nothing changes, it will stall",
        why=Shown(
            "buy_in_leaders", "leaders' lowest buy-in is", {"people are worn out": ("fatigue", "mean fatigue is")}
        ),
        heard="grave news",
        note="programme falters",
        weighs="turn",
    ),
    Kind(
        "programme picks up",
        of="partnership",
        meaning="A programme that faltered has recovered.",
        told="the programme picks up again",
        heard="news",
        note="picks up",
        lesser=True,
    ),
    Kind(
        "exit disputed",
        of="partnership",
        meaning="Councils that part dispute what each owes: leaving costs more.",
        told="the councils dispute what each owes the other",
        heard="grave news",
        weighs="turn",
    ),
    Kind(
        "reorganisation announced",
        of="partnership",
        meaning="A national round of reorganisation is to take in these councils.",
        told="it is announced that these councils will be reorganised",
        causes={"national reorganisation": "it is decided nationally"},
        heard="grave news",
        note="reorganisation announced",
        weighs="turn",
    ),
    Kind(
        "stalled",
        of="partnership",
        meaning="The programme comes to a halt: nothing new is begun, and what is shared goes on.",
        told="the programme stalls, and nothing new is begun from here on",
        why=Shown(
            "buy_in_leaders", "leaders' lowest buy-in is", {"people are worn out": ("fatigue", "mean fatigue is")}
        ),
        heard="grave news",
        turning="always",
        ending="The programme stalled ({when}); what was shared went on.",
        note="programme stalls",
        weighs="end",
    ),
    Kind(
        "dissolved",
        of="partnership",
        meaning="The councils part, and what was shared is unwound.",
        told="the councils part and the partnership is dissolved",
        why=Shown(
            "trust",
            "the lowest trust between leaders is",
            {"members' support is gone": ("buy_in_backbench", "back benchers' lowest buy-in is")},
        ),
        heard="grave news",
        turning="always",
        ending="The partnership was dissolved ({when}).",
        note="the councils part",
        parts=True,
        weighs="end",
    ),
    Kind(
        "merged",
        of="partnership",
        meaning="The councils become one.",
        told="the councils become one",
        heard="news",
        turning="always",
        ending="The councils merged into one ({when}).",
        note="the councils merge",
        weighs="end",
    ),
    Kind(
        "reorganised",
        of="partnership",
        meaning="National reorganisation ends the programme; what is shared goes on.",
        told="national reorganisation ends the programme, and what is shared goes on",
        causes={"national reorganisation": "it is decided nationally"},
        heard="grave news",
        turning="always",
        ending="National reorganisation ended the programme ({when}).",
        note="national reorganisation",
        weighs="end",
    ),
)

_MEMBERS = (
    Kind(
        "election",
        of="council",
        meaning="Seats of a council are contested.",
        told="{entities}: elections, in which {seats} are contested",
        why="members' terms end",
        heard="news",
    ),
    Kind(
        "control changed",
        of="council",
        meaning="Another party comes to lead a council.",
        told="control of {entities} changes{view}",
        why=Worked("the election"),
        each=("news",),
        heard="grave news",
        turning="always",
        note="{entity}: control changes",
        weighs="turn",
    ),
    Kind(
        "party in power",
        of="council",
        meaning="The party, or none, that controls a council from now on; the cause names it.",
        told="{entities} is now under {party}",
        why="control has changed",
        heard="news",
    ),
    Kind(
        "hostile to sharing",
        of="council",
        meaning="Those who have come to power at a council campaigned against sharing.",
        told="those in power at {entities} want out of it",
        heard="grave news",
        weighs="turn",
    ),
    Kind(
        "better offer",
        of="council",
        meaning="A council is offered to share with others instead.",
        told="{entities} is offered to share with others instead",
        heard="grave news",
        weighs="turn",
    ),
    Kind(
        "motion to leave",
        of="council",
        meaning="Members of a council put down a motion to leave the partnership.",
        told="a motion to leave the partnership is put down at {entities}",
        heard="grave news",
        turning="first",
        note="{entity}: motion to leave",
        weighs="turn",
    ),
    Kind(
        "motion lost",
        of="council",
        meaning="A council votes to stay in the partnership; the value is the support for staying.",
        told="{entities} votes to stay",
        why=Worked("the motion"),
        heard="grave news",
        weighs="turn",
    ),
    Kind(
        "motion carried",
        of="council",
        meaning="A council votes to leave the partnership; the value is the support for staying.",
        told="{entities} votes to leave",
        why=Worked("the motion"),
        heard="grave news",
        turning="always",
        weighs="turn",
    ),
    Kind(
        "notice given",
        of="council",
        meaning="A council gives notice to leave; the value is the months of notice. Nothing new is begun meanwhile.",
        told="{entities} gives {months} months' notice",
        why="the agreement, or custom, asks for it",
        heard="grave news",
        note="{entity}: notice",
        weighs="turn",
    ),
    Kind(
        "notice withdrawn",
        of="council",
        meaning="A council that gave notice stays after all.",
        told="{entities} withdraws its notice",
        heard="grave news",
        turning="always",
        note="notice withdrawn",
        weighs="turn",
    ),
    Kind(
        "leader changed",
        of="council",
        meaning="Another person comes to lead a council.",
        told="the leader of {entities} changes{view}",
        why=Worked("the election"),
        each=("news",),
        heard="grave news",
        turning="always",
        note="{entity}: leader changes",
        weighs="turn",
    ),
    Kind(
        "grant cut further",
        of="partnership",
        meaning="The national grant falls, and all councils need the savings more.",
        told="the councils' grant is cut further, and all need the savings more",
        heard="grave news",
        note="grant cut further",
        weighs="turn",
    ),
    Kind(
        "partner defaults",
        of="partnership",
        meaning="A council fails its commitments, and the others pay part.",
        told="a partner fails its commitments, and the others pay",
        why=Shown("trust", "the lowest trust between them is"),
        heard="grave news",
        turning="first",
        note="a partner defaults",
        weighs="turn",
    ),
    Kind(
        "partner asks to join",
        of="partnership",
        meaning="Another council asks to share; the cause names it.",
        told="{council} asks to join",
        why="the plan foresees that it joins",
        heard="news",
    ),
    Kind(
        "partner joined",
        of="partnership",
        meaning="Another council shares from here on; the cause names it.",
        told="{council} joins what is shared",
        why="every council has agreed",
        heard="news",
        turning="always",
        note="a partner joins",
        weighs="turn",
    ),
    Kind(
        "partner turned away",
        of="partnership",
        meaning="Another council is refused; the cause names it.",
        told="{council} is turned away",
        why=Worked("the refusal"),
        heard="news",
        note="a partner is turned away",
        weighs="turn",
    ),
    Kind(
        "partner left",
        of="council",
        meaning="A council leaves, and the others go on.",
        told="{entities} leaves the partnership, and the others go on",
        heard="grave news",
        turning="always",
        note="a partner leaves",
        weighs="end",
    ),
    Kind(
        "service left",
        of="package",
        meaning="A joint team is taken apart: the councils share its service no more.",
        told="the councils take a service back: {packages} is undone",
        causes={
            "as agreed": "the councils agreed beforehand to share it until then",
            "nobody is left to share with": "nobody is left to share it with",
        },
        heard="news",
        weighs="turn",
    ),
)

_PEOPLE = (
    Kind(
        "chief executive left",
        of="partnership",
        meaning="The joint chief executive goes, and the post stands empty.",
        told="the joint chief executive leaves",
        heard="grave news",
        turning="always",
        note="chief executive leaves",
        weighs="turn",
    ),
    Kind(
        "chief executive appointed",
        of="partnership",
        meaning="The vacancy ends: a new joint chief executive is in post.",
        told="a new joint chief executive is in post",
        why=Lasted("chief executive left", "the vacancy is filled after {0}", "the vacancy is filled"),
        heard="news",
        note="new chief executive",
        lesser=True,
    ),
    Kind(
        "posts cut",
        of="partnership",
        meaning="Management posts go once a tier of management is shared; the cause names the tier.",
        told="{amount} management {posts_are} cut{where}",
        why=Worked("the tier shared"),
        heard="news",
        note="{amount} {post} cut",
    ),
    Kind(
        "redundancies",
        of="council",
        meaning="People leave a council with a payment, as planned.",
        told="redundancies, {people}",
        heard="news",
        account="redundancies",
        causes={
            "management posts": "management posts have been cut",
            "posts no longer needed": "joint teams and redesigned services need fewer posts",
        },
    ),
    Kind(
        "exits beyond plan",
        of="council",
        meaning="An open offer draws more people than posts had to go; theirs are filled again.",
        told="more people leave than was planned, {people}",
        heard="news",
        note="exits beyond plan",
        account="beyond_plan",
    ),
    Kind(
        "staff transferred",
        of="council",
        meaning="People of a council go over to a contractor; the cause names the contract.",
        told="staff go over to a contractor, {people}",
        why=Worked("the contract"),
        heard="news",
        account="transferred",
    ),
    Kind(
        "fatigue over its line",
        of="council",
        meaning="Staff at a council are more tired than can be borne for long.",
        told="fatigue at {entities} passes its line{level}",
        turning="first",
        weighs="turn",
        causes={"load and uncertainty": "load and uncertainty have worn people down"},
    ),
    Kind(
        "fatigue back under its line",
        of="council",
        meaning="Staff at a council have recovered from too much fatigue.",
        told="fatigue at {entities} is back under its line{level}",
        causes={"load and uncertainty": "load and uncertainty weigh less on people"},
    ),
    Kind(
        "dismissal refused",
        of="package",
        meaning="Members refuse dismissal and re-engagement; cost-neutral terms are negotiated instead.",
        told="members refuse to dismiss and re-engage staff, and cost-neutral terms are to be negotiated",
        why="most of them reject it on principle",
        heard="grave news",
        lets="members have refused to dismiss anyone",
    ),
    Kind(
        "dismissal carried",
        of="package",
        meaning="Every council's members carry dismissal and re-engagement.",
        told="members carry dismissal and re-engagement",
        why="their need outweighs what they think of it",
        heard="grave news",
        turning="always",
        lets="members have carried it",
    ),
    Kind(
        "scarcest capacity",
        of="partnership",
        meaning="From this quarter on another capacity holds up most work, or none holds up any.",
        told="no capacity is short any more",
        told_of={
            "managers": "managers' time is what holds work up most",
            "HR": "HR is what holds work up most",
            "OD": "OD is what holds work up most",
        },
        why=Worked("what waits"),
    ),
    Kind(
        "service failed",
        of="partnership",
        meaning="A service collapses: backlogs and complaints; the cause names the service.",
        told="{service} collapses under backlogs and complaints, and must be put right at a cost",
        why=Worked("the collapse"),
        heard="grave news",
        turning="first",
        note="a service fails",
        weighs="turn",
        counted="services that failed",
    ),
    Kind(
        "head of service left",
        of="partnership",
        meaning="The head of a service that failed goes, and the post stands empty for some months.",
        told="a head of service leaves",
        causes={"a service has failed": "the service they led has failed"},
        heard="news",
    ),
    Kind(
        "intervention",
        of="partnership",
        meaning="Inspectors or government step in after repeated failures.",
        told="inspectors step in with a plan for improvement",
        causes={"a second service has failed": "a second service has failed within three years"},
        heard="grave news",
        turning="always",
        note="intervention",
        weighs="turn",
    ),
    Kind(
        "posts put back",
        of="partnership",
        meaning="Management posts that were cut are filled again after an intervention; the cause names the tier.",
        told="{amount} management {posts_are} put back",
        why="inspectors found too little capacity at the top",
        heard="news",
        note="{amount} {post} put back",
    ),
    Kind(
        "dispute begins",
        of="partnership",
        meaning="Unions and councils come to an industrial dispute.",
        told="an industrial dispute begins",
        heard="grave news",
        turning="always",
        note="industrial dispute",
        weighs="turn",
        causes={"terms": "strain over terms and conditions, with little trust to bear it"},
    ),
    Kind(
        "dispute ends",
        of="partnership",
        meaning="An industrial dispute is settled.",
        told="the industrial dispute ends",
        why=Lasted("dispute begins", "it is settled after {0}", "it is settled"),
        heard="news",
        note="dispute settled",
        lesser=True,
    ),
    Kind(
        "emergency begins",
        of="council",
        meaning="A local emergency takes managers away from the programme.",
        told="an emergency takes managers away at {entities}",
        heard="grave news",
        note="local emergency",
        weighs="turn",
    ),
    Kind(
        "emergency ends",
        of="council",
        meaning="Managers are back from a local emergency.",
        told="the emergency at {entities} is over",
        why=Lasted("emergency begins", "it has been dealt with in {0}", "it has been dealt with"),
        heard="news",
        note="emergency over",
        lesser=True,
    ),
    Kind(
        "external support ends",
        of="partnership",
        meaning="Posts bought in from outside come to the end of their period.",
        told="external support ends",
        heard="news",
        note="external support ends",
        lesser=True,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*_WORK, *_PROGRAMME, *_MEMBERS, *_PEOPLE)}
"""All kinds of event by name."""


def named(holds: Callable[[Kind], object]) -> tuple[str, ...]:
    """Names of the kinds that satisfy the condition, in declared order."""
    return tuple(name for name, kind in KINDS.items() if holds(kind))


def kind_of(name: str) -> Kind:
    """Declaration of a kind; for a kind recorded by another version, a minimal one."""
    return KINDS.get(name) or Kind(name, "partnership", "What another version has recorded.", told="{things}: {what}")
