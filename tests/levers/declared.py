"""What every lever must do, as declared in configs/assurance/levers.yaml before it was run."""

from dataclasses import dataclass

import yaml

from sim.core.inputs.shipped import SHIPPED

PARTNERSHIPS = ("bromsgrove_redditch", "chiltern_south_bucks", "go_shared_services")
"""Partnerships on which each lever is tried, where its setting names none."""


@dataclass(frozen=True)
class Promise:
    """One lever moved from one value to another, the outcome that must follow, and where."""

    lever: str
    values: tuple[str, str]
    outcome: str
    sign: float
    size: float
    source: str
    where: tuple[str, ...]

    def arms(self, partnership: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The overrides before and after the lever is moved."""
        setting = self.where
        if not any(key.startswith("scenario=") for key in setting):
            setting = ("scenario=structure_first", *setting)
        if not any(key.startswith("partnership=") for key in setting):
            setting = (f"partnership={partnership}", *setting)
        before, after = ((*setting, f"levers.{self.lever}={value}") for value in self.values)
        return before, after

    @property
    def partnerships(self) -> tuple[str, ...]:
        """Where it is tried: on all, or on the one that its setting names."""
        named = tuple(key.removeprefix("partnership=") for key in self.where if key.startswith("partnership="))
        return named or PARTNERSHIPS


def promises() -> dict[str, Promise]:
    """Every declared promise by the lever it is of."""
    text = (SHIPPED[0] / "assurance" / "levers.yaml").read_text(encoding="utf-8")
    return {
        f"{group}.{lever}": Promise(
            lever=f"{group}.{lever}",
            values=(told["from"], told["to"]),
            outcome=told["outcome"],
            sign=1.0 if told["direction"] == "higher" else -1.0,
            size=told["size"],
            source=told["source"],
            where=tuple(told.get("where", ())),
        )
        for group, levers in yaml.safe_load(text).items()
        for lever, told in levers.items()
    }
