"""The documents behind the model as HTML pages, with links from ids and quantities and an anchor for each row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sim.plans.strict import SHIPPED

PAPERS = {
    "model": "The model in words",
    "evidence": "Sources and what they say",
    "assumptions": "Assumptions log",
    "validation": "Validation",
    "assurance": "Assurance: what is checked",
    "studies": "Sweeps and studies",
}
"""Documents by file name, with the titles of their pages."""
ID = re.compile(r"\b(?:[DMKOPXC]-[A-Z]*\d*|S\d{1,2})\b")
"""An id of the evidence page, such as M-ST4, D-PACE, C-2 or S14."""


def folder() -> Path:
    """Folder of the documents: in the installed package, or beside it in a checkout."""
    return SHIPPED[0].parent / "docs"


@cache
def text(name: str) -> str:
    """The document's source text; FileNotFoundError if it was not installed."""
    return (folder() / f"{name}.md").read_text(encoding="utf-8")


@cache
def known_ids() -> frozenset[str]:
    """Every id with a row on the evidence page."""
    rows = re.findall(r"^\| (\S+)", text("evidence"), re.M)
    return frozenset(row for row in rows if ID.fullmatch(row))


@dataclass(frozen=True)
class EvidenceLine:
    """One row of the evidence page."""

    id: str
    says: str
    source: str
    grade: str


@cache
def lines() -> dict[str, tuple[EvidenceLine, ...]]:
    """Rows of the evidence page by id; some ids have several."""
    found: dict[str, list[EvidenceLine]] = {}
    for row in text("evidence").splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        name = re.match(r"\| ([A-Z]{1,2}-?[A-Z]*\d*)\b(.*?) \|", row)
        if name and len(cells) >= 4:
            found.setdefault(name[1], []).append(
                EvidenceLine(cells[0], " · ".join(cells[1:-2]), cells[-2], cells[-1].rstrip(" |"))
            )
    return {name: tuple(rows) for name, rows in found.items()}


@dataclass(frozen=True)
class Paper:
    """A document as HTML, with its headings (level, anchor, title) for a table of contents."""

    title: str
    html: str
    contents: Sequence[tuple[int, str, str]]


@cache
def paper(name: str, address: Callable[[str], str], quantity_at: Callable[[str], str]) -> Paper:
    """One document; `address` gives the URL of another, `quantity_at` that of a quantity (or "")."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text(name))
    contents: list[tuple[int, str, str]] = []
    taken: set[str] = set()
    for i, token in enumerate(tokens):
        if token.type == "heading_open":
            _anchor_heading(token, tokens[i + 1].content, contents, taken)
        elif token.type == "tr_open" and tokens[i + 1].type == "td_open":
            _anchor_row(token, tokens[i + 2].content, taken)
        elif token.type == "inline" and token.children:
            token.children = _linked(token.children, address, quantity_at)
    html = parser.renderer.render(tokens, parser.options, {})
    html = _scrolling(html)
    return Paper(PAPERS[name], html, [entry for entry in contents if entry[0] > 1])


def _scrolling(html: str) -> str:
    """Tables and code blocks in scrolling containers, each numbered for screen readers."""
    frame = '<div class="scroll" tabindex="0" role="region" aria-label="Table {}"><table>'
    framed = _numbered(html, "<table>", frame).replace("</table>", "</table></div>")
    return _numbered(framed, "<pre>", '<pre class="scroll" tabindex="0" role="region" aria-label="Example {}">')


def _numbered(html: str, tag: str, by: str) -> str:
    parts = html.split(tag)
    return parts[0] + "".join(f"{by.format(i)}{part}" for i, part in enumerate(parts[1:], 1))


def slug(title: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _anchor_heading(token: Token, title: str, contents: list[tuple[int, str, str]], taken: set[str]) -> None:
    plain = re.sub(r"[`*]", "", title)
    anchor = slug(plain)
    while anchor in taken:
        anchor += "-again"
    taken.add(anchor)
    token.attrs["id"] = anchor
    contents.append((int(token.tag[1]), anchor, plain))


def _anchor_row(token: Token, first: str, taken: set[str]) -> None:
    """Give the table row of an id or quantity an anchor; only the first row of each gets one."""
    name = re.match(r"`?([A-Za-z][\w.-]*)`?", first)
    if name and name[1] not in taken and (name[1] in known_ids() or "." in name[1]):
        taken.add(name[1])
        token.attrs["id"] = name[1]


def _linked(children: Sequence[Token], address: Callable[[str], str], quantity_at: Callable[[str], str]) -> list[Token]:
    """A paragraph with links for documents, ids and quantities; pictures become links to our own page."""
    made: list[Token] = []
    within = 0
    for token in children:
        if token.type == "link_open":
            within += 1
            _retarget(token, address)
        elif token.type == "link_close":
            within -= 1
        if token.type == "image":
            made += _link(address("picture"), token.content or "The causal picture")
        elif token.type == "text" and not within:
            made += _with_ids(token, address)
        elif token.type == "code_inline" and not within and quantity_at(token.content):
            opening, _, closing = _link(quantity_at(token.content), "")
            made += [opening, token, closing]
        else:
            made.append(token)
    return made


def _retarget(token: Token, address: Callable[[str], str]) -> None:
    """Point a link to another of our documents at its page."""
    page = re.fullmatch(r"(?:docs/)?(\w+)\.md(#.*)?", str(token.attrs.get("href", "")))
    if page and page[1] in PAPERS:
        token.attrs["href"] = address(page[1]) + (page[2] or "")


def parts(content: str) -> list[tuple[str, bool]]:
    """A text in parts, each flagged true if it is an evidence id that can be linked."""
    made, last = [], 0
    for found in ID.finditer(content):
        if found[0] in known_ids():
            made += [(content[last : found.start()], False), (found[0], True)]
            last = found.end()
    return [*made, (content[last:], False)]


def _with_ids(token: Token, address: Callable[[str], str]) -> list[Token]:
    made: list[Token] = []
    for part, is_id in parts(token.content):
        made += _link(f"{address('evidence')}#{part}", part) if is_id else [_words(part)]
    return made


def _words(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(href: str, content: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": href}), _words(content), Token("link_close", "a", -1)]
