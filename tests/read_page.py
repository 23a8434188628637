"""A brief as a reader meets it: its text, and every figure in it with how it is marked."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "col"}
SKIPPED = {"style", "svg", "title"}
DIGIT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty) histor(?:y|ies)\b"
    r"|\byear (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
"""What makes a run of text a figure: a digit, a frequency in words, a year in words."""


@dataclass
class Figure:
    """A marked figure: its kind, text and attributes, and the section it stands in."""

    kind: str
    section: str
    marks: dict[str, str]
    text: str = ""


@dataclass
class Section:
    """A section: its heading's key, whether it says that its figures are exact, and its text."""

    key: str
    exact: bool = False
    text: str = ""
    bare: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Reads a page: `figures` that are marked, `sections` with what in them is a figure and is not marked."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.figures: list[Figure] = []
        self.sections: list[Section] = [Section("")]
        self.tags: list[str] = []
        self.named: list[str] = []
        self._open: list[tuple[str, Figure | None]] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in given.items()]
        self.ids += [given["id"]] if "id" in given else []
        if tag in ("section", "header", "nav"):
            self.sections.append(Section(given.get("aria-labelledby", tag), "data-exact" in given))
        figure = None
        kind = given.get("class", "")
        if tag in ("data", "time") or kind in ("name", "given"):
            figure = Figure(kind if tag != "time" else "time", self.sections[-1].key, given)
            self.figures.append(figure)
        if tag not in VOID:
            self._open.append((tag, figure))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(tag in SKIPPED for tag, _ in self._open):
            return
        section = self.sections[-1]
        section.text += data
        marked = [figure for _, figure in self._open if figure is not None]
        for figure in marked:
            figure.text += data
        if not marked and not section.exact and DIGIT.search(data):
            section.bare.append(" ".join(data.split()))

    @property
    def bare(self) -> list[str]:
        """Every run of text that holds a figure without a mark."""
        return [f"{section.key}: {text}" for section in self.sections for text in section.bare]

    def section(self, key: str) -> Section:
        """The section under this heading."""
        return next(section for section in self.sections if section.key == key)

    def figures_of(self, key: str) -> list[tuple[str, str]]:
        """Kind and text of every marked figure in a section."""
        return [(figure.kind, figure.text) for figure in self.figures if figure.section == key]


def wrong(figure: Figure) -> str:
    """What is wrong with an estimate: bounds missing, out of order, or not to be read beside it; "" where nothing."""
    value, low, high = (figure.marks.get(name, "") for name in ("value", "data-low", "data-high"))
    if "" in (value, low, high):
        return f"no bounds: {figure.text}"
    numbers = [float("inf") if part == "never" else float(part) for part in (low, value, high)]
    if not numbers[0] <= numbers[1] <= numbers[2]:
        return f"out of order: {figure.text}"
    shown = figure.text.replace(",", "").replace("−", "-")
    if any(part not in shown and part not in _worded(figure.text) for part in (low, high)):
        return f"not shown: {figure.text}"
    return ""


def _worded(text: str) -> set[str]:
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return {str(number) for number, word in enumerate(words) if re.search(rf"\b{word}\b", text)}
