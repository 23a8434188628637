"""Outcomes for staff: fatigue, engagement, posts, knowledge, union relations."""

from math import fsum

from sim.engine.outcomes.declared import EITHER_WAY, Finished, Value, at_year, outcome


@outcome("share", "lower", "Highest mean fatigue of staff in any month")
def peak_fatigue(f: Finished) -> Value:
    """From 0 to 1."""
    return max(f.fatigue)


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


@outcome("share", "higher", "Mean engagement of staff at the horizon")
def engagement_end(f: Finished) -> Value:
    """From 0 to 1."""
    return f.engagement[-1]


@outcome("share", "higher", "Change of mean engagement from the start to the end of year 3", EITHER_WAY)
def engagement_change_y3(f: Finished) -> Value:
    """Positive where it rose."""
    level = at_year(f.engagement, 3)
    return None if level is None else level - f.engagement[0]


@outcome("share", "higher", "Lowest mean engagement of staff in any month")
def engagement_lowest(f: Finished) -> Value:
    """From 0 to 1."""
    return min(f.engagement)


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


@outcome("people", "lower", "Redundancies at all councils")
def redundancies(f: Finished) -> Value:
    """Number that includes management posts."""
    return float(sum(account.redundancies for account in f.history.headcounts))


@outcome("people", "lower", "People who leave of their own accord")
def leavers(f: Finished) -> Value:
    """Number at all councils over the history."""
    return float(sum(account.leavers for account in f.history.headcounts))


@outcome("share", "lower", "Largest part of its staff that one council lost to redundancy")
def job_losses_highest(f: Finished) -> Value:
    """Paid exits, including those beyond plan, divided by head count at the start."""
    return max((a.redundancies + a.beyond_plan) / a.start for a in f.history.headcounts)


@outcome("people", "lower", "Posts filled again after people left beyond plan")
def rehires(f: Finished) -> Value:
    """Number caused by an open voluntary scheme (P-20)."""
    return float(sum(account.beyond_plan for account in f.history.headcounts))


@outcome("people", "neutral", "People who moved to another post inside instead of leaving")
def redeployed(f: Finished) -> Value:
    """Number of people whose posts were cut and who moved to a vacancy."""
    return float(sum(account.redeployed for account in f.history.headcounts))


@outcome("share", "lower", "Highest share of knowledge lost in any month")
def knowledge_lost_highest(f: Finished) -> Value:
    """From 0 to 1."""
    return max(f.history.column("knowledge lost"))


@outcome("share", "lower", "Mean fatigue of staff over the history")
def mean_fatigue(f: Finished) -> Value:
    """From 0 to 1."""
    return fsum(f.fatigue) / len(f.fatigue)


@outcome("flag", "lower", "Mean fatigue goes over its line")
def fatigue_crossed(f: Finished) -> Value:
    """True if it happens in any month."""
    return float(max(f.fatigue) > f.value("fatigue.line"))


@outcome("share", "higher", "Trust between HR and unions at the horizon")
def union_relations_end(f: Finished) -> Value:
    """From 0 to 1."""
    return f.history.column("trust HR–unions")[-1]


@outcome("disputes", "lower", "Industrial disputes", reads=("dispute begins",))
def disputes(f: Finished) -> Value:
    """Number of disputes over terms or dated in the scenario."""
    return float(f.times("dispute begins"))


@outcome("share", "higher", "Lowest trust between managers and staff at any council")
def min_trust_managers_staff(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("trust managers–staff")


@outcome("share", "higher", "Lowest trust between HR and managers")
def min_trust_hr_managers(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("trust HR–managers")


@outcome("share", "higher", "Lowest trust between HR and unions")
def min_trust_hr_unions(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("trust HR–unions")


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
