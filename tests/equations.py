"""Equations read back from what is shown, a line of text or a drawing, and worked out without the model."""

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from random import Random
from xml.etree import ElementTree

from sim.core.mechanisms import logistic
from sim.pictures.causal.equations import mathml, plain, plain_names, quantities, shown_names
from sim.pictures.causal.formulas import FORMULAS
from sim.pictures.causal.parts import Equation

ARITHMETIC: dict[str, Callable[..., float]] = {
    "exp": math.exp, "min": min, "max": max, "round": round, "logistic": logistic,
}  # fmt: skip
SIGNS = {"^": "**", "×": "*", "·": "*", "−": "-", "≤": "<=", "≥": ">="}
WORDS = {"if\xa0": "", "\xa0and\xa0": " and ", "\xa0or\xa0": " or ", "not\xa0": "not ", "otherwise": ""}
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


def from_text(equation: Equation) -> str:
    """The right-hand side as the line of text shows it, with each name as it was declared."""
    declared = {shown: name for name, shown in shown_names(equation.text).items()}
    text = plain(equation.text)
    if declared:
        longest_first = sorted(declared, key=len, reverse=True)
        names = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
        text = names.sub(lambda found: declared[found[0]], text)
    return "".join(SIGNS.get(letter, letter) for letter in text)


def from_mathml(equation: Equation) -> str:
    """The right-hand side as the drawing shows it."""
    declared = {shown: name for name, shown in shown_names(equation.text).items()}
    gives, equals, *right = ElementTree.fromstring(mathml(equation.gives, equation.text))[0]
    assert gives.get("class") == "gives" and equals.text == "="
    return "".join(_read(part, declared) for part in right)


def _read(part: ElementTree.Element, declared: Mapping[str, str]) -> str:
    tag, text = part.tag.removeprefix(NAMESPACE), part.text or ""
    if tag == "mtable":
        return _read_cases(part, declared)
    inside = [_read(each, declared) for each in part]
    if tag == "mfrac":
        return f"(({inside[0]})/({inside[1]}))"
    if tag == "msup":
        return f"({inside[0]})**({inside[1]})"
    if tag == "mi":
        return declared[text] if part.get("class") else text
    if tag == "mo":
        return "" if text == "{" else SIGNS.get(text, text)
    return WORDS[text] if tag == "mtext" else text + "".join(inside)


def _read_cases(table: ElementTree.Element, declared: Mapping[str, str]) -> str:
    rows = [[_read(cell, declared) for cell in row] for row in table]
    assert rows[-1][1] == "", "the last case is what holds otherwise"
    return "(" + " else ".join(f"{then} if {when}" if when else then for then, when in rows) + ")"


def value(text: str, values: Mapping[str, float], functions: Mapping[str, Callable[..., float]] = ARITHMETIC) -> float:
    """What an expression comes to. A ratio with nothing below the line counts as without limit."""
    return float(_worked_out(ast.parse(text.strip(), mode="eval").body, values, functions))


def _worked_out(  # type: ignore[no-untyped-def]
    node: ast.expr, values: Mapping[str, float], functions: Mapping[str, Callable[..., float]]
):
    def part(node: ast.expr):  # type: ignore[no-untyped-def]
        return _worked_out(node, values, functions)

    match node:
        case ast.Constant():
            return node.value
        case ast.Name() | ast.Attribute():
            return values[ast.unparse(node)]
        case ast.UnaryOp(op=ast.Not()):
            return not part(node.operand)
        case ast.UnaryOp(op=ast.USub()):
            return -part(node.operand)
        case ast.IfExp():
            return part(node.body if part(node.test) else node.orelse)
        case ast.BoolOp():
            return (all if isinstance(node.op, ast.And) else any)(part(each) for each in node.values)
        case ast.Compare():
            sides = [part(node.left), *map(part, node.comparators)]
            return all(ORDERS[type(op)](a, b) for op, a, b in zip(node.ops, sides, sides[1:]))
        case ast.BinOp():
            return OPERATIONS[type(node.op)](part(node.left), part(node.right))
        case ast.Call():
            return functions[ast.unparse(node.func)](*map(part, node.args))
    raise AssertionError(ast.unparse(node))


ORDERS: dict[type, Callable[[float, float], bool]] = {
    ast.Lt: lambda a, b: a < b, ast.LtE: lambda a, b: a <= b, ast.Gt: lambda a, b: a > b, ast.GtE: lambda a, b: a >= b,
}  # fmt: skip
OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b if b else math.inf, ast.Pow: lambda a, b: a**b,
}  # fmt: skip


def points(equation: Equation) -> Iterator[tuple[dict[str, float], float]]:
    """Values at random for all that an equation names, and what the functions called make of them.

    Noughts, ones, fractions and larger numbers; below nought too, but for what stands below a line or under a power.
    """
    dice = Random(f"{equation.gives} {equation.call}")
    names = [*plain_names(equation.call), *quantities(equation.call)]
    bases = [node for node in ast.walk(ast.parse(equation.text)) if isinstance(node, ast.BinOp)]
    positive = {
        name
        for node in bases
        if isinstance(node.op, ast.Div | ast.Pow)
        for name in map(ast.unparse, ast.walk(node.right if isinstance(node.op, ast.Div) else node.left))
        if name in names
    }
    for _ in range(400):
        values = {name: _drawn(dice, name not in positive) for name in names}
        try:
            computed = value(equation.call, values, FORMULAS)
        except (ZeroDivisionError, OverflowError):
            continue
        yield values, computed


def _drawn(dice: Random, either_sign: bool) -> float:
    usual = dice.choice((0.0, 1.0, dice.random(), 2 * dice.random(), 9 * dice.random(), 200 * dice.random()))
    return -usual if either_sign and dice.random() < 0.2 else usual


def same(one: float, other: float) -> bool:
    """Whether two results are equal but for rounding."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def told_apart(equation: Equation, text: str) -> bool:
    """Whether a text comes to something else than the functions called, at one point at least."""
    for values, computed in points(equation):
        try:
            if not same(value(text, values), computed):
                return True
        except (ZeroDivisionError, OverflowError):
            return True
    return False


def without_a_term(text: str) -> Iterator[str]:
    """A text with one part left out, in every way: a term, a factor, a bound, a case."""
    tree = ast.parse(text, mode="eval")
    for place, node in enumerate(ast.walk(tree)):
        for which in range(_parts(node)):
            copied = deepcopy(tree)
            twin = list(ast.walk(copied))[place]
            yield ast.unparse(_Instead(twin, _left(twin, which)).visit(copied))


def _parts(node: ast.AST) -> int:
    """In how many ways a part can be left out here."""
    call = isinstance(node, ast.Call) and len(node.args) == 2
    return 2 if call or isinstance(node, ast.BinOp | ast.IfExp) else 0


def _left(node: ast.AST, which: int) -> ast.expr:
    match node:
        case ast.BinOp():
            return (node.left, node.right)[which]
        case ast.IfExp():
            return (node.body, node.orelse)[which]
        case ast.Call():
            return node.args[which]
    raise AssertionError(node)


class _Instead(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)
