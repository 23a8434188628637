"""Outcomes among members and partners: buy-in, votes, trust, fairness, and the way the partnership ended."""

from sim.engine.outcomes.declared import Finished, Value, outcome


@outcome("share", "higher", "Lowest buy-in of back benchers at any council")
def min_buy_in_backbench(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("buy_in_backbench: ")


@outcome("share", "higher", "Lowest buy-in of leaders at any council")
def min_buy_in_leaders(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("buy_in_leaders: ")


@outcome("share", "higher", "Buy-in of back benchers at the end of year 2, at the council where it is lowest")
def buy_in_backbench_y2(f: Finished) -> Value:
    """From 0 to 1; the last month of a shorter history."""
    history = f.history
    levels = [history.column(name) for name in history.state_names if name.startswith("buy_in_backbench: ")]
    return min(level[min(24, len(level) - 1)] for level in levels)


@outcome("votes", "lower", "Votes lost at any council", reads=("vote lost",))
def votes_lost(f: Finished) -> Value:
    """Each lost vote counts once, even if the step was later won."""
    return float(f.times("vote lost"))


@outcome("votes", "lower", "Votes lost from month 48 on", reads=("vote lost",))
def votes_lost_later(f: Finished) -> Value:
    """Votes lost in the second part of a usual programme."""
    return float(sum(event.month >= 48 for event in f.history.of_kind("vote lost")))


@outcome("reports", "lower", "Times that a report was held back and amended", reads=("report held back",))
def reports_held_back(f: Finished) -> Value:
    """Officers found in soundings that it would be lost."""
    return float(f.times("report held back"))


@outcome("share", "higher", "Lowest trust in any relationship")
def min_trust(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("trust ")


@outcome("flag", "lower", "The partnership dissolved", reads=("dissolved",))
def dissolved(f: Finished) -> Value:
    """True if it happens within the horizon."""
    return float(f.times("dissolved") > 0)


@outcome("flag", "lower", "The programme stalled", reads=("stalled",))
def stalled(f: Finished) -> Value:
    """True if it happens within the horizon and before any dissolution."""
    return float(f.times("stalled") > 0)


@outcome("flag", "lower", "Back benchers turn against the programme: buy-in below one quarter at some council")
def backlash(f: Finished) -> Value:
    """True if it happens in any month."""
    return float(bool(f.history.planned_packages) and f.lowest("buy_in_backbench: ") < 0.25)


@outcome("share", "lower", "Highest unfairness felt at any council")
def unfairness_highest(f: Finished) -> Value:
    """Fairness index of the partnership: 0 is fair to all."""
    history = f.history
    return max(max(history.column(name)) for name in history.state_names if name.startswith("unfairness: "))


@outcome("councils", "lower", "Councils that left while others went on", reads=("partner left",))
def partners_left(f: Finished) -> Value:
    """Number that left, of three or more."""
    return float(f.times("partner left"))


@outcome("flag", "neutral", "The councils merged", reads=("merged",))
def merged(f: Finished) -> Value:
    """Only in plans that include merger."""
    return float(f.times("merged") > 0)


@outcome("flag", "neutral", "National reorganisation ended the programme", reads=("reorganised",))
def reorganised(f: Finished) -> Value:
    """True if it happens before any dissolution."""
    return float(f.times("reorganised") > 0)


@outcome("flag", "lower", "Talks failed before anything was shared", reads=("talks failed",))
def talks_failed(f: Finished) -> Value:
    """Only in histories that begin with talks."""
    return float(f.times("talks failed") > 0)


@outcome("share", "higher", "Lowest trust between leaders of two councils")
def min_trust_leaders(f: Finished) -> Value:
    """Null for a single council."""
    names = [name for name in f.history.state_names if name.startswith("trust leaders–leaders")]
    return min(min(f.history.column(name)) for name in names) if names else None


@outcome("share", "higher", "Lowest trust between members and officers at any council")
def min_trust_members_officers(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("trust members–officers")


@outcome("share", "higher", "Lowest trust between leaders and back benchers at any council")
def min_trust_leaders_backbench(f: Finished) -> Value:
    """From 0 to 1."""
    return f.lowest("trust leaders–back bench")
