"""The one place that finds a browser: headless Chromium of this machine, driven by Playwright, that reaches nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (360, 740)
"""Widths and heights in CSS pixels: a laptop, a usual phone, the narrowest phone that is still common."""


def executable() -> str | None:
    """Where the machine's own browser is; None for the one that Playwright fetched, if it did (`make browser`)."""
    return next((place for name in NAMES if (place := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Any]:
    """A running browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        except Exception as error:
            raise AssertionError(f"browser tests need Chromium: apt-get install chromium ({error})") from None
        try:
            yield started
        finally:
            started.close()


@contextmanager
def page_of(started: Any, file: Path, size: tuple[int, int] = DESKTOP, scripts: bool = True) -> Iterator[Any]:
    """A page that shows a local file; `page.asked` lists every other address that it asked for."""
    context = started.new_context(viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    try:
        page.goto(file.resolve().as_uri())
        page.asked = [url for url in page.asked if url != file.resolve().as_uri()]
        yield page
    finally:
        context.close()


def complaints(page: Any) -> list[str]:
    """What axe finds wrong with a page, by WCAG 2.2 AA and its good practice, a line for each element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['target']}: {each['help']}" for each in found for node in each["nodes"]]
