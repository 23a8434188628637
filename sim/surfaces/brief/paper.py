"""The brief as PDF, available with the optional extra."""

from __future__ import annotations

from sim.core.errors import InputError

NEEDED = "a PDF needs the optional extra: pip install 'tandem-sim[pdf]', or print the HTML brief from a browser"


def pdf(page: str) -> bytes:
    """An HTML brief as PDF, byte-identical for the same page; InputError if the extra is not installed."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise InputError(NEEDED) from error
    made: bytes = HTML(string=page, url_fetcher=_nothing).write_pdf(pdf_identifier=b"tandem", pdf_variant="pdf/ua-1")
    return made


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """URL fetcher that refuses everything, since a brief loads nothing."""
    raise ValueError(f"a brief may not fetch {url}")
