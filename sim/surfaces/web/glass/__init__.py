"""The glass box: the causal picture, every mechanism with its evidence and switch, and the documents behind them."""

from __future__ import annotations

from fastapi import APIRouter

from sim.surfaces.web.context import Context
from sim.surfaces.web.glass import answering, showing

__all__ = ["router"]


def router(context: Context) -> APIRouter:
    """The pages of the room and their interface for programs."""
    made = APIRouter()
    showing.pictures(made)
    showing.mechanism_pages(made)
    showing.lists(made)
    answering.lists(made)
    answering.switching(made, context)
    return made
