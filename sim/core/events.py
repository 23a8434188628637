"""All kinds of event, each declared once: entity, wording, audience, and use in charts and comparisons.

Wordings are forms with named parts, such as "{packages}" or "{entities}", which `sim.words` fills in. All code that
records, checks, tells, charts or compares events reads `KINDS`; there is no other list of kinds.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

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


Block = tuple[list[str], dict[str, str]]


def _blocks(text: str) -> Iterator[Block]:
    """Entries of a table in text: the fields of the first line, with bars between, and the indented lines by label."""
    for block in re.split(r"\n+(?! )", text.strip()):
        head, *lines = block.splitlines()
        yield [field.strip() for field in head.split("|", 2)], dict(line[2:].split(": ", 1) for line in lines)


def _stage(block: Block) -> Stage:
    (name, chart, shade), sentences = block
    return Stage(name, chart=chart, shade=float(shade), **sentences)


def _kind(block: Block) -> Kind:
    """Kind of event from `name | entity | short properties`, each with its value, and a line for each sentence."""
    (name, of, short), sentences = block
    known: dict[str, Any] = dict(each.partition(" ")[::2] for each in short.split(", ") if each)
    known |= {flag: True for flag in ("lesser", "parts") if flag in known}
    known["each"] = tuple(known.get("each", "").split())
    for parts, label in (("told_of", "told of "), ("causes", "because ")):
        lines = [key for key in sentences if key.startswith(label)]
        known[parts] = {key.removeprefix(label): sentences.pop(key) for key in lines}
    if "rule" in sentences:
        known["why"] = Worked(sentences.pop("rule"))
    return Kind(name, cast(Entity, of), **known | sentences | _FURTHER.get(name, {}))


_STAGES = """
review | review or design | 0.3
  begins: the review of {subjects} begins
  ends: the review of {subjects} is finished
  then: the review is finished
design | review or design | 0.3
  begins: people begin to design {packages}
  ends: the design of {packages} is ready
  then: the design is ready
decision | decision | 0.48
  begins: {packages} {go} to the councils for a decision
  ends: the councils have finished deciding on {packages}
  then: the councils have agreed
consultation | consultation or redesign | 0.66
  begins: staff are consulted on {packages}
  ends: consultation on {packages} is over
  then: consultation is over
matching | appointment | 0.6
  begins: HR matches people to the posts of {packages}
  ends: the posts of {packages} are filled
  then: the posts are filled
appointment | appointment | 0.6
  begins: the search for {packages} begins
  ends: {packages} {are} appointed
  then: the appointments are made
implementation | implementation | 0.95
  begins: {packages} {are} put into practice
  ends: {packages} {are} in place
  then: the change is in place
bedding_in | bedding in | 0.16
  begins: {packages} {begin} to bed in
  ends: {packages} {have} bedded in
  then: the new way of working has bedded in
redesign | consultation or redesign | 0.66
  begins: with an OD officer, {packages} {are} carried out
  ends: the OD work on {packages} is done
  then: the OD work is done
job evaluation | consultation or redesign | 0.66
  begins: HR begins to evaluate jobs for {packages}
  ends: HR has evaluated all jobs for {packages}
  then: the jobs have been evaluated
negotiation | review or design | 0.3
  begins: talks with the unions about {packages} begin
  ends: talks with the unions about {packages} are over
  then: the talks with the unions are over
systems | consultation or redesign | 0.66
  begins: HR prepares {packages}
  ends: HR has prepared {packages}
  then: HR has prepared it
transfer | consultation or redesign | 0.66
  begins: HR begins to transfer the staff for {packages}
  ends: the staff for {packages} have been transferred
  then: the staff have been transferred
procurement | implementation | 0.95
  begins: bids are invited for {packages}
  ends: {packages} {are} let
  then: the contract is let
preparation | review or design | 0.3
  begins: the case for {packages} is prepared
  ends: the case for {packages} is ready
  then: the case is ready
rework | rework | 0
  begins: part of the work on {packages} is done again
  ends: the mistakes found in {packages} are put right
  then: the mistakes are put right
"""
STAGES = {stage.name: stage for stage in map(_stage, _blocks(_STAGES))}
"""All stages by name; the name is the cause recorded with the events that begin and end the stage."""

_CAUSES = """\
dated in the scenario: the plan's scenario sets it for this month
partnership dissolved: the partnership is dissolved
merged with the councils: the merger joins these teams in any case
a leader steps down: a leader steps down
moved on: they move on
settlement: the national settlement is lower
flood, fire or accident: a flood, a fire or an accident
a partner fails its commitments: by chance, the likelier the less leaders trust one another
support there is gone: support there is gone
voted by every council: every council has voted for it
no agreement was reached: no agreement was reached
a vacancy or a grant came before readiness: a vacancy or a grant came before people were ready
open offer: the offer to leave is open to all
skills have thinned: the skills it needs have thinned out
agreed period: its agreed period is over
leaders part ways: leaders have come to distrust one another
members' support is gone: members' support is gone
coordination wears: the burden of serving several councils has worn them down
it looks one-sided: benefit or effort looks one-sided there
cultures clash: the councils' cultures clash
those in power campaigned against it: those in power there campaigned against sharing
the chief executive is gone: the joint chief executive is gone, and the council wants its own again
the council's own chief executive was passed over: its own chief executive was passed over
another offer looks better: another offer looks better
a partner did not keep its word: a partner did not keep its word
a shared service has failed: a shared service has failed its residents
members change sides: members have changed sides
others court it: others would share with it instead
results are poor: results are poor
pressure has eased: results, support or strength have come back
too little was agreed beforehand: too little was agreed beforehand
talks have settled it: talks between the councils have settled the matter
people are worn out: people are worn out
support has ebbed: support has ebbed
"""
CAUSES = dict(line.split(": ", 1) for line in _CAUSES.splitlines())
"""Words for recorded causes, shared by all kinds of event."""

_FREE = ("somebody has come free, after {0} of waiting", "somebody is free")
_EBBING = Shown("buy_in_leaders", "leaders' lowest buy-in is", {"people are worn out": ("fatigue", "mean fatigue is")})
_FURTHER: dict[str, dict[str, Any]] = {
    "stage started": {"told_of": {name: stage.begins for name, stage in STAGES.items()}},
    "stage finished": {"told_of": {name: stage.ends for name, stage in STAGES.items()}},
    "HR arrived": {"why": Lasted("waiting for HR", *_FREE, at_once=True)},
    "OD arrived": {"why": Lasted("waiting for OD", *_FREE, at_once=True)},
    "vote lost": {"opens": "the first vote is lost; "},
    "programme falters": {"why": _EBBING},
    "stalled": {"why": _EBBING},
    "dissolved": {
        "why": Shown(
            "trust",
            "the lowest trust between leaders is",
            {"members' support is gone": ("buy_in_backbench", "back benchers' lowest buy-in is")},
        )
    },
    "partner defaults": {"why": Shown("trust", "the lowest trust between them is")},
    "chief executive appointed": {
        "why": Lasted("chief executive left", "the vacancy is filled after {0}", "the vacancy is filled")
    },
    "dispute ends": {"why": Lasted("dispute begins", "it is settled after {0}", "it is settled")},
    "emergency ends": {"why": Lasted("emergency begins", "it has been dealt with in {0}", "it has been dealt with")},
}
"""Properties of single kinds that are more than a word or a sentence."""

_WORK = """
package released | package | step released
  meaning: A package's turn has come: those who carry it may begin.
  told: work is released on {packages}
  rule: order
  lets: work on it has been released
stage started | package | step begins
  meaning: A stage of a package begins; the cause names the stage.
  told: stage started for {packages}: {stage}
  rule: the step before
stage finished | package | step ends
  meaning: A stage of a package ends; the cause names the stage.
  told: stage finished for {packages}: {stage}
  rule: the stage's work
waiting for HR | package | step begins, officer HR
  meaning: A package asks for an HR officer and joins the queue.
  told: {packages} must wait for HR
  why: every HR officer is busy with other work
HR arrived | package | step ends, officer HR
  meaning: An HR officer has come free and takes the package up.
  told: an HR officer takes up {packages}
  many: HR officers take up {packages}
  lets: an HR officer has taken it up
waiting for OD | package | step begins, officer OD
  meaning: A redesign asks for an OD officer and joins the queue.
  told: {packages} must wait for OD
  why: every OD officer is busy with other work
OD arrived | package | step ends, officer OD
  meaning: An OD officer has come free and takes the redesign up.
  told: an OD officer takes up {packages}
  many: OD officers take up {packages}
  lets: an OD officer has taken it up
package finished | package | heard news, weighs work, step finished
  meaning: All stages of a package are done.
  told: {packages} {are} complete
  rule: the last stage
package dropped | package | heard news, mark s, weighs work, step dropped
  meaning: A package is given up for good.
  told: {packages} {are} given up
  rule: what was lost
vote won | council | each diary news, heard news, mark |, vote won
  meaning: A council's members vote for a step.
  told: {entities} {votes} for {package}{again}
  rule: support
  lets: the councils have agreed
vote lost | council | each diary news, heard grave news, turning first, mark x, weighs work, vote lost
  meaning: A council's members vote against a step.
  counted: votes lost
  told: {entities} {votes} against {package}{again}
  rule: support
report held back | package | heard news, weighs work
  meaning: A report that soundings say would be lost is amended; the cause names the council.
  counted: reports held back
  told: the report on {packages} is held back and amended
  rule: the soundings
called in | council | heard news, weighs work
  meaning: Scrutiny calls in a decision of a cabinet; the cause names the package.
  counted: decisions called in
  told: scrutiny at {entities} calls in the decision on {package}
  why: back benchers want it looked at again
rework found | package | each diary news, heard news, weighs work
  meaning: Part of the work done turns out to be wrong and must be done again.
  counted: rounds of rework
  told: {share} the work on {packages} turns out to be wrong and must be done again
  rule: the round
  lets: mistakes have been found
contract failed | package | heard news, weighs turn
  meaning: A contractor fails: the service is let anew or taken back.
  told: the contractor fails, and {packages} must be let anew or taken back
  note: a contract fails
"""

_PROGRAMME = """
decision | lever | each diary, lesser
  meaning: A lever is set to another value, by the plan, by a rule or by a team.
  told: a decision, {set}
  rule: who decided
  note: decision: {lever}
programme paused | partnership | heard news, turning first, weighs turn
  meaning: No new package is released until the programme resumes.
  told: the programme pauses
  rule: the decision to pause
  note: programme pauses
programme resumed | partnership | heard news, lesser
  meaning: Packages are released again after a pause.
  told: the programme resumes
  rule: the decision to pause
  note: resumes
programme ended | partnership | heard news
  meaning: Every package has come to its end, or nothing more will be begun.
  told: the programme has no work left
  because complete: every package has come to its end
  because given up: every package was given up
  because dissolved: the partnership is dissolved
  because stalled: the programme had stalled
  because reorganised: national reorganisation has ended what was not begun
talks failed | partnership | turning always, weighs end
  meaning: Talks before the first month end without a deal: nothing is ever shared.
  told: the talks fail before anything is decided
  ending: The talks failed before anything was decided; nothing was ever shared.
  note: talks fail
deal rushed | partnership | weighs turn
  meaning: The councils strike their deal before people are ready for it.
  told: the deal is struck in haste
  note: the deal is rushed
programme falters | partnership | heard grave news, weighs turn
  meaning: Pressure on the programme has lasted: it will stall in some months unless that eases.
  told: the programme falters: if nothing changes, it will stall
  note: programme falters
programme picks up | partnership | heard news, lesser
  meaning: A programme that faltered has recovered.
  told: the programme picks up again
  note: picks up
exit disputed | partnership | heard grave news, weighs turn
  meaning: Councils that part dispute what each owes: leaving costs more.
  told: the councils dispute what each owes the other
reorganisation announced | partnership | heard grave news, weighs turn
  meaning: A national round of reorganisation is to take in these councils.
  told: it is announced that these councils will be reorganised
  because national reorganisation: it is decided nationally
  note: reorganisation announced
stalled | partnership | heard grave news, turning always, weighs end
  meaning: The programme comes to a halt: nothing new is begun, and what is shared goes on.
  told: the programme stalls, and nothing new is begun from here on
  ending: The programme stalled ({when}); what was shared went on.
  note: programme stalls
dissolved | partnership | heard grave news, turning always, weighs end, parts
  meaning: The councils part, and what was shared is unwound.
  told: the councils part and the partnership is dissolved
  ending: The partnership was dissolved ({when}).
  note: the councils part
merged | partnership | heard news, turning always, weighs end
  meaning: The councils become one.
  told: the councils become one
  ending: The councils merged into one ({when}).
  note: the councils merge
reorganised | partnership | heard grave news, turning always, weighs end
  meaning: National reorganisation ends the programme; what is shared goes on.
  told: national reorganisation ends the programme, and what is shared goes on
  because national reorganisation: it is decided nationally
  ending: National reorganisation ended the programme ({when}).
  note: national reorganisation
"""

_MEMBERS = """
election | council | heard news
  meaning: Seats of a council are contested.
  told: {entities}: elections, in which {seats} are contested
  why: members' terms end
control changed | council | each news, heard grave news, turning always, weighs turn
  meaning: Another party comes to lead a council.
  told: control of {entities} changes{view}
  rule: the election
  note: {entity}: control changes
party in power | council | heard news
  meaning: The party, or none, that controls a council from now on; the cause names it.
  told: {entities} is now under {party}
  why: control has changed
hostile to sharing | council | heard grave news, weighs turn
  meaning: Those who have come to power at a council campaigned against sharing.
  told: those in power at {entities} want out of it
better offer | council | heard grave news, weighs turn
  meaning: A council is offered to share with others instead.
  told: {entities} is offered to share with others instead
motion to leave | council | heard grave news, turning first, weighs turn
  meaning: Members of a council put down a motion to leave the partnership.
  told: a motion to leave the partnership is put down at {entities}
  note: {entity}: motion to leave
motion lost | council | heard grave news, weighs turn
  meaning: A council votes to stay in the partnership; the value is the support for staying.
  told: {entities} votes to stay
  rule: the motion
motion carried | council | heard grave news, turning always, weighs turn
  meaning: A council votes to leave the partnership; the value is the support for staying.
  told: {entities} votes to leave
  rule: the motion
notice given | council | heard grave news, weighs turn
  meaning: A council gives notice to leave; the value is the months of notice. Nothing new is begun meanwhile.
  told: {entities} gives {months} months' notice
  why: the agreement, or custom, asks for it
  note: {entity}: notice
notice withdrawn | council | heard grave news, turning always, weighs turn
  meaning: A council that gave notice stays after all.
  told: {entities} withdraws its notice
  note: notice withdrawn
leader changed | council | each news, heard grave news, turning always, weighs turn
  meaning: Another person comes to lead a council.
  told: the leader of {entities} changes{view}
  rule: the election
  note: {entity}: leader changes
grant cut further | partnership | heard grave news, weighs turn
  meaning: The national grant falls, and all councils need the savings more.
  told: the councils' grant is cut further, and all need the savings more
  note: grant cut further
partner defaults | partnership | heard grave news, turning first, weighs turn
  meaning: A council fails its commitments, and the others pay part.
  told: a partner fails its commitments, and the others pay
  note: a partner defaults
partner asks to join | partnership | heard news
  meaning: Another council asks to share; the cause names it.
  told: {council} asks to join
  why: the plan foresees that it joins
partner joined | partnership | heard news, turning always, weighs turn
  meaning: Another council shares from here on; the cause names it.
  told: {council} joins what is shared
  why: every council has agreed
  note: a partner joins
partner turned away | partnership | heard news, weighs turn
  meaning: Another council is refused; the cause names it.
  told: {council} is turned away
  rule: the refusal
  note: a partner is turned away
partner left | council | heard grave news, turning always, weighs end
  meaning: A council leaves, and the others go on.
  told: {entities} leaves the partnership, and the others go on
  note: a partner leaves
service left | package | heard news, weighs turn
  meaning: A joint team is taken apart: the councils share its service no more.
  told: the councils take a service back: {packages} is undone
  because as agreed: the councils agreed beforehand to share it until then
  because nobody is left to share with: nobody is left to share it with
"""

_PEOPLE = """
chief executive left | partnership | heard grave news, turning always, weighs turn
  meaning: The joint chief executive goes, and the post stands empty.
  told: the joint chief executive leaves
  note: chief executive leaves
chief executive appointed | partnership | heard news, lesser
  meaning: The vacancy ends: a new joint chief executive is in post.
  told: a new joint chief executive is in post
  note: new chief executive
posts cut | partnership | heard news
  meaning: Management posts go once a tier of management is shared; the cause names the tier.
  told: {amount} management {posts_are} cut{where}
  rule: the tier shared
  note: {amount} {post} cut
redundancies | council | heard news, account redundancies
  meaning: People leave a council with a payment, as planned.
  told: redundancies, {people}
  because management posts: management posts have been cut
  because posts no longer needed: joint teams and redesigned services need fewer posts
exits beyond plan | council | heard news, account beyond_plan
  meaning: An open offer draws more people than posts had to go; theirs are filled again.
  told: more people leave than was planned, {people}
  note: exits beyond plan
staff transferred | council | heard news, account transferred
  meaning: People of a council go over to a contractor; the cause names the contract.
  told: staff go over to a contractor, {people}
  rule: the contract
fatigue over its line | council | turning first, weighs turn
  meaning: Staff at a council are more tired than can be borne for long.
  told: fatigue at {entities} passes its line{level}
  because load and uncertainty: load and uncertainty have worn people down
fatigue back under its line | council |
  meaning: Staff at a council have recovered from too much fatigue.
  told: fatigue at {entities} is back under its line{level}
  because load and uncertainty: load and uncertainty weigh less on people
dismissal refused | package | heard grave news
  meaning: Members refuse dismissal and re-engagement; cost-neutral terms are negotiated instead.
  told: members refuse to dismiss and re-engage staff, and cost-neutral terms are to be negotiated
  why: most of them reject it on principle
  lets: members have refused to dismiss anyone
dismissal carried | package | heard grave news, turning always
  meaning: Every council's members carry dismissal and re-engagement.
  told: members carry dismissal and re-engagement
  why: their need outweighs what they think of it
  lets: members have carried it
scarcest capacity | partnership |
  meaning: From this quarter on another capacity holds up most work, or none holds up any.
  told: no capacity is short any more
  told of managers: managers' time is what holds work up most
  told of HR: HR is what holds work up most
  told of OD: OD is what holds work up most
  rule: what waits
service failed | partnership | heard grave news, turning first, weighs turn
  meaning: A service collapses: backlogs and complaints; the cause names the service.
  counted: services that failed
  told: {service} collapses under backlogs and complaints, and must be put right at a cost
  rule: the collapse
  note: a service fails
head of service left | partnership | heard news
  meaning: The head of a service that failed goes, and the post stands empty for some months.
  told: a head of service leaves
  because a service has failed: the service they led has failed
intervention | partnership | heard grave news, turning always, weighs turn
  meaning: Inspectors or government step in after repeated failures.
  told: inspectors step in with a plan for improvement
  because a second service has failed: a second service has failed within three years
  note: intervention
posts put back | partnership | heard news
  meaning: Management posts that were cut are filled again after an intervention; the cause names the tier.
  told: {amount} management {posts_are} put back
  why: inspectors found too little capacity at the top
  note: {amount} {post} put back
dispute begins | partnership | heard grave news, turning always, weighs turn
  meaning: Unions and councils come to an industrial dispute.
  told: an industrial dispute begins
  because terms: strain over terms and conditions, with little trust to bear it
  note: industrial dispute
dispute ends | partnership | heard news, lesser
  meaning: An industrial dispute is settled.
  told: the industrial dispute ends
  note: dispute settled
emergency begins | council | heard grave news, weighs turn
  meaning: A local emergency takes managers away from the programme.
  told: an emergency takes managers away at {entities}
  note: local emergency
emergency ends | council | heard news, lesser
  meaning: Managers are back from a local emergency.
  told: the emergency at {entities} is over
  note: emergency over
external support ends | partnership | heard news, lesser
  meaning: Posts bought in from outside come to the end of their period.
  told: external support ends
  note: external support ends
"""

KINDS: dict[str, Kind] = {kind.name: kind for kind in map(_kind, _blocks(_WORK + _PROGRAMME + _MEMBERS + _PEOPLE))}
"""All kinds of event by name."""


def named(holds: Callable[[Kind], object]) -> tuple[str, ...]:
    """Names of the kinds that satisfy the condition, in declared order."""
    return tuple(name for name, kind in KINDS.items() if holds(kind))


def kind_of(name: str) -> Kind:
    """Declaration of a kind; for a kind recorded by another version, a minimal one."""
    return KINDS.get(name) or Kind(name, "partnership", "What another version has recorded.", told="{things}: {what}")
