"""The What-if room: its page and its API."""

from sim.surfaces.web.whatif.whatif_routes import router

__all__ = ["router"]
