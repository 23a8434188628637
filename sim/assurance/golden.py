"""Golden scenarios: twelve small studies with results on record, so that no change alters them unnoticed.

`python -m sim.assurance.golden` compares; with `--write` it puts the present results on record and prints, for the
changelog, what moved and by how much. The promise: the same to the bit on the platform on record, with the packages
of one lock file; elsewhere figures within TOLERANCE.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from math import isclose
from typing import Any, Literal

import yaml

from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.plans.strict import SHIPPED
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.files import store
from sim.study.running.study_run import evaluate
from sim.study.tables import digest_of

SCENARIOS = SHIPPED[0] / "assurance" / "golden.yaml"
"""Settings of each golden scenario, chosen by hand."""
RESULTS = SCENARIOS.with_suffix(".json")
"""File of the results on record, written by this module only."""
REPLICATIONS = 5
"""Number of replications, few for speed: a golden scenario detects changes and estimates nothing."""
TOLERANCE = 1e-6
"""Maximum distance of a mean from the one on record on another processor or mathematical library: relative, and
absolute below one. Their last bits differ, and no more than that should show in a mean of a few histories."""
SHOWN_DIGITS = 12
"""Number of digest digits for people to compare and for the changelog."""
FIGURES = (
    "npv_gbp_m",
    "setup_cost_gbp_m",
    "recurrent_saving_y5_gbp_m",
    "recurrent_saving_y10_gbp_m",
    "never_pays_back",
    "services_integrated",
    "services_transformed",
    "packages_dropped",
    "peak_fatigue",
    "engagement_end",
    "redundancies",
    "min_trust",
    "votes_lost",
    "hr_mean_wait_months",
    "dissolved",
    "stalled",
)
"""Outcomes whose means show the size of a shift."""
Likeness = Literal["equal", "within tolerance", "differs"]
Means = Mapping[str, float | None]


@dataclass(frozen=True)
class Golden:
    """Results of one golden scenario: digest of its rows, and means over histories with a value."""

    digest: str
    figures: Means


@dataclass(frozen=True)
class GoldenRecord:
    """Results of all golden scenarios by name, with the platform of the run."""

    platform: str
    scenarios: Mapping[str, Golden]

    @property
    def digest(self) -> str:
        """Digest of all digests, as one name for all results."""
        told = "\n".join(f"{name}\t{self.scenarios[name].digest}" for name in sorted(self.scenarios))
        return store.hash_bytes(told.encode())


@cache
def scenarios() -> dict[str, Settings]:
    """Settings of every golden scenario by name."""
    asked = yaml.safe_load(SCENARIOS.read_text(encoding="utf-8"))
    return {name: _settings(about) for name, about in asked.items()}


def _settings(about: Mapping[str, Any]) -> Settings:
    composed = compose(about["overrides"]).settings
    return composed.replaced(decisions=about.get("decisions", ()), shocks=about.get("shocks", ()))


def played(names: Iterable[str] | None = None) -> GoldenRecord:
    """Golden scenarios, all or those named, simulated now; keyed by name so that a new lever changes no digest."""
    asked = scenarios()
    cells = [Cell(name, name, name, asked[name]) for name in names or asked]
    runs = evaluate(cells, StudySettings(replications=REPLICATIONS, workers=1))
    found = {cell.id: runs[runs["cell"] == cell.id] for cell in cells}
    return GoldenRecord(here(), {name: Golden(digest_of(own), _means(own)) for name, own in found.items()})


def _means(runs: Any) -> dict[str, float | None]:
    means = {}
    for name in FIGURES:
        known = [value for value in runs[name].tolist() if value == value]
        means[name] = sum(known) / len(known) if known else None
    return means


def here() -> str:
    """Platform features that affect the last bits: system, processor, mathematical library and Python."""
    library = " ".join(platform.libc_ver()).strip() or "the system's library"
    python = ".".join(platform.python_version_tuple()[:2])
    return f"{platform.system()} {platform.machine()}, {library}, {platform.python_implementation()} {python}"


def recorded() -> GoldenRecord:
    """Results on record."""
    told = json.loads(RESULTS.read_text(encoding="utf-8"))
    return GoldenRecord(told["platform"], {name: Golden(**golden) for name, golden in told["scenarios"].items()})


def compared(reached: Golden, known: Golden) -> Likeness:
    """Verdict on results: equal to the bit, near enough for another platform, or different."""
    if reached.digest == known.digest:
        return "equal"
    near = all(_near(reached.figures.get(name), known.figures.get(name)) for name in FIGURES)
    return "within tolerance" if near else "differs"


def _near(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def verdicts(reached: GoldenRecord, known: GoldenRecord) -> dict[str, Likeness]:
    """Verdict of each scenario played against the record; an unrecorded scenario differs."""
    nothing = Golden("", {})
    return {name: compared(golden, known.scenarios.get(name, nothing)) for name, golden in reached.scenarios.items()}


def kept(reached: GoldenRecord, known: GoldenRecord) -> bool:
    """True if every scenario is equal on the platform on record, or within tolerance elsewhere."""
    found = set(verdicts(reached, known).values())
    return found == {"equal"} or (reached.platform != known.platform and found <= {"equal", "within tolerance"})


def shifts(reached: GoldenRecord, known: GoldenRecord) -> list[str]:
    """Lines for scenarios that differ, each with every changed figure before and after, for the changelog."""
    return [
        f"{name}: {_moved(golden, known.scenarios.get(name))}"
        for name, golden in reached.scenarios.items()
        if name not in known.scenarios or golden.digest != known.scenarios[name].digest
    ]


def _moved(reached: Golden, known: Golden | None) -> str:
    if known is None:
        return "new"
    pairs = {name: (_said(known.figures.get(name)), _said(reached.figures.get(name))) for name in FIGURES}
    moved = [f"{_meaning(name)} {now} instead of {then}" for name, (then, now) in pairs.items() if now != then]
    return "; ".join(moved) or "no figure moved so far that six digits show it"


def _meaning(name: str) -> str:
    outcome = OUTCOMES[name]
    return f"{outcome.meaning[:1].lower()}{outcome.meaning[1:]} ({outcome.unit})"


def _said(value: float | None) -> str:
    return "never" if value is None else format(value, ".6g")


def as_content(record: GoldenRecord) -> dict[str, Any]:
    """Record as plain content for its file."""
    scenarios = {name: asdict(golden) for name, golden in record.scenarios.items()}
    return {"digest": record.digest, "platform": record.platform, "scenarios": scenarios}


def main(argv: Sequence[str]) -> int:
    """Compare with the record. Exit code 1 if the promise is broken; `--write` records the present results."""
    if list(argv) not in ([], ["--write"]):
        print("only --write may follow: it puts the present results on record", file=sys.stderr)
        return 2
    known = recorded() if RESULTS.exists() else GoldenRecord("", {})
    reached = played()
    for line in shifts(reached, known):
        print(line)
    if argv:
        store.write_json(RESULTS, as_content(reached))
        print(f"On record; the changelog's topmost section must name golden digest {reached.digest[:SHOWN_DIGITS]}.")
        return 0
    print(f"{list(verdicts(reached, known).values()).count('equal')} of {len(known.scenarios)} equal")
    return 0 if kept(reached, known) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
