"""Evidence quantities: facts of the world that nobody chooses, with unit, range, grade and source."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import exp, log, sqrt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

UNITS: dict[str, str] = {
    "months": "calendar months",
    "per year": "rate a year",
    "share": "share between 0 and 1",
    "share of saving": "share of the annual saving it enables",
    "share of expenditure": "share of annual service expenditure",
    "£": "pounds at constant prices",
    "£ a year": "pounds a year at constant prices",
    "£ a month": "pounds a month at constant prices",
    "posts": "full-time posts",
    "staff": "people",
    "officer months": "months of one officer's full attention",
    "packages": "work packages in hand",
    "number": "a plain number",
}

Grade = Literal["A", "B", "C", "assumption"]

WIDE = 3.0
"""Ratio of high to low from which a quantity is drawn on a logarithmic scale."""


class Quantity(BaseModel):
    """One evidence quantity: `low` and `high` bound what sensitivity analysis explores.

    Raises a validation error where the value lies outside its range, the unit is unknown,
    or an assumption gives no reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    value: float
    unit: str
    low: float
    high: float
    grade: Grade
    source: str
    meaning: str
    central: float | None = None
    """The register's value, kept while an override or a draw replaces it."""
    zero_without: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Mechanisms whose force it is: with any of them switched off it is nought."""

    def overridden(self, value: Any, note: Mapping[str, str]) -> "Quantity":
        """The quantity at another value, with a note that it was overridden. Raises an error outside its range."""
        return Quantity.model_validate({**dict(self), "value": value, "central": self.believed, **note})

    @property
    def believed(self) -> float:
        """The quantity at its value in the register, whatever a history draws."""
        return self.value if self.central is None else self.central

    @model_serializer(mode="wrap")
    def _without_empty(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = dump(self)
        return {k: value for k, value in content.items() if k not in ("central", "zero_without") or value}

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.unit not in UNITS:
            raise ValueError(f"unit '{self.unit}' is not one of {', '.join(UNITS)}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value:g} lies outside its range {self.low:g} to {self.high:g}")
        if self.grade == "assumption" and not self.source.startswith("assumption: "):
            raise ValueError("an assumption gives its reason as 'assumption: …'")
        if not self.source.strip() or not self.meaning.strip():
            raise ValueError("source and meaning may not be empty")
        return self

    def at(self, u: float) -> float:
        """The value below which the share `u` of draws lies."""
        return draws(self.low, self.value, self.high)(u)


@lru_cache(maxsize=4096)
def draws(low: float, peak: float, high: float) -> Callable[[float], float]:
    """Quantile function of draws between `low` and `high`: a triangular distribution with mode `peak`."""
    if low == high:
        return lambda u: peak
    if low > 0.0 and high / low > WIDE:
        inner = _triangle(log(low), log(peak), log(high))

        def logarithmic(u: float) -> float:
            value = exp(inner(u))
            return low if value < low else high if value > high else value

        return logarithmic
    plain = _triangle(low, peak, high)

    def even(u: float) -> float:
        value = plain(u)
        return low if value < low else high if value > high else value

    return even


def share_below_peak(low: float, peak: float, high: float) -> float:
    """Probability that a draw lies below the most likely value; one half where there is no range."""
    if low == high:
        return 0.5
    if low > 0.0 and high / low > WIDE:
        return (log(peak) - log(low)) / (log(high) - log(low))
    return (peak - low) / (high - low)


def _triangle(low: float, peak: float, high: float) -> Callable[[float], float]:
    width, rise, fall = high - low, peak - low, high - peak
    split = rise / width

    def drawn(u: float) -> float:
        if u < split:
            return low + sqrt(u * width * rise)
        return high - sqrt((1.0 - u) * width * fall)

    return drawn
