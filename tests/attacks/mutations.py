"""How good input is made bad: strategies for Hypothesis over a document, and mutation of a file's bytes."""

import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml
from corpora import SCALARS, TEXTS
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

LETTERS = "abcxyz_-.019 =:[]{}'\"#&*!|>%@`,?/\\\t\n\r\0é🙂\u202e\u2028\ufeff"
PIECES = (
    *TEXTS, "\n", "\r\n", ": ", "- ", "  ", "\t", "&a ", "*a", "!!x ", "#", "|", ">", "? ", "<<: ", "---\n", "...\n",
    "{", "}", "[", "]", ",", ";", '"', "'", "\\", "\0", "\x1b", "\ufeff", "\u2028", "\udcff", "1e400", "-0", "9" * 30,
)  # fmt: skip
"""What is spliced into the bytes of a file."""


def scalars() -> st.SearchStrategy[Any]:
    """Values that stand where another belongs: hostile ones, numbers of every size, words of every letter."""
    return st.one_of(
        st.sampled_from(SCALARS),
        st.integers(-(10**20), 10**20),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(LETTERS, max_size=30),
        st.text(max_size=12),
        st.booleans(),
        st.none(),
    )


def values() -> st.SearchStrategy[Any]:
    """Such values, and lists and mappings of them."""
    return st.recursive(
        scalars(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(st.text(LETTERS, max_size=12), inner, max_size=4)
        ),
        max_leaves=6,
    )


Place = tuple[str | int, ...]


def places(content: Any, here: Place = ()) -> Iterator[Place]:
    """Where something stands in a document, its whole included."""
    yield here
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inner:
        yield from places(value, (*here, key))


def at(content: Any, place: Place) -> Any:
    """What stands at a place."""
    for step in place:
        content = content[step]
    return content


@st.composite
def altered(draw: Any, documents: Sequence[Any]) -> Any:
    """A good document with one to three things changed in it."""
    content = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
        known = [place for place in places(content) if place]
        if not known:
            return draw(values())
        place = draw(st.sampled_from(known))
        _change(draw, at(content, place[:-1]), place[-1])
    return content


def _change(draw: Any, holder: Any, key: str | int) -> None:
    """One thing changed: another value, gone, renamed, in a list, beside one that nobody knows, or twice."""
    how = draw(st.sampled_from(("value", "value", "value", "gone", "renamed", "listed", "unknown", "near")))
    if how == "gone":
        del holder[key]
    elif how == "listed":
        holder[key] = [holder[key], copy.deepcopy(holder[key])]
    elif how in ("renamed", "unknown") and isinstance(holder, dict):
        name = draw(st.one_of(st.sampled_from(TEXTS), st.text(LETTERS, max_size=12), _misspelt(str(key))))
        holder[name] = holder.pop(key) if how == "renamed" else draw(values())
    elif how == "near" and isinstance(holder[key], int | float):
        holder[key] = holder[key] * draw(st.sampled_from((-1, 0, 1e-9, 0.5, 2, 1000, 1e12, 1e300)))
    else:
        holder[key] = draw(values())


@st.composite
def _misspelt(draw: Any, word: str) -> str:
    letters = list(word)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(letters)))
        letters[place : place + draw(st.integers(0, 1))] = draw(st.sampled_from(("", "x", "_", "s", "é")))
    return "".join(letters)


def as_yaml(content: Any) -> str:
    """A document as YAML, whatever stands in it; what YAML cannot write stands as Python shows it."""
    try:
        return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    except (yaml.YAMLError, ValueError, TypeError):
        return repr(content)


def spoilt(text: bytes, chance: random.Random) -> bytes:
    """A file's bytes with one to four places spoilt: spliced, cut, turned, doubled, swapped, or another's inserted."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        first = chance.randrange(len(text) + 1)
        last = min(len(text), first + chance.choice((0, 1, 5, 30, 200)))
        piece = chance.choice(PIECES).encode("utf-8", "surrogateescape")
        text = chance.choice(_WAYS)(text, first, last, piece, chance)
    return text


def _turned(text: bytes, first: int, last: int, piece: bytes, chance: random.Random) -> bytes:
    """One byte with one bit turned."""
    return text[:first] + bytes(b ^ (1 << chance.randrange(8)) for b in text[first : first + 1]) + text[first + 1 :]


_WAYS: tuple[Callable[[bytes, int, int, bytes, random.Random], bytes], ...] = (
    lambda text, first, last, piece, chance: text[:first] + piece + text[last:],
    lambda text, first, last, piece, chance: text[:first] + piece + text[last:],
    lambda text, first, last, piece, chance: text[:first] + text[last:],
    lambda text, first, last, piece, chance: text[:first] + text[first:last] * 3 + text[last:],
    lambda text, first, last, piece, chance: text[:first],
    lambda text, first, last, piece, chance: text[last:] + text[:first],
    lambda text, first, last, piece, chance: text[:first] + piece * chance.choice((2, 50, 3000)) + text[last:],
    _turned,
)


def tried(strategy: st.SearchStrategy[Any], count: int, check: Callable[[Any], None]) -> None:
    """`check` on so many inputs of a strategy, the same every time."""

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(strategy)
    def each(value: Any) -> None:
        check(value)

    each()


def overrides(keys: Sequence[str], known: Mapping[str, Any]) -> st.SearchStrategy[str]:
    """`key=value` as people and attackers type it: known keys and near ones, values of every kind."""
    key = st.one_of(st.sampled_from(keys), st.sampled_from(keys), st.sampled_from(keys).flatmap(_misspelt))
    loose = st.one_of(values().map(str), st.text(LETTERS, max_size=40), st.sampled_from(TEXTS))
    usual = st.sampled_from(keys).map(lambda name: f"{name}={known.get(name, 1)}")
    typed = st.tuples(key, st.sampled_from(("=", "=", "=", "=", "", "==", " = ")), loose).map("".join)
    return st.one_of(typed, typed, typed, usual, st.text(LETTERS, max_size=60))
