"""The glass box: the causal picture, every mechanism with its evidence and switch, and the documents behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from sim.surfaces.web.glass import answering, showing

if TYPE_CHECKING:
    from sim.surfaces.web.application import Context

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
