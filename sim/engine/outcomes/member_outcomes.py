"""Outcomes among members and partners: buy-in, votes, trust, fairness, and the way the partnership ended."""

from sim.engine.outcomes.declared import Finished, Value, outcome, simple_outcomes

simple_outcomes("""
min_buy_in_backbench | share | higher | lowest-anywhere buy_in_backbench | Lowest buy-in of back benchers at any council
min_buy_in_leaders | share | higher | lowest-anywhere buy_in_leaders | Lowest buy-in of leaders at any council
votes_lost | votes | lower | times vote lost | Votes lost at any council
""")


@outcome("share", "higher", "Buy-in of back benchers at the end of year 2, at the council where it is lowest")
def buy_in_backbench_y2(f: Finished) -> Value:
    """From 0 to 1; the last month of a shorter history."""
    history = f.history
    levels = [history.column(name) for name in history.state_names if name.startswith("buy_in_backbench: ")]
    return min(level[min(24, len(level) - 1)] for level in levels)


@outcome("votes", "lower", "Votes lost from month 48 on", reads=("vote lost",))
def votes_lost_later(f: Finished) -> Value:
    """Votes lost in the second part of a usual programme."""
    return float(sum(event.month >= 48 for event in f.history.of_kind("vote lost")))


simple_outcomes("""
reports_held_back | reports | lower | times report held back | Times that a report was held back and amended
min_trust | share | higher | lowest-anywhere trust | Lowest trust in any relationship
dissolved | flag | lower | ever dissolved | The partnership dissolved
stalled | flag | lower | ever stalled | The programme stalled
""")


@outcome("flag", "lower", "Back benchers turn against the programme: buy-in below one quarter at some council")
def backlash(f: Finished) -> Value:
    """True if it happens in any month."""
    return float(bool(f.history.planned_packages) and f.lowest("buy_in_backbench: ") < 0.25)


@outcome("share", "lower", "Highest unfairness felt at any council")
def unfairness_highest(f: Finished) -> Value:
    """Fairness index of the partnership: 0 is fair to all."""
    history = f.history
    return max(max(history.column(name)) for name in history.state_names if name.startswith("unfairness: "))


simple_outcomes("""
partners_left | councils | lower | times partner left | Councils that left while others went on
merged | flag | neutral | ever merged | The councils merged
reorganised | flag | neutral | ever reorganised | National reorganisation ended the programme
talks_failed | flag | lower | ever talks failed | Talks failed before anything was shared
""")


@outcome("share", "higher", "Lowest trust between leaders of two councils")
def min_trust_leaders(f: Finished) -> Value:
    """Null for a single council."""
    names = [name for name in f.history.state_names if name.startswith("trust leaders–leaders")]
    return min(min(f.history.column(name)) for name in names) if names else None


simple_outcomes("""
min_trust_members_officers | share | higher | lowest-anywhere trust members–officers |
  Lowest trust between members and officers at any council
min_trust_leaders_backbench | share | higher | lowest-anywhere trust leaders–back bench |
  Lowest trust between leaders and back benchers at any council
""")
