"""Budgets: the gap that each council must close, and what it would save by itself if it shared nothing."""

from dataclasses import dataclass, field
from math import fsum
from operator import mul
from typing import Any, NamedTuple

from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.core import mechanisms
from sim.core.given import PRIZE_SPENT_BY
from sim.core.inputs.going_alone import Alone, Path
from sim.core.inputs.packages import COMMISSION, REDESIGN, TIER
from sim.core.lanes import each
from sim.core.world import Agent, Meeting, World

OPTIONS = ("thinning", "redesign", "outsourcing", "fees")
"""What a council can do by itself: thin its managers, redesign its services, let them to contractors, earn more."""


class Parted(NamedTuple):
    """The month from which a council is on its own again, and the share of each option that was taken up by then."""

    month: float
    done: dict[str, float]


@dataclass(slots=True)
class Budget:
    """What one history's budgets went through: cuts of grant by month, and when each council was on its own again."""

    cuts: list[tuple[float, float]] = field(default_factory=list)
    parted: dict[int, Parted] = field(default_factory=dict)


class Budgets(Agent):
    """Keeps what befalls the councils' budgets, and works out at the horizon what each would have done alone."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own = [Budget() for _ in meeting.worlds]
        meeting.readers |= {"grant_cut": self.take_cut, "parted": self.part, "programme_over": self.part_all}

    def begin(self, world: World) -> None:
        """When the partnership parts, every council is on its own again."""
        if world.packages:
            world.when("dissolved", lambda: self.part_all(world))

    def take_cut(self, world: World) -> None:
        """Word that the councils' grant is cut further."""
        self.own[world.place].cuts.append((world.env.now, world.e("shocks.funding_cut_need")))

    def part(self, world: World, c: int) -> None:
        """Word that a council shares no more."""
        done = {"redesign": world.fact("transformed"), "thinning": world.fact("thinned")}
        self.own[world.place].parted.setdefault(c, Parted(world.env.now, done))

    def part_all(self, world: World) -> None:
        """The partnership has parted, or its programme takes up nothing any more."""
        for c in world.councils:
            self.part(world, c)

    def finish(self, world: World) -> None:
        """What each council would have done alone, and can still do by itself while it shares."""
        world.history.alone = [self.alone(world, c) for c in world.councils]

    def alone(self, world: World, c: int) -> Alone:
        """One council's gap and its own options by month."""
        own, council = self.own[world.place], world.partnership.councils[c]
        months = [float(month) for month in range(world.given.horizon + 1)]
        spending = council.service_expenditure_gbp_m
        prize = mechanisms.prize_left(council.earlier_cuts_share, PRIZE_SPENT_BY)
        able = spending * prize * world.luck.lognormal(world.e("alone.spread"), "going alone", council.name)
        able *= mechanisms.left_of(_leak(world))
        share, opens = council.budget_gap_share, world.e("alone.gap_months")
        gap = [spending * mechanisms.gap_at(share, now, opens, _cut_by(own.cuts, now)) for now in months]
        lone = _path(world, able, dict.fromkeys(OPTIONS, months), dict.fromkeys(OPTIONS, [1.0] * len(months)))
        return Alone(gap, lone, self.beside(world, c, able, months))

    def beside(self, world: World, c: int, able: float, months: list[float]) -> Path:
        """Options that the plan leaves open, in part; all of them before the council shares and once it is apart.

        What was redesigned or thinned together by then is not there to be saved again.
        """
        first, parted = _joins_in(world, c), self.own[world.place].parted.get(c)
        last, done = parted or (float(world.given.horizon), {})
        taken, part = _taken(world), world.e("alone.while_sharing") if world.packages else 1.0
        apart = [now <= first or now >= last for now in months]
        open_for, parts = {}, {}
        for option in OPTIONS:
            left = 1.0 - done.get(option, 0.0)
            if option in taken:
                open_for[option] = [min(now, first) + max(now - last, 0.0) for now in months]
                parts[option] = [left if now > last else 1.0 for now in months]
            else:
                open_for[option] = months
                parts[option] = [1.0 if alone else part for alone in apart]
        return _path(world, able, open_for, parts)


def _path(world: World, able: float, since: dict[str, list[float]], part: dict[str, list[float]]) -> Path:
    """Saving of all options together by month, and its one-off cost, by how long and in what part each was open."""
    e = world.e
    costs = [e(f"alone.{option}_one_off") for option in OPTIONS]
    saved = []
    for option in OPTIONS:
        most, full = able * e(f"alone.{option}_saving"), e(f"alone.{option}_months")
        saved.append(each(mechanisms.own_option, [share * most for share in part[option]], since[option], full))
    found = Path([], [])
    last: tuple[float, ...] = ()
    total = one_off = 0.0
    for now in zip(*saved):
        if now != last:
            last, total = now, fsum(now)
            one_off = fsum(map(mul, costs, now)) / total if total else 0.0
        found.able.append(total)
        found.one_off.append(one_off)
    return found


def _cut_by(cuts: list[tuple[float, float]], now: float) -> float:
    """Further cuts of grant up to a moment, as a share of spending."""
    return fsum([share for month, share in cuts if month <= now]) if cuts else 0.0


def _joins_in(world: World, c: int) -> float:
    """The month from which a council shares; a partner that was to join late and never did shares in none."""
    governance = world.current(GovernanceLevers)
    if governance.joiner != world.names[c]:
        return 0.0
    came = world.history.of_kind("partner joined")
    return float(governance.joins_month if came else world.given.horizon)


def _leak(world: World) -> float:
    """Share of a saving that is lost where people are as they were at the start."""
    e = world.e
    return mechanisms.leakage(
        *(e("leakage.base"), e("leakage.by_fatigue"), e("fatigue.start")),
        *(e("leakage.by_disengagement"), e("engagement.start"), e("leakage.by_overload"), 0.0),
    )


def _taken(world: World) -> set[str]:
    """Options that the plan takes up itself, so that no council has them beside it."""
    kinds = {package.kind for package in world.packages}
    taken = {option for option, kind in _TAKES.items() if kind in kinds}
    return taken | {"fees"} if world.packages and _earns(world) else taken


def _earns(world: World) -> bool:
    """Whether the programme itself is to earn more."""
    return world.current(MoneyLevers).aims == "revenue_too"


_TAKES: dict[str, Any] = {"thinning": TIER, "redesign": REDESIGN, "outsourcing": COMMISSION}
