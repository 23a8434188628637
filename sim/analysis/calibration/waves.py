"""History matching in waves: trials, emulators, candidates ruled out, more trials where figures agree; then weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sim.analysis.calibration.emulators import (
    HISTORIES,
    Array,
    Emulator,
    Observed,
    Predicted,
    Share,
    fitted,
    fitted_share,
)
from sim.analysis.calibration.trials import Calibrating, Trials, calibrates, targets
from sim.analysis.calibration.weights import (
    LET_OFF,
    effective_size,
    log_weights,
    normalised,
    resampled,
    speaks_against,
)
from sim.analysis.validation.case_runs import SEED, CasePool
from sim.analysis.validation.case_settings import Prepared, prepare
from sim.analysis.validation.cases import read_cases, shipped_cases
from sim.core.errors import InputError
from sim.core.inputs.candidates import Register, address, fingerprint, shares
from sim.study.files.store import hash_of
from sim.study.provenance import origin

POINTS, WAVES, DRAWS = 300, 4, 200
"""Trials of a wave, most waves, and draws of the ensemble."""
EFFECTIVE = 100.0
"""Effective number of draws that the weights must leave, or there is another wave."""
SETTLED = 0.8
"""Share of the former volume that a wave must leave for the search to be settled."""
POOL, MOST_POOL = 20_000, 160_000
"""Candidates held against the figures in each wave, and how far they are added to where few are left."""
LEARNT_FROM = 4_000
"""Candidates from which it is told what was learnt."""
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wave:
    """The find of one wave: trials so far, share of candidates left, and the effective number of draws."""

    trials: int
    volume: float
    effective: float


@dataclass(frozen=True)
class Calibration:
    """The find of a calibration: waves, candidates of the ensemble, what each figure rules out, what was learnt."""

    seed: int
    register: str
    waves: tuple[Wave, ...]
    draws: tuple[int, ...]
    ruled_out: dict[str, float]
    """By figure: share of all candidates that it alone speaks against."""
    learnt: dict[str, float]
    """By quantity: spread of its normal score in the ensemble over that in the register."""
    agreement: dict[str, float]
    """By figure: weighted mean distance from what was published, in standard deviations; above nought is high."""

    @property
    def settled(self) -> bool:
        """True if the weights leave as many effective draws as asked."""
        return self.waves[-1].effective >= EFFECTIVE


def calibrate(
    journals: Path,
    folder: Path | None = None,
    seed: int = SEED,
    points: int = POINTS,
    waves: int = WAVES,
    draws: int = DRAWS,
    workers: int = 0,
    told: Told | None = None,
) -> Calibration:
    """Find draws of the evidence that agree with the figures of role calibrate in a folder of cases.

    A file in `journals` keeps every trial, so that a run of the same code, cases and seed that was broken off goes on;
    `told(stage, done, all)` reports progress. Raises InputError where no case has a figure of role calibrate.
    """
    cases = [case for case in map(prepare, read_cases(folder or shipped_cases())) if calibrates(case)]
    if not cases:
        raise InputError(
            f"{folder}: no case of one partnership has a figure of role calibrate, so nothing can be learnt"
        )
    with CasePool(cases, seed, workers) as pool:
        search = Search(Trials(pool, journals / journal_name(cases, seed), seed), targets(cases), seed, points, told)
        found = [search.wave(1)]
        while len(found) < waves and not _settled(found):
            found.append(search.wave(len(found) + 1))
        return search.result(found, draws)


def journal_name(cases: Sequence[Prepared], seed: int) -> str:
    """Name of the file that keeps the trials: another for other code, cases, settings or seed."""
    told = [settings.model_dump_json() for case in cases for member in case.members for _, settings in member.plans]
    told += [case.file.case.model_dump_json() for case in cases]
    return f"trials-{hash_of([origin()['code'], seed, told])}.jsonl"


def _settled(found: Sequence[Wave]) -> bool:
    enough = found[-1].effective >= EFFECTIVE
    return enough and len(found) > 1 and found[-1].volume >= SETTLED * found[-2].volume


class Search:
    """The state of a calibration between waves: trials so far, emulators, and candidates not ruled out."""

    def __init__(
        self, trials: Trials, wanted: Sequence[Calibrating], seed: int, points: int, told: Told | None
    ) -> None:
        self.trials, self.targets, self.seed, self.points = trials, wanted, seed, points
        self.tell = told or (lambda stage, done, total: None)
        self.register: Register = trials.pool.settings[0].evidence
        self.tried: list[int] = []
        self.left: list[int] = list(range(points))
        self.pool = POOL

    @cached_property
    def addresses(self) -> list[str]:
        """Names under which candidates differ: quantities, and standings of each partnership."""
        keys = [f"{topic}.{name}" for topic, group in self.register.items() for name in group]
        names = dict.fromkeys(target.partnership for target in self.targets)
        return list(dict.fromkeys(address(key, name) for key in keys for name in names))

    def wave(self, number: int) -> Wave:
        """Try the next candidates that are left, learn from all trials so far, and rule candidates out."""
        fresh = [candidate for candidate in self.left if candidate not in set(self.tried)][: self.points]
        self.tried += fresh
        self.trials.run(fresh, lambda done, total: self.tell(f"wave {number}", done, total))
        self._learn()
        self._rule_out()
        weights = normalised(log_weights(self.targets, *self._predictions(self.left)))
        return Wave(len(self.tried), len(self.left) / self.pool, effective_size(weights))

    def _learn(self) -> None:
        scores = self._scores(self.tried, range(len(self.addresses)))
        self.emulators: list[Emulator] = []
        for done, target in enumerate(self.targets, start=1):
            self.emulators.append(fitted(scores, self.observed(target), self.seed))
            self.tell("emulators", done, len(self.targets))
        self.lasting: list[Share] = [
            fitted_share(scores, self._lasts(case), self.seed) for case in range(len(self.trials.pool.cases))
        ]

    def _rule_out(self) -> None:
        """Keep the candidates that not more than LET_OFF figures speak against; look further where few are left."""
        self.pool = POOL
        while True:
            predicted, _ = self._predictions(range(self.pool))
            against = [speaks_against(*each) for each in zip(self.targets, predicted, strict=True)]
            self.left = np.flatnonzero(np.sum(against, axis=0) <= LET_OFF).tolist()
            if len(self.left) >= 2 * self.points or self.pool >= MOST_POOL:
                break
            self.pool *= 2
        if not self.left:
            raise InputError("every draw of the evidence is ruled out by two figures or more, so none can be kept")
        self.against = {target.name: float(np.mean(one)) for target, one in zip(self.targets, against, strict=True)}

    def _predictions(self, candidates: Sequence[int]) -> tuple[list[Predicted], list[Array]]:
        """Predictions for candidates: each figure, and by case the chance that it shows what is known."""
        own = [set(emulator.active) | set(emulator.never.active) for emulator in self.emulators]
        needed = sorted(set().union(*own, *(set(share.active) for share in self.lasting)))
        scores = np.zeros((len(candidates), len(self.addresses)), dtype=np.float64)
        scores[:, needed] = self._scores(candidates, needed)
        return [one.predict(scores) for one in self.emulators], [share.predict(scores) for share in self.lasting]

    def _scores(self, candidates: Sequence[int], columns: Sequence[int]) -> Array:
        """Normal scores of candidates on some of the addresses, one row each."""
        from scipy.special import ndtri

        names = [self.addresses[column] for column in columns]
        found: Array = ndtri(np.array([shares(candidate, names, self.seed) for candidate in candidates]))
        return found

    def observed(self, target: Calibrating) -> Observed:
        """A figure in all trials so far, on the scale of its reporting model."""
        rows = [self.trials.readings[target.case, candidate] for candidate in self.tried]
        lasting = [[row[target.column] for row in own if row is not None] for own in rows]
        values = [[target.reported.scaled(value) for value in own if value is not None] for own in lasting]
        mean = np.array([np.mean(own) if own else 0.0 for own in values])
        variance = np.array([np.var(own, ddof=1) if len(own) > 1 else 0.0 for own in values])
        never = np.array(
            [1.0 - len(own) / len(all_) if all_ else 0.0 for own, all_ in zip(values, lasting, strict=True)]
        )
        return Observed(mean, variance, np.array([len(own) for own in values]), never)

    def _lasts(self, case: int) -> Array:
        rows = [self.trials.readings[case, candidate] for candidate in self.tried]
        return np.array([sum(row is not None for row in own) / HISTORIES for own in rows])

    def result(self, waves: Sequence[Wave], draws: int) -> Calibration:
        """The ensemble after the last wave, with what was learnt."""
        predicted, lasts = self._predictions(self.left)
        weights = normalised(log_weights(self.targets, predicted, lasts))
        chosen = [self.left[place] for place in resampled(weights, draws, self.seed)]
        off = {t.name: float(weights @ _signed(t, p)) for t, p in zip(self.targets, predicted, strict=True)}
        return Calibration(
            self.seed, fingerprint(self.register), tuple(waves), tuple(chosen), self.against, self._learnt(weights), off
        )

    def _learnt(self, weights: Array) -> dict[str, float]:
        """Spread of every quantity's normal score under the weights, over one."""
        weights = weights[:LEARNT_FROM] / weights[:LEARNT_FROM].sum()
        scores = self._scores(self.left[:LEARNT_FROM], range(len(self.addresses)))
        middle = weights @ scores
        spread = np.sqrt(np.maximum(weights @ scores**2 - middle**2, 0.0))
        return dict(zip(self.addresses, spread.tolist(), strict=True))


def _signed(target: Calibrating, predicted: Predicted) -> Array:
    """Distance of a figure from the middle of what was published, in standard deviations of telling and model."""
    ends = [end for end in target.figure.bounds if end is not None]
    middle = float(np.mean([target.reported.scaled(end) for end in ends]))
    return (predicted.mean - middle) / target.reported.spread
