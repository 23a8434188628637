"""The brief on paper: the same page as PDF, where the optional extra is installed."""

from __future__ import annotations

from sim.core.errors import InputError

NEEDED = "a PDF needs the optional extra: pip install 'tandem-sim[pdf]', or print the HTML brief from a browser"


def pdf(page: str) -> bytes:
    """An HTML brief as PDF, the same bytes for the same page; InputError where the extra is not there."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise InputError(NEEDED) from error
    made: bytes = HTML(string=page, url_fetcher=_nothing).write_pdf(pdf_identifier=b"tandem", pdf_variant="pdf/ua-1")
    return made


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """A brief fetches nothing, and neither does its printer."""
    raise ValueError(f"a brief may not fetch {url}")
