"""Making of a partnership from a small table with one row for each council, as filled in with a spreadsheet."""

from sim.plans.partnership_csv.csv_template import TEMPLATE, template
from sim.plans.partnership_csv.forming import Formed, formed
from sim.plans.partnership_csv.new_file import free_place

__all__ = ["TEMPLATE", "Formed", "formed", "free_place", "template"]
