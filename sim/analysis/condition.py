"""Conditions for failure or success as typed by a user: `dissolved or npv_gbp_m < 0`.

A grammar of its own, read by hand: outcomes and numbers, < <= > >= == !=, and, or, not, brackets. Nothing is
ever evaluated as program text.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare.history_values import values_of
from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.rules import in_hundredths
from sim.engine.outcomes import OUTCOMES
from sim.plans.key_words import amount, meaning, rounded

LONGEST, DEEPEST = 500, 20
"""Maximum characters of a condition, and maximum nesting of brackets and nots."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_]\w*)|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<op><=|>=|==|!=|<|>)|(?P<bracket>[()]))",
    re.ASCII,
)
_HINTS = {
    "=": "write == for 'is equal to'",
    "&": "write and",
    "|": "write or",
    "!": "write not, or != for 'differs from'",
    "−": "write a minus sign as -",
    "≤": "write <=",
    "≥": "write >=",
}
TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
SAID = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "==": "exactly", "!=": "anything but"}


@dataclass(frozen=True)
class _Flag:
    name: str

    def truth(self, runs: pd.DataFrame) -> Values:
        return _compared(_column(runs, self.name), "==", 1.0)

    def said(self) -> str:
        return _meaning(self.name)


@dataclass(frozen=True)
class _Comparison:
    name: str
    op: str
    other: float | str

    def truth(self, runs: pd.DataFrame) -> Values:
        other = _column(runs, self.other) if isinstance(self.other, str) else self.other
        return _compared(_column(runs, self.name), self.op, other)

    def said(self) -> str:
        if isinstance(self.other, str):
            return f"{_meaning(self.name)} is {SAID[self.op]} {_meaning(self.other)}"
        return f"{_meaning(self.name)} is {SAID[self.op]} {amount(self.other, OUTCOMES[self.name].unit)}"


@dataclass(frozen=True)
class _Not:
    part: _Node

    def truth(self, runs: pd.DataFrame) -> Values:
        return 1.0 - self.part.truth(runs)

    def said(self) -> str:
        return f"it is not so that {self.part.said()}"


@dataclass(frozen=True)
class _Joined:
    """Parts joined by `and` or by `or`; an unknown part counts only if the others leave the result open."""

    word: str
    parts: tuple[_Node, ...]

    def truth(self, runs: pd.DataFrame) -> Values:
        truths = np.stack([part.truth(runs) for part in self.parts])
        settling = 0.0 if self.word == "and" else 1.0
        open_ = np.where(np.isnan(truths).any(axis=0), np.nan, 1.0 - settling)
        found: Values = np.where((truths == settling).any(axis=0), settling, open_)
        return found

    def said(self) -> str:
        parts = [part.said() for part in self.parts]
        if self.word == "and":
            inner = [isinstance(part, _Joined) for part in self.parts]
            return " and ".join(f"either {text}" if joined else text for text, joined in zip(parts, inner, strict=True))
        return ", or ".join(parts)


_Node = _Flag | _Comparison | _Not | _Joined


@dataclass(frozen=True)
class Condition:
    """A condition on histories, as typed (`text`) and as read."""

    text: str
    node: _Node

    def holds(self, runs: pd.DataFrame) -> pd.Series:
        """True for each history that meets it, in the order and index of `runs`; missing where unknown.

        Payback that never comes counts as later than any month. Another null is unknown, and so is the whole
        where the rest does not settle it: `dissolved or npv_gbp_m < 0` holds for whatever dissolved.
        """
        truth = self.node.truth(runs)
        unknown = np.isnan(truth)
        return pd.Series(pd.array(np.where(unknown, 0.0, truth) == 1.0, dtype="boolean"), index=runs.index).mask(
            unknown
        )

    @property
    def words(self) -> str:
        """The condition in plain words for use inside a sentence."""
        return self.node.said()


def parse(text: str) -> Condition:
    """Read a condition. Raises InputError, one sentence with the place, if it is invalid."""
    if not text.strip():
        raise InputError("the condition is empty: write one such as 'dissolved or npv_gbp_m < 0'")
    if len(text) > LONGEST:
        raise InputError(f"the condition has {len(text):,} characters, more than the {LONGEST} allowed")
    return Condition(" ".join(text.split()), _Reader(text).whole())


def out_of_reach(name: str, op: str, number: float, what: str = "history") -> str:
    """Reason why an outcome's span settles a comparison with a number in advance; "" if it does not."""
    asked = OUTCOMES[name]
    if op in ("==", "!="):
        passes = {op == "!="} if not asked.low <= number <= asked.high else {True, False}
    else:
        passes = {bool(TESTS[op](end, number)) for end in (asked.low, asked.high)}
    if len(passes) > 1:
        return ""
    return f"{name} {asked.span}, so that {'every' if True in passes else 'no'} {what} is {SAID[op]} {number:g}"


def _meaning(name: str) -> str:
    return meaning(OUTCOMES[name].meaning)


def _column(runs: pd.DataFrame, name: str) -> Values:
    """Outcome by history; infinity where null means never, NaN for no value."""
    if name not in runs:
        raise InputError(f"this study has no outcome {name}: it was run by an earlier version")
    return values_of(runs, name)


def _compared(left: Values, op: str, right: Values | float) -> Values:
    other = np.broadcast_to(np.asarray(right, dtype=float), left.shape)
    return np.where(np.isnan(left) | np.isnan(other), np.nan, TESTS[op](left, other).astype(float))


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Reader:
    """Cursor over the words of a condition."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.place = 0

    def _tokens(self) -> list[_Token]:
        found, at, end = [], 0, len(self.text.rstrip())
        while at < end:
            match = _TOKEN.match(self.text, at)
            if match is None:
                at += len(self.text[at:]) - len(self.text[at:].lstrip())
                raise self._refused(
                    at, f"{shown(self.text[at : at + 12])} cannot be read", _HINTS.get(self.text[at], "")
                )
            kind = str(match.lastgroup)
            word = match[kind]
            if kind == "name" and word.lower() in ("and", "or", "not"):
                kind, word = "word", word.lower()
            found.append(_Token(kind, word, match.start(match.lastgroup or 0)))
            at = match.end()
        return [*found, _Token("end", "", end)]

    def whole(self) -> _Node:
        node = self._or(0)
        token = self.tokens[self.place]
        if token.kind == "end":
            return node
        if token.kind == "op":
            raise self._refused(token.at, "a second comparison follows", "join two comparisons with and")
        raise self._refused(token.at, f"{shown(token.text)} is left over", "join conditions with and, or")

    def _or(self, depth: int) -> _Node:
        return self._joined("or", lambda: self._and(depth))

    def _and(self, depth: int) -> _Node:
        return self._joined("and", lambda: self._single(depth))

    def _joined(self, word: str, read: Callable[[], _Node]) -> _Node:
        parts = [read()]
        while self._takes("word", word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else _Joined(word, tuple(parts))

    def _single(self, depth: int) -> _Node:
        if depth > DEEPEST:
            raise self._refused(self.tokens[self.place].at, f"brackets and nots stand more than {DEEPEST} deep")
        if self._takes("word", "not"):
            return _Not(self._single(depth + 1))
        opened = self.tokens[self.place].at
        if self._takes("bracket", "("):
            node = self._or(depth + 1)
            if not self._takes("bracket", ")"):
                raise self._refused(opened, "this bracket is never closed")
            return node
        return self._comparison()

    def _comparison(self) -> _Node:
        left, at = self._operand(), self.tokens[self.place - 1].at
        token = self.tokens[self.place]
        if token.kind != "op":
            return self._bare(left, at)
        self.place += 1
        right = self._operand()
        if isinstance(left, str):
            return self._checked(left, token.text, right, at)
        if isinstance(right, str):
            return self._checked(right, _MIRRORED[token.text], left, at)
        raise self._refused(at, "two numbers are compared", "name an outcome on one side")

    def _bare(self, left: str | float, at: int) -> _Node:
        if not isinstance(left, str):
            raise self._refused(at, f"{rounded(left)} stands alone", "name an outcome to compare it with")
        if OUTCOMES[left].unit != "flag":
            usual = "<" if OUTCOMES[left].low < 0 else ">"
            raise self._refused(at, f"{left} is an amount and must be compared", f"write, say, {left} {usual} 0")
        return _Flag(left)

    def _checked(self, left: str, op: str, right: str | float, at: int) -> _Node:
        flag = OUTCOMES[left].unit == "flag"
        if isinstance(right, str):
            if flag or OUTCOMES[right].unit == "flag":
                raise self._refused(
                    at, f"{left} and {right} cannot be compared: one is a yes or no", "join them with and, or"
                )
            if OUTCOMES[left].unit != OUTCOMES[right].unit:
                units = f"{OUTCOMES[left].unit} and {OUTCOMES[right].unit}"
                raise self._refused(at, f"{left} and {right} cannot be compared: their units are {units}")
            return _Comparison(left, op, right)
        if flag:
            return self._of_flag(left, op, right, at)
        pointless = out_of_reach(left, op, right)
        if pointless:
            raise self._refused(at, pointless, in_hundredths(right, OUTCOMES[left].low, OUTCOMES[left].high))
        return _Comparison(left, op, right)

    def _of_flag(self, name: str, op: str, number: float, at: int) -> _Node:
        if_so, if_not = TESTS[op](1.0, number), TESTS[op](0.0, number)
        if number not in (0.0, 1.0) or if_so == if_not:
            reason = f"{name} is 0 or 1, and {name} {op} {rounded(number)} does not ask which"
            raise self._refused(at, reason, f"write {name}, or not {name}")
        return _Flag(name) if if_so else _Not(_Flag(name))

    def _operand(self) -> str | float:
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            value = float(token.text)
            if not math.isfinite(value):
                raise self._refused(token.at, f"the number {shown(token.text)} is too large")
            return value
        if token.kind == "name":
            if token.text not in OUTCOMES:
                flat = f"{shown(token.text)} is not an outcome{suggestion(token.text, OUTCOMES)}"
                raise self._refused(token.at, flat, "" if flat.endswith("?") else "see tandem list outcomes")
            return token.text
        if token.kind == "end":
            raise self._refused(token.at, "something is missing at the end", "an outcome or a number belongs here")
        raise self._refused(token.at, f"{shown(token.text)} stands where an outcome or a number belongs")

    def _takes(self, kind: str, text: str) -> bool:
        token = self.tokens[self.place]
        if (token.kind, token.text) != (kind, text):
            return False
        self.place += 1
        return True

    def _refused(self, at: int, reason: str, hint: str = "") -> InputError:
        where = f"condition {shown(self.text)}, character {at + 1}"
        return InputError(f"{where}: {reason}{f' ({hint})' if hint else ''}")
