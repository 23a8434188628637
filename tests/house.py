"""The rules of the house as functions from source to complaints; test_house.py holds the project to them."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple

LAYERS = (
    "core",
    "agents",
    "engine",
    "plans",
    "study",
    "analysis",
    "words",
    "pictures",
    "rooms",
    "assurance",
    "surfaces",
    "__main__ __init__",
)
"""The parts of `sim`, lowest first. A part may import lower ones."""

RANK = {part: rank for rank, line in enumerate(LAYERS) for part in line.split()}
STUDY, ENGINE = RANK["study"], RANK["engine"]
OUTCOMES, SETTINGS = "sim.engine.outcomes", "sim.engine.settings"
CORE_LIBRARIES = {"simpy", "yaml", "pydantic", "pydantic_core"}
MECHANISMS, LANES = "sim.core.mechanisms", "sim.core.lanes"
HYDRA = {"hydra", "omegaconf", "hydra_plugins"}
HYDRA_APPLICATION = "sim.surfaces.hydra_application"
SHARED_LUCK = {"random", "secrets"}
UNSAFE_IMPORTS = {"pickle", "dill", "cloudpickle", "marshal", "shelve"}
UNSAFE_NAMES = {"eval", "exec", "instantiate", "read_pickle", "to_pickle", "unsafe_load", "UnsafeLoader"}
LONGEST_FUNCTION = 40
LAZY = {
    "sim.analysis.regions.boxes",
    "sim.analysis.seeking.search",
    "sim.analysis.sensitivity.index_estimates",
    "sim.analysis.calibration.emulators",
    "sim.analysis.calibration.waves",
    "sim.study.design.designs",
    "sim.study.files.store",
    "sim.surfaces.api.ema",
    "sim.surfaces.brief.paper",
    "sim.surfaces.terminal",
    "sim.surfaces.web.connections",
}
"""Modules with an import inside a function: an optional package, one of one platform, or one slow to start."""
BORROWED = {"sim.analysis.regions.boxes": {"_peel"}, "sim.study.running.crew": {"_exit"}}
"""Names with an underscore that a library offers for use, or offers no other way to do."""
OF_A_ROW = {"_asdict", "_fields", "_make", "_replace"}
"""Public parts of every named tuple, in spite of their underscore."""
MOST_ENTRIES = 18
"""Most modules and folders in one folder, its `__init__` and `__main__` aside."""
MOST_QUESTIONS = 60
"""Most docstrings in all that begin with a question word; a description begins with the thing described."""
QUESTION = re.compile(r"(What|How|Whether|Which|Where|When|Whose|Who|Why)\b")
SHARED_STEPS = {
    f"sim.agents.{each}"
    for each in (
        *("politics.political_control", "politics.votes"),
        *("delivery.decisions", "delivery.savings", "delivery.service_steps", "delivery.work"),
    )
}

TOP_LEVEL = {
    "sim",
    "hydra_plugins",
    "configs",
    "scenarios",
    "tests",
    "docs",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "SECURITY.md",
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    ".ci",
    ".gitignore",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.ClassDef | Function


class Import(NamedTuple):
    """One import: the module it reaches, and the name taken from that module if there is one."""

    module: str
    name: str | None
    line: int


@dataclass(frozen=True)
class Module:
    """One source file under its dotted name."""

    name: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """The part of `sim` it belongs to: a module of the top folder, or a folder."""
        return part_of(self.name)

    @cached_property
    def classes(self) -> set[str]:
        """Names of the classes it defines."""
        return {node.name for node in self.tree.body if isinstance(node, ast.ClassDef)}


House = Mapping[str, Module]
Rule = Callable[[Module, House], Iterator[str]]


def part_of(name: str) -> str:
    """The part of `sim` that a dotted name belongs to."""
    return [*name.split("."), "__init__"][1]


def house_of(sources: Mapping[str, str]) -> House:
    """Modules by dotted name, from their source text."""
    return {name: Module(name, ast.parse(text)) for name, text in sources.items()}


def imports(module: Module, house: House) -> Iterator[Import]:
    """Every import of a module, wherever it stands, functions and type-checking blocks included."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, None, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (imported(node, alias.name, house) for alias in node.names)


def imported(node: ast.ImportFrom, name: str, house: House) -> Import:
    """One name of a `from` import; a name that is itself a module counts as that module."""
    origin = "." * node.level + (node.module or "")
    is_module = f"{origin}.{name}" in house or (origin == "sim" and name in RANK)
    return Import(f"{origin}.{name}", None, node.lineno) if is_module else Import(origin, name, node.lineno)


def no_upward_import(module: Module, house: House) -> Iterator[str]:
    """Layers: every import goes down or stays in its part; outcomes and the modules that play histories stay apart."""
    if module.name.startswith("hydra_plugins"):
        return
    if module.part not in RANK:
        yield f"{module.name} has no place in LAYERS"
        return
    for found in imports(module, house):
        if found.module.startswith("."):
            yield f"{module.name}:{found.line} imports relatively; write the module's full name"
        if found.module.split(".")[0] != "sim" or module.name == "sim":
            continue
        target = part_of(found.module)
        if target == "__init__":
            yield f"{module.name}:{found.line} imports the umbrella; import the module that has {found.name}"
        elif goes_up(module, found) or strange_in_engine(module.name, found.module):
            yield f"{module.name}:{found.line} may not import {found.module}"


def goes_up(module: Module, found: Import) -> bool:
    """True for an import of a higher part."""
    return RANK.get(part_of(found.module), 99) > RANK[module.part]


def strange_in_engine(name: str, target: str) -> bool:
    """True for an import between outcomes and the modules of the engine other than its settings."""
    if part_of(name) != "engine" or part_of(target) != "engine" or SETTINGS in {name, target}:
        return False
    return name.startswith(OUTCOMES) != target.startswith(OUTCOMES)


def libraries_in_their_place(module: Module, house: House) -> Iterator[str]:
    """Hydra only at the top, SimPy only at the bottom, little else below study but numpy in lanes, no shared luck."""
    rank = RANK.get(module.part, 99)
    for found in imports(module, house):
        library = found.module.split(".")[0]
        if library in HYDRA and not module.name.startswith((HYDRA_APPLICATION, "hydra_plugins")):
            yield f"{module.name}:{found.line} imports {library}: Hydra lives in its application and the plugin"
        if library == "simpy" and (
            rank > ENGINE or module.name.startswith(OUTCOMES) or module.name in {MECHANISMS, LANES}
        ):
            yield f"{module.name}:{found.line} imports simpy: only engine and below may, and no formulas"
        if library == "numpy" and module.name == LANES:
            continue
        outside = library not in sys.stdlib_module_names | {"sim", "__future__", ""}
        if rank < STUDY and outside and library not in CORE_LIBRARIES:
            yield f"{module.name}:{found.line} imports {library}: below study only {sorted(CORE_LIBRARIES)}"
        if rank < STUDY and library in SHARED_LUCK:
            yield f"{module.name}:{found.line} imports {library}: luck has an address"


def agents_apart(module: Module, house: House) -> Iterator[str]:
    """An agent takes from another only its levers and settings; the steps they share are in modules of no agent."""
    if not module.name.startswith("sim.agents."):
        return
    for found in imports(module, house):
        if not found.module.startswith("sim.agents") or found.module == module.name:
            continue
        shared_step = found.module in SHARED_STEPS
        if not shared_step and not (found.name or "").endswith(("Levers", "Settings")):
            yield f"{module.name}:{found.line} imports {found.name or found.module}: agents meet in sim.core.world"


def mechanisms_pure(module: Module, house: House) -> Iterator[str]:
    """Mechanisms compute: they neither wait, nor know the time, nor draw luck."""
    if module.name != MECHANISMS:
        return
    for found in imports(module, house):
        if found.module.startswith("sim."):
            yield f"{module.name}:{found.line} imports {found.module}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await):
            yield f"{module.name}:{node.lineno} waits"
        if names_of(node) & {"env", "luck"}:
            yield f"{module.name}:{getattr(node, 'lineno', 0)} uses {names_of(node) & {'env', 'luck'}}"


def names_of(node: ast.AST) -> set[str]:
    return {value for key in ("id", "attr", "arg") if isinstance(value := getattr(node, key, None), str)}


def nothing_unsafe(module: Module, house: House) -> Iterator[str]:
    """No pickle, no evaluation of text, nothing instantiated from settings."""
    for found in imports(module, house):
        names = {found.module.split(".")[0], found.name or ""}
        if names & (UNSAFE_IMPORTS | UNSAFE_NAMES):
            yield f"{module.name}:{found.line} imports {found.module}"
    for node in ast.walk(module.tree):
        unsafe = isinstance(node, ast.Name | ast.Attribute) and names_of(node) & UNSAFE_NAMES
        allowed = isinstance(node, ast.keyword) and node.arg == "allow_pickle"
        if unsafe or allowed:
            yield f"{module.name}:{getattr(node, 'lineno', 0)} uses {ast.unparse(node)}"


def functions_short(module: Module, house: House) -> Iterator[str]:
    """No function is longer than LONGEST_FUNCTION lines, its docstring aside."""
    for node in ast.walk(module.tree):
        if not isinstance(node, Function):
            continue
        lines = lines_of(node) - (lines_of(node.body[0]) if ast.get_docstring(node) is not None else 0)
        if lines > LONGEST_FUNCTION:
            yield f"{module.name}:{node.lineno} {node.name} has {lines} lines, more than {LONGEST_FUNCTION}"


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def public_things_described(module: Module, house: House) -> Iterator[str]:
    """Every public class, function and method says what it is."""
    for node in public_definitions(module.tree.body):
        if not ast.get_docstring(node):
            yield f"{module.name}:{node.lineno} {node.name} has no docstring"


def public_definitions(body: Iterable[ast.stmt]) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body)


def imports_at_the_top(module: Module, house: House) -> Iterator[str]:
    """Imports stand at the top of a module; those inside functions only in the modules of LAZY."""
    if module.name not in LAZY:
        for line in sorted(imports_inside(module)):
            yield f"{module.name}:{line} imports inside a function"


def imports_inside(module: Module) -> set[int]:
    """Lines of the imports that stand inside functions."""
    functions = (node for node in ast.walk(module.tree) if isinstance(node, Function))
    inside = (node for function in functions for node in ast.walk(function))
    return {node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)}


def nothing_private_taken(module: Module, house: House) -> Iterator[str]:
    """A name with an underscore is used only in the module that defines it."""
    for found in imports(module, house):
        if is_private(found.name or found.module.rpartition(".")[2]):
            yield f"{module.name}:{found.line} imports {found.name or found.module}"
    known = OF_A_ROW | own_names(module.tree) | BORROWED.get(module.name, set())
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in known:
            yield f"{module.name}:{node.lineno} reaches for {ast.unparse(node)}"


def own_names(tree: ast.Module) -> set[str]:
    """Names that a module gives to functions, classes, variables and attributes of `self` or `cls`."""
    found = {node.name for node in ast.walk(tree) if isinstance(node, Definition)}
    found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return found | {node.attr for node in attributes if ast.unparse(node.value) in ("self", "cls")}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


RULES: tuple[Rule, ...] = (
    no_upward_import,
    libraries_in_their_place,
    agents_apart,
    mechanisms_pure,
    nothing_unsafe,
    functions_short,
    public_things_described,
    imports_at_the_top,
    nothing_private_taken,
)


def arrows(house: House) -> set[tuple[str, str]]:
    """Every import within `sim`, from module to module; a name of a package counts as that package."""
    return {
        (module.name, found.module)
        for module in house.values()
        for found in imports(module, house)
        if found.module in house
    }


def names_given_twice(house: House) -> dict[str, set[str]]:
    """Names that several files or several classes bear, with their places; folders may share theirs."""
    holders: dict[str, set[str]] = defaultdict(set)
    folders = {name.rpartition(".")[0] for name in house}
    for module in house.values():
        if module.name not in folders and not module.name.endswith("__main__"):
            holders[f"{module.name.rpartition('.')[2]}.py"].add(module.name)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                holders[node.name].add(f"{module.name}:{node.lineno}")
    return {name: places for name, places in holders.items() if len(places) > 1}


def crowded(files: Iterable[PurePath]) -> dict[str, int]:
    """Folders with more than MOST_ENTRIES Python files and folders of such, and the number that each has."""
    inside: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for folder, entry in zip(file.parents, file.parts[::-1]):
            if not entry.startswith("__"):
                inside[folder.as_posix()].add(entry)
    return {folder: len(entries) for folder, entries in inside.items() if len(entries) > MOST_ENTRIES}


def questions(house: House) -> list[str]:
    """Docstrings that begin with a question word, each with its place."""
    documented = ast.Module | Definition
    return [
        f"{module.name}:{getattr(node, 'lineno', 1)} {text.splitlines()[0]}"
        for module in house.values()
        for node in ast.walk(module.tree)
        if isinstance(node, documented) and QUESTION.match(text := ast.get_docstring(node) or "")
    ]


def strangers(names: Iterable[str]) -> set[str]:
    """Names at the top of the repository that have no business there."""
    return set(names) - TOP_LEVEL


def circles(house: House) -> list[list[str]]:
    """Groups of modules that import each other, directly or by way of others."""
    targets: dict[str, set[str]] = {}
    for name, target in arrows(house):
        targets.setdefault(name, set()).add(target)
    reach = {name: reached(name, targets) for name in targets}
    on_a_circle = {name: ahead for name, ahead in reach.items() if name in ahead}
    groups = {
        frozenset(other for other in ahead if name in reach.get(other, ())) for name, ahead in on_a_circle.items()
    }
    return sorted(sorted(group) for group in groups)


def reached(name: str, targets: Mapping[str, set[str]]) -> set[str]:
    """Every module that a module imports, directly or by way of others."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        new = targets.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return found
