"""The brief as a browser shows it: nothing for axe to complain of, on a desk, a phone and on paper."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from browser import DESKTOP, NARROW, PHONE, page_of
from made_studies import Truth, study_of

from sim.surfaces.brief import brief

ALPHA = Truth("Alpha", (0.1, 0.5, 1.5, 2.5), 9.0, parted=20, never=10, stalled=5)
BETA = Truth("Beta", (0.1, 0.3, 1.0, 2.0), 6.0, parted=10, never=12, stalled=5)
PROPER = 2
"""Pages that the brief proper may fill."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser.browser() as started:
        yield started


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With every annex: thousands of cells, over which axe takes its time."""
    place = tmp_path_factory.mktemp("whole") / "brief.html"
    place.write_text(brief(study_of(tmp_path_factory.mktemp("made"), (ALPHA, BETA)), "technical"))
    return place


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("brief") / "brief.html"
    place.write_text(
        brief(study_of(tmp_path_factory.mktemp("made"), (ALPHA, BETA)), "members", ["runs.parquet is missing"])
    )
    return place


@pytest.mark.check("Accessibility")
@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_is_fetched(size: tuple[int, int], chromium: Any, file: Path) -> None:
    with page_of(chromium, file, size) as page:
        assert page.asked == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert browser.complaints(page) == []


@pytest.mark.check("Accessibility")
@pytest.mark.slow
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_the_annexes_either(size: tuple[int, int], chromium: Any, whole: Path) -> None:
    with page_of(chromium, whole, size) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert browser.complaints(page) == []


@pytest.mark.check("Accessibility")
def test_axe_would_find_what_is_wrong(chromium: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<html><body><img src='data:,'><p style='color:#ccc'>pale</p></body></html>")
    with page_of(chromium, tmp_path / "bad.html") as page:
        found = " ".join(browser.complaints(page))
    assert "image-alt" in found and "color-contrast" in found and "html-has-lang" in found


def test_it_needs_no_script(chromium: Any, file: Path) -> None:
    with page_of(chromium, file, scripts=False) as page:
        assert "Alpha is worth £7.2m" in page.inner_text("main")
        assert page.locator("svg").first.is_visible()


@pytest.mark.check("Accessibility")
def test_it_is_reached_by_keyboard(chromium: Any, file: Path) -> None:
    with page_of(chromium, file, PHONE) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "scroll drawing"
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
        assert page.evaluate("document.activeElement.scrollLeft") > 0
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.parentElement.open") is True


def test_the_brief_proper_fills_two_pages_and_annexes_follow(chromium: Any, whole: Path, tmp_path: Path) -> None:
    proper = tmp_path / "proper.html"
    text = whole.read_text()
    proper.write_text(re.sub(r'<section aria-labelledby="[a-z]+" class="annex".*</section>', "", text, flags=re.DOTALL))
    assert 1 < pages_of(chromium, proper) <= PROPER
    assert pages_of(chromium, whole) > PROPER + 3
    with page_of(chromium, whole) as page:
        page.emulate_media(media="print")
        assert page.locator(".paper table").count() == 2
        assert page.locator(".paper table").first.is_visible()
        assert not page.locator("summary").first.is_visible()


def pages_of(chromium: Any, file: Path) -> int:
    """How many pages a file fills on paper."""
    with page_of(chromium, file) as page:
        content: bytes = page.pdf(prefer_css_page_size=True)
    streams = [zlib_or(part) for part in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)]
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", b"".join([content, *streams])))


def zlib_or(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error:
        return b""
