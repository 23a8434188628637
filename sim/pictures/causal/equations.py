"""Equations of the model: parsing, readable names, and drawing as MathML."""

from __future__ import annotations

import ast
import re
from collections import Counter
from html import escape

FUNCTIONS = {"exp", "logistic", "min", "max", "round"}
"""Functions that an equation may call."""
_SYMBOLS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "·"}
_ORDERS = {ast.LtE: "≤", ast.Lt: "<", ast.GtE: "≥", ast.Gt: ">"}
_STRENGTH = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 3}
"""Precedence of operators, used to decide where brackets are needed."""
_ATOM = 9
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)?")
_WRITTEN = {"**": "^", "*": "×", "<=": "≤", ">=": "≥", "-": "−"}


def parsed(text: str) -> ast.expr:
    """Syntax tree of an equation's right-hand side; SyntaxError if it is not valid."""
    return ast.parse(text, mode="eval").body


def quantities(text: str) -> list[str]:
    """The evidence quantities that an equation names, in order without repeats."""
    found = [ast.unparse(node) for node in _walk(parsed(text)) if isinstance(node, ast.Attribute)]
    return list(dict.fromkeys(found))


def plain_names(text: str) -> list[str]:
    """The other names in an equation (states, levers and facts), in order without repeats."""
    tree = parsed(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    topics = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = [n.id for n in _walk(tree) if isinstance(n, ast.Name) and id(n) not in called | topics]
    return list(dict.fromkeys(found))


def _walk(node: ast.AST) -> list[ast.AST]:
    """All nodes of the tree, in the order of the text."""
    return [node, *(below for child in ast.iter_child_nodes(node) for below in _walk(child))]


def words(name: str) -> str:
    """Displayed form of a name: `fatigue.by_load` is "by load", `posts_needed` "posts needed".

    A quantity of a single word keeps its topic: `fatigue.start` is "fatigue start".
    """
    last = name.rpartition(".")[2]
    return (last if "_" in last else name.replace(".", "_")).replace("_", " ")


def shown_names(text: str) -> dict[str, str]:
    """Displayed form of each name in an equation; quantities that would look alike include their topic."""
    names = [*quantities(text), *plain_names(text)]
    alike = Counter(map(words, names))
    return {name: words(name.replace(".", "_")) if alike[words(name)] > 1 else words(name) for name in names}


def mathml(gives: str, text: str) -> str:
    """The equation as one MathML element."""
    tree, drawing = parsed(text), _Drawing(shown_names(text))
    right = drawing.cases(tree) if isinstance(tree, ast.IfExp) else drawing.part(tree)
    spoken = escape(f"{words(gives)} = {plain(text)}", quote=True)
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" displaystyle="true" alttext="{spoken}">'
        f"<mrow>{_name(words(gives), 'gives')}<mo>=</mo>{right}</mrow></math>"
    )


def plain(text: str) -> str:
    """The right-hand side as one line of text."""
    names = shown_names(text)
    return spelt(_NAME.sub(lambda found: names.get(found[0], found[0]), ast.unparse(parsed(text))))


def spelt(text: str) -> str:
    """Arithmetic with typographic signs: × for *, − for -."""
    for code, sign in _WRITTEN.items():
        text = text.replace(code, sign)
    return text


def _name(shown: str, kind: str = "state") -> str:
    return f'<mi mathvariant="normal" class="{kind}">{escape(shown)}</mi>'


def _in_brackets(shown: str) -> str:
    return f"<mrow><mo>(</mo>{shown}<mo>)</mo></mrow>"


def _case(value: str, when: str) -> str:
    cells = f'<mtd class="value"><mrow>{value}</mrow></mtd><mtd class="when"><mrow>{when}</mrow></mtd>'
    return f"<mtr>{cells}</mtr>"


class _Drawing:
    """Renderer of one equation's parts as MathML, given the displayed form of each name."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def cases(self, tree: ast.IfExp) -> str:
        """MathML of a piecewise expression, one line per case."""
        rows: list[str] = []
        rest: ast.expr = tree
        while isinstance(rest, ast.IfExp):
            rows.append(_case(self.part(rest.body), f"<mtext>if&#160;</mtext>{self.condition(rest.test)}"))
            rest = rest.orelse
        rows.append(_case(self.part(rest), "<mtext>otherwise</mtext>"))
        return (
            f'<mo stretchy="true">{{</mo><mtable columnalign="left left" displaystyle="true">{"".join(rows)}</mtable>'
        )

    def condition(self, node: ast.expr) -> str:
        """MathML of the condition under which a case holds."""
        if isinstance(node, ast.BoolOp):
            joint = "and" if isinstance(node.op, ast.And) else "or"
            return f"<mtext>&#160;{joint}&#160;</mtext>".join(map(self.condition, node.values))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"<mtext>not&#160;</mtext>{self.part(node.operand)}"
        if isinstance(node, ast.Compare):
            signs = [f"<mo>{escape(_ORDERS[type(op)])}</mo>" for op in node.ops]
            rest = "".join(sign + self.part(other) for sign, other in zip(signs, node.comparators, strict=True))
            return self.part(node.left) + rest
        return self.part(node)

    def part(self, node: ast.expr, within: int = 0) -> str:
        """MathML of one part, bracketed if its context binds more tightly."""
        if isinstance(node, ast.IfExp):
            return _in_brackets(self.cases(node))
        if isinstance(node, ast.BinOp):
            return self.operation(node, within)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"<mo>−</mo>{self.part(node.operand, 2)}"
        if isinstance(node, ast.Attribute):
            return _name(self.names[ast.unparse(node)], "quantity")
        if isinstance(node, ast.Name):
            return _name(self.names[node.id])
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return f"<mn>{node.value:g}</mn>"
        if isinstance(node, ast.Call):
            return self.call(node)
        raise ValueError(f"an equation may not hold {ast.unparse(node)}")

    def operation(self, node: ast.BinOp, within: int) -> str:
        """MathML of a binary operation."""
        kind = type(node.op)
        if kind is ast.Div:
            return f"<mfrac><mrow>{self.part(node.left)}</mrow><mrow>{self.part(node.right)}</mrow></mfrac>"
        if kind is ast.Pow:
            return f"<msup><mrow>{self.part(node.left, _ATOM)}</mrow><mrow>{self.part(node.right)}</mrow></msup>"
        strength = _STRENGTH[kind]
        right = strength + (kind is ast.Sub)
        shown = f"{self.part(node.left, strength)}<mo>{_SYMBOLS[kind]}</mo>{self.part(node.right, right)}"
        return _in_brackets(shown) if strength < within else shown

    def call(self, node: ast.Call) -> str:
        """MathML of a function call."""
        name = ast.unparse(node.func)
        if name not in FUNCTIONS:
            raise ValueError(f"an equation may not call {name}")
        inside = "<mo>,</mo>".join(map(self.part, node.args))
        return f'<mi mathvariant="normal">{name}</mi><mo>(</mo><mrow>{inside}</mrow><mo>)</mo>'
