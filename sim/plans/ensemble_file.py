"""The ensemble's file: which candidates agree with published figures, for which register, with a digest of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import yaml

from sim.core.errors import InputError
from sim.core.inputs.candidates import Ensemble, Register, fingerprint
from sim.core.inputs.shipped import SHIPPED
from sim.plans.strict import read_document

SHIPPED_ENSEMBLE = SHIPPED[0] / "priors" / "ensemble.yaml"
HEAD = """\
# Draws of the evidence that agree with the published figures of role calibrate, each by its number: the same seed and
# register give the same values. Made by `make calibrate`, never by hand; the digest holds seed, draws and register.
"""


def shipped_ensemble(register: Register) -> Ensemble:
    """The shipped ensemble. InputError where it was altered or made for another register."""
    ensemble, made_for = read_ensemble(SHIPPED_ENSEMBLE)
    if made_for != fingerprint(register):
        raise InputError(
            f"study.evidence=ensemble: {SHIPPED_ENSEMBLE.name} was made for other ranges of the evidence (register "
            f"{made_for}, here {fingerprint(register)}); make it anew with tandem calibrate, or say "
            "study.evidence=central"
        )
    return ensemble


@cache
def read_ensemble(path: Path) -> tuple[Ensemble, str]:
    """An ensemble and the fingerprint of the register it was made for. InputError where its digest does not fit."""
    if not path.exists():
        raise InputError(
            f"study.evidence=ensemble: no ensemble is shipped yet; tandem calibrate --write {path} makes one, or say "
            "study.evidence=central"
        )
    content = read_document(path)
    missing = [key for key in ("seed", "register", "digest", "draws") if key not in content]
    if missing:
        raise InputError(f"{path}: {missing[0]} is missing; an ensemble has seed, register, digest and draws")
    if content["digest"] != digest(content["seed"], content["draws"], content["register"]):
        raise InputError(f"{path}: the file was altered, its digest does not fit; make it anew with tandem calibrate")
    ensemble = Ensemble(seed=content["seed"], candidates=tuple(content["draws"]))
    return ensemble, str(content["register"])


def ensemble_text(seed: int, draws: Sequence[int], register: str, made: Mapping[str, Any]) -> str:
    """The file of an ensemble; `made` says how it came about."""
    content = {"seed": seed, "register": register, "digest": digest(seed, draws, register), "made": dict(made)}
    listed = yaml.safe_dump(list(draws), default_flow_style=True, width=110)
    return f"{HEAD}{yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=116)}draws: {listed}"


def digest(seed: int, draws: Sequence[int], register: str) -> str:
    """Short hash of what an ensemble's values follow from."""
    return blake2b(f"{seed} {list(draws)} {register}".encode(), digest_size=8).hexdigest()
