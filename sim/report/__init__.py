"""The brief of a study: one self-contained HTML page, and the same on paper."""

from sim.report.brief import AUDIENCES, brief
from sim.report.paper import pdf

__all__ = ["AUDIENCES", "brief", "pdf"]
