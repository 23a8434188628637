"""Mark-up of figures in sentences: estimates with ranges, dates and exact counts.

In a plain sentence, a figure with its range becomes `data.estimate`, a year or
month `time`, a count `data.exact`. Figures in any other form stay unmarked, and a test that reads the page
reports them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from sim.core import words
from sim.core.clock import Clock

_COUNTS = {words.number(count): count for count in (*range(13), 20)}
_MONTHS = {name: number for number, name in enumerate(words.MONTHS, 1)}
_WORD = "|".join(sorted(_COUNTS, key=len, reverse=True))
_NUMBER = r"[−-]?£?\d[\d,]*(?:\.\d+)?m?%?"
_JOINED = rf"(?P<{{0}}low>{_NUMBER})(?: to |–)(?P<{{0}}high>{_NUMBER})"
_UNITS = r"(?: out of 100| points of 100| a year| months?| in all)*"
_BY = rf"(?: by year (?:{_WORD}|\d+))?"
_HISTORIES = r"histor(?:y|ies)"
_FREQUENCY = (
    rf"(?:all but one history in (?:{_WORD}|[\d,]+)|none of the [\d,]+ histories|all [\d,]+ histories"
    rf"|the one history(?: did not)?|(?:{_WORD}|[\d,]+) {_HISTORIES} in (?:{_WORD}|[\d,]+)|no histories)"
)
_YEAR = rf"year (?:{_WORD}|\d+)"
_WHEN = rf"(?:{_YEAR}|\d+|never)"

_FORMS = (
    ("chance", rf"{_FREQUENCY} \((?P<csure>(?:under |over )?\d+%), {_JOINED.format('c')}\)"),
    (
        "nothing",
        rf"any of the [\d,]+ (?:to [\d,]+ )?{_HISTORIES}(?: of each plan)? "
        rf"\((?P<nsure>0%), {_JOINED.format('n')}\)",
    ),
    ("share", rf"(?P<ssure>(?:under |over )?\d+%) \({_JOINED.format('s')}\)"),
    ("several", rf"from (?P<fvalue>{_NUMBER}) to {_NUMBER}{_UNITS}{_BY} \({_JOINED.format('f')}\)"),
    ("scored", rf"(?P<pvalue>\d+) \(range {_JOINED.format('p')}\)"),
    ("ranged", rf"(?P<rvalue>{_NUMBER}){_UNITS}{_BY} \({_JOINED.format('r')}\)(?: out of 100)?"),
    ("alike", rf"(?P<lvalue>{_NUMBER})%?{_UNITS}{_BY} (?:in nearly all|\(alike\)|at nearly all|at every point)"),
    ("apart", rf"by (?P<avalue>{_NUMBER}){_UNITS}, {_JOINED.format('a')}"),
    (
        "paid",
        rf"(?:{_YEAR}|never) \({_WHEN}(?: to |–){_WHEN}\)|{_YEAR} \({_YEAR} in nearly all\)"
        rf"|never \(in nine histories of ten\)|{_YEAR} \(alike\)",
    ),
    ("date", rf"(?:month (?P<dmonth>\d+) \([^()]*\)|(?P<dname>{'|'.join(_MONTHS)}) (?P<dcalendar>\d{{4}}))"),
    ("year", rf"[Yy]ear (?P<ynumber>{_WORD}|\d+)"),
    ("month", r"[Mm]onth (?P<mnumber>\d+)"),
    ("lasting", rf"(?:within|over|of|in) (?P<lnumber>{_WORD}|\d+) (?P<lunit>years|months|year|month)\b"),
    (
        "count",
        rf"[\d,]*\d (?:to [\d,]+ )?{_HISTORIES}|nine histories in ten\b|of [\d,]+ plans\b"
        r"|[\d,]+ of [\d,]+ (?:points|histories)|[\d,]+ quantities moved\b"
        rf"|(?:{_WORD}) {_HISTORIES} at each",
    ),
    (
        "known",
        r"\d+ of its \d+ quantities assumed|of 100 pairs"
        r"|95% (?:intervals?|of the mean)|out of 100|points of 100",
    ),
)
_KEYS = {"chance": "c", "nothing": "n", "share": "s", "several": "f", "scored": "p", "ranged": "r", "apart": "a"}
ESTIMATES = (*_KEYS, "paid", "alike")


@dataclass(frozen=True)
class Marker:
    """Marks up the figures in a study's sentences; `names` are those of plans, councils and partnership.

    Digits within a name are not marked.
    """

    clock: Clock
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, clock: Clock, names: Iterable[str]) -> Marker:
        """A marker with these names, longest first."""
        return cls(clock, tuple(sorted({name for name in names if name}, key=lambda name: (-len(name), name))))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = "|".join(re.escape(name) for name in self.names)
        forms = ([("name", names)] if names else []) + list(_FORMS)
        bounded = (f"(?P<{kind}>(?<![\\w£.]){form})" if kind != "name" else f"(?P<name>{form})" for kind, form in forms)
        return re.compile("|".join(bounded))

    def __call__(self, text: str) -> Markup:
        """The text, HTML-escaped, with its figures marked."""
        parts, at = [], 0
        for found in self._pattern.finditer(text):
            parts += [escape(text[at : found.start()]), self._marked(found)]
            at = found.end()
        return Markup("").join([*parts, escape(text[at:])])

    def _marked(self, found: re.Match[str]) -> Markup:
        text, groups = found.group(), found.groupdict()
        kind = next(name for name in ("name", *(form for form, _ in _FORMS)) if groups.get(name))
        if kind == "name":
            return Markup('<span class="name">{}</span>').format(text)
        if kind in ESTIMATES:
            return _estimate(kind, found, text)
        if kind in ("date", "year", "month", "lasting"):
            return Markup('<time datetime="{}">{}</time>').format(self._time(kind, found), text)
        return exact(text)

    def _time(self, kind: str, found: re.Match[str]) -> str:
        if kind == "lasting":
            length = _count(found["lnumber"]) * (12 if found["lunit"].startswith("year") else 1)
            return f"P{round(length * 365.25 / 12)}D"
        if kind == "date" and found["dname"]:
            return f"{found['dcalendar']}-{_MONTHS[found['dname']]:02}"
        month = 12 * _count(found["ynumber"]) if kind == "year" else int(found["dmonth"] or found["mnumber"])
        year, calendar_month = self.clock.calendar(month)
        return f"{year}-{calendar_month:02}"


def _count(text: str) -> int:
    return _COUNTS[text] if text in _COUNTS else int(text)


def exact(value: object) -> Markup:
    """Mark-up for a count, setting or definition, which has no range because it is not estimated."""
    text = str(value)
    plain = text.replace(",", "")
    number = re.search(r"-?\d+(?:\.\d+)?", plain.replace("−", "-"))
    return Markup('<data class="exact" value="{}">{}</data>').format(number.group() if number else text, text)


def _estimate(kind: str, found: re.Match[str], text: str) -> Markup:
    if kind == "paid":
        ends = re.findall(r"never|\d+|" + _WORD, text.replace("year", ""))
        figures = ["never" if end == "never" else str(_count(end)) for end in ends]
        value, low, high = (figures * 3)[:3] if len(figures) < 3 else figures[:3]
        if "in nearly all" in text or "in nine" in text or "alike" in text:
            value, low, high = figures[0], figures[0], figures[0]
    elif kind == "alike":
        value = low = high = _bare(found["lvalue"])
    else:
        key = _KEYS[kind]
        middle = found[f"{key}sure"] if kind in ("chance", "nothing", "share") else found[f"{key}value"]
        value, low, high = (_bare(part) for part in (middle, found[f"{key}low"], found[f"{key}high"]))
    return Markup('<data class="estimate" value="{}" data-low="{}" data-high="{}">{}</data>').format(
        value, low, high, text
    )


def _bare(text: str) -> str:
    """A figure as a plain number: "−£1.2m" is "-1.2", "under 1%" is "0.5"."""
    small = {"under 1%": "0.5", "over 99%": "99.5"}
    return small.get(text, re.sub(r"[£m%,]|over |under ", "", text).replace("−", "-"))


def counted(text: str) -> Markup:
    """Text whose only figures are counts."""
    parts = (exact(part) if index % 2 else escape(part) for index, part in enumerate(re.split(r"(\d[\d,]*)\b", text)))
    return Markup("").join(parts)
