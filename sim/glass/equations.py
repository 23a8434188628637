"""Equations as they are read and shown: plain arithmetic on words, drawn as MathML without any script."""

from __future__ import annotations

import ast
from html import escape

FUNCTIONS = {"exp", "logistic", "min", "max", "draw"}
"""What an equation may call; `draw` is an address of luck, a number between 0 and 1."""
_SYMBOLS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "·"}
_ORDERS = {ast.LtE: "≤", ast.Lt: "<", ast.GtE: "≥", ast.Gt: ">"}
_STRENGTH = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 3}
"""How closely an operation binds, for brackets."""
_ATOM = 9


def parsed(text: str) -> ast.expr:
    """An equation's right-hand side as a tree; SyntaxError where it is none."""
    return ast.parse(text, mode="eval").body


def quantities(text: str) -> list[str]:
    """The evidence quantities that an equation names, in order, each once."""
    found = [ast.unparse(node) for node in _walk(parsed(text)) if isinstance(node, ast.Attribute)]
    return list(dict.fromkeys(found))


def plain_names(text: str) -> list[str]:
    """The other names of an equation: states, levers and facts, in order, each once."""
    tree = parsed(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    topics = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = [n.id for n in _walk(tree) if isinstance(n, ast.Name) and id(n) not in called | topics]
    return list(dict.fromkeys(found))


def _walk(node: ast.AST) -> list[ast.AST]:
    """All nodes in the order of the text."""
    return [node, *(below for child in ast.iter_child_nodes(node) for below in _walk(child))]


def words(name: str) -> str:
    """A name as it is shown: `fatigue.by_load` is "by load", `posts_needed` is "posts needed"."""
    return name.rpartition(".")[2].replace("_", " ")


def mathml(gives: str, text: str) -> str:
    """The equation as one MathML element."""
    tree = parsed(text)
    right = _cases(tree) if isinstance(tree, ast.IfExp) else _drawn(tree)
    spoken = escape(f"{words(gives)} = {plain(text)}", quote=True)
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" displaystyle="true" alttext="{spoken}">'
        f"<mrow>{_name(words(gives), 'gives')}<mo>=</mo>{right}</mrow></math>"
    )


def plain(text: str) -> str:
    """The right-hand side in one line of text."""
    shown = ast.unparse(parsed(text))
    for name in sorted([*quantities(text), *plain_names(text)], key=len, reverse=True):
        shown = shown.replace(name, words(name))
    return shown.replace("*", "×").replace("<=", "≤").replace(">=", "≥").replace("-", "−")


def _name(shown: str, kind: str = "state") -> str:
    return f'<mi mathvariant="normal" class="{kind}">{escape(shown)}</mi>'


def _cases(tree: ast.IfExp) -> str:
    """One line for each case."""
    rows: list[str] = []
    rest: ast.expr = tree
    while isinstance(rest, ast.IfExp):
        rows.append(_case(_drawn(rest.body), f"<mtext>if&#160;</mtext>{_drawn(rest.test)}"))
        rest = rest.orelse
    rows.append(_case(_drawn(rest), "<mtext>otherwise</mtext>"))
    return f'<mo stretchy="true">{{</mo><mtable columnalign="left left" displaystyle="true">{"".join(rows)}</mtable>'


def _case(value: str, when: str) -> str:
    cells = f'<mtd class="value"><mrow>{value}</mrow></mtd><mtd class="when"><mrow>{when}</mrow></mtd>'
    return f"<mtr>{cells}</mtr>"


def _drawn(node: ast.expr, within: int = 0) -> str:
    """One part of an equation, in brackets where what it stands in binds closer."""
    if isinstance(node, ast.BinOp):
        return _operation(node, within)
    if isinstance(node, ast.UnaryOp):
        return f"<mo>−</mo>{_drawn(node.operand, 2)}"
    if isinstance(node, ast.Attribute):
        return _name(words(ast.unparse(node)), "quantity")
    if isinstance(node, ast.Name):
        return _name(words(node.id))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return f"<mn>{node.value:g}</mn>"
    if isinstance(node, ast.Compare):
        return f"{_drawn(node.left)}<mo>{_ORDERS[type(node.ops[0])]}</mo>{_drawn(node.comparators[0])}"
    if isinstance(node, ast.Call):
        return _call(node)
    raise ValueError(f"an equation may not hold {ast.unparse(node)}")


def _operation(node: ast.BinOp, within: int) -> str:
    kind = type(node.op)
    if kind is ast.Div:
        return f"<mfrac><mrow>{_drawn(node.left)}</mrow><mrow>{_drawn(node.right)}</mrow></mfrac>"
    if kind is ast.Pow:
        return f"<msup><mrow>{_drawn(node.left, _ATOM)}</mrow><mrow>{_drawn(node.right)}</mrow></msup>"
    strength = _STRENGTH[kind]
    right = strength + (kind is ast.Sub)
    shown = f"{_drawn(node.left, strength)}<mo>{_SYMBOLS[kind]}</mo>{_drawn(node.right, right)}"
    return f"<mrow><mo>(</mo>{shown}<mo>)</mo></mrow>" if strength < within else shown


def _call(node: ast.Call) -> str:
    name = ast.unparse(node.func)
    if name not in FUNCTIONS:
        raise ValueError(f"an equation may not call {name}")
    inside = "<mo>,</mo>".join(_drawn(argument) for argument in node.args)
    return f'<mi mathvariant="normal">{name}</mi><mo>(</mo><mrow>{inside}</mrow><mo>)</mo>'
