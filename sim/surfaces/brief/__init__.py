"""The brief of a study: one self-contained HTML page, also as PDF."""

from sim.surfaces.brief.brief import AUDIENCES, brief
from sim.surfaces.brief.paper import pdf

__all__ = ["AUDIENCES", "brief", "pdf"]
