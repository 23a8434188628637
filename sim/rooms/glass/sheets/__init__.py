"""Every mechanism on a sheet of its own: what it says, its equations, evidence, switch and who holds it."""

from sim.pictures.causal.parts import MechanismSheet
from sim.rooms.glass.sheets import change, deciders, ends, staff_sheets

SHEETS: dict[str, MechanismSheet] = {
    sheet.key: sheet for sheet in (*change.SHEETS, *staff_sheets.SHEETS, *deciders.SHEETS, *ends.SHEETS)
}
"""All sheets by key, in the order in which they are read."""
