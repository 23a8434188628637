"""Real partnerships similar to a given one, by its name or file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.analysis import similar
from sim.analysis.similar.nearest_partnerships import LISTED
from sim.core.inputs.partnership import Partnership
from sim.core.refusal import refusal, siblings
from sim.plans.strict import Library
from sim.words.answers import similar_words

if TYPE_CHECKING:
    from sim.analysis.similar import Likeness, Neighbour


def like(partnership: str, n: int | None = None, library: Library | None = None) -> Likeness:
    """The real partnerships nearest to one, and their published results.

    `partnership` is a name as after `partnership=` on the command line, or a file's path. Raises InputError if
    there is none, or the file describes no partnership.
    """
    return similar.nearest(_partnership(partnership, library or Library()), LISTED if n is None else n)


def _partnership(name: str, library: Library) -> Partnership:
    content = library.read("partnership", name)
    try:
        return Partnership.model_validate(content)
    except ValidationError as error:

        def where(place: tuple[str | int, ...]) -> str:
            return library.where("partnership", name, place)

        raise refusal(error, lambda place: None, lambda place: siblings(place, Partnership), "", where) from None


def as_json(found: Likeness) -> dict[str, Any]:
    """The answer for JSON: records, neighbours with every difference, and the measures behind them."""
    return {
        "partnership": found.name,
        "published": _record(found.own),
        "compared": found.compared,
        "lone": found.lone,
        "neighbours": [_neighbour(rank, each) for rank, each in enumerate(found.neighbours, 1)],
        "nearest_with_more_published": None if found.told is None else _neighbour(*found.told),
        "first_without": dict(found.without),
        "said": similar_words.said(found),
    }


def _neighbour(rank: int, each: Neighbour) -> dict[str, Any]:
    return {
        "rank": rank,
        "name": each.key,
        "title": each.name,
        "apart": each.apart,
        "shares": list(each.shares),
        "differences": [{**vars(one), "known": one.known} for one in each.differences],
        "published": _record(each.record),
    }


def _record(record: Any) -> list[dict[str, str]] | None:
    return None if record is None else [dict(statement) for statement in record.statements]
