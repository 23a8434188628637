"""How far the programme is, and programme-wide facts about people: one writes each, all may read it."""

from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Progress:
    """How far the programme is; written by the programme office, read by all."""

    status: str = "running"
    in_hand: int = 0
    ended: int = 0
    finished: dict[str, int] = field(default_factory=dict)
    joined_share: float = 0.0
    transformed_share: float = 0.0
    commissioned_share: float = 0.0
    rounds: int = 0
    behind: float = 0.0
    haste: float = 0.0
    """How far pressure of the agreed timeframe hurries people, 0 to 1."""
    enablers: set[str] = field(default_factory=set)
    """Joint systems, buildings and terms that are in place."""


@dataclass(slots=True)
class People:
    """Programme-wide facts about people at the latest pulse; each has one writer, named by its agent."""

    load: float = 0.0
    overload: float = 0.0
    fatigue: float = 0.0
    engagement: float = 0.5
    knowledge_lost: float = 0.0
    trust: float = 0.5
    leavers_this_month: int = 0
    losses: MutableSequence[float] = field(default_factory=list)
    """Hurt from posts lately lost, by council, as a share of its staff."""
    lost_for_good: Sequence[int] = ()
    """Redundancies so far, by council."""
    unsettled: float = 0.0
    """Share of staff announced and not settled, weighted by what is at stake for them."""
    thinned: float = 0.0
    """Share of director and head-of-service posts cut."""
    wrong: float = 0.0
    """Share of joined work now known or unknown to be faulty, mean over packages."""
    chief_executive_in_post: bool = False
    external: float = 0.0
    hr_work: float = 1.0
    """HR work in each change, against the usual."""
    coordination: float = 0.0
    """Burden of serving several councils, 0 to 1."""
    unfair: MutableSequence[float] = field(default_factory=list)
    """Unfairness felt, by council."""
    threat: Sequence[float] = ()
    """How far identity feels threatened, by council, against the usual."""
    strain: float = 0.0
    """Strain over terms, or in a dispute."""
    in_dispute: bool = False
    emergency: float = 0.0
    """Share of all managers' capacity that an emergency takes."""
