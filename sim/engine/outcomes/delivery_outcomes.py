"""Outcomes of delivery: services joined and changed, rework, officers, quality."""

from math import fsum

from sim.core.history import ABSORBED
from sim.core.inputs.packages import COMMISSION, HR_SERVICE, JOINT
from sim.engine.outcomes.declared import SEVERAL_TIMES_OVER, Finished, Value, outcome, simple_outcomes

_TEAMS = ("dissolved", "package finished", "service left")

"""Kinds of event that say which joint teams there are."""


@outcome("services", "neutral", "Services with a joint team at the horizon", reads=_TEAMS)
def services_integrated(f: Finished) -> Value:
    """Those whose team has bedded in; none where the partnership dissolved."""
    return 0.0 if f.times("dissolved") else float(len(f.joined))


@outcome("services", "neutral", "Services redesigned and transformed", reads=("package finished",))
def services_transformed(f: Finished) -> Value:
    """Number of services covered by finished redesigns."""
    return float(len(f.redesigned))


@outcome("services", "neutral", "Services redesigned and transformed by the end of year 5", reads=("package finished",))
def services_transformed_y5(f: Finished) -> Value:
    """Number of services covered by redesigns finished by month 60."""
    return float(sum(month <= 60.0 for month in f.redesigned))


@outcome("services", "neutral", "Services handed to contractors", reads=("package finished",))
def services_commissioned(f: Finished) -> Value:
    """Number of contracts let, including those that later failed."""
    return float(f.finished[COMMISSION])


@outcome("packages", "lower", "Packages dropped", reads=("package dropped",))
def packages_dropped(f: Finished) -> Value:
    """Packages dropped for lost votes, lost need or dissolution, but not those absorbed by a merger."""
    return float(sum(event.cause != ABSORBED for event in f.history.of_kind("package dropped")))


simple_outcomes("""
rework_rounds | packages | lower | times rework found | Times that faulty work was found and redone
""")


@outcome(
    "share", "lower", "Mean share of a package's work that was found wrong", reads=("rework found", "stage finished")
)
def rework_share(f: Finished) -> Value:
    """At the first look, over packages that bedded in; null where none did."""
    found = [event.value or 0.0 for event in f.history.of_kind("rework found") if event.cause == "round 1"]
    settled = sum(event.cause == "bedding_in" for event in f.history.of_kind("stage finished"))
    return fsum(found) / settled if settled else None


simple_outcomes("""
hr_utilisation | share | neutral | use hr | Share of HR officers' time on change that is in use
od_utilisation | share | neutral | use od | Share of OD officers' time that is in use
hr_mean_wait_months | months | lower | wait hr | Mean wait of a package for an HR officer
od_mean_wait_months | months | lower | wait od | Mean wait of a redesign for an OD officer
hr_longest_queue | packages | lower | queue hr | Longest queue for HR officers
od_longest_queue | redesigns | lower | queue od | Longest queue for OD officers
peak_load | number | lower | highest load | Highest load on managers, where one is what they can carry
""")


@outcome("months", "lower", "Months in which managers carry more than they can")
def manager_overload_months(f: Finished) -> Value:
    """Months of the grid with load over one."""
    return float(sum(load > 1.0 for load in f.history.column("load")))


@outcome(
    "share",
    "lower",
    "Actual duration of the programme over the planned one; null where unfinished",
    SEVERAL_TIMES_OVER,
    reads=("programme ended",),
)
def duration_ratio(f: Finished) -> Value:
    """Ratio to the business case; a programme that dissolved, stalled or lost every vote is unfinished."""
    ended = next(iter(f.history.of_kind("programme ended")), None)
    if ended is None or ended.cause != "complete" or not f.history.planned_months:
        return None
    return ended.month / f.history.planned_months


@outcome("flag", "lower", "The programme is not complete at the horizon", reads=("programme ended",))
def unfinished(f: Finished) -> Value:
    """True as well if it stalled, dissolved or lost every vote; doing nothing is complete."""
    return float(bool(f.history.planned_packages) and duration_ratio(f) is None)


@outcome("share", "higher", "Share of staff in shared teams at the horizon", reads=_TEAMS)
def shared_roles_share(f: Finished) -> Value:
    """Weighted by services' usual shares of staff; 0 if the partnership dissolved."""
    if f.times("dissolved"):
        return 0.0
    weights = {name: service.staff_weight for name, service in f.settings.services.items()}
    return fsum(weight for name, weight in weights.items() if name in f.joined) / fsum(weights.values())


simple_outcomes("""
service_quality_end | share | higher | last service quality | Quality of services at the horizon
service_quality_lowest | share | higher | lowest service quality | Lowest quality of services in any month
""")


@outcome("flag", "higher", "Services are better at the horizon than at the start")
def better_services(f: Finished) -> Value:
    """Quality above its start by two hundredths or more."""
    quality = f.history.column("service quality")
    return float(quality[-1] - quality[0] >= 0.02)


simple_outcomes("""
resilience_end | share | higher | last resilience | Resilience of services at the horizon
culture_gap_end | share | lower | last culture gap | Culture gap between the councils at the horizon
coordination_highest | share | lower | highest coordination | Highest burden of coordination in any month
""")


@outcome(
    "share",
    "higher",
    "Common HR policy over its ten areas at the horizon",
    reads=("package finished", "service left", "decision"),
)
def hr_policy_integration(f: Finished) -> Value:
    """Value of the lever if HR's own team is joined, else half of it."""
    decided = [e.value for e in f.history.of_kind("decision") if e.entity == "hr.policy_integration"]
    asked = [f.settings.levers.hr.policy_integration, *(value for value in decided if value is not None)]
    return asked[-1] * (1.0 if HR_SERVICE in f.joined else 0.5)


simple_outcomes("""
contracts_failed | contracts | lower | times contract failed | Contracts that failed
services_failed | services | lower | times service failed |
  Times that a service collapsed, contracts that failed included
""")


@outcome("months", "neutral", "Month in which the first service has a joint team", reads=("stage finished",))
def first_joint_team_month(f: Finished) -> Value:
    """Formed, bedded in or not; null where none is."""
    formed = (e for e in f.history.of_kind("stage finished") if e.cause == "implementation")
    return next((event.month for event in formed if event.entity.startswith(JOINT)), None)
