"""Forming a partnership from a small table: one row a council, as an officer fills it in with a spreadsheet."""

from sim.formation.forming import Formed, formed
from sim.formation.place import free_place
from sim.formation.template import TEMPLATE, template

__all__ = ["TEMPLATE", "Formed", "formed", "free_place", "template"]
