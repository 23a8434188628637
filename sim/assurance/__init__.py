"""What is checked of Tandem itself, what was asked, and what figure was reached when it was last run."""

from sim.assurance.page import assurance, standing
from sim.assurance.record import RECORD, gathered, merged, read_record, write_record
from sim.plans.declared_checks import CheckLine, lines

__all__ = [
    "RECORD",
    "CheckLine",
    "assurance",
    "gathered",
    "lines",
    "merged",
    "read_record",
    "standing",
    "write_record",
]
