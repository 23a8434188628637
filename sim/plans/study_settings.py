"""Settings of a study, apart from its question: replications, seed, workers, what is kept."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from sim.core.statistics.stopping import AHEAD, LEAST
from sim.engine.settings import FrozenSettings, Text

MOST_REPLICATIONS = 1_000_000
ScenarioName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]


def _number_or_auto(value: Any) -> Any:
    """Refuse a value that is neither number nor 'auto', in one sentence; pydantic would give two errors."""
    if value == "auto":
        return value
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_REPLICATIONS:
        raise PydanticCustomError("number_or_auto", f"auto or a whole number from 1 to {MOST_REPLICATIONS:,} is wanted")
    return value


class StudySettings(FrozenSettings):
    """Settings of a study, apart from its question."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")] = "main"
    reason: Text = ""
    """Reason for the study or for a choice in it, for the decisions log."""
    replications: Annotated[int | Literal["auto"], BeforeValidator(_number_or_auto)] = 200
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    evidence: Literal["central", "ensemble"] = "central"
    """Evidence that histories meet: its central values, or in turn the draws that agree with published figures."""
    workers: Annotated[int, Field(ge=0, le=1024)] = 0
    horizon_months: Annotated[int, Field(ge=12, le=360)] = 120
    scenarios: Annotated[tuple[ScenarioName, ...], Field(strict=False, min_length=1, max_length=200)] = (
        "structure_first",
        "transform_first",
    )
    reference: ScenarioName = "structure_first"
    trajectories: Literal["auto", "all", "none"] = "auto"
    events: Annotated[int, Field(ge=0, le=1000)] = 3
    auto_outcome: Annotated[str, StringConstraints(max_length=64)] = "npv_gbp_m"
    """With `replications=auto`: outcome whose mean must reach the half-width in each cell; usually money."""
    auto_half_width: Annotated[float, Field(gt=0)] = 0.5
    """Half the 95% interval in the outcome's unit: £0.5m is a ninth of the difference between the two usual plans."""
    auto_most: Annotated[int, Field(ge=LEAST + AHEAD, le=MOST_REPLICATIONS)] = 1000
    """Maximum histories of a cell: over twice what the usual plans need, some minutes on two cores."""

    @property
    def automatic(self) -> bool:
        """True if the number of replications in each cell depends on the precision asked for."""
        return self.replications == "auto"

    @property
    def at_most(self) -> int:
        """Number of replications of a cell, or their maximum if automatic."""
        return self.auto_most if self.replications == "auto" else self.replications
