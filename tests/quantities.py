"""Which quantities of the evidence a module reads: as `e("topic.name")` for one history, as `e.topic.name` for all."""

import ast
from collections.abc import Iterator
from pathlib import Path

SAYS_WITHOUT_READING = ("core/switches.py", "glass/")
"""What names quantities and reads none of them: neutral values other than nought, and the sheets of the glass box."""


def readers(folder: Path) -> list[Path]:
    """Modules that may read quantities."""
    found = {path: path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.py"))}
    return [path for path, name in found.items() if not name.startswith(SAYS_WITHOUT_READING)]


def asked(source: str) -> set[str]:
    """Quantities that are asked for by their full name in one piece: `e("topic.name")`, or `world.e("topic.name")`."""
    calls = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args and _is_e(node.func)
    ]
    names = [call.args[0] for call in calls]
    return {name.value for name in names if isinstance(name, ast.Constant) and isinstance(name.value, str)}


def seen(source: str) -> set[str]:
    """Quantities that are read as attributes: `e.topic.name`, or `own.name` after `own = e.topic` in one function."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {name for function in functions for name in _seen_in(function)}


def _seen_in(function: ast.FunctionDef) -> Iterator[str]:
    short = dict(_shortened(function))
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            topic = _topic(node.value) or (short.get(node.value.id) if isinstance(node.value, ast.Name) else None)
            if topic:
                yield f"{topic}.{node.attr}"


def _shortened(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Names that stand for a topic in a function, and the topic."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            many = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts) if many else [(target, node.value)]  # type: ignore[attr-defined]
            for name, value in pairs:
                if isinstance(name, ast.Name) and (topic := _topic(value)):
                    yield name.id, topic


def _topic(node: ast.expr) -> str | None:
    """The topic where this is `e.topic`."""
    return node.attr if isinstance(node, ast.Attribute) and _is_e(node.value) else None


def _is_e(node: ast.expr) -> bool:
    return getattr(node, "attr", getattr(node, "id", "")) == "e"
