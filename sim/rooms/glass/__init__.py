"""The glass box: the causal diagram, mechanisms with equations and evidence, and the documents behind them."""

from sim.pictures.causal.influences import INFLUENCES
from sim.pictures.causal.parts import Equation, Influence, MechanismSheet, Thing
from sim.pictures.causal.things import COLUMNS, THINGS
from sim.rooms.glass.sheets import SHEETS

__all__ = ["COLUMNS", "INFLUENCES", "SHEETS", "THINGS", "Equation", "Influence", "MechanismSheet", "Thing"]
