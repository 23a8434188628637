"""One sheet per mechanism: its claim, equations, evidence, switch, and the agent that implements it."""

from sim.pictures.causal.parts import MechanismSheet
from sim.rooms.glass.sheets import change, deciders, ends, staff_sheets

SHEETS: dict[str, MechanismSheet] = {
    sheet.key: sheet for sheet in (*change.SHEETS, *staff_sheets.SHEETS, *deciders.SHEETS, *ends.SHEETS)
}
"""All sheets by key, in reading order."""
