"""Making of a partnership from a small table with one row for each council, as filled in with a spreadsheet."""

from sim.plans.partnership_csv.csv_columns import TEMPLATE, template
from sim.plans.partnership_csv.forming import Formed, formed, free_place

__all__ = ["TEMPLATE", "Formed", "formed", "free_place", "template"]
