"""One trial: the tests of some files, in a process of its own, with one module of `sim` changed in memory.

No file is touched: the process is forked from one that has the libraries loaded but nothing of `sim`, and reads
the changed text in place of the module's file.
"""

import contextlib
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("numpy", "pandas", "pydantic", "pytest", "simpy", "yaml")
"""What the tests load; loaded once, before any fork."""
MOST_SECONDS = 60
"""Processor time of a trial: some ten times what all the tests need; what runs longer does not end."""
MOST_BYTES = 4 << 30


class Changed(SourceFileLoader):
    """Loads a module from another text than that of its file."""

    text = ""

    def get_code(self, fullname: str) -> CodeType:
        """The changed text, compiled."""
        return compile(self.text, self.path, "exec", dont_inherit=True)


class Change(MetaPathFinder):
    """Finds the one module that is changed, before anybody else does."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = ROOT / file, text
        self.name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module with the changed text; None for any other."""
        if fullname != self.name:
            return None
        loader = Changed(fullname, str(self.file))
        loader.text = self.text
        return spec_from_file_location(fullname, self.file, loader=loader)


class First:
    """A pytest plugin that remembers the first test that is red."""

    def __init__(self) -> None:
        self.red = ""

    def pytest_runtest_logreport(self, report: object) -> None:
        """Note a failure, in the test or around it."""
        if report.failed and not self.red:  # type: ignore[attr-defined]
            self.red = report.nodeid  # type: ignore[attr-defined]

    def pytest_collectreport(self, report: object) -> None:
        """Note a file that cannot even be loaded."""
        if report.failed and not self.red:  # type: ignore[attr-defined]
            self.red = f"{report.nodeid} cannot be loaded"  # type: ignore[attr-defined]


def load_libraries() -> None:
    """Load what every trial needs, so that none pays for it."""
    for name in LIBRARIES:
        __import__(name)
    if loaded := [name for name in sys.modules if name.split(".")[0] == "sim"]:
        raise RuntimeError(f"{loaded[0]} is loaded already, so that a change of it would have no effect")


def first_red(file: str, text: str, stages: Sequence[Sequence[str]]) -> str:
    """The first test that is red when `file` reads `text`; empty if all stages of test files stay green."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _try(file, text, stages, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if told:
        red: str = json.loads(told)
        return red
    return f"did not end ({signal.Signals(os.WTERMSIG(status)).name})" if os.WIFSIGNALED(status) else "ended early"


def _try(file: str, text: str, stages: Sequence[Sequence[str]], writing: int) -> None:
    """In the child: run the tests, say which was red first, and end."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path.insert(0, str(ROOT))
    sys.meta_path.insert(0, Change(file, text))
    red = ""
    try:
        for stage in stages:
            red = red or _first_red_of(stage)
    finally:
        os.write(writing, json.dumps(red or "").encode())
        os._exit(0)


def _first_red_of(files: Sequence[str]) -> str:
    import pytest

    first = First()
    options = ("-x", "--tb=no", "-p", "no:cacheprovider", "-p", "no:faulthandler")
    with silent():
        code = pytest.main([*options, *(f"tests/{name}" for name in files)], plugins=[first])
    return first.red or ("" if code == 0 else f"pytest ends with {int(code)}")


@contextmanager
def silent() -> Iterator[None]:
    """Nothing is printed meanwhile."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
