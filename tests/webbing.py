"""What tests of the page share: an application in this process, a server in another, and hostile texts."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from sim.study.running.worker import run_pieces
from sim.surfaces.web.workers import Workers

ROOT = Path(__file__).resolve().parents[1]
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"


class Here(Workers):
    """Workers that work in this process, at once: no process is started, so that quick tests are quick."""

    def start(self) -> None:
        """Nothing to start."""

    def call(self, function, *args, **kwargs):
        done = Future()
        try:
            done.set_result(function(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done

    def run(self, pieces, bases, seed):
        return self.call(run_pieces, pieces, bases, seed, lambda: False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """`tandem serve` in a process of its own; its address, and the process."""
    port = free_port()
    code = "import sys\nfrom sim.surfaces.cli import main\nif __name__ == '__main__': sys.exit(main(sys.argv[1:]))"
    script = folder / "served.py"
    script.write_text(code)
    process = subprocess.Popen(
        [sys.executable, str(script), "serve", "--no-browser", "--port", str(port), *options],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment(),
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _wait(address: str, process: subprocess.Popen, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, process.stdout.read()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


SCRIPTS = (
    "<script>window.__ran=1</script>", "<img src=x onerror=window.__ran=1>", "<svg/onload=window.__ran=1>",
    "\"><script>window.__ran=1</script>", "'><img src=x onerror=window.__ran=1>", "javascript:window.__ran=1",
    "</title><script>window.__ran=1</script>", "</textarea><script>window.__ran=1</script>",
    "<iframe srcdoc='<script>parent.__ran=1</script>'>", "<a href='javascript:window.__ran=1'>x</a>",
    "{{7*7}}", "{% raw %}", "${7*7}", "<b>bold</b><br>", "<math><mi//xlink:href='data:x,<script>1</script>'>",
    "<details open ontoggle=window.__ran=1>", "<body onload=window.__ran=1>", "&lt;script&gt;", "\u202e<script>",
    "<style>*{background:url(http://evil.test/x)}</style>", "<link rel=stylesheet href=//evil.test>",
)  # fmt: skip
"""Texts that would run, load or change a page if any were not taken as text."""

_TAGS = (
    "<script>hit=1</script>", "<img src onerror=hit=1>", "<svg onload=hit=1>", "<body onload=hit=1>",
    "<a href=javascript:hit=1>x</a>", "<iframe onload=hit=1>", "<details open ontoggle=hit=1>",
    "<input autofocus onfocus=hit=1>", "<video src onerror=hit=1>", "<audio src onerror=hit=1>",
    "<math><mi onmouseover=hit=1>", "<marquee onstart=hit=1>", "<object data=x onerror=hit=1>",
    "<embed src=javascript:hit=1>", "<form action=javascript:hit=1>", "<style onload=hit=1></style>",
    "<svg><animate onbegin=hit=1>", "<svg><set onbegin=hit=1>", "<svg><script>hit=1</script>", "javascript:hit=1",
)  # fmt: skip
_AROUND = ("", '">', "'>", "`>", "</title>", "</p>", "</td>", "-->", "]]>", "\\u003c")
SHORT_SCRIPTS = tuple(around + tag for tag in _TAGS for around in _AROUND)
"""Two hundred texts that fit into a name of forty letters, and would set `window.hit` if any ran."""

PATHS = (
    "../../etc/passwd", "/etc/passwd", "..\\..\\windows", "file:///etc/passwd", "outputs", "~/.ssh/id_rsa", "a/b.yaml",
    "%2e%2e%2f", "....//", "C:\\x", "nul", "/proc/self/environ", "own_partnerships/x.yaml", "x.yaml", "\x00", "a\x00b",
)  # fmt: skip
MODULES = (
    "os.system", "__import__('os')", "sim.surfaces.cli", "_target_", "hydra", "hydra.run.dir=/tmp", "builtins.eval",
    "levers.__class__.__mro__", "study.workers=64", "mechanisms.luck=off", "+x=1", "~levers", "${oc.env:HOME}",
    "!!python/object/apply:os.system [ls]", "&a [*a]", "a,b", "[a,b]", "{a: 1}", "structure_first,study.seed=9",
)  # fmt: skip
ODD = (None, True, 0, -1, 1e308, 10**30, "", " ", "x" * 100_000, [], {}, [[]], {"a": {}}, "\ud83d", "𝕏", "\n\n", "-0")


def hostile(count: int) -> list[object]:
    """That many different hostile values: paths, modules, overrides, scripts, and things of the wrong kind."""
    texts = [*PATHS, *MODULES, *SCRIPTS]
    found: list[object] = [*texts, *ODD]
    for one in texts:
        found += [f"structure_first{one}", f"{one}/..", one.upper(), f" {one}", f"{one}\n", one * 3, [one], {one: one}]
        found += [f"levers.{one}", one[::-1]]
    return found[:count]
