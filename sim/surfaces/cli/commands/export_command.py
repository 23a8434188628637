"""Commands that hand a study on: as a bundle or CSV tables, and made again from its manifest."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import api, terminal, terminal_studies
from sim.surfaces.api import exports
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.answers import reproduced_words


@app.command("export")
def export(
    study: StudyName,
    bundle: Annotated[Path | None, typer.Argument(metavar="[BUNDLE.zip]", show_default=False)] = None,
    tables: Annotated[str, typer.Option(help="What tables are exported as: csv, parquet or both.")] = "csv,parquet",
    folder: Annotated[Path | None, typer.Option("--csv", help="Write the tables as CSV to this folder.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what exists.")] = False,
) -> int:
    """Pack a study into one file, the same every time: settings, manifest, results, tables, logs, README.

    Example: tandem export LATEST bundle.zip --tables csv
    """
    if bundle is None and folder is None:
        raise InputError("say where to: tandem export STUDY bundle.zip, or tandem export STUDY --csv FOLDER")
    found = api.load(study)
    complaints = terminal_studies.tell_complaints(found)
    if bundle is not None:
        exports.export(found, bundle, [name.strip() for name in tables.split(",") if name.strip()], force)
        print(f"wrote {bundle}" + ("; its README says first what is missing or altered" if complaints else ""))
    if folder is not None:
        written = exports.export_csv(found, folder, force)
        print(f"wrote {len(written)} tables to {folder}")
    return 0


@app.command("reproduce")
def reproduce(
    manifest: Annotated[str, typer.Argument(metavar="MANIFEST", help="A manifest.json, a study or a bundle; LATEST.")],
    out: Annotated[Path | None, typer.Option("--out", help="Keep the new study in this folder.")] = None,
    as_json: AsJson = False,
) -> int:
    """Make a study again from its manifest and compare every result: 0 where all is the same for every purpose, else 1.

    Example: tandem reproduce outputs/2026-01-31_120000_main/manifest.json
    """
    source = Path(manifest)
    place = source if source.exists() else api.find_study(manifest)
    with terminal.progress_bar() as progress:
        found = exports.reproduce(place, out, progress)
    with redirect_stdout(sys.stdout if found.sound or as_json else sys.stderr):
        terminal.show(reproduced_words.finding(found), as_json)
    return 0 if found.sound else terminal.FAILED
