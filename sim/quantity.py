"""Quantities of the world that nobody chooses: a value with its unit, range, grade and source."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

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
