"""Assurance of Tandem itself: its checks, their targets, and the figures reached in the last run."""

from sim.assurance.page import assurance, standing
from sim.assurance.record import RECORD, gathered, merged, read_record, write_record
from sim.plans.declared_lists import CheckLine, lines

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
