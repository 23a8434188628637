"""Template table to fill in: meaning of each column, and two invented councils as an example."""

import csv
import io

from sim.plans.partnership_csv.csv_columns import COLUMNS, CsvColumn

TEMPLATE = "partnership.csv"
_INTRODUCTION = (
    "# One row a council, 1 to 4 of them. Replace the two invented councils; leave empty what is not known. "
    "Lines that begin with # are not read."
)
_EXAMPLES = (
    {
        "council": "Northmoor",
        "full_name": "Northmoor District Council",
        "headcount": "320",
        "service_expenditure_gbp_m": "19.8",
        "control": "conservative",
        "setting": "rural",
        "elections": "whole",
        "budget_gap_share": "10%",
        "source": "invented as an example",
    },
    {
        "council": "Southvale",
        "full_name": "Southvale Borough Council",
        "headcount": "540",
        "service_expenditure_gbp_m": "27.5",
        "control": "no overall control",
        "setting": "urban",
        "elections": "thirds",
        "budget_gap_share": "12%",
        "distance_miles": "11",
        "prior_joint_working": "0.2",
        "culture_gap": "0.4",
        "source": "invented as an example",
    },
)


def template() -> str:
    """Text of the template, which is itself a readable table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_INTRODUCTION])
    writer.writerows([f"# {column.name}: {_described(column)}"] for column in COLUMNS)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows([example.get(column.name, "") for column in COLUMNS] for example in _EXAMPLES)
    return text.getvalue()


def _described(column: CsvColumn) -> str:
    if column.choices:
        return f"{column.meaning}: {', '.join(column.choices)}"
    return column.meaning if column.kind == "text" else f"{column.meaning} ({column.span})"
