"""The brief of a study: one self-contained HTML page, and the same on paper."""

from sim.surfaces.brief.brief import AUDIENCES, brief
from sim.surfaces.brief.paper import pdf

__all__ = ["AUDIENCES", "brief", "pdf"]
