"""Web pages of the glass box: causal diagram, mechanisms with evidence and switch, and documents."""

from __future__ import annotations

from fastapi import APIRouter

from sim.surfaces.web.context import Context
from sim.surfaces.web.glass import answering, showing

__all__ = ["router"]


def router(context: Context) -> APIRouter:
    """Routes of the room: pages and API."""
    made = APIRouter()
    showing.pictures(made)
    showing.mechanism_pages(made)
    showing.lists(made)
    answering.lists(made)
    answering.switching(made, context)
    return made
