"""Columns of a table of councils, each declared once: content, and default if empty."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sim.core.inputs.partnership import Council, CouncilPair, Partnership

Kind = Literal["text", "whole number", "number", "choice"]


@dataclass(frozen=True)
class CsvColumn:
    """One column; its bounds and choices are those of the partnership's own declaration."""

    name: str
    field: str
    meaning: str
    rule: dict[str, Any]
    required: bool = False
    pounds: bool = False

    @property
    def kind(self) -> Kind:
        """Reading method for the cells."""
        if "enum" in self.rule:
            return "choice"
        kinds: dict[str, Kind] = {"integer": "whole number", "number": "number"}
        return kinds.get(self.rule["type"], "text")

    @property
    def choices(self) -> list[str]:
        """Allowed words in a cell; empty if any value in the range is allowed."""
        return list(self.rule.get("enum", ()))

    def outside(self, value: float) -> bool:
        """True if a number lies outside the bounds."""
        above = value > self.rule.get("exclusiveMinimum", -1)
        return not (above and self.rule.get("minimum", value) <= value <= self.rule["maximum"])

    @property
    def span(self) -> str:
        """Bounds in words."""
        low, high = self.rule.get("minimum"), self.rule["maximum"]
        return f"more than {self.rule['exclusiveMinimum']}, at most {high}" if low is None else f"{low} to {high}"


@cache
def rules(model: type[Council] | type[CouncilPair] | type[Partnership]) -> dict[str, dict[str, Any]]:
    """Declared bounds of each field in JSON schema terms."""
    found: dict[str, dict[str, Any]] = model.model_json_schema()["properties"]
    return found


_COUNCIL, _PAIR = rules(Council), rules(CouncilPair)
_SHARE = "as a share (0.1) or per cent (10%)"

NAME = CsvColumn("council", "name", "short name of the council; required", _COUNCIL["name"], required=True)
SOURCE = CsvColumn(
    "source", "source", "where the figures of this row come from; kept with them", {"type": "string", "maxLength": 1000}
)

COUNCIL_COLUMNS = (
    NAME,
    CsvColumn("full_name", "full_name", "name in full; if empty the short name", _COUNCIL["full_name"]),
    CsvColumn("headcount", "headcount", "staff employed; required", _COUNCIL["headcount"], required=True),
    CsvColumn(
        "service_expenditure_gbp_m",
        "service_expenditure_gbp_m",
        "total service expenditure in a year in millions of pounds; required",
        _COUNCIL["service_expenditure_gbp_m"],
        required=True,
        pounds=True,
    ),
    CsvColumn("control", "control", "political control", _COUNCIL["control"]),
    CsvColumn("setting", "setting", "the area", _COUNCIL["setting"]),
    CsvColumn("elections", "elections", "how much of the council is elected at a time", _COUNCIL["elections"]),
    CsvColumn(
        "next_election_year",
        "next_election_year",
        "year of the first ordinary election in May after the start",
        _COUNCIL["next_election_year"],
    ),
    CsvColumn(
        "budget_gap_share",
        "budget_gap_share",
        f"savings needed over four years against a year's service expenditure; {_SHARE}",
        _COUNCIL["budget_gap_share"],
    ),
    CsvColumn(
        "earlier_cuts_share",
        "earlier_cuts_share",
        f"what the council has cut already on its own against a year's service expenditure; {_SHARE}",
        _COUNCIL["earlier_cuts_share"],
    ),
    SOURCE,
)
"""Columns about one council."""

PAIR_COLUMNS = (
    CsvColumn(
        "distance_miles",
        "distance_miles",
        "road miles between the main offices; to the first council or as name: miles; name: miles",
        _PAIR["distance_miles"],
    ),
    CsvColumn(
        "prior_joint_working",
        "prior_joint_working",
        "how much the two already do together from 0 to 1; written like the distance",
        _PAIR["prior_joint_working"],
    ),
    CsvColumn(
        "culture_gap",
        "culture_gap",
        "how different their cultures are from 0 to 1; written like the distance",
        _PAIR["culture_gap"],
    ),
)
"""Columns about two councils, in the row of either."""

COLUMNS = (*COUNCIL_COLUMNS[:-1], *PAIR_COLUMNS, SOURCE)
"""All columns in the order of the template."""
