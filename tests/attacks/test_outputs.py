"""What goes out: scripts stay text in exported HTML, formulas stay text in CSV, and no file tells on its maker."""

import csv
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from answers import running
from browser import browser
from corpora import FORMULAS, RAN, XSS
from made_studies import Truth, study_of
from ways_in import HEADER, content
from webbing import ROOT

from sim.plans.strict import SHIPPED
from sim.study.files import store
from sim.study.study import Study
from sim.surfaces import api
from sim.surfaces.api import answers as comparing
from sim.surfaces.api import diaries, exports
from sim.surfaces.brief import brief

# Scripts


def hostile_study(folder: Path, scripts: list[str], plans: int) -> Study:
    """A study in which every text that people may write holds one of some scripts."""
    shown = scripts[:plans]
    truths = [Truth(text, (0.1, 0.5, 1.0 + n / 9, 2.0), 5.0 + n, meaning=text) for n, text in enumerate(shown)]
    made = study_of(folder, truths)
    manifest = json.loads((made.folder / store.MANIFEST).read_text(encoding="utf-8"))
    place = manifest["settings"]["partnership"]
    names = {council["name"]: script[:80] for council, script in zip(place["councils"], scripts[-2:], strict=True)}
    place["name"] = scripts[0][:80]
    place["arrangements"] = []
    place["provenance"] = {"name": scripts[1], "councils": scripts[2]}
    for council in place["councils"]:
        council["full_name"] = council["name"] = names[council["name"]]
    for pair in place["pairs"]:
        pair["between"] = [names[name] for name in pair["between"]]
    manifest["settings"]["scenario"]["reasons"] = {"levers.pace.months_between_waves": scripts[3]}
    manifest["study"]["reason"] = scripts[4]
    for topic in list(manifest["settings"]["evidence"].values())[:3]:
        next(iter(topic.values())).update(source=f"assumption: {scripts[0]}", meaning=scripts[1])
    manifest["warnings"] = [scripts[2]]
    store.write_manifest(made.folder, manifest)
    return Study.load(made.folder)


def in_every_field(folder: Path, scripts: list[str], audience: str, plans: int = 5) -> str:
    html = brief(hostile_study(folder, scripts, plans), audience, scripts)
    assert running(html) == [], scripts
    return html


@pytest.mark.check("XSS")
def test_scripts_stay_text_in_a_brief(tmp_path: Path, record_property: Any) -> None:
    """The worst five in every field of a brief."""
    html = in_every_field(tmp_path, [XSS[0], XSS[11], XSS[62], XSS[120], XSS[171]], "members", 2)
    assert "&lt;script&gt;" in html
    record_property("reached", "5 scripts in every text of a brief: none is more than text")
    record_property("n", 5)


@pytest.mark.slow
@pytest.mark.check("XSS")
def test_two_hundred_scripts_in_every_text_of_briefs_do_not_run(tmp_path: Path, record_property: Any) -> None:
    """In Chromium, without the page's own policy against scripts: it is the escaping that is looked at."""
    assert len(set(XSS)) == 200
    wrong = []
    with browser() as started:
        for number in range(0, len(XSS), 5):
            scripts = list(XSS[number : number + 5])
            html = in_every_field(tmp_path / str(number), scripts, ("members", "officers", "technical")[number % 3])
            bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
            assert bare != html, "the brief has a policy of its own"
            page = started.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.set_content(bare, wait_until="load")
            wrong += [(scripts, asked)] if asked or page.evaluate("window.__ran !== undefined") else []
            page.close()
    record_property(
        "reached", f"{len(XSS)} scripts in every text of {len(XSS) // 5} briefs: {len(wrong)} ran or fetched"
    )
    record_property("n", len(XSS))
    assert wrong == []


def test_what_the_scripts_are_looked_for_with_finds_them() -> None:
    """Each of the two hundred, put into a page as it is, is found by the reader of pages."""
    missed = [script for script in XSS if not running(f"<p>{script}</p>") and "form action" not in script]
    assert len(missed) < len(XSS) / 10, missed
    assert running("<p>&lt;script&gt;" + RAN + "&lt;/script&gt;</p><script src='/static/base.js'></script>") == []


# Formulas


def cells_that_run(text: str) -> Iterator[str]:
    """Cells of a CSV text that a spreadsheet would take for a formula."""
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
                try:
                    float(cell)
                except ValueError:
                    yield cell


@pytest.mark.check("CSV")
def test_text_cells_are_neutralised_and_numbers_stay_numbers() -> None:
    numbers = (-1, -1.5, 0, 2, 1e-300, -(10**20), True, False)
    text = store.csv_text([FORMULAS, numbers, (None, float("nan"), "")])
    assert list(cells_that_run(text)) == []
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [cell.removeprefix("'") for cell in rows[0]] == [re.sub("\r\n?", "\n", cell) for cell in FORMULAS]
    assert all(cell.startswith("'") for cell in rows[0])
    assert list(cells_that_run(store.csv_text([["fine\r=1+1", "fine\r\n@x", "fine\n+1"]]))) == []
    assert [float(cell) for cell in rows[1][:6]] == [float(number) for number in numbers[:6]]
    assert rows[2] == ["", "", ""]


@pytest.mark.check("CSV")
def test_one_function_writes_what_people_wrote_as_csv() -> None:
    """Nothing in the program writes CSV in another way, but for the empty template, which holds no word of a user's."""
    others = re.compile(r"\.to_csv\(|csv\.(?:writer|DictWriter)\(")
    every = (path for part in ("sim", "hydra_plugins") for path in (ROOT / part).rglob("*.py"))
    found = {path.relative_to(ROOT).as_posix() for path in every if others.search(path.read_text(encoding="utf-8"))}
    assert found == {"sim/study/files/store.py", "sim/plans/partnership_csv/csv_columns.py"}


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study whose plans, partnership and councils are named by formulas."""
    place = tmp_path_factory.mktemp("formulas")
    (place / "scenario").mkdir()
    (place / "partnership").mkdir()
    kept = [text for text in FORMULAS if "\r" not in text and "\n" not in text]
    for number, text in enumerate(kept):
        body = {"scenario": {"title": text, "meaning": text, "reasons": {"levers.hr.od_posts": text}}}
        body["levers"] = {"hr": {"od_posts": (number + 1) / 4}}
        (place / "scenario" / f"f{number}.yaml").write_text(HEADER + json.dumps(body))
    own = content(SHIPPED[0] / "partnership" / "bromsgrove_redditch.yaml")
    names = {council["name"]: f"{sign}{council['name']}" for council, sign in zip(own["councils"], "=@", strict=True)}
    own["name"] = "+ours"
    for council in own["councils"]:
        council["name"], council["full_name"] = names[council["name"]], "-x"
    for pair in own["pairs"]:
        pair["between"] = [names[name] for name in pair["between"]]
    own["provenance"] = {"name": "=1+1", "councils": "@x"}
    (place / "partnership" / "own.yaml").write_text(json.dumps(own))
    scenarios = ",".join(f"f{number}" for number in range(len(kept)))
    given = [f"scenario=structure_first,{scenarios}", "partnership=own", "study.replications=2", "study.workers=1"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.pictures.figures.save_all", lambda *_: None)
        return api.run([*given, "study.horizon_months=24", "study.reason='=1+1'"], [place], place / "outputs")


@pytest.mark.slow
@pytest.mark.check("CSV")
def test_no_csv_of_a_study_or_an_export_holds_a_formula(
    formulas: Study, tmp_path: Path, monkeypatch: Any, record_property: Any
) -> None:
    monkeypatch.setattr("sim.surfaces.api.kept_answers.draw", lambda *_: None)
    comparing.compare(formulas)
    diaries.diary(formulas, "f0", "0", tmp_path / "diary.csv")
    exports.export_csv(formulas, tmp_path / "tables")
    exports.export(formulas, tmp_path / "bundle.zip")
    texts = {path.name: path.read_text(encoding="utf-8") for folder in (tmp_path, formulas.folder)
             for path in folder.rglob("*.csv")}  # fmt: skip
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        texts |= {f"bundle {name}": bundle.read(name).decode() for name in bundle.namelist() if name.endswith(".csv")}
    wrong = {name: list(cells_that_run(text))[:3] for name, text in texts.items() if any(cells_that_run(text))}
    neutralised = sum(text.count("'=") + text.count("'@") + text.count("'+") for text in texts.values())
    cells = sum(text.count(",") + text.count("\n") for text in texts.values())
    record_property("reached", f"{len(texts)} CSV files, {cells:,} cells, {len(wrong)} files with a formula")
    record_property("n", len(texts))
    assert wrong == {} and neutralised > 100


# Secrets

PLANTED = "zq7planted"
TELLTALE = f"""
import getpass, os, platform, socket
socket.gethostname = socket.getfqdn = platform.node = lambda *_: "{PLANTED}host"
getpass.getuser = lambda: "{PLANTED}user"
"""
TELLING = (
    "USER", "LOGNAME", "USERNAME", "HOSTNAME", "COMPUTERNAME", "EMAIL", "NAME", "API_KEY", "AWS_SECRET_ACCESS_KEY",
    "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "SSH_CONNECTION", "SOME_TOKEN", "DATABASE_URL",
)  # fmt: skip
COMMANDS = (
    "run scenario=structure_first,parallel,mine partnership=own study.replications=12 study.horizon_months=36 "
    "study.workers=2 --config-dir {own}",
    "report LATEST --audience technical -o brief.html",
    "report LATEST",
    "export LATEST bundle.zip",
    "export LATEST --csv tables",
    "compare LATEST",
    "why LATEST structure_first parallel --histories 10",
    "diary LATEST mine 0 --csv diary.csv",
    "indicators LATEST",
    "tip LATEST levers.hr.od_posts 'npv_gbp_m > -5' --replications 30 --most 30",
    "reproduce LATEST --out again",
    "new-partnership table.csv --output made.yaml",
    "sweep design=lhs design.n=24 design.over=evidence.time scenario=structure_first,parallel study.replications=2 "
    "study.horizon_months=24 study.workers=1",
    "sensitivity LATEST",
    "robust LATEST",
    "export LATEST sampled.zip",
)
PAGE = """
import json, sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
from fastapi.testclient import TestClient
from webbing import ADDRESS, PORT, Here
from sim.surfaces.web import jobs
from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context
jobs.report = lambda *_: None
app = create_app(Context(Here(1), Path.cwd(), PORT))
client = TestClient(app, base_url=ADDRESS)
question = {{"plans": [{{"name": "Ours", "scenario": "parallel"}}], "histories": 100, "seed": 1}}
said = [client.post("/api/whatif/export", json={{"question": question, "kind": "settings"}}).text]
from sim.rooms.whatif.asked_plans import Question
for kind in ("study", "brief"):
    said.append(repr(jobs.export(Question(**question), jobs.Desk(Path.cwd(), {{}}), kind, "officers", "")))
table = Path("table.csv").read_text()
said.append(client.post("/api/whatif/partnerships", json={{"table": table, "name": "Ours"}}).text)
code = client.post("/api/workshop/sessions", json={{"pack": "too_fast"}}).json()["code"]
at = f"/api/workshop/sessions/{{code}}"
client.post(f"{{at}}/join", json={{"team": "Red", "name": "Anna"}})
for step in ("next", "close", "debrief"):
    said.append(client.post(f"{{at}}/step", json={{"step": step}}).text)
for path in ("console", "team", "debrief", "pulse"):
    said.append(client.get(f"{{at}}/{{path}}").text)
for path in ("/", "/whatif", "/workshop", f"/workshop/{{code}}", "/glass", "/api", "/api/whatif/form", "/glass/model"):
    said.append(client.get(path).text)
Path("answers_of_the_page.txt").write_text("\\n".join(said))
"""


def everything(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A file's bytes, and what is packed, compressed or kept in pages inside it."""
    yield name, data
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            yield f"{name} (comment)", bundle.comment + b"".join(i.comment + i.extra for i in bundle.infolist())
            for info in bundle.infolist():
                yield f"{name}/{info.filename}", info.filename.encode()
                yield from everything(f"{name}/{info.filename}", bundle.read(info))
    elif data[:4] == b"PAR1":
        import pyarrow.parquet as pq

        source = pq.ParquetFile(io.BytesIO(data))
        yield f"{name} (metadata)", repr((source.metadata, source.schema_arrow.metadata)).encode()
        table = source.read().to_pandas()
        texts = table.select_dtypes(exclude="number")
        yield f"{name} (values)", "\n".join({str(v) for column in texts for v in pd.unique(texts[column])}).encode()
    elif data[:5] == b"%PDF-":
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
            try:
                yield f"{name} (stream)", zlib.decompress(stream)
            except zlib.error:
                continue


def every_file(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        yield path.relative_to(folder).as_posix(), path.relative_to(folder).as_posix().encode()
        if path.suffix == ".sqlite3":
            with sqlite3.connect(path) as kept:
                yield path.name, "\n".join(kept.iterdump()).encode()
        if path.is_file():
            yield from everything(path.relative_to(folder).as_posix(), path.read_bytes())


def own_work(folder: Path) -> tuple[Path, Path]:
    """A folder to work in with a partnership's table, and one of scenarios and partnerships of one's own."""
    work, own = folder / f"{PLANTED}folder", folder / f"{PLANTED}own"
    for place in (work, own / "scenario", own / "partnership"):
        place.mkdir(parents=True)
    (own / "scenario" / "mine.yaml").write_text(
        f"{HEADER}scenario: {{title: Mine}}\nlevers: {{hr: {{od_posts: 2.0}}}}\n"
    )
    shipped = SHIPPED[0] / "partnership" / "bromsgrove_redditch.yaml"
    (own / "partnership" / "own.yaml").write_bytes(shipped.read_bytes())
    (work / "table.csv").write_text("council,headcount,service_expenditure_gbp_m\nAthorpe,300,20\nBford,500,30\n")
    return work, own


def planted(folder: Path) -> dict[str, str]:
    """An environment in which everything that could tell on its owner says so."""
    hooks = folder / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(TELLTALE)
    home = folder / f"{PLANTED}home"
    home.mkdir()
    (folder / f"{PLANTED}tmp").mkdir()
    git = {"remote.origin.url": f"https://{PLANTED}:x@example.org/x.git", "user.name": PLANTED, "user.email": PLANTED}
    given = {"GIT_CONFIG_COUNT": str(len(git))}
    for number, (key, value) in enumerate(git.items()):
        given |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    path = os.pathsep.join([str(hooks), str(ROOT)])
    own = {"HOME": str(home), "TMPDIR": str(folder / f"{PLANTED}tmp"), "PYTHONPATH": path, "MPLCONFIGDIR": str(home)}
    return {**os.environ, **{name: f"{PLANTED}{name}" for name in TELLING}, **given, **own}


@pytest.mark.slow
@pytest.mark.check("Secrets")
def test_no_output_tells_on_its_maker(tmp_path: Path, record_property: Any) -> None:
    """Every command that writes, and the page's exports, where user, host, home, remote and folder are planted."""
    work, own = own_work(tmp_path)
    environment = planted(tmp_path)
    code = "import sys; from sim.surfaces.cli import main; sys.exit(main())"
    for command in COMMANDS:
        words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", command.format(own=own))]
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=work, env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, (command, done.stderr)
    script = PAGE.format(tests=str(ROOT / "tests"))
    done = subprocess.run([sys.executable, "-c", script], cwd=work, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    secrets = [
        PLANTED,
        str(ROOT),
        str(tmp_path),
        sys.prefix,
        str(Path.home()) + "/",
        "/home/",
        "/tmp/",
    ]
    secrets += [name for name in (socket.gethostname(),) if len(name) > 5]
    found: set[tuple[str, str]] = set()
    kinds: dict[str, int] = {}
    for name, data in every_file(work):
        kinds[Path(name.partition(" (")[0]).suffix] = kinds.get(Path(name.partition(" (")[0]).suffix, 0) + 1
        found |= {(name, secret) for secret in secrets if secret.encode() in data}
    record_property(
        "reached",
        f"{sum(kinds.values()):,} files and parts of files of {len(kinds)} kinds from {len(COMMANDS)} commands and the "
        f"page: {len(found)} with a user, host, home, remote, path or planted word",
    )
    record_property("n", sum(kinds.values()))
    assert {".parquet", ".csv", ".svg", ".html", ".json", ".md", ".zip", ".sqlite3"} <= set(kinds)
    assert not found, sorted(found)[:20]


@pytest.mark.check("Secrets")
def test_what_looks_for_secrets_finds_them_inside_files(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["x" * 40, PLANTED] * 50})
    frame.to_parquet(tmp_path / "x.parquet", index=False)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.write(tmp_path / "x.parquet", "deep/x.parquet")
    with sqlite3.connect(tmp_path / "x.sqlite3") as kept:
        kept.execute("CREATE TABLE t (a TEXT)")
        kept.execute("INSERT INTO t VALUES (?)", (PLANTED,))
    hits = {name.partition(" ")[0] for name, data in every_file(tmp_path) if PLANTED.encode() in data}
    assert hits >= {"x.parquet", "x.zip/deep/x.parquet", "x.sqlite3"}
