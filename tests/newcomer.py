"""Does what the README says, as printed, like somebody who knows nothing else: python tests/newcomer.py FOLDER

Clones this repository into FOLDER, takes every command out of the clone's README.md, and carries them out in order: in
new virtual environments, with an empty home and nothing of this checkout on the path. Fails at the first that needs
something the README does not say. Ends with what was done, as JSON.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STARTS = ("tandem", "make", "pip", "python", "python3")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
WITHIN = 900.0
"""Seconds that one command may take on a busy machine."""
UNDER_WAY = 45.0
"""Seconds after which a command that takes long is stopped with Ctrl-C."""
FEW = "study.replications=2 study.horizon_months=36"
SMALL = f"scenario=structure_first,parallel design.n=8 {FEW}"

FILLED = {
    "tandem run [key=value …]": "tandem run scenario=structure_first,transform_first study.replications=40",
    'tandem sweep key=a,b "key=range(1,7)"': (
        'tandem sweep scenario=structure_first,parallel levers.hr.od_posts=1,2 "levers.hr.hr_posts=range(1,3)" '
        "study.replications=20"
    ),
    "tandem compare STUDY [STUDY …]": "tandem compare {run}",
    "tandem why STUDY A B": "tandem why {run} structure_first transform_first",
    "tandem report STUDY": "tandem report {run}",
    "tandem diary STUDY SCENARIO [HISTORY]": "tandem diary {run} structure_first",
    "tandem indicators STUDY": "tandem indicators {run}",
    "tandem sensitivity STUDY": "tandem sensitivity {sample}",
    "tandem discover STUDY": "tandem discover {sample}",
    "tandem map STUDY KEY KEY": "tandem map {sweep} levers.hr.od_posts levers.hr.hr_posts",
    "tandem robust STUDY": "tandem robust {sample}",
    "tandem search --over LEVER --objective OUTCOME": (
        "tandem search --over levers.hr.od_posts --objective npv_gbp_m --budget 4 --check 10 study.replications=10"
    ),
    'tandem tip STUDY LEVER "npv_gbp_m > 1"': 'tandem tip {run} levers.hr.hr_posts "npv_gbp_m > 1"',
    "tandem show NAME": "tandem show levers.pace.months_between_waves",
    "tandem like PARTNERSHIP": "tandem like bromsgrove_redditch",
    "tandem export STUDY bundle.zip": "tandem export {run} bundle.zip",
    "tandem reproduce MANIFEST": "tandem reproduce outputs/{run}/manifest.json",
    "tandem new-partnership my.csv": "tandem new-partnership my.csv",
    "tandem calibrate --cases FOLDER": (
        "mkdir one_case; cp configs/case/bromsgrove_redditch.yaml one_case; "
        "tandem calibrate --cases one_case --points 20 --waves 1 --draws 20"
    ),
    "python -m sim …": "python -m sim",
}  # fmt: skip
"""What the README's words in capitals and its dots stand for; what is not here is typed as it is printed."""
SERVED = {"tandem serve"}
"""Commands that go on until they are stopped: started, asked once, stopped with Ctrl-C."""
LONG = {"tandem sweep design=sobol design.over=evidence"}
"""Commands that take longer than a check may: begun as printed, stopped with Ctrl-C, then done with a small sample."""
BUNDLED = 'make bundle BUNDLE="--platform windows --python 3.11 3.12 3.13"'
MADE_BY_MAKE = (BUNDLED, "make run", "make help", "make bundle")
LEFT = {
    "make test": "CI carries it out from a fresh clone at every push",
    "make assure": "it is what carries this out",
    "make reach": "the checks measure its rows one by one",
    "tandem verify": "CI carries out the same quick checks at every push",
    "make docs": "CI holds its pages to be current; `tandem validate`, its long part, is carried out by itself",
    "make lock": "it asks the package index for versions, which differ from day to day",
    "make": "a word in a sentence, not a command",
}
"""What is not carried out, and why."""


@dataclass
class Sitting:
    """A terminal: where one is, and what has been set, from one command to the next."""

    folder: Path
    environment: dict[str, str]
    done: list[str] = field(default_factory=list)

    def does(self, text: str, within: float = WITHIN) -> str:
        """Carry a command or several lines out; what it printed. AssertionError with its words if it fails."""
        kept = self.folder.parent / f"{self.folder.name}.environment"
        script = f"set -e\n{text}\nenv -0 > {shlex.quote(str(kept))}"
        told = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=within, check=False,
        )  # fmt: skip
        said = f"{text}\n{told.stdout[-3000:]}\n{told.stderr[-3000:]}"
        assert told.returncode == 0 and "Traceback" not in told.stderr, said
        pairs = [line.partition("=") for line in kept.read_text(encoding="utf-8").split("\0") if line]
        self.environment = {name: value for name, _, value in pairs if name not in ("_", "SHLVL", "PWD", "OLDPWD")}
        self.done.append(text)
        return told.stdout

    def begins(self, text: str) -> subprocess.Popen[str]:
        """Start a command that somebody will stop."""
        return subprocess.Popen(
            ["bash", "-c", f"exec {text}"], cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def serves(self, text: str) -> None:
        """Start the page, ask it once at the address that it prints, stop it as it says."""
        running = self.begins(text)
        try:
            assert running.stdout is not None
            lines = iter(running.stdout.readline, "")
            address = next((found[0] for line in lines if (found := re.search(r"http://[\d.:]+/", line))), "")
            assert address, f"{text}: no address was printed"
            with urllib.request.urlopen(address, timeout=60) as page:
                assert page.status == 200 and b"<h1" in page.read()
        finally:
            code = stopped(running)
        assert code in (0, 130), f"{text}: ended with {code}"
        self.done.append(text)

    def interrupts(self, text: str) -> None:
        """Begin a long command, and stop it with Ctrl-C: it must stop in order, in a sentence."""
        running = self.begins(text)
        time.sleep(UNDER_WAY)
        assert running.poll() is None or running.returncode == 0, running.stdout and running.stdout.read()
        stopped(running)
        assert running.stdout is not None and "Traceback" not in running.stdout.read()
        self.done.append(text)


def stopped(running: subprocess.Popen[str]) -> int:
    """Press Ctrl-C in the command's window; its exit code."""
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGINT)
    return running.wait(timeout=60)


def commands(readme: str) -> list[str]:
    """Every command in the order of the text: a fenced block of shell is one, each of those in a sentence another."""
    found: list[tuple[int, str]] = []
    for block in FENCE.finditer(readme):
        if block[1] == "sh":
            found.append((block.start(), block[2].strip()))
    without = FENCE.sub(lambda block: " " * len(block[0]), readme)
    for start, line in _lines(without):
        spans = ((start + span.start(), span[1]) for span in SPAN.finditer(line))
        found += [(place, text) for place, text in spans if text.split()[0] in STARTS]
    return [text for _, text in sorted(found)]


def _lines(text: str) -> list[tuple[int, str]]:
    starts = [0, *(found.end() for found in re.finditer(r"\n", text))]
    return list(zip(starts, text.split("\n"), strict=True))


def plan_of(readme: str) -> list[str]:
    """A README's commands in their order, each once."""
    return list(dict.fromkeys(commands(readme)))


def files_of(readme: str) -> dict[str, str]:
    """Files that the README tells one to write, by their path: the text before a block of YAML names it."""
    found = {}
    for block in FENCE.finditer(readme):
        if block[1] == "yaml":
            named = re.findall(r"`([\w/]+\.yaml)`", readme[: block.start()])
            found[named[-1]] = block[2]
    return found


def clean(home: Path) -> dict[str, str]:
    """The environment of somebody new: this machine's network and package settings, and nothing else of ours."""
    kept = ("PIP_", "HTTP", "HTTPS", "http", "https", "NO_PROXY", "no_proxy", "SSL_", "REQUESTS_", "LANG", "TZ")
    found = {name: value for name, value in os.environ.items() if name.startswith(kept)}
    environment = Path(sys.prefix).resolve()
    places = [place for place in os.environ["PATH"].split(os.pathsep) if not _within(place, environment)]
    found["PATH"] = os.pathsep.join([str(Path(sys.base_prefix) / "bin"), *places])
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return found | {"HOME": str(home), "XDG_CACHE_HOME": cache, "BROWSER": "true"}


def _within(place: str, folder: Path) -> bool:
    return sys.prefix != sys.base_prefix and Path(place).resolve().is_relative_to(folder)


def clone(folder: Path, source: Path = ROOT) -> Path:
    """A fresh clone of what is committed; AssertionError where the source is no repository."""
    done = subprocess.run(
        ["git", "clone", "--quiet", str(source), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"the newcomer's test clones the repository: {done.stderr.strip()}"
    return folder


def newest(folder: Path) -> str:
    """The newest study's name."""
    return max(path.parent.name for path in (folder / "outputs").glob("*/manifest.json"))


def makes(folder: Path, home: Path) -> list[str]:
    """What needs nothing but Python and make."""
    sitting = Sitting(folder, clean(home))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    printed = [each for each in commands(readme) if each in MADE_BY_MAKE]
    blocks = [
        line.partition("#")[0].strip() for block in commands(readme) if "\n" in block for line in block.split("\n")
    ]
    for text in dict.fromkeys([*(line for line in blocks if line in MADE_BY_MAKE), *printed]):
        said = sitting.does(text)
        assert said.strip(), text
    assert newest(folder) and list((folder / "dist").glob("*.zip"))
    return sitting.done


def installs(folder: Path, home: Path) -> list[str]:
    """The README's installation from the lock file, then every command of its tables and examples."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    sitting = Sitting(folder, clean(home))
    install = next(block for block in commands(readme) if "requirements.lock" in block)
    sitting.does(install)
    for name, content in files_of(readme).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    studies: dict[str, str] = {}
    for text in plan_of(readme):
        if text in LEFT or text == install or "make " in text or text.startswith("pip"):
            continue
        _carried_out(sitting, text, studies)
    own = [f"scenario={Path(name).stem} --config-dir {name.partition('/')[0]}" for name in files_of(readme)]
    for words in own:
        sitting.does(f"tandem run study.replications=20 {words}")
    return sitting.done


def _carried_out(sitting: Sitting, text: str, studies: dict[str, str]) -> None:
    """One command or block of the README, filled in where it has a placeholder."""
    if text in SERVED:
        return sitting.serves(text)
    if text in LONG:
        sitting.interrupts(text)
        sitting.does(f"{text} {SMALL}")
        studies["sample"] = newest(sitting.folder)
        return None
    if text.startswith("tandem new-partnership my"):
        sitting.does("tandem new-partnership --template && mv partnership.csv my.csv")
    typed = FILLED.get(text, text).format(**studies) if "{" in FILLED.get(text, text) else FILLED.get(text, text)
    for line in typed.split("\n"):
        sitting.does(line)
    if text.startswith("tandem run [") or text == "tandem":
        studies["run"] = newest(sitting.folder)
    elif text.startswith("tandem sweep key"):
        studies["sweep"] = newest(sitting.folder)
    return None


def plain_install(folder: Path, home: Path) -> list[str]:
    """`pip install .` into a Python that has nothing, and then the extra that the answers need."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    sitting = Sitting(folder, clean(home))
    own = folder.parent / f"{folder.name}-python"
    sitting.does(f"python3 -m venv {shlex.quote(str(own))} && . {shlex.quote(str(own / 'bin' / 'activate'))}")
    sitting.done.clear()
    elsewhere = folder.parent / f"{folder.name}-elsewhere"
    elsewhere.mkdir()
    for text in (each for each in plan_of(readme) if each.startswith("pip install")):
        sitting.does(text)
        away = Sitting(elsewhere, sitting.environment)
        asks = "tandem run study.replications=20" if text == "pip install ." else f"tandem sensitivity {_sampled(away)}"
        away.does(asks)
        sitting.done.append(asks)
    return sitting.done


def _sampled(sitting: Sitting) -> str:
    sitting.does(f"tandem sweep scenario=structure_first design=morris design.over=evidence.time design.n=4 {FEW}")
    return newest(sitting.folder)


def main(folder: Path, source: Path = ROOT) -> dict[str, list[str]]:
    """Everything, in three clones; what was carried out in each."""
    home = folder / "home"
    home.mkdir(parents=True)
    assert shutil.which("tandem", path=clean(home)["PATH"]) is None, "a newcomer has no command tandem yet"
    first, second, third = (clone(folder / name, source) for name in ("by make", "by hand", "by pip"))
    return {"make": makes(first, home), "by hand": installs(second, home), "by pip": plain_install(third, home)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]).resolve(), *map(Path, sys.argv[2:3])), ensure_ascii=False, indent=1))
