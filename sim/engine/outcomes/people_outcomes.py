"""Outcomes for staff: fatigue, also round by round, engagement, posts, knowledge, union relations."""

from math import fsum

from sim.core.inputs.packages import CHANGES, JOINT, TIER
from sim.engine.outcomes.declared import EITHER_WAY, IN_HAND, Finished, Value, at_year, outcome, simple_outcomes

simple_outcomes("""
peak_fatigue | share | lower | highest fatigue | Highest mean fatigue of staff in any month
""")


@outcome("months", "lower", "Months in which mean fatigue is over its line")
def months_fatigue_over_line(f: Finished) -> Value:
    """Number of months on the monthly grid."""
    line = f.value("fatigue.line")
    return float(sum(level > line for level in f.fatigue))


@outcome(
    "flag", "lower", "Mean fatigue goes over its line before most services are transformed", reads=("package finished",)
)
def fatigue_over_before_transformed(f: Finished) -> Value:
    """True if the line is crossed before over half of services are redesigned, or if they never are."""
    line = f.value("fatigue.line")
    over = next((month for month, level in enumerate(f.fatigue) if level > line), None)
    ends, half = f.redesigned, len(f.settings.services) // 2
    return float(over is not None and (len(ends) <= half or over < ends[half]))


simple_outcomes("""
engagement_end | share | higher | last engagement | Mean engagement of staff at the horizon
""")


@outcome("share", "higher", "Change of mean engagement from the start to the end of year 3", EITHER_WAY)
def engagement_change_y3(f: Finished) -> Value:
    """Positive where it rose."""
    level = at_year(f.engagement, 3)
    return None if level is None else level - f.engagement[0]


simple_outcomes("""
engagement_lowest | share | higher | lowest engagement | Lowest mean engagement of staff in any month
""")


@outcome("share", "higher", "Change of trust between HR and unions from the start to the end of year 3", EITHER_WAY)
def union_relations_change_y3(f: Finished) -> Value:
    """Positive where relations improved."""
    trust = f.history.column("trust HR–unions")
    level = at_year(trust, 3)
    return None if level is None else level - trust[0]


@outcome("person-months", "lower", "Person-months of uncertainty about one's own post")
def uncertainty_exposure(f: Finished) -> Value:
    """Product of mean uncertainty and headcount, summed over months."""
    return fsum(f.history.column("uncertainty")) * f.settings.partnership.headcount


simple_outcomes("""
redundancies | people | lower | people redundancies | Redundancies at all councils
leavers | people | lower | people leavers | People who leave of their own accord
""")


@outcome("share", "lower", "Largest part of its staff that one council lost to redundancy")
def job_losses_highest(f: Finished) -> Value:
    """Paid exits, including those beyond plan, divided by head count at the start."""
    return max((a.redundancies + a.beyond_plan) / a.start for a in f.history.headcounts)


simple_outcomes("""
rehires | people | lower | people beyond_plan | Posts filled again after people left beyond plan
redeployed | people | neutral | people redeployed | People who moved to another post inside instead of leaving
knowledge_lost_highest | share | lower | highest knowledge lost | Highest share of knowledge lost in any month
""")


@outcome("share", "lower", "Mean fatigue of staff over the history")
def mean_fatigue(f: Finished) -> Value:
    """From 0 to 1."""
    return fsum(f.fatigue) / len(f.fatigue)


@outcome("flag", "lower", "Mean fatigue goes over its line")
def fatigue_crossed(f: Finished) -> Value:
    """True if it happens in any month."""
    return float(max(f.fatigue) > f.value("fatigue.line"))


simple_outcomes("""
union_relations_end | share | higher | last trust HR–unions | Trust between HR and unions at the horizon
disputes | disputes | lower | times dispute begins | Industrial disputes
min_trust_managers_staff | share | higher | lowest-anywhere trust managers–staff |
  Lowest trust between managers and staff at any council
min_trust_hr_managers | share | higher | lowest-anywhere trust HR–managers | Lowest trust between HR and managers
min_trust_hr_unions | share | higher | lowest-anywhere trust HR–unions | Lowest trust between HR and unions
""")


def _quarters_scarce(f: Finished, whose: str) -> float:
    """Quarters in which this capacity held up most work."""
    changes = [(event.month, event.cause) for event in f.history.of_kind("scarcest capacity")]
    ends = [month for month, _ in changes[1:]] + [float(f.history.horizon)]
    return fsum(end - month for (month, cause), end in zip(changes, ends, strict=False) if cause == whose) / 3.0


@outcome("quarters", "neutral", "Quarters in which managers' time held up most work", reads=("scarcest capacity",))
def quarters_managers_scarce(f: Finished) -> Value:
    """Overload held up at least half a package's work, and more than waited for HR or OD."""
    return _quarters_scarce(f, "managers")


@outcome("quarters", "neutral", "Quarters in which HR held up most work", reads=("scarcest capacity",))
def quarters_hr_scarce(f: Finished) -> Value:
    """More packages waited for HR than for OD, or than overloaded managers held up."""
    return _quarters_scarce(f, "HR")


@outcome("quarters", "neutral", "Quarters in which OD held up most work", reads=("scarcest capacity",))
def quarters_od_scarce(f: Finished) -> Value:
    """More redesigns waited for OD than packages for HR, or than overloaded managers held up."""
    return _quarters_scarce(f, "OD")


@outcome("share", "lower", "Highest mean fatigue of staff while tiers of management are being shared", reads=IN_HAND)
def peak_fatigue_management(f: Finished) -> Value:
    """From 0 to 1; null if no management is shared."""
    return max(_fatigue(f, TIER), default=None)


@outcome("share", "lower", "Highest mean fatigue of staff while teams are being joined", reads=IN_HAND)
def peak_fatigue_joining(f: Finished) -> Value:
    """From 0 to 1; null if no team is joined."""
    return max(_fatigue(f, JOINT), default=None)


@outcome(
    "share", "lower", "Highest mean fatigue of staff while services are being redesigned or handed over", reads=IN_HAND
)
def peak_fatigue_changing(f: Finished) -> Value:
    """From 0 to 1; null if no service is changed."""
    return max(_fatigue(f, *CHANGES), default=None)


@outcome("months", "lower", "Months over the fatigue line while tiers of management are being shared", reads=IN_HAND)
def months_over_line_management(f: Finished) -> Value:
    """Months of the monthly grid; null if no management is shared."""
    return _over_line(f, TIER)


@outcome("months", "lower", "Months over the fatigue line while teams are being joined", reads=IN_HAND)
def months_over_line_joining(f: Finished) -> Value:
    """Months of the monthly grid; null if no team is joined."""
    return _over_line(f, JOINT)


@outcome(
    "months", "lower", "Months over the fatigue line while services are being redesigned or handed over", reads=IN_HAND
)
def months_over_line_changing(f: Finished) -> Value:
    """Months of the monthly grid; null if no service is changed."""
    return _over_line(f, *CHANGES)


def _over_line(f: Finished, *kinds: str) -> Value:
    levels, line = _fatigue(f, *kinds), f.value("fatigue.line")
    return float(sum(level > line for level in levels)) if levels else None


def _fatigue(f: Finished, *kinds: str) -> list[float]:
    """Mean fatigue by month while a package of these kinds is in hand, from release to end."""
    return [f.fatigue[month] for month in sorted(set().union(*(f.in_hand.get(kind, ()) for kind in kinds)))]
