"""How an attack is judged: taken, or refused in one sentence, at once; anything else fails and says with what."""

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sim.core.errors import InputError

SECOND = 1.0
"""Processor time within which an input must be refused; the processor's, because the machine is shared."""
HANGS = 60
"""Seconds after which an answer is given up as one that never comes."""
LONGEST = 1500
"""Letters of the longest refusal: a path of a few hundred, a place, a value cut to 60, a list of what is allowed."""
ONE_LINE = re.compile(r"[\n\r\x00-\x08\x0b\x0c\x0e-\x1f\x85\u2028\u2029]")


@dataclass
class Tally:
    """What became of the inputs given to one way in."""

    name: str
    taken: int = 0
    refused: int = 0
    slowest: float = 0.0
    sentences: set[str] = field(default_factory=set)

    def ask(self, function: Callable[..., Any], *given: Any, told: str | None = None) -> str | None:
        """The refusal if there is one, None where the input was taken; `told` is what a failure names."""
        began = time.process_time()
        sentence = None
        shown = told or repr(given)[:2000]
        try:
            with no_longer_than(HANGS, shown):
                function(*given)
            self.taken += 1
        except InputError as error:
            sentence = str(error)
            self.refused += 1
        except Exception as error:
            raise AssertionError(f"{self.name}: {type(error).__name__}: {error} for {shown}") from error
        took = time.process_time() - began
        if sentence is not None:
            self.slowest = max(self.slowest, took)
            assert took < SECOND, f"{self.name}: refused after {took:.2f} s: {shown}"
            self.check(sentence, shown)
        return sentence

    def check(self, sentence: str, shown: str) -> None:
        """One sentence for people: on one line, not long, without the program's own words."""
        self.sentences.add(sentence)
        assert sentence.strip(), f"{self.name}: refused without a word: {shown}"
        assert not ONE_LINE.search(sentence), f"{self.name}: {sentence!r} for {shown}"
        assert len(sentence) < LONGEST, f"{self.name}: {len(sentence)} letters: {sentence[:300]} for {shown}"
        for word in ("Traceback", "pydantic.dev", "<class '", "object at 0x", "type=value_error"):
            assert word not in sentence, f"{self.name}: {sentence} for {shown}"

    @property
    def count(self) -> int:
        """How many inputs were given."""
        return self.taken + self.refused

    @property
    def said(self) -> str:
        """One line for the table of what was shown."""
        return (
            f"{self.name}: 0 of {self.count:,} inputs ended in a traceback, {self.taken:,} taken, {self.refused:,} "
            f"refused in one sentence, the slowest after {self.slowest:.3f} s of processor time"
        )


@contextmanager
def no_longer_than(seconds: int, about: str) -> Iterator[None]:
    """Fails where something never ends."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise AssertionError(f"no answer within {seconds} s for {about}")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def tree(folder: Path) -> set[str]:
    """Every file and folder below one."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


LEADS = {"href", "src", "action", "formaction", "data", "xlink:href", "background", "poster", "srcset"}
"""Attributes that hold an address."""


class _Running(HTMLParser):
    """Finds what a page would run or fetch: scripts of its own, handlers, addresses that are programs, frames."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "base", "marquee", "audio", "video") or (tag == "script" and not given):
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            leads = name in LEADS and re.match(r"\s*(javascript:|//|data:text|http)", value, re.IGNORECASE)
            if name.startswith("on") or name == "srcdoc" or leads:
                self.found.append(f"{tag} {name}={value[:60]}")
        self.within = tag

    def handle_data(self, data: str) -> None:
        if self.within == "script" and data.strip():
            self.found.append(f"script {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        self.within = ""


def running(html: str) -> list[str]:
    """What a page would run besides the scripts that the server itself serves."""
    reader = _Running()
    reader.feed(html)
    reader.close()
    return reader.found
