"""Outcomes in money: savings, costs, payback, and comparison with the business case."""

from math import inf

from sim.core.history import PENCE_PER_GBP_M
from sim.core.ledger import ONE_OFF, PROGRAMME_COST, present_value
from sim.engine.outcomes.declared import SEVERAL_TIMES_OVER, Finished, Value, at_year, outcome, simple_outcomes

simple_outcomes("""
recurrent_saving_y1_gbp_m | £m a year | higher | year 1 of recurrent_saving_gbp_m |
  Recurrent net saving in force at the end of year 1
recurrent_saving_y3_gbp_m | £m a year | higher | year 3 of recurrent_saving_gbp_m |
  Recurrent net saving in force at the end of year 3
recurrent_saving_y5_gbp_m | £m a year | higher | year 5 of recurrent_saving_gbp_m |
  Recurrent net saving in force at the end of year 5
recurrent_saving_y10_gbp_m | £m a year | higher | year 10 of recurrent_saving_gbp_m |
  Recurrent net saving in force at the end of year 10
cumulative_net_saving_y10_gbp_m | £m | higher | year 10 of cumulative_net_saving_gbp_m |
  Cumulative net saving after ten years, all costs taken off
""")


@outcome("£m", "higher", "Net present value over the horizon; year 0 is not discounted")
def npv_gbp_m(f: Finished) -> Value:
    """Yearly net amounts discounted at the evidence rate."""
    net = f.history.net_by_month()
    years = [sum(net[first : first + 12]) for first in range(0, len(net), 12)]
    return present_value(years, f.value("money.discount_rate")) / PENCE_PER_GBP_M


@outcome("months", "lower", "Month from which cumulative net saving stays positive; null where it never does")
def payback_month(f: Finished) -> Value:
    """Null as well where nothing was ever spent."""
    net = f.cumulative
    last = len(net) - 1
    under = next(month for month in range(last, -1, -1) if net[month] <= 0.0)
    return float(under + 1) if under < last else None


@outcome("flag", "lower", "The costs are never earned back within the horizon")
def never_pays_back(f: Finished) -> Value:
    """True as well if nothing is ever saved."""
    return float(payback_month(f) is None)


@outcome("£m", "lower", "One-off and programme costs: exits, set-up, added posts, external support, dissolution")
def setup_cost_gbp_m(f: Finished) -> Value:
    """Undiscounted, over the whole history."""
    return -sum(sum(f.history.money.get(kind, {}).values()) for kind in (ONE_OFF, PROGRAMME_COST)) / PENCE_PER_GBP_M


@outcome("share", "lower", "Share of the saving promised for the horizon that is not in force then", SEVERAL_TIMES_OVER)
def saving_missed(f: Finished) -> Value:
    """Share of the business case; null if nothing was promised."""
    promised = f.history.target_saving_gbp_m * f.value("plan.prudence")
    return max(0.0, 1.0 - f.saving[-1] / promised) if promised > 0.0 else None


@outcome("flag", "lower", "Less than three quarters of the promised saving is in force at the horizon")
def target_missed(f: Finished) -> Value:
    """Null if nothing was promised."""
    missed = saving_missed(f)
    return None if missed is None else float(missed > 0.25)


@outcome("share", "higher", "Recurrent net saving at the end of year 5 as a share of service expenditure", (-inf, 1.0))
def recurrent_saving_y5_share(f: Finished) -> Value:
    """Share of expenditure of all councils together."""
    saving = at_year(f.saving, 5)
    return None if saving is None else saving / f.settings.partnership.expenditure_gbp_m


@outcome(
    "share",
    "higher",
    "Budget gap closed by recurrent saving at the horizon, at the council that closes least",
    (-inf, inf),
)
def budget_gap_closed_lowest(f: Finished) -> Value:
    """Minimum over councils sharing at the time, by shares then in force; null if none has a gap."""
    shares = f.history.shares[f.history.horizon - 1]
    gaps = [council.budget_gap_share * council.service_expenditure_gbp_m for council in f.settings.partnership.councils]
    closed = [f.saving[-1] * share / gap for share, gap in zip(shares, gaps, strict=True) if gap > 0.0 and share > 0.0]
    return min(closed) if closed else None


@outcome("flag", "higher", "Recurrent saving of two per cent of service expenditure or more is in force at the horizon")
def efficiency_delivered(f: Finished) -> Value:
    """True for savings of at least 2% of services' cost, a fair extent (C-8)."""
    return float(f.saving[-1] >= 0.02 * f.settings.partnership.expenditure_gbp_m)
