"""The glass box: the causal picture, mechanisms with equations and evidence, and the documents behind them."""

from sim.glass.facts import INFLUENCES
from sim.glass.parts import Equation, Influence, Sheet, Thing
from sim.glass.sheets import SHEETS
from sim.glass.things import COLUMNS, THINGS

__all__ = ["COLUMNS", "INFLUENCES", "SHEETS", "THINGS", "Equation", "Influence", "Sheet", "Thing"]
