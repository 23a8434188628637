"""Lanes: one quantity across the histories of a batch, and formulas applied to all histories at once.

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
"""The numpy module once imported; commands that play at most one history start without it."""

Lane = Any
"""One quantity across histories: a plain number in a batch of one, an array in a wider batch."""
Rows = Any
"""One quantity with several rows: a list of numbers in a batch of one, else a table of rows by histories."""
_ARRAY: Any = object()


def available() -> bool:
    """True if numpy is available, so that several histories can be played at once. Call before making arrays."""
    if np is None:
        try:
            _with(importlib.import_module("numpy"))
        except ImportError:
            return False
    return True


def _with(numpy: ModuleType) -> None:
    """Use this numpy module for arrays from now on."""
    global np, _ARRAY
    np, _ARRAY = numpy, numpy.ndarray
    names = {"choose": "where", "both": "logical_and", "either": "logical_or", "not": "logical_not"}
    names |= {"greater": "maximum", "lesser": "minimum", "round": "rint"}
    _ARRAYS.update({f"_{ours}": getattr(numpy, theirs) for ours, theirs in names.items()})


# -- making lanes --


def lane(values: Sequence[Any], *, numbers: bool = True) -> Lane:
    """Values of all histories as a lane; values that are not numbers go into an array of objects."""
    if len(values) == 1:
        return values[0]
    assert np is not None
    if numbers:
        return np.array(values, dtype=float)
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return held


def spread(value: Lane, width: int) -> Lane:
    """The value repeated as a separate lane of `width` histories."""
    if width == 1:
        return value
    if type(value) is _ARRAY and value.dtype == float:
        return value.copy()
    assert np is not None
    return np.array(np.broadcast_to(value, (width,)), dtype=float)


def stacked(rows: Sequence[Lane], width: int) -> Rows:
    """Several lanes combined as the rows of one quantity."""
    if width == 1:
        return list(rows)
    assert np is not None
    found = np.empty((len(rows), width))
    for place, row in enumerate(rows):
        found[place] = row
    return found


def as_rows(value: Any, count: int, width: int) -> Rows:
    """A written value as rows; a single lane is repeated for every row."""
    if width == 1:
        return list(value) if type(value) is list else [value] * count
    assert np is not None
    if type(value) is _ARRAY and value.shape == (count, width) and value.dtype == float:
        return value
    return np.array(np.broadcast_to(value, (count, width)), dtype=float)


def fixed(values: Sequence[float], width: int) -> Rows:
    """Constant rows: one number for each row, equal in every history."""
    if width == 1:
        return list(values)
    assert np is not None
    return np.array(values, dtype=float).reshape(len(values), 1)


# -- reading them --


def of(value: Lane, place: int) -> Any:
    """One history's value in a lane, as a plain number."""
    return value.item(place) if type(value) is _ARRAY else value


def of_row(value: Rows, row: int, place: int) -> Any:
    """One history's value in one row."""
    return value.item(row, place) if type(value) is _ARRAY else value[row]


def of_history(rows: Rows, place: int) -> list[float]:
    """One history's value in every row."""
    return rows[:, place].tolist() if type(rows) is _ARRAY else rows  # type: ignore[no-any-return]


def listed(value: Lane, width: int) -> list[Any]:
    """A lane as a plain list with one entry for each history."""
    if type(value) is _ARRAY:
        found: list[Any] = value.tolist()
        return found
    return [value] * width


def by_history(rows: Rows) -> list[tuple[float, ...]]:
    """Table transposed: for each history a tuple of its row values as plain numbers."""
    if type(rows) is _ARRAY:
        return [tuple(column) for column in rows.T.tolist()]
    return [tuple(rows)]


def by_place(tables: Sequence[Rows]) -> list[Any]:
    """Tables of successive times split by history: for each history a table with one row for each time."""
    assert np is not None
    return list(np.stack(tables).transpose(2, 0, 1))


def least_and_greatest(table: Any) -> tuple[float, float]:
    """Minimum and maximum of zero and all numbers in a table or list of rows; NaN if any is NaN."""
    if type(table) is _ARRAY:
        return table.min(initial=0.0).item(), table.max(initial=0.0).item()
    flat = [0.0, *[value for row in table for value in row]]
    return (math.nan, math.nan) if math.isnan(sum(flat)) else (min(flat), max(flat))


def chosen(rows: Rows, which: Sequence[int]) -> Rows:
    """Selected rows in the given order."""
    return rows[list(which)] if type(rows) is _ARRAY else [rows[row] for row in which]


def where(mask: Lane) -> list[int]:
    """Positions of the histories in which the mask is true."""
    if type(mask) is _ARRAY:
        assert np is not None
        found: list[int] = np.nonzero(mask)[-1].tolist()
        return found
    if type(mask) is list:
        return [0] if any(mask) else []
    return [0] if mask else []


# -- formulas --


def each(formula: Callable[..., Any], *values: Any) -> Any:
    """Apply the formula in every history, and in every row where an argument has several rows."""
    kinds = [*map(type, values)]
    if _ARRAY in kinds:
        return vector(formula)(*values)
    if list in kinds:
        return list(map(formula, *[value if type(value) is list else repeat(value) for value in values]))
    return formula(*values)


def by_row(formula: Callable[..., Any]) -> Callable[..., list[Any]]:
    """The formula for a batch of one, applied row by row; arguments without rows are used for every row."""

    def applied(*values: Any) -> list[Any]:
        return list(map(formula, *[value if type(value) is list else repeat(value) for value in values]))

    return applied


class Formulas:
    """A module's formulas, each converted for a batch when first used."""

    def __init__(self, module: ModuleType, turned: Callable[..., Any]) -> None:
        self._module, self._turned = module, turned

    def __getattr__(self, name: str) -> Callable[..., Any]:
        made: Callable[..., Any] = self._turned(getattr(self._module, name))
        setattr(self, name, made)
        return made


def formulas(module: ModuleType, width: int) -> tuple[Any, Any]:
    """A module's formulas in two versions: for quantities of one row and of several rows."""
    if width == 1:
        return module, Formulas(module, by_row)
    turned = Formulas(module, vector)
    return turned, turned


def one_by_one(function: Callable[..., Any], *values: Any, width: int) -> Lane:
    """A function that cannot run on arrays, applied to one history at a time."""
    return lane(list(map(function, *[listed(value, width) for value in values])))


def greater(one: float, other: float) -> float:
    """Maximum of two values."""
    return one if one > other else other


def lowest(rows: Rows) -> Lane:
    """Minimum over rows."""
    return rows.min(axis=0) if type(rows) is _ARRAY else min(rows)


def highest(rows: Rows) -> Lane:
    """Maximum over rows."""
    return rows.max(axis=0) if type(rows) is _ARRAY else max(rows)


def total(rows: Rows) -> Lane:
    """Sum of whole numbers over rows."""
    return rows.sum(axis=0) if type(rows) is _ARRAY else sum(rows)


def mean_of(shares: Sequence[float], rows: Rows) -> Lane:
    """Weighted mean over rows, computed separately for each history so that batch size has no effect."""
    if len(shares) == 2:
        return shares[0] * rows[0] + shares[1] * rows[1]
    if type(rows) is _ARRAY:
        return lane([fsum(map(mul, shares, column)) for column in by_history(rows)])
    return fsum(map(mul, shares, rows))


# -- a formula for arrays, read off the formula for numbers --

_vectors: dict[Callable[..., Any], Callable[..., Any]] = {}


def vector(formula: Callable[..., Any]) -> Callable[..., Any]:
    """A formula converted for arrays: choices by element, exponentials through `math` one at a time."""
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
    """The object that a name in a formula refers to, in its own module or another known module."""
    modules = [value for value in known.values() if isinstance(value, ModuleType) and hasattr(value, name)]
    return known[name] if name in known else getattr(modules[0], name) if modules else None


def _known(value: Any) -> Any:
    """Array version of a name in a formula: other formulas are converted, constants are unchanged."""
    return vector(value) if isinstance(value, FunctionType) else value


class _ForArrays(ast.NodeTransformer):
    """Syntax-tree transformer that makes choices, bounds and comparisons work on arrays."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Keep the body only; drop types and docstring."""
        node.returns, node.decorator_list = None, []
        for argument in node.args.args:
            argument.annotation = None
        self.generic_visit(node)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Convert a conditional expression."""
        return _call("_choose", *map(self.visit, (node.test, node.body, node.orelse)))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Convert `and` and `or`."""
        found, *rest = map(self.visit, node.values)
        for each in rest:
            found = _call("_both" if isinstance(node.op, ast.And) else "_either", found, each)
        return found  # type: ignore[no-any-return]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Convert `not`."""
        inner = self.visit(node.operand)
        return _call("_not", inner) if isinstance(node.op, ast.Not) else ast.UnaryOp(node.op, inner)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Convert a chain of comparisons into the conjunction of its parts."""
        terms = [self.visit(term) for term in (node.left, *node.comparators)]
        found: Any = None
        for left, sign, right in zip(terms, node.ops, terms[1:]):
            held = ast.Compare(left, [sign], [right])
            found = held if found is None else _call("_both", found, held)
        return found  # type: ignore[no-any-return]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Convert bounds, rounding and exponentials."""
        own = {"exp": "_exp", "max": "_greater", "min": "_lesser", "round": "_round", "float": "_same", "int": "_same"}
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        name = own.get(name, name)
        return _call(name, *map(self.visit, node.args))


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _exp(values: Any) -> Any:
    """Exponential of each element through `math`, because numpy's results differ between processors."""
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
    """Exponential that returns infinity on overflow, which can occur in a branch that is not chosen."""
    return math.exp(value) if value < 709.0 else math.inf


_ARRAYS: dict[str, Any] = {"_exp": _exp, "_same": lambda value: value}


def quiet() -> Any:
    """Suppress numpy warnings, since a branch that is not chosen may divide by zero."""
    assert np is not None
    return np.errstate(divide="ignore", invalid="ignore", over="ignore")
