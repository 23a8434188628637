"""Lanes: one quantity of the histories that are played together, and formulas applied to all of them at once.

In a batch of one a lane is a plain number, and a quantity with several rows (one a council, one a relationship) is a
list of numbers. In wider batches lanes are numpy arrays with a column for each history. Formulas are written once, for
one history in plain numbers (`sim.core.mechanisms`); `each` applies them to either, to the same bits: arrays only add,
subtract, multiply, divide, compare and choose, and exponentials go through `math` one by one. Where numpy is missing,
histories are played one at a time.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import math
from collections.abc import Callable, Sequence
from itertools import repeat
from math import fsum
from operator import mul
from types import CodeType, FunctionType, ModuleType
from typing import Any

np: ModuleType | None = None
"""numpy, once it is known to be needed: commands that play nothing, or one history, start without it."""

Lane = Any
"""A quantity of every history: a plain number in a batch of one, an array of them in a wider batch."""
Rows = Any
"""A quantity with several rows: a list of numbers in a batch of one, a table of rows and histories in a wider one."""
_ARRAY: Any = object()


def available() -> bool:
    """Whether several histories can be played side by side; to be asked before any array is made."""
    if np is None:
        try:
            _with(importlib.import_module("numpy"))
        except ImportError:
            return False
    return True


def _with(numpy: ModuleType) -> None:
    """Make arrays with it from now on."""
    global np, _ARRAY
    np, _ARRAY = numpy, numpy.ndarray
    names = {"choose": "where", "both": "logical_and", "either": "logical_or", "not": "logical_not"}
    names |= {"greater": "maximum", "lesser": "minimum", "round": "rint"}
    _ARRAYS.update({f"_{ours}": getattr(numpy, theirs) for ours, theirs in names.items()})


# -- making lanes --


def lane(values: Sequence[Any], *, numbers: bool = True) -> Lane:
    """What each history has, as a lane; things that are no numbers stay in an array of things."""
    if len(values) == 1:
        return values[0]
    assert np is not None
    if numbers:
        return np.array(values, dtype=float)
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return held


def spread(value: Lane, width: int) -> Lane:
    """The value as a lane of its own of `width` histories."""
    if width == 1:
        return value
    if type(value) is _ARRAY and value.dtype == float:
        return value.copy()
    assert np is not None
    return np.array(np.broadcast_to(value, (width,)), dtype=float)


def stacked(rows: Sequence[Lane], width: int) -> Rows:
    """Several lanes as the rows of one quantity."""
    if width == 1:
        return list(rows)
    assert np is not None
    found = np.empty((len(rows), width))
    for place, row in enumerate(rows):
        found[place] = row
    return found


def as_rows(value: Any, count: int, width: int) -> Rows:
    """What was written to a quantity of several rows, a row for each: one lane may stand for all."""
    if width == 1:
        return list(value) if type(value) is list else [value] * count
    assert np is not None
    if type(value) is _ARRAY and value.shape == (count, width) and value.dtype == float:
        return value
    return np.array(np.broadcast_to(value, (count, width)), dtype=float)


def fixed(values: Sequence[float], width: int) -> Rows:
    """A number for each row, the same in every history."""
    if width == 1:
        return list(values)
    assert np is not None
    return np.array(values, dtype=float).reshape(len(values), 1)


# -- reading them --


def of(value: Lane, place: int) -> Any:
    """One history's part of a lane, as a plain number."""
    return value.item(place) if type(value) is _ARRAY else value


def of_row(value: Rows, row: int, place: int) -> Any:
    """One history's part of one row."""
    return value.item(row, place) if type(value) is _ARRAY else value[row]


def of_history(rows: Rows, place: int) -> list[float]:
    """One history's part of every row."""
    return rows[:, place].tolist() if type(rows) is _ARRAY else rows  # type: ignore[no-any-return]


def listed(value: Lane, width: int) -> list[Any]:
    """A lane as a plain list, one entry a history."""
    if type(value) is _ARRAY:
        found: list[Any] = value.tolist()
        return found
    return [value] * width


def by_history(rows: Rows) -> list[tuple[float, ...]]:
    """A table turned round: for each history its rows as a tuple of plain numbers."""
    if type(rows) is _ARRAY:
        return [tuple(column) for column in rows.T.tolist()]
    return [tuple(rows)]


def by_place(tables: Sequence[Rows]) -> list[Any]:
    """Tables of successive times, parted by history: for each a table of its own, a row for each time."""
    assert np is not None
    return list(np.stack(tables).transpose(2, 0, 1))


def least_and_greatest(table: Any) -> tuple[float, float]:
    """The bounds of all numbers in a table or a list of rows, and nought; no number if one of them is none."""
    if type(table) is _ARRAY:
        return table.min(initial=0.0).item(), table.max(initial=0.0).item()
    flat = [0.0, *[value for row in table for value in row]]
    return (math.nan, math.nan) if math.isnan(sum(flat)) else (min(flat), max(flat))


def chosen(rows: Rows, which: Sequence[int]) -> Rows:
    """Some of the rows, in this order."""
    return rows[list(which)] if type(rows) is _ARRAY else [rows[row] for row in which]


def where(mask: Lane) -> list[int]:
    """The places of the histories in which the mask holds."""
    if type(mask) is _ARRAY:
        assert np is not None
        found: list[int] = np.nonzero(mask)[-1].tolist()
        return found
    if type(mask) is list:
        return [0] if any(mask) else []
    return [0] if mask else []


# -- formulas --


def each(formula: Callable[..., Any], *values: Any) -> Any:
    """The formula applied in every history, and in every row where an argument has several."""
    kinds = [*map(type, values)]
    if _ARRAY in kinds:
        return vector(formula)(*values)
    if list in kinds:
        return list(map(formula, *[value if type(value) is list else repeat(value) for value in values]))
    return formula(*values)


def by_row(formula: Callable[..., Any]) -> Callable[..., list[Any]]:
    """The formula for a batch of one, applied to every row; arguments without rows stand for all."""

    def applied(*values: Any) -> list[Any]:
        return list(map(formula, *[value if type(value) is list else repeat(value) for value in values]))

    return applied


class Formulas:
    """The formulas of a module, turned for the histories of a batch when they are first asked for."""

    def __init__(self, module: ModuleType, turned: Callable[..., Any]) -> None:
        self._module, self._turned = module, turned

    def __getattr__(self, name: str) -> Callable[..., Any]:
        made: Callable[..., Any] = self._turned(getattr(self._module, name))
        setattr(self, name, made)
        return made


def formulas(module: ModuleType, width: int) -> tuple[Any, Any]:
    """A module's formulas for quantities of one row, and for those of several."""
    if width == 1:
        return module, Formulas(module, by_row)
    turned = Formulas(module, vector)
    return turned, turned


def one_by_one(function: Callable[..., Any], *values: Any, width: int) -> Lane:
    """A function that is no formula, applied history by history to lanes of anything."""
    return lane(list(map(function, *[listed(value, width) for value in values])))


def greater(one: float, other: float) -> float:
    """The greater of two."""
    return one if one > other else other


def lowest(rows: Rows) -> Lane:
    """The least of several rows."""
    return rows.min(axis=0) if type(rows) is _ARRAY else min(rows)


def highest(rows: Rows) -> Lane:
    """The greatest of several rows."""
    return rows.max(axis=0) if type(rows) is _ARRAY else max(rows)


def total(rows: Rows) -> Lane:
    """The sum of whole numbers in several rows."""
    return rows.sum(axis=0) if type(rows) is _ARRAY else sum(rows)


def mean_of(shares: Sequence[float], rows: Rows) -> Lane:
    """The mean of several rows, each with its share; every history by itself, so that company has no say."""
    if len(shares) == 2:
        return shares[0] * rows[0] + shares[1] * rows[1]
    if type(rows) is _ARRAY:
        return lane([fsum(map(mul, shares, column)) for column in by_history(rows)])
    return fsum(map(mul, shares, rows))


# -- a formula for arrays, read off the formula for numbers --

_vectors: dict[Callable[..., Any], Callable[..., Any]] = {}


def vector(formula: Callable[..., Any]) -> Callable[..., Any]:
    """The same formula for arrays: choices choose by place, exponentials go through `math` one by one."""
    return _vectors.get(formula) or _vectors.setdefault(formula, _made(formula))


def _made(formula: Callable[..., Any]) -> Callable[..., Any]:
    if not isinstance(formula, FunctionType):
        return formula
    tree = _ForArrays().visit(ast.parse(inspect.getsource(formula)))
    code = compile(ast.fix_missing_locations(tree), f"<{formula.__name__} for arrays>", "exec")
    (body,) = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    names = {name: _known(_found(name, formula.__globals__)) for name in body.co_names}
    return FunctionType(body, {**names, **_ARRAYS}, formula.__name__)


def _found(name: str, known: dict[str, Any]) -> Any:
    """What a name of a formula stands for where it is written, or in a module that is known there."""
    modules = [value for value in known.values() if isinstance(value, ModuleType) and hasattr(value, name)]
    return known[name] if name in known else getattr(modules[0], name) if modules else None


def _known(value: Any) -> Any:
    """What a name of a formula stands for: another formula for arrays too, a constant as it is."""
    return vector(value) if isinstance(value, FunctionType) else value


class _ForArrays(ast.NodeTransformer):
    """Turns choices, bounds and comparisons between numbers into those between arrays."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """The body alone: types and docstring have no part in it."""
        node.returns, node.decorator_list = None, []
        for argument in node.args.args:
            argument.annotation = None
        self.generic_visit(node)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """A choice."""
        return _call("_choose", *map(self.visit, (node.test, node.body, node.orelse)))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Both, or either."""
        found, *rest = map(self.visit, node.values)
        for each in rest:
            found = _call("_both" if isinstance(node.op, ast.And) else "_either", found, each)
        return found  # type: ignore[no-any-return]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Not."""
        inner = self.visit(node.operand)
        return _call("_not", inner) if isinstance(node.op, ast.Not) else ast.UnaryOp(node.op, inner)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """A chain of comparisons holds where each does."""
        terms = [self.visit(term) for term in (node.left, *node.comparators)]
        found: Any = None
        for left, sign, right in zip(terms, node.ops, terms[1:]):
            held = ast.Compare(left, [sign], [right])
            found = held if found is None else _call("_both", found, held)
        return found  # type: ignore[no-any-return]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Bounds, roundings and exponentials of arrays."""
        own = {"exp": "_exp", "max": "_greater", "min": "_lesser", "round": "_round", "float": "_same", "int": "_same"}
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        name = own.get(name, name)
        return _call(name, *map(self.visit, node.args))


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _exp(values: Any) -> Any:
    """Exponentials one by one: numpy's own differ from processor to processor."""
    if type(values) is not _ARRAY:
        return _safe_exp(values)
    assert np is not None
    flat = values.ravel().tolist()
    try:
        found = list(map(math.exp, flat))
    except OverflowError:
        found = list(map(_safe_exp, flat))
    return np.array(found).reshape(values.shape)


def _safe_exp(value: float) -> float:
    """An exponential; without limit where it is too large, as in a branch that is not chosen."""
    return math.exp(value) if value < 709.0 else math.inf


_ARRAYS: dict[str, Any] = {"_exp": _exp, "_same": lambda value: value}


def quiet() -> Any:
    """Without complaints of a branch that is not chosen: it may divide by nought."""
    assert np is not None
    return np.errstate(divide="ignore", invalid="ignore", over="ignore")
