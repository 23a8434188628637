"""One zip that brings Tandem to a machine without internet: wheels, a start script for each system, a README.

`make bundle` makes it for this machine; BUNDLE="--platform windows --python 3.11 3.12" for another. Made twice from
the same sources it is the same to the byte.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
PARTS = Path(__file__).resolve().parent / "bundle"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the zip, the earliest that a zip can hold: so that two bundles are alike."""
SOURCE_DATE = "315532800"
"""The same date in seconds, for what builds wheels."""
ENTRY = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==([\w.+!]+)(?: ; ([^\\\n]+?))?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", re.M
)
WINDOWS_FILES = {"start.bat", "start.ps1", "README.txt"}
"""Files with the line ends that Windows expects; the others' are harmless there."""


class Target(NamedTuple):
    """A system: the tags of its wheels, and what requirement markers ask about it."""

    tags: tuple[str, ...]
    markers: Mapping[str, str]


def _target(tags: Sequence[str], system: str, name: str, os_name: str, machine: str) -> Target:
    markers = {"sys_platform": system, "platform_system": name, "os_name": os_name, "platform_machine": machine}
    return Target(tuple(tags), markers)


def _linux(machine: str) -> Target:
    glibc = ("2_34", "2_31", "2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")
    tags = [*(f"manylinux_{version}_{machine}" for version in glibc), f"manylinux2014_{machine}"]
    return _target(tags, "linux", "Linux", "posix", machine)


TARGETS = {
    "windows": _target(["win_amd64"], "win32", "Windows", "nt", "AMD64"),
    "linux": _linux("x86_64"),
    "linux-arm": _linux("aarch64"),
    "macos": _target(["macosx_14_0_arm64", "macosx_14_0_universal2"], "darwin", "Darwin", "posix", "arm64"),
    "macos-intel": _target(["macosx_13_0_x86_64", "macosx_13_0_universal2"], "darwin", "Darwin", "posix", "x86_64"),
}
"""Systems that a bundle can be made for: Windows of 64 bits, Linux with glibc 2.34, macOS 14 (on Intel 13) or later."""


class Pin(NamedTuple):
    """One entry of the lock file."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The entry as pip reads it, without its marker: that was judged for the target, not for this machine."""
        return " ".join([f"{self.name}=={self.version}", *(f"--hash=sha256:{each}" for each in self.hashes)])


def here() -> str:
    """The name of the system this runs on; SystemExit if a bundle cannot be made for it."""
    system, machine = sys.platform, platform.machine().lower()
    arm = machine in ("arm64", "aarch64")
    known = {
        ("win32", False): "windows",
        ("linux", False): "linux",
        ("linux", True): "linux-arm",
        ("darwin", True): "macos",
        ("darwin", False): "macos-intel",
    }
    if (system, arm) not in known:
        sys.exit(f"no bundle can be made for {system} on {machine}; name one with --platform: {', '.join(TARGETS)}")
    return known[system, arm]


def pins(lock: str) -> dict[str, Pin]:
    """Every entry of the lock file by its name."""
    found = {}
    for match in ENTRY.finditer(lock):
        hashes = tuple(re.findall(r"sha256:([0-9a-f]{64})", match[4]))
        found[str(canonicalize_name(match[1]))] = Pin(match[1], match[2], match[3] or "", hashes)
    return found


def environment(target: Target, python: str) -> dict[str, str]:
    """What markers ask, answered for the target."""
    answers = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    answers |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return {**answers, **target.markers}


def needed(roots: Iterable[str], known: Mapping[str, Pin], asked: dict[str, str]) -> list[Pin]:
    """The pins that Tandem needs to run there: what is declared, and what that needs in its turn."""
    found: dict[str, Pin] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [each for each in map(Requirement, roots) if _wanted(each, set(), asked)]
    while waiting:
        requirement = waiting.pop()
        name = str(canonicalize_name(requirement.name))
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        if name not in known:
            sys.exit(f"requirements.lock has no {name}, which is needed: run make lock first")
        found[name] = known[name]
        waiting += [each for each in _requires(name) if _wanted(each, requirement.extras, asked)]
    return [found[name] for name in sorted(found)]


def _requires(name: str) -> list[Requirement]:
    """What a distribution needs; nothing where it is not installed here, because only the target needs it."""
    try:
        return [Requirement(text) for text in importlib.metadata.requires(name) or []]
    except importlib.metadata.PackageNotFoundError:
        return []


def _wanted(requirement: Requirement, extras: set[str], asked: dict[str, str]) -> bool:
    """Whether a requirement holds on the target, for a distribution asked for with these extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**asked, "extra": extra}) for extra in {"", *extras})


# -- wheels --


def pip(*arguments: str) -> None:
    """One pip command with this Python; SystemExit with its words if it fails."""
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, env=os.environ | {"SOURCE_DATE_EPOCH": SOURCE_DATE}, check=False)
    if done.returncode:
        sys.exit(f"pip {arguments[0]} failed: its own words stand above")


def own_wheel(folder: Path) -> None:
    """Build Tandem's wheel into the folder."""
    pip("wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))


def fetch(wanted: Sequence[Pin], target: Target, python: str, folder: Path) -> None:
    """Bring the wheels of these pins into the folder; what has no wheel is built, and must be for every system."""
    digits = python.replace(".", "")
    for_target = ["--python-version", python, "--implementation", "cp"]
    for_target += [part for abi in (f"cp{digits}", "abi3", "none") for part in ("--abi", abi)]
    for_target += [part for tag in (*target.tags, "any") for part in ("--platform", tag)]
    sources = [pin for pin in wanted if _only_source(pin)]
    wheels = [pin for pin in wanted if pin not in sources]
    pip("download", *_listed(wheels, folder, python), "--only-binary", ":all:", *for_target, "--dest", str(folder))
    if sources:
        listed = _listed(sources, folder, f"{python}-source")
        pip("wheel", *listed, "--use-pep517", "--wheel-dir", str(folder))  # an older pip asks for `wheel` otherwise


def _only_source(pin: Pin) -> bool:
    """A pin with one hash has one file; here that is the source of what was never published as a wheel."""
    return len(pin.hashes) == 1


def _listed(wanted: Sequence[Pin], folder: Path, name: str) -> list[str]:
    file = folder.parent / f"{name}.txt"
    file.write_text("\n".join(pin.text for pin in wanted) + "\n", encoding="utf-8")
    return ["--no-deps", "--require-hashes", "--requirement", str(file)]


def requirements(wheels: Iterable[Path]) -> str:
    """What pip is to install from the folder: each name with its version and the digests of its wheels."""
    found: dict[tuple[str, str], list[str]] = {}
    for wheel in sorted(wheels):
        name, version, _, _ = parse_wheel_filename(wheel.name)
        found.setdefault((str(name), str(version)), []).append(hashlib.sha256(wheel.read_bytes()).hexdigest())
    lines = (
        " ".join([f"{name}=={version}", *(f"--hash=sha256:{each}" for each in hashes)])
        for (name, version), hashes in sorted(found.items())
    )
    return "\n".join(lines) + "\n"


# -- the zip --


def texts(version: str, system: str, pythons: Sequence[str], wheels: Iterable[Path]) -> dict[str, str]:
    """Every file of the bundle that is text, by name."""
    readme = (PARTS / "README.txt").read_text(encoding="utf-8")
    named = {"version": version, "platform": system, "pythons": " or ".join(pythons)}
    start = (PARTS / "start.sh").read_text(encoding="utf-8")
    return {
        "README.txt": readme.format(**named),
        "begin.py": (PARTS / "begin.py").read_text(encoding="utf-8"),
        "pythons.txt": "".join(f"{python}\n" for python in pythons),
        "requirements.txt": requirements(wheels),
        "start.bat": (PARTS / "start.bat").read_text(encoding="utf-8"),
        "start.command": start,
        "start.ps1": (PARTS / "start.ps1").read_text(encoding="utf-8"),
        "start.sh": start,
    }


def write(path: Path, top: str, files: Mapping[str, str], wheels: Iterable[Path]) -> Path:
    """The zip: files in the order of their names, all of one date, scripts that may be run."""
    contents = {f"{top}/{name}": _encoded(name, text) for name, text in files.items()}
    contents |= {f"{top}/wheels/{wheel.name}": wheel.read_bytes() for wheel in wheels}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with ZipFile(unfinished, "w") as bundle:
        for name in sorted(contents):
            about = ZipInfo(name, LONG_AGO)
            about.create_system = 3
            about.external_attr = (0o755 if name.endswith((".sh", ".command")) else 0o644) << 16
            about.compress_type = ZIP_STORED if name.endswith(".whl") else ZIP_DEFLATED
            bundle.writestr(about, contents[name])
    return unfinished.replace(path)


def _encoded(name: str, text: str) -> bytes:
    return (text.replace("\n", "\r\n") if name in WINDOWS_FILES else text).encode()


# -- what is wrong with a bundle --


def supported(system: str, python: str) -> frozenset[Tag]:
    """Every tag that pip takes there: by the system's own version, not by what was asked of an index."""
    target, version = TARGETS[system], (3, int(python.split(".")[1]))
    places = list(target.tags)
    if found := re.fullmatch(r"macosx_(\d+)_(\d+)_(\w+)", target.tags[0]):
        places = list(mac_platforms((int(found[1]), int(found[2])), found[3]))
    native = cpython_tags(version, platforms=places)
    return frozenset([*native, *compatible_tags(version, f"cp3{version[1]}", places)])


def complaints(path: Path, system: str, pythons: Sequence[str]) -> list[str]:
    """What keeps a zip from being installed there without an index: nothing, where it is whole."""
    with ZipFile(path) as held:
        names = [name for name in held.namelist() if name.endswith(".whl")]
        digests = {name.rpartition("/")[2]: hashlib.sha256(held.read(name)).hexdigest() for name in names}
        top = held.namelist()[0].partition("/")[0]
        listed = held.read(f"{top}/requirements.txt").decode()
    asked = {line.split("==")[0]: line for line in listed.splitlines()}
    known = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    wheels = {name: parse_wheel_filename(name) for name in digests}
    found = [f"{name} is not listed" for name, wheel in wheels.items() if digests[name] not in asked.get(wheel[0], "")]
    for python in pythons:
        there = supported(system, python)
        fits = {(str(name), str(version)) for name, version, _, tags in wheels.values() if tags & there}
        wanted = {
            (str(canonicalize_name(pin.name)), pin.version)
            for pin in needed(PROJECT["dependencies"], known, environment(TARGETS[system], python))
        }
        wanted |= {(name, line.split("==")[1].split()[0]) for name, line in asked.items()}
        found += [f"Python {python}: no wheel of {name} {version}" for name, version in sorted(wanted - fits)]
    return found


def bundle(system: str, pythons: Sequence[str], output: Path) -> Path:
    """Make the bundle for a system and some versions of Python; its path."""
    target, known = TARGETS[system], pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "wheels"
        folder.mkdir()
        own_wheel(folder)
        for python in pythons:
            fetch(needed(PROJECT["dependencies"], known, environment(target, python)), target, python, folder)
        wheels = sorted(folder.glob("*.whl"))
        top = f"tandem-{PROJECT['version']}-{system}"
        name = f"{top}-python{'-'.join(pythons)}.zip"
        made = write(output / name, top, texts(PROJECT["version"], system, pythons, wheels), wheels)
    if wrong := complaints(made, system, pythons):
        made.unlink()
        sys.exit(f"the bundle would not install on {system}: {'; '.join(wrong)}")
    return made


def main(argv: Sequence[str]) -> int:
    """Make a bundle and say where it is."""
    this = ".".join(map(str, sys.version_info[:2]))
    parser = argparse.ArgumentParser(prog="make bundle", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--platform", choices=TARGETS, default=None, help="the system it is for (default: this one)")
    parser.add_argument(
        "--python", nargs="+", default=[this], metavar="3.x", help=f"versions of Python (default: {this})"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="where the zip goes (default: dist)")
    given = parser.parse_args(argv)
    bad = [each for each in given.python if not re.fullmatch(r"3\.(1[1-9]|[2-9]\d)", each)]
    if bad:
        parser.error(f"--python takes 3.11 or later, not {bad[0]}")
    versions = sorted(set(given.python), key=lambda each: int(each.split(".")[1]), reverse=True)
    made = bundle(given.platform or here(), versions, given.output)
    print(f"{made} ({made.stat().st_size / 1e6:.0f} MB): unpack it there and run its start script")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
