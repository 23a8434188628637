"""The What-if room: its page, and the API that the page asks."""

from sim.web.whatif.routes import router

__all__ = ["router"]
