"""Recorded causes, and what lets a stage begin, as people say them."""

from sim.agents.shocks import DATED

AFTER = {
    "review": "the review is finished",
    "design": "the design is ready",
    "decision": "the councils have agreed",
    "consultation": "consultation is over",
    "implementation": "the change is in place",
    "bedding_in": "the new way of working has bedded in",
    "redesign": "the OD work is done",
    "rework": "the mistakes are put right",
    "job evaluation": "the jobs have been evaluated",
    "negotiation": "the talks with the unions are over",
    "systems": "HR has prepared it",
    "transfer": "the staff have been transferred",
    "procurement": "the contract is let",
    "preparation": "the case is ready",
    "appointment": "the appointments are made",
}
"""What lets the next stage begin, by the stage before it."""
SINCE = {
    "package released": "work on it has been released",
    "HR arrived": "an HR officer has taken it up",
    "OD arrived": "an OD officer has taken it up",
    "rework found": "mistakes have been found",
    "vote won": "the councils have agreed",
}
"""What lets a stage begin, by the fact before it."""
MEANT: dict[tuple[str, str], str] = {
    ("", DATED): "the plan's scenario sets it for this month",
    ("", "partnership dissolved"): "the partnership is dissolved",
    ("", "merged with the councils"): "the merger joins these teams in any case",
    ("", "a leader steps down"): "a leader steps down",
    ("", "moved on"): "they move on",
    ("", "settlement"): "the national settlement is lower",
    ("", "flood, fire or accident"): "a flood, a fire or an accident",
    ("reorganised", "national reorganisation"): "it is decided nationally",
    ("", "a partner fails its commitments"): "by chance, the likelier the less leaders trust one another",
    ("", "support there is gone"): "support there is gone",
    ("", "voted by every council"): "every council has voted for it",
    ("", "no agreement was reached"): "no agreement was reached",
    ("", "a vacancy or a grant came before readiness"): "a vacancy or a grant came before people were ready",
    ("redundancies", "management posts"): "management posts have been cut",
    ("redundancies", "posts no longer needed"): "joint teams and redesigned services need fewer posts",
    ("", "open offer"): "the offer to leave is open to all",
    ("", "skills have thinned"): "the skills it needs have thinned out",
    ("", "agreed period"): "its agreed period is over",
    ("dispute begins", "terms"): "strain over terms and conditions, with little trust to bear it",
    ("fatigue over its line", "load and uncertainty"): "load and uncertainty have worn people down",
    ("fatigue back under its line", "load and uncertainty"): "load and uncertainty weigh less on people",
    ("", "leaders part ways"): "leaders have come to distrust one another",
    ("", "members' support is gone"): "members' support is gone",
    ("", "coordination wears"): "the burden of serving several councils has worn them down",
    ("", "too little ties them"): "too little is shared to tie them to one another",
    ("", "people are worn out"): "people are worn out",
    ("", "support has ebbed"): "support has ebbed",
    ("programme ended", "complete"): "every package has come to its end",
    ("programme ended", "given up"): "every package was given up",
    ("programme ended", "dissolved"): "the partnership is dissolved",
    ("programme ended", "stalled"): "the programme had stalled",
    ("programme ended", "reorganised"): "national reorganisation has ended what was not begun",
}
"""Recorded causes as people say them; those under "" whatever the kind of fact."""
