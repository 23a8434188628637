"""The What-if room: its page, and the API that the page asks."""

from sim.surfaces.web.whatif.whatif_routes import router

__all__ = ["router"]
