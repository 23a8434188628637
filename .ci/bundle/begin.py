"""Set Tandem up beside this file, from the wheels in this folder and nothing else, and open its page."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHEELS = HERE / "wheels"
REQUIREMENTS = HERE / "requirements.txt"
ENVIRONMENT = HERE / "env"
DONE = ENVIRONMENT / "tandem-is-set-up"


def versions():
    """The Python versions that the wheels are for."""
    text = (HERE / "pythons.txt").read_text(encoding="utf-8")
    return [tuple(map(int, line.split("."))) for line in text.split()]


def stamp():
    """What a finished environment is known by: these wheels and this Python."""
    content = REQUIREMENTS.read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()


def python():
    """The environment's own Python."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_ready():
    """Whether an earlier start has set everything up."""
    return DONE.is_file() and DONE.read_text(encoding="utf-8") == stamp() and python().is_file()


def set_up():
    """A new environment with every wheel in it; nothing is asked of any network."""
    print("Setting Tandem up, once: a minute or two ...", flush=True)
    try:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(
            f"Tandem could not set itself up in {ENVIRONMENT}: {error}\nUnpack the folder to a place where you may "
            "write, such as your own documents; on Debian and Ubuntu the package python3-venv is needed too."
        )
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON"))}
    clean["PIP_CONFIG_FILE"] = os.devnull
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    found = ["--find-links", str(WHEELS), "--require-hashes", "--requirement", str(REQUIREMENTS)]
    if subprocess.call([str(python()), *install, *found], env=clean):
        sys.exit("Tandem could not be set up: the lines above say why. The folder may not be whole; unpack it again.")
    DONE.write_text(stamp(), encoding="utf-8")


def main(arguments):
    """Set up if that is still to be done, then serve the page; what follows the command is passed on."""
    if sys.version_info[:2] not in versions():
        wanted = " or ".join(".".join(map(str, version)) for version in versions())
        sys.exit(f"This folder is for Python {wanted}; this is Python {sys.version.split()[0]}.")
    if not is_ready():
        set_up()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [str(python()), "-m", "sim.surfaces.cli", "serve", *arguments]
    try:
        return subprocess.call(command, cwd=HERE, env=environment)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
