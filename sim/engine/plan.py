"""Inputs of a history: everything fixed for one cell, and the business case of its plan."""

from collections import OrderedDict
from hashlib import sha256

from sim.core.given import Given, Promise
from sim.core.history import PENCE_PER_GBP_M
from sim.core.switches import neutral_evidence, neutral_levers
from sim.engine.batch import Batch, Column
from sim.engine.settings import Settings

PROMISED_MONTHS = 240
"""Minimum horizon of a business case in months, so that its promise does not depend on the study's horizon."""
_PLANS_KEPT = 64
_promises: OrderedDict[str, Promise] = OrderedDict()


def given_by(settings: Settings) -> Given:
    """Inputs of a world with these settings, computed once for all histories of a cell."""
    return settings.once("given", lambda: _given(settings, promise_of(settings)))


def _given(settings: Settings, promise: Promise) -> Given:
    switches = settings.mechanisms.model_dump()
    return Given(
        partnership=settings.partnership,
        services=settings.services,
        evidence=neutral_evidence(settings.evidence, settings.evidence_values, switches),
        switches=switches,
        levers=neutral_levers(settings.levers.by_class(), switches),
        horizon=settings.horizon_months,
        pulse=settings.pulse_months,
        promise=promise,
        plan=settings.plan,
        arrangements=settings.arrangements,
        sharing=sharing(settings),
        talks=settings.levers.governance.talks_months,
        stands_aside=settings.levers.governance.other_stands_aside,
        uplift=settings.levers.money.optimism_uplift,
        shocks=tuple((shock.month, shock.kind, shock.council) for shock in settings.shocks),
    )


def sharing(settings: Settings) -> tuple[float, ...]:
    """Each council's share of costs and savings, by the rule agreed."""
    return settings.partnership.sharing_shares(settings.levers.money.sharing_rule)


def promise_of(settings: Settings) -> Promise:
    """The plan's business case: its results without friction, on central evidence.

    It is what was believed when the councils agreed, not the truth that a history draws; so it is made once a plan,
    however many draws of the evidence meet it.
    """
    calm = set(settings.mechanisms.model_dump().values()) == {"off"}
    if calm or settings.levers.sequence.extent == "none":
        return Promise()
    key = _plan_key(settings)
    if key not in _promises:
        _promises[key] = _promise(settings)
        while len(_promises) > _PLANS_KEPT:
            _promises.popitem(last=False)
    return _promises[key]


def _plan_key(settings: Settings) -> str:
    """Hash of all settings that determine a business case."""
    levers, partnership = settings.levers.model_dump_json(), settings.partnership.model_dump_json()
    services = sorted((name, service.model_dump_json()) for name, service in settings.services.items())
    told = (levers, partnership, services, settings.horizon_months, sorted(settings.central_values.items()))
    return sha256(repr(told).encode()).hexdigest()


def _promise(settings: Settings) -> Promise:
    off = dict.fromkeys(settings.mechanisms.model_dump(), "off")
    horizon = max(settings.horizon_months, PROMISED_MONTHS)
    calm = settings.on_central_evidence().replaced(
        mechanisms=off, shocks=(), decisions=(), pulse_months=1.0, horizon_months=horizon
    )
    batch = Batch([Column(calm, 0)], [_given(calm, Promise())])
    batch.advance(batch.horizon)
    (history,) = batch.finish()
    if isinstance(history, Exception):
        raise history
    ends = sorted(event.month for event in history.events if event.kind == "package finished")
    total = max(history.planned_packages, 1)
    months = range(horizon + 1)
    saving = tuple(value * PENCE_PER_GBP_M for value in history.column("recurrent_saving_gbp_m"))
    finished = tuple(sum(end <= month for end in ends) / total for month in months)
    return Promise(ends[-1] if ends else 0.0, saving, finished, max(saving) or 1.0)
