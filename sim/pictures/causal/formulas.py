"""Equations read from the model's formula functions: each function as one expression.

A formula function holds assignments and one return. Local names are replaced by their values, calls of other
formulas by their expressions, parameters by arguments, and a conditional that only bounds a value becomes
min or max. So the equation shown is the function that runs, with no second copy to maintain.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from sim.core import mechanisms
from sim.core.ledger import discounted
from sim.core.luck import luck_factor

Formula = Callable[..., float]
FORMULAS: dict[str, Formula] = {
    **{
        name: found
        for name, found in inspect.getmembers(mechanisms, inspect.isfunction)
        if found.__module__ == mechanisms.__name__
    },
    "discounted": discounted,
    "luck_factor": luck_factor,
}
"""Every formula function of the model by name."""
BY_NAME = {"logistic"}
"""Formulas that other equations show by name; each has an equation of its own."""
ARITHMETIC = {"exp", "round", "max", "min"}
"""Plain functions that a formula may call besides other formulas."""


def file_of(name: str) -> str:
    """Path in the repository of the file that defines a formula."""
    return FORMULAS[name].__module__.replace(".", "/") + ".py"


@cache
def text_of(call: str) -> str:
    """Plain arithmetic of a call such as 'product(engagement.launch, share)', with all formulas expanded."""
    outermost = ast.parse(call, mode="eval").body
    if not isinstance(outermost, ast.Call) or ast.unparse(outermost.func) not in FORMULAS:
        raise ValueError(f"{call}: an equation is a call of a formula of the model")
    inside = _Reading({})
    return ast.unparse(_given(ast.unparse(outermost.func), [inside.visit(each) for each in outermost.args]))


@cache
def parameters(name: str) -> tuple[str, ...]:
    """The names of a formula's parameters, in order."""
    return tuple(inspect.signature(FORMULAS[name]).parameters)


@cache
def formula(name: str) -> ast.expr:
    """A formula as one expression of its parameters; ValueError if its function has another form."""
    found = FORMULAS[name]
    (definition,) = ast.parse(inspect.getsource(found)).body
    assert isinstance(definition, ast.FunctionDef)
    known = {key: ast.Constant(value) for key, value in found.__globals__.items() if isinstance(value, int | float)}
    reading = _Reading({key: value for key, value in known.items() if key not in parameters(name)})
    for line in definition.body[bool(found.__doc__) :]:
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            reading.known[line.targets[0].id] = reading.visit(line.value)
        elif isinstance(line, ast.Return) and line.value is not None and line is definition.body[-1]:
            return _expression(reading.visit(line.value))
        else:
            raise ValueError(f"{name}: a formula holds assignments and one return, not {ast.unparse(line)}")
    raise ValueError(f"{name}: a formula returns what it computes")


class _Reading(ast.NodeTransformer):
    """Tree transformer that replaces known names, formula calls and bounding conditionals by their expressions."""

    def __init__(self, known: Mapping[str, ast.expr]) -> None:
        self.known = dict(known)

    def visit(self, node: ast.AST) -> Any:
        """Transform a copy of the node, leaving the original unchanged."""
        return super().visit(deepcopy(node))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name by its known value, if any."""
        return deepcopy(self.known.get(node.id, node))

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Leave an evidence quantity (a dotted name) unchanged."""
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Write whole numbers without a decimal point."""
        value = node.value
        return ast.Constant(int(value)) if isinstance(value, float) and value.is_integer() else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Expand a call of a formula; drop conversions to a number, and keep plain arithmetic functions."""
        name, given = ast.unparse(node.func), [self.visit(each) for each in node.args]
        if name == "float":
            return _expression(given[0])
        if name in FORMULAS and name not in BY_NAME:
            return _given(name, given)
        if name not in ARITHMETIC | BY_NAME:
            raise ValueError(f"a formula may not call {name}")
        return ast.Call(node.func, given, [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Simplify an operation by dropping unnecessary brackets."""
        return _flat(self.visit(node.left), node.op, self.visit(node.right))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Rewrite a conditional as min or max where it is only a bound."""
        return _bound(ast.IfExp(self.visit(node.test), self.visit(node.body), self.visit(node.orelse)))


def _given(name: str, arguments: list[ast.expr]) -> ast.expr:
    """The expression of a formula for the given arguments."""
    names = parameters(name)
    if len(names) != len(arguments):
        raise ValueError(f"{name} is given {len(arguments)} values; it takes {len(names)}: {', '.join(names)}")
    return _expression(_Reading(dict(zip(names, arguments))).visit(formula(name)))


def _expression(node: Any) -> ast.expr:
    assert isinstance(node, ast.expr)
    return node


def _flat(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
    """An operation without redundant brackets: a + (b − c) is a + b − c, a − (b + c) is a − b − c."""
    if isinstance(op, ast.Div) and _same(right, ast.Constant(1)):
        return left
    if isinstance(op, ast.Div) and isinstance(right, ast.BinOp) and isinstance(right.op, ast.Div):
        return ast.BinOp(ast.BinOp(left, ast.Mult(), right.right), op, right.left)
    if isinstance(op, ast.Mult) and isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult):
        return ast.BinOp(_flat(left, op, right.left), op, right.right)
    if isinstance(op, ast.Add | ast.Sub) and isinstance(right, ast.BinOp) and isinstance(right.op, ast.Add | ast.Sub):
        turned = isinstance(op, ast.Sub)
        second = ast.Sub() if turned == isinstance(right.op, ast.Add) else ast.Add()
        return ast.BinOp(_flat(left, op, right.left), second, right.right)
    return ast.BinOp(left, op, right)


# -- choices that only bound a value --


def _bound(node: ast.IfExp) -> ast.expr:
    """A conditional as min, max or a common factor if possible, else unchanged.

    Division by zero counts as infinite: `a / b if a < b else 1` becomes min(1, a / b).
    """
    if isinstance(node.test, ast.Compare) and len(node.test.ops) == 1:
        return _compared(node, node.test) or _in_common(node)
    both = node.test
    if isinstance(both, ast.BoolOp) and isinstance(both.op, ast.And) and len(both.values) == 2:
        some, less = both.values
        bounded = _bound(ast.IfExp(less, node.body, node.orelse))
        below = less.comparators[0] if isinstance(less, ast.Compare) else less
        if isinstance(bounded, ast.Call) and _same(some, ast.Compare(below, [ast.Gt()], [ast.Constant(0)])):
            return bounded
    return _in_common(node)


def _compared(node: ast.IfExp, test: ast.Compare) -> ast.expr | None:
    """The bound equivalent to a conditional with a single comparison, or None."""
    low, high = test.left, test.comparators[0]
    if isinstance(test.ops[0], ast.Gt | ast.GtE):
        low, high = high, low
    then, other, nothing, whole = node.body, node.orelse, ast.Constant(0), ast.Constant(1)
    if _same(then, low) and _same(other, high):
        return _of_two("min", low, high)
    if _same(then, high) and _same(other, low):
        return _of_two("max", low, high)
    if _same(then, high) and _holds(other, low) and isinstance(high, ast.Constant):
        return _of_two("max", high, other)
    if _same(then, ast.BinOp(low, ast.Div(), high)) and _same(other, whole):
        return _of_two("min", whole, then)
    if _same(then, whole) and _same(other, ast.BinOp(high, ast.Div(), low)):
        return _of_two("min", whole, other)
    return _above(then, low, high) if _same(other, nothing) else None


def _above(then: ast.expr, low: ast.expr, high: ast.expr) -> ast.expr | None:
    """A conditional `k · (high − low) if high > low else 0` as k · max(0, high − low), or None."""
    far = high if _same(low, ast.Constant(0)) else ast.BinOp(high, ast.Sub(), low)
    above = _of_two("max", ast.Constant(0), far)
    if _same(then, far):
        return above
    times = isinstance(then, ast.BinOp) and isinstance(then.op, ast.Mult) and _same(then.right, far)
    return ast.BinOp(then.left, ast.Mult(), above) if times and isinstance(then, ast.BinOp) else None


def _in_common(node: ast.IfExp) -> ast.expr:
    """`x * k if … else x` as x · (k if … else 1), and likewise for sums."""
    then, other = node.body, node.orelse
    if isinstance(then, ast.BinOp) and _same(then.left, other) and isinstance(then.op, ast.Mult | ast.Add):
        neutral = ast.Constant(1 if isinstance(then.op, ast.Mult) else 0)
        return ast.BinOp(other, then.op, ast.IfExp(node.test, then.right, neutral))
    return node


def _of_two(name: str, one: ast.expr, other: ast.expr) -> ast.expr:
    """Call of min or max with two arguments, a number first."""
    first, second = (other, one) if isinstance(other, ast.Constant) else (one, other)
    return ast.Call(ast.Name(name), [first, second], [])


def _holds(node: ast.expr, value: ast.expr) -> bool:
    """True if the node is min(number, value), an upper bound on the value."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "min":
        return False
    return isinstance(node.args[0], ast.Constant) and _same(node.args[1], value)


def _same(one: ast.expr, other: ast.expr) -> bool:
    """True if two nodes have the same source text."""
    return ast.unparse(one) == ast.unparse(other)
