"""The STRESS-DES checklist for one study, answered item by item from its settings and manifest.

STRESS-DES (Monks, Currie, Onggo, Robinson, Kunc and Taylor, 2019) says what must be reported of a discrete-event
simulation so that others can make it again: objectives, logic, data, experimentation, implementation, code access.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.core import words
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN
from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Mechanisms
from sim.surfaces.brief.brief_source import BriefSource
from sim.words.names import Names
from sim.words.templates import templates

TEMPLATES = Path(__file__).parent / "templates"
ITEMS: list[tuple[str, str, str]] = re.findall(
    r"^## (\S+) (.+)\n((?:(?!## ).*\n)+)", (TEMPLATES / "stress.txt.j2").read_text(encoding="utf-8"), re.M
)
"""Number, name and answer of each item of the checklist, in order; the answer is a template."""
HEADLINES = (
    "recurrent_saving_y5_gbp_m",
    "cumulative_net_saving_y10_gbp_m",
    "npv_gbp_m",
    "payback_month",
    "dissolved",
    "stalled",
    "peak_fatigue",
    "min_buy_in_backbench",
)
"""Headline outcomes of this brief; all others are in runs.parquet."""
_KINDS = {JOINT: "joint teams", REDESIGN: "redesigns", COMMISSION: "contracts"}


def checklist(source: BriefSource) -> list[tuple[str, str, str]]:
    """Every item of STRESS-DES in its order, with its answer for this study."""
    known, plain = _known(source), templates(TEMPLATES)
    return [(number, item, " ".join(plain.from_string(answer).render(known).split())) for number, item, answer in ITEMS]


def _known(source: BriefSource) -> dict[str, Any]:
    """What the answers name: the study's manifest, settings and logs, and counts of them in words."""
    settings, manifest = source.settings, source.study.manifest
    packages = [package.name for package in settings.plan()]
    kinds = [name.partition(":")[0] for name in packages]
    forms = {name: getattr(settings.mechanisms, name) for name in Mechanisms.model_fields}
    counts = sorted({int(entry.get("replications") or 0) for entry in manifest["cells"]})
    return {
        "manifest": manifest,
        "settings": settings,
        "levers": settings.levers,
        "names": Names.of(settings),
        "plans": list(source.plans.values()),
        "quantities": source.assumptions,
        "outcomes": OUTCOMES,
        "leads": [OUTCOMES[name].meaning.rstrip(".").lower() for name in HEADLINES if name in OUTCOMES],
        "packages": packages,
        "counted": [f"{kinds.count(kind)} {name}" for kind, name in _KINDS.items() if kind in kinds],
        "others": [name for name in packages if ":" not in name],
        "forms": forms,
        "off": [name for name, form in forms.items() if form == "off"],
        "councils": [f"{council.name} ({council.headcount:,} staff)" for council in settings.partnership.councils],
        "times": [
            f"{words.plain(name)} {words.amount(q.value)} ({words.amount(q.low)} to {words.amount(q.high)}) {q.unit}"
            for name, q in settings.evidence.get("time", {}).items()
        ],
        "statuses": sorted({f"“{row['status']}”" for row in source.data}),
        "histories": f"{counts[0]:,}" + (f" to {counts[-1]:,}" if len(counts) > 1 else ""),
        "versions": [f"{name} {version}" for name, version in manifest.get("versions", {}).items() if version],
    }
