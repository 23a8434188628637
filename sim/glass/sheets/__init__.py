"""Every mechanism on a sheet of its own: what it says, its equations, evidence, switch and who holds it."""

from sim.glass.parts import Sheet
from sim.glass.sheets import change, ends, members, people

SHEETS: dict[str, Sheet] = {
    sheet.key: sheet for sheet in (*change.SHEETS, *people.SHEETS, *members.SHEETS, *ends.SHEETS)
}
"""All sheets by key, in the order in which they are read."""
