"""Runs one history: a simulation can be advanced, asked, steered, and run to its horizon."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from time import thread_time
from typing import Any, NoReturn

import simpy
from simpy.events import URGENT

from sim import invariants
from sim.agents import AGENTS
from sim.history import PENCE_PER_GBP_M, Event, History
from sim.luck import Luck
from sim.recorder import Recorder
from sim.settings import Levers, Settings, changed
from sim.strict import InputError
from sim.world import Given, Promise, World

SURVEY_DELAY_MONTHS = 2
SURVEY_NOISE = 0.04
MOST_EVENTS = 200_000
"""Some hundred times those of a usual history: a run that needs more has run away."""
MOST_SECONDS = 60.0
"""Of a processor's own time, some thousand times that of a usual history, so that a busy machine stops no run."""
PROMISED_MONTHS = 240
"""How far a business case looks at least, so that what it promises does not hang on how long a study looks."""
_LOOK_EVERY = 1_000
"""Events between two looks at the clock."""


class InvariantBreach(RuntimeError):
    """Something that must hold in every history does not; names replication, month and entity."""


class Tick(simpy.Event):
    """The next governance pulse; comes before anything else at its time, again and again."""

    def __init__(self, env: simpy.Environment, govern: Callable[[simpy.Event], None]) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        self._govern = govern

    def come(self, delay: float) -> None:
        """Govern in `delay` months."""
        self.callbacks = [self._govern]
        self.env.schedule(self, URGENT, delay)


class Simulation:
    """One history of one cell, at a month.

    The same settings, replication, seed and decisions give the same history to the bit, however often it
    is stopped or looked at.
    """

    def __init__(self, settings: Settings, replication: int, seed: int = 1, record: bool = True) -> None:
        self.settings = settings
        self.month = 0
        self.env = simpy.Environment()
        given = given_by(settings)
        luck = Luck(seed, replication, at_median=settings.mechanisms.luck == "off")
        self._history = History(replication, settings.horizon_months, given.names, given.headcount_shares)
        self.world = World(self.env, given, luck, self._history, record)
        self._levers: Levers = settings.levers
        self._due: list[tuple[float, dict[str, Any], str]] = [
            (decision.month, decision.change, "scenario") for decision in settings.decisions
        ]
        self._due.sort(key=lambda due: due[0])
        self._pulse, self._horizon = settings.pulse_months, settings.horizon_months
        self._pulses, self._tick = 0, Tick(self.env, self._govern)
        self._tick.come(0.0)
        self.agents = [agent(self.world) for agent in AGENTS]
        self._recorder = Recorder(self.world)
        for agent in self.agents:
            agent.start()
        self._finished = False

    def advance(self, month: int) -> None:
        """Let time pass until just before anything happens at `month`."""
        if month < self.month:
            raise InputError(f"month {month} lies in the past of a history at month {self.month}")
        month = min(month, self.settings.horizon_months)
        self._step_until(month)
        self.month = month

    def _step_until(self, month: int) -> None:
        queue, step, began = self.env._queue, self.env.step, thread_time()
        for _ in range(MOST_EVENTS // _LOOK_EVERY):
            for _ in range(_LOOK_EVERY):
                if not queue or queue[0][0] >= month:
                    return
                step()
            if thread_time() - began > MOST_SECONDS:
                self._runs_away(f"more than {MOST_SECONDS:g} seconds")
        self._runs_away(f"more than {MOST_EVENTS} events")

    def _runs_away(self, how: str) -> NoReturn:
        """Stop a run that does not end, and name it by where it stands and who acted last."""
        last = self._history.events[-1:]
        who = f"; the last to act was {last[0].entity} ({last[0].kind})" if last else ""
        raise InvariantBreach(
            f"replication {self._history.replication}: month {self.env.now:.1f}: the run takes {how}{who}"
        )

    def decide(self, change: Mapping[str, Any], origin: str = "team") -> None:
        """Change levers from the month the history stands at; InputError where a change is not allowed."""
        try:
            changed(self._levers, change)
        except ValueError as error:
            raise InputError(str(error)) from None
        self._due.append((float(self.month), dict(change), origin))
        self._due.sort(key=lambda due: due[0])

    def observe(self) -> dict[str, Any]:
        """What people in it could know now: events, the ledger's rate, and surveys that come late and noisy."""
        at = self.month - SURVEY_DELAY_MONTHS
        surveys = {name: self._survey(name, at) for name in self._history.series if _surveyed(name)}
        return {
            "month": self.month,
            "recurrent_saving_gbp_m": self.world.ledger.annual_rate / PENCE_PER_GBP_M,
            "status": self.world.progress.status,
            "surveys": surveys,
            "events": list(self._history.events),
        }

    def _survey(self, name: str, at: int) -> float | None:
        if not 0 <= at < len(self._history.states):
            return None
        noise = SURVEY_NOISE * self.world.luck.normal("survey", name, at)
        return min(max(self._history.column(name)[at] + noise, 0.0), 1.0)

    @property
    def history(self) -> History:
        """The facts so far; whole once the horizon is reached."""
        if self.month >= self.settings.horizon_months and not self._finished:
            self._finish()
        return self._history

    def _govern(self, _: simpy.Event) -> None:
        """At a pulse: decisions first, then the ledger closes the month before, then the soft states are refreshed."""
        world, now = self.world, self._pulses * self._pulse
        month = int(now)
        if now >= self._horizon:
            self._close(now)
            return
        if self._due or world.decisions:
            self._apply_due(now)
        if month != now:
            world.pulse(now)
        else:
            if month:
                world.ledger.close_month(month - 1)
            world.pulse(now)
            self._recorder.note()
        self._pulses += 1
        self._tick.come(self._pulses * self._pulse - now)

    def _close(self, now: float) -> None:
        """At the horizon: the last month's money and the levels that were reached."""
        self.world.ledger.close_month(self._horizon - 1)
        self.world.states.arrive(now)
        self._recorder.note()

    def _apply_due(self, now: float) -> None:
        if self.world.decisions:
            self._due += self.world.decisions
            self.world.decisions.clear()
            self._due.sort(key=lambda due: due[0])
        while self._due and self._due[0][0] <= now:
            _, change, origin = self._due.pop(0)
            self._apply(change, origin, now)

    def _apply(self, change: Mapping[str, Any], origin: str, now: float) -> None:
        self._levers = changed(self._levers, change)
        self.world.decide(self._levers.by_class())
        for key, value in change.items():
            if self.world.recording:
                number = float(value) if isinstance(value, int | float) else None
                name = key.removeprefix("levers.")
                self._history.events.append(Event(now, name, "decision", origin, number))

    def _finish(self) -> None:
        """The last month is closed; then every agent closes its own account."""
        self._finished = True
        self.env.step()
        self._recorder.close()
        for agent in self.agents:
            agent.finish()
        breaches = [*self.world.breaches, *invariants.breaches(self.world)]
        if breaches:
            raise InvariantBreach(f"replication {self._history.replication}: {breaches[0]}")


def run(settings: Settings, replication: int, seed: int = 1, record: bool = True) -> History:
    """One whole history."""
    simulation = Simulation(settings, replication, seed, record)
    simulation.advance(settings.horizon_months)
    return simulation.history


_kept: OrderedDict[int, tuple[Settings, Given]] = OrderedDict()
_CELLS_KEPT = 8


def given_by(settings: Settings) -> Given:
    """What a world of these settings is made from; worked out once for all replications of a cell."""
    kept = _kept.get(id(settings))
    if kept is None or kept[0] is not settings:
        kept = _kept[id(settings)] = (settings, _given(settings))
        while len(_kept) > _CELLS_KEPT:
            _kept.popitem(last=False)
    return kept[1]


def promise_of(settings: Settings) -> Promise:
    """What the business case says of these settings: the same programme in a world without friction."""
    calm = set(settings.mechanisms.model_dump().values()) == {"off"}
    if calm or settings.levers.sequence.extent == "none":
        return Promise()
    return _promise(settings)


def _promise(settings: Settings) -> Promise:
    off = dict.fromkeys(settings.mechanisms.model_dump(), "off")
    horizon = max(settings.horizon_months, PROMISED_MONTHS)
    calm = settings.replaced(mechanisms=off, shocks=(), decisions=(), pulse_months=1.0, horizon_months=horizon)
    history = run(calm, 0)
    ends = sorted(event.month for event in history.events if event.kind == "package finished")
    total = max(history.planned_packages, 1)
    months = range(horizon + 1)
    saving = tuple(value * PENCE_PER_GBP_M for value in history.column("recurrent_saving_gbp_m"))
    finished = tuple(sum(end <= month for end in ends) / total for month in months)
    return Promise(ends[-1] if ends else 0.0, saving, finished, max(saving) or 1.0)


def _given(settings: Settings) -> Given:
    return Given(
        partnership=settings.partnership,
        services=settings.services,
        evidence=settings.evidence_values,
        switches=settings.mechanisms.model_dump(),
        levers=settings.levers.by_class(),
        horizon=settings.horizon_months,
        pulse=settings.pulse_months,
        promise=promise_of(settings),
        plan=settings.plan,
        sharing=sharing(settings),
        talks=settings.levers.governance.talks_months,
        uplift=settings.levers.money.optimism_uplift,
        shocks=tuple((shock.month, shock.kind, shock.council) for shock in settings.shocks),
    )


def sharing(settings: Settings) -> tuple[float, ...]:
    """Each council's share of costs and savings, by the rule agreed."""
    return settings.partnership.sharing_shares(settings.levers.money.sharing_rule)


def _surveyed(name: str) -> bool:
    return name.split(":")[0] in ("engagement", "fatigue", "uncertainty", "buy_in_leaders", "buy_in_backbench", "trust")
