"""Pages from templates: all values escaped, all scripts and styles our own."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from sim.words.templates import templates

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
PLOTLY = "plotly.min.js"


def page(request: Request, template: str, status_code: int = 200, **values: Any) -> HTMLResponse:
    """A page from `templates/`; templates also get `request` and `static(name)`."""
    text = (
        templates(HERE / "templates", html=True).get_template(template).render(request=request, static=static, **values)
    )
    return HTMLResponse(text, status_code, headers={"Cache-Control": "no-store"})


@cache
def static(name: str) -> str:
    """Versioned address of one of our scripts or styles, so that browsers may cache it for long."""
    file = plotly_script() if name == PLOTLY else STATIC / name
    return f"/static/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


@cache
def plotly_script() -> Path:
    """Plotly's script, from the installed package."""
    found = importlib.util.find_spec("plotly")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "package_data" / PLOTLY
