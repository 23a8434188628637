"""Values for pairs of councils in one cell: a number for the first council, or "name: number; name: number"."""

from collections.abc import Iterator, Sequence

from sim.core.errors import shown, suggestion
from sim.plans.partnership_csv.csv_cell import Unreadable

Between = tuple[int, int]


def pieces(cell: str, own: int, names: Sequence[str]) -> Iterator[tuple[Between, str]]:
    """Each pair of councils named by a cell in the row of council `own`, with the text of its value."""
    if ":" not in cell:
        yield _ordered(own, _unnamed(cell, own, names)), cell
        return
    for piece in cell.split(";"):
        name, colon, value = piece.rpartition(":")
        if piece.strip() and not colon:
            raise Unreadable(f"{shown(piece.strip())}: written as name: value; name: value")
        if piece.strip():
            yield _ordered(own, _named(name.strip(), own, names)), value.strip()


def _unnamed(cell: str, own: int, names: Sequence[str]) -> int:
    """Council meant by a number without a name: the first council, or the other of two."""
    if len(names) < 2:
        raise Unreadable(f"{shown(cell)}: there is no other council in the table")
    if own == 0 and len(names) > 2:
        raise Unreadable(f"{shown(cell)}: say which council it is about, as in '{names[1]}: {cell}'")
    return 1 if own == 0 else 0


def _named(name: str, own: int, names: Sequence[str]) -> int:
    known = [council.casefold() for council in names]
    if name.casefold() not in known:
        raise Unreadable(f"{shown(name)} is not a council of the table{suggestion(name, names)}")
    other = known.index(name.casefold())
    if other == own:
        raise Unreadable(f"{shown(name)} is the council of this row; name another")
    return other


def _ordered(one: int, other: int) -> Between:
    return (min(one, other), max(one, other))
