"""The web application: three rooms, their scripts and styles, and one format for every refusal."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from sim.core.errors import InputError, shown
from sim.surfaces.web import glass, pages, safety, whatif, workshop_routes
from sim.surfaces.web.context import Context

LOG = logging.getLogger("sim.surfaces.web")
KEPT = "public, max-age=31536000, immutable"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def create_app(context: Context) -> FastAPI:
    """The page and its API, behind the `safety` middleware."""
    app = FastAPI(
        title="Tandem",
        description="What if councils shared management and services? Illustrative, not a forecast.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.context = context
    _refusals(app)
    _house(app)
    for room in (whatif, workshop_routes, glass):
        app.include_router(room.router(context))
    app.add_middleware(safety.Safety, hosts=context.hosts, port=context.port, token=context.room_token)
    return app


def _house(app: FastAPI) -> None:
    """Add the home page, scripts and styles, and the list of API operations."""

    @app.get("/", include_in_schema=False)
    def home(request: Request) -> Response:
        return pages.page(request, "home.html.j2", room="")

    @app.get("/api", include_in_schema=False)
    def api(request: Request) -> Response:
        return pages.page(request, "api.html.j2", room="", operations=operations(app))

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str, v: str = "") -> Response:
        known = {file.name: file for file in pages.STATIC.iterdir() if file.suffix in _KINDS}
        known[pages.PLOTLY] = pages.plotly_script()
        if name not in known:
            raise HTTPException(404, "There is no such file.")
        return _kept(known[name], KEPT if v else "no-cache")

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        return _kept(pages.STATIC / "icon.svg")


def _kept(file: Path, kept: str = "no-cache") -> Response:
    return FileResponse(file, media_type=_KINDS[file.suffix], headers={"Cache-Control": kept})


def operations(app: FastAPI) -> list[dict[str, str]]:
    """Every API operation: method, path and description."""
    found = []
    for path, methods in app.openapi()["paths"].items():
        for method, about in methods.items():
            text = about.get("description") or about.get("summary", "")
            found.append({"method": method.upper(), "path": path, "about": text})
    return found


def _refusals(app: FastAPI) -> None:
    """Return every refusal as a field and a sentence, or as an HTML page for pages."""

    @app.exception_handler(InputError)
    def refused(request: Request, error: InputError) -> Response:
        said = {"field": getattr(error, "field", ""), "message": str(error)}
        return JSONResponse(said, getattr(error, "status", 422))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return JSONResponse(in_words(error.errors()[0]), 422)

    @app.exception_handler(StarletteHTTPException)
    def status(request: Request, error: StarletteHTTPException) -> Response:
        message = "There is no such page." if error.detail == "Not Found" else str(error.detail)
        if request.url.path.startswith(("/api/", "/static/")):
            return JSONResponse({"field": "", "message": message}, error.status_code, error.headers)
        return pages.page(request, "refused.html.j2", error.status_code, room="", message=message)


def in_words(problem: dict[str, Any]) -> dict[str, str]:
    """The first validation error, as its field and one sentence."""
    parts = [str(part) for part in problem.get("loc", ()) if part not in ("body", "query", "path")]
    where = ".".join(parts)
    field = re.sub(r"[^\w .:/-]", "?", where)[:120]
    if problem.get("type") == "json_invalid":
        return {"field": "", "message": "What was sent is not JSON."}
    if problem.get("type") == "extra_forbidden":
        return {"field": field, "message": f"{shown(where)} is not known here."}
    text = str(problem.get("msg", "is not allowed")).removeprefix("Value error, ")
    return {"field": field, "message": text[:1].upper() + text[1:].rstrip(".") + "."}
