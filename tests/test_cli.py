"""The command line: what people type is done, or refused in one sentence, with nothing written."""

from __future__ import annotations

import errno
import inspect
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from breaking import breaking

from sim.plans.strict import SHIPPED
from sim.study.running import worker
from sim.surfaces import cli, terminal
from sim.surfaces import hydra_application as application
from sim.surfaces.cli.command_list import COMMANDS, module_of
from sim.surfaces.cli.options import app

QUICK = ["study.replications=2", "study.workers=1", "study.horizon_months=24"]
Refused = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; figures are not drawn, to save time."""
    monkeypatch.setattr("sim.pictures.figures.save_all", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder for a study with its figures."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(folder: Path, capfd: pytest.CaptureFixture[str]) -> Refused:
    def check(main: Callable[[list[str]], int], *argv: str) -> str:
        before = sorted(folder.rglob("*"))
        code = main(list(argv))
        printed = capfd.readouterr()
        assert code == 2, printed.err
        assert printed.out == ""
        assert printed.err.count("\n") == 1, printed.err
        assert "Traceback" not in printed.err
        assert sorted(folder.rglob("*")) == before, "something was written"
        return printed.err

    return check


def both(refused: Refused, *overrides: str) -> list[str]:
    """What `tandem run` and `python -m sim` answer to the same words."""
    return [refused(cli.main, "run", *overrides), refused(application.main, *overrides)]


A, B = "joint_team: community", "joint_team: leisure_parks"
BAD = [
    (
        "levers.pace.month_between_waves=2",
        ["levers.pace.month_between_waves", "levers.pace.months_between_waves"],
    ),
    ("lever.pace.packages_at_once=2", ["levers.pace.packages_at_once"]),
    ("studi.seed=2", ["studi.seed", "study.seed"]),
    ("study.replication=2", ["study.replications"]),
    ("mechanisms.fatige=off", ["mechanisms.fatigue"]),
    (
        "levers.pace.packages_at_once=many",
        ["levers.pace.packages_at_once", "many", "whole number", "1 to 40"],
    ),
    ("levers.pace.packages_at_once=2.5", ["levers.pace.packages_at_once", "2.5", "whole number"]),
    ("levers.pace.packages_at_once=[2]", ["levers.pace.packages_at_once"]),
    ("levers.pace.packages_at_once=0", ["levers.pace.packages_at_once", "0", "1 to 40"]),
    ("levers.pace.months_between_waves=99", ["levers.pace.months_between_waves", "99", "0 to 24"]),
    ("levers.sequence.extent=most_service", ["levers.sequence.extent", "most_services"]),
    ("mechanisms.fatigue=no", ["mechanisms.fatigue", "no", "on, off"]),
    ("mechanisms.fatigue=false", ["mechanisms.fatigue", "on, off"]),
    ("study.replications=0", ["study.replications", "0", "1 to 1,000,000"]),
    ("study.seed=x", ["study.seed", "x", "whole number", "0 to 9,223,372,036,854,775,807"]),
    ("study.horizon_months=6", ["study.horizon_months=6", "12 to 360"]),
    ("study.name=../elsewhere", ["study.name", "elsewhere"]),
    ("study.reference=paralel", ["paralel", "parallel"]),
    ("scenario=paralel", ["paralel", "parallel"]),
    ("scenario=parallel,paralel", ["paralel", "parallel"]),
    ("scenario=../parallel", ["scenario", "../parallel"]),
    ("scenario=", ["scenario"]),
    ("scenario=nope", ["nope", "tandem list scenarios"]),
    ("evidence.time.review=3", ["evidence.time.review.value"]),
    ("partnership=bromsgrove_reditch", ["bromsgrove_reditch", "bromsgrove_redditch"]),
    ('levers.sequence.order=["a > b","b > a"]', ["levers.sequence.order"]),
    (f'levers.sequence.order=["{A} > {B}","{B} > {A}"]', ["levers.sequence.order", A, B]),
    ("levers.pace.packages_at_once=1,2", ["levers.pace.packages_at_once", "sweep"]),
    ("levers.pace.packages_at_once=range(1,3)", ["levers.pace.packages_at_once", "sweep"]),
    ("levers.pace.packages_at_once=${study.seed}", ["${"]),
    ("levers.pace.packages_at_once", ["key=value"]),
    ("+levers.pace.packages_at_once=2", ["'+' and '~'"]),
    ("~levers.pace", ["'+' and '~'"]),
    ("levers=other", ["levers"]),
]


@pytest.mark.check("Q-B1")
@pytest.mark.parametrize(("override", "parts"), BAD, ids=[override for override, _ in BAD])
def test_bad_input_gets_one_sentence(refused: Refused, override: str, parts: list[str]) -> None:
    for sentence in both(refused, override):
        for part in parts:
            assert part in sentence
        assert len(sentence) < 400


def partnership(folder: Path, change: Callable[[dict[str, Any]], None]) -> str:
    import yaml

    content = yaml.safe_load((SHIPPED[0] / "partnership" / "bromsgrove_redditch.yaml").read_text())
    change(content)
    (folder / "own.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    return "partnership=own.yaml"


BAD_PARTNERSHIPS: list[tuple[Callable[[dict[str, Any]], Any], list[str]]] = [
    (lambda p: p["councils"][0].update(headcount=-5), ["own.yaml, line", "headcount", "-5", "at least 20"]),
    (lambda p: p["councils"][0].update(headcount="many"), ["own.yaml, line", "headcount", "many"]),
    (lambda p: p.update(councils=[]), ["own.yaml", "councils"]),
    (
        lambda p: p["councils"][0].update(control="conservativ"),
        ["own.yaml, line", "control", "conservativ'", "did you mean 'conservative'"],
    ),
    (lambda p: p["councils"][0].update(head_count=5), ["own.yaml, line", "head_count", "headcount"]),
    (lambda p: p.pop("start_year"), ["start_year", "missing"]),
    (lambda p: p["pairs"].clear(), ["pairs"]),
]


@pytest.mark.check("Q-B1")
@pytest.mark.parametrize(("change", "parts"), BAD_PARTNERSHIPS)
def test_a_bad_partnership_file_is_refused_with_its_line(
    folder: Path, refused: Refused, change: Callable[[dict[str, Any]], None], parts: list[str]
) -> None:
    for sentence in both(refused, partnership(folder, change)):
        for part in parts:
            assert part in sentence


def test_an_alias_bomb_is_refused_fast(folder: Path, refused: Refused) -> None:
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{n}: &a{n} [{','.join(['*a' + str(n - 1)] * 9)}]" for n in range(1, 9)]
    (folder / "own.yaml").write_text("\n".join(rows))
    began = time.perf_counter()
    for sentence in both(refused, "partnership=own.yaml"):
        assert "own.yaml, line 1" in sentence
    assert time.perf_counter() - began < 2


@pytest.mark.check("Q-C4")
def test_an_unwritable_folder_is_named(folder: Path, refused: Refused) -> None:
    (folder / "outputs").write_text("a file stands in the way")
    for sentence in both(refused, *QUICK):
        assert "outputs" in sentence


@pytest.mark.parametrize(
    ("argv", "parts"),
    [
        (["rnu"], ["rnu", "did you mean 'run'?"]),
        (["run", "--bogus"], ["--bogus"]),
        (["list"], ["tandem --help"]),
        (["list", "lever"], ["lever", "did you mean 'levers'?"]),
        (["show", "months_betwen_waves"], ["levers.pace.months_between_waves"]),
        (["show", "start"], ["evidence.fatigue.start", "evidence.trust.start", "write one"]),
        (["diary", "LATEST", "parallel", "0"], ["outputs"]),
        (["diary", "LATEST"], ["scenario"]),
        (["sweep", "scenario=glob(zz*)"], ["no cells"]),
        (["sweep", "--config-dir", "absent"], ["no such folder"]),
        (["run", "--config-dir", "absent"], ["no such folder"]),
    ],
)
def test_bad_commands_get_one_sentence(refused: Refused, argv: list[str], parts: list[str]) -> None:
    sentence = refused(cli.main, *argv)
    for part in parts:
        assert part in sentence


# What works


def test_run_prints_the_answer_and_writes_a_study(drawn: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", *QUICK]) == 0
    printed = capfd.readouterr()
    assert "tandem diary" in printed.out
    assert all(line.startswith("note:") for line in printed.err.splitlines())
    [study] = (drawn / "outputs").iterdir()
    assert study.name in printed.out
    assert (study / "summary.md").is_file()
    assert list((study / "figures").glob("*.svg"))
    assert str(drawn) not in "".join(p.read_text() for p in study.glob("*.json"))


TWICE = [
    ["levers.hr.hr_posts=1", "levers.hr.hr_posts=3"],
    ["levers.hr.hr_posts=1,2", "levers.hr.hr_posts=3,4"],
    ["study.replications=2", "study.replications=3"],
    ["study.replications=2", "study.replications=2"],
    ["partnership=dorset_councils", "partnership=dorset_councils"],
    ["evidence.time.review.value=3", "scenario=parallel", "evidence.time.review.value=4"],
    ["scenario=parallel", "scenario=hr_first"],
]


@pytest.mark.parametrize("words", TWICE, ids=lambda words: words[0])
def test_a_key_that_is_given_twice_is_refused_by_every_command(refused: Refused, words: list[str]) -> None:
    over = ["--over", "levers.pace.months_between_waves", "--objective", "npv_gbp_m"]
    asked: list[tuple[Callable[[list[str]], int], list[str]]] = [
        (cli.main, ["sweep"]), (application.main, ["-m"]), (cli.main, ["sweep", "design=lhs", "design.over=evidence"]),
    ]  # fmt: skip
    if "," not in "".join(words):
        asked += [(cli.main, ["run"]), (cli.main, []), (application.main, []), (cli.main, ["search", *over])]
    for main, before in asked:
        assert f"{words[0].partition('=')[0]} is given twice" in refused(main, *before, *words)


def test_a_quantity_that_is_given_twice_under_two_spellings_is_refused(refused: Refused) -> None:
    first, second = "evidence.time.review=interval(2,3)", "evidence.time.review.value"
    for given in (f"{second}=interval(3,4)", f"{second}=3", f"{second}=3,4"):
        for words in ([first, given], [given, first]):
            assert f"{second} is given twice" in refused(cli.main, "sweep", "design=lhs", *words)


@pytest.mark.parametrize(
    ("main", "words", "name"),
    [
        (cli.main, ["tip", "LATEST", "hr.od_posts", "npv_gbp_m > 1", "--low", "1", "--low=2"], "--low"),
        (cli.main, ["search", "--budget", "4", "--objective", "npv_gbp_m", "--budget", "5"], "--budget"),
        (cli.main, ["run", "--config-dir", "one", "--config-dir", "two"], "--config-dir"),
        (cli.main, ["validate", "--seed", "1", "--seed", "2"], "--seed"),
        (cli.main, ["new-partnership", "x.csv", "--name", "a", "--name", "b"], "--name"),
        (application.main, ["--cfg", "job", "--cfg", "hydra"], "--cfg"),
        (application.main, ["-c", "job", "--cfg=hydra"], "--cfg"),
        (application.main, ["hydra.verbose=true", "hydra.verbose=false"], "hydra.verbose"),
    ],
)
def test_an_option_that_is_given_twice_is_refused(
    refused: Refused, main: Callable[[list[str]], int], words: list[str], name: str
) -> None:
    assert f"{name} is given twice" in refused(main, *words)


def test_run_in_json(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "scenario=parallel", "--json", *QUICK]) == 0
    content = json.loads(capfd.readouterr().out)
    assert {cell["label"] for cell in content["cells"]} == {"Parallel", "Structure first"}
    assert {row["outcome"] for row in content["outcomes"]} >= {"payback_month", "dissolved"}


def test_overrides_alone_mean_run(folder: Path) -> None:
    assert cli.main(["scenario=structure_first", *QUICK]) == 0
    assert len(list((folder / "outputs").iterdir())) == 1


def test_sweep_is_one_study(folder: Path) -> None:
    assert cli.main(["sweep", "scenario=parallel,hr_first", "levers.pace.packages_at_once=range(2,4)", *QUICK]) == 0
    [study] = (folder / "outputs").iterdir()
    assert len(json.loads((study / "manifest.json").read_text())["cells"]) == 4


def test_sweep_in_json(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sweep", "--json", "scenario=parallel,hr_first", *QUICK]) == 0
    content = json.loads(capfd.readouterr().out)
    assert [cell["label"] for cell in content["cells"]] == ["Parallel", "HR first"]
    assert {row["outcome"] for row in content["outcomes"]} >= {"payback_month", "dissolved"}


@pytest.mark.check("Q-D1")
def test_both_commands_give_the_same_digest(folder: Path) -> None:
    words = ["scenario=parallel", "levers.pace.months_between_waves=1", *QUICK]
    assert cli.main(["run", *words]) == 0
    assert application.main(words) == 0
    digests = [json.loads(p.read_text())["digest"] for p in (folder / "outputs").glob("*/manifest.json")]
    assert len(digests) == 2
    assert digests[0] == digests[1]


def test_diary_tells_a_history(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "scenario=structure_first", *QUICK]) == 0
    capfd.readouterr()
    assert cli.main(["diary", "LATEST", "structure_first", "1"]) == 0
    assert len(capfd.readouterr().out.splitlines()) > 3


WANTED = {
    "levers": {"name", "type", "default", "meaning"},
    "evidence": {"name", "unit", "value", "low", "high", "grade", "source"},
    "outcomes": {"name", "unit", "better"},
    "scenarios": {"name"},
    "partnerships": {"name"},
}


@pytest.mark.parametrize("kind", WANTED)
def test_lists_say_what_is_promised(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", kind, "--json"]) == 0
    entries = json.loads(capfd.readouterr().out)
    assert len(entries) > 4
    for entry in entries:
        assert set(entry) >= WANTED[kind], entry
    if kind == "levers":
        assert all("choices" in e or {"low", "high"} <= set(e) for e in entries if e["type"] in ("choice", "number"))
    assert cli.main(["list", kind]) == 0
    assert entries[0]["name"] in capfd.readouterr().out


@pytest.mark.parametrize("name", ["levers.pace.months_between_waves", "npv_gbp_m", "parallel", "bromsgrove_redditch"])
def test_show_tells_all(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", name]) == 0
    assert name in capfd.readouterr().out


@pytest.mark.parametrize("name", ["months_between_waves", "pace.months_between_waves"])
def test_show_takes_a_last_part_that_is_unique(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", name, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["name"] == "levers.pace.months_between_waves"


@pytest.mark.check("Q-C4")
def test_what_fails_is_listed_and_counts(monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: Any) -> None:
    monkeypatch.setattr(worker, "play", breaking("staff do not balance in month 3", lambda _: True))
    assert cli.main(["run", *QUICK]) == terminal.FAILED
    printed = capfd.readouterr()
    assert "Structure first" in printed.err
    assert "staff do not balance" in printed.err
    assert "Traceback" not in printed.err


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", "import sys; from sim.surfaces.cli import main; sys.exit(main())", *words]


def environment() -> dict[str, str]:
    root = str(Path(cli.__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}


@pytest.mark.check("Q-C4")
def test_ctrl_c_stops_soon_and_marks_results(folder: Path) -> None:
    process = subprocess.Popen(
        command("run", "study.replications=100000"),
        cwd=folder,
        env=environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 60
    while not list(folder.glob("outputs/*/manifest.json")) and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    try:
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert time.monotonic() - began < 12
    assert process.returncode == terminal.STOPPED
    assert "partial" in errors
    assert "Traceback" not in errors
    [study] = (folder / "outputs").iterdir()
    assert json.loads((study / "manifest.json").read_text())["status"] == "partial"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_of_each_what_its_own_help_says(name: str) -> None:
    module_of(name)
    [command] = [command for command in app.registered_commands if command.name == name]
    assert (inspect.getdoc(command.callback) or "").split("\n")[0] == COMMANDS[name].help


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from sim.surfaces.cli import main; main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    modules = done.stdout.splitlines()[-1]
    for heavy in ("pandas", "numpy", "hydra", "omegaconf", "matplotlib", "pyarrow", "simpy"):
        assert f"'{heavy}'" not in modules


def test_a_summary_says_what_was_set_that_no_name_tells(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def told(*words: str) -> str:
        assert cli.main(["run", QUICK[0], "study.horizon_months=120", *words]) == 0
        return " ".join(capfd.readouterr().out.split())

    usual, slower = told("study.workers=2"), "waves six months apart"
    assert "Set " not in usual
    both, one = told("levers.hr.od_posts=4"), told("levers.hr.od_posts=4", "scenario=do_nothing")
    assert "Set in every plan: strategic OD posts bought or built 4 posts instead of 0 posts." in both
    assert "Set for do nothing alone: strategic OD posts" in one
    assert slower in usual and slower not in both and slower not in told("partnership=go_shared_services")


def test_signs_that_an_encoding_lacks_become_plain_ones() -> None:
    printed = "print('\\u2212\\u00a30.3m, 1\\u20132, \\u2264 \\u6f22'); 0"
    script = f"from sim.surfaces import terminal; terminal.exit_code(lambda: int(bool({printed.partition(';')[0]})))"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env=os.environ | {"PYTHONIOENCODING": "ascii"}
    )
    assert told.stdout.decode("ascii").strip() == "-GBP 0.3m, 1-2, <= ?"


def test_a_closed_standard_output_is_no_traceback() -> None:
    line = f'"{sys.executable}" -m sim.surfaces.cli list scenarios >&-'
    told = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def started(
    folder: Path, *words: str, module: str = "sim.surfaces.cli", **options: Any
) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    options = {"env": environment(), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run([sys.executable, "-m", module, *words], cwd=folder, text=True, check=False, **options)


@pytest.mark.parametrize("module", ["sim.surfaces.cli", "sim"])
def test_a_full_disk_ends_with_1_and_a_sentence(
    module: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    main = cli.main if module == "sim.surfaces.cli" else application.main
    for place in ("pathlib.Path.mkdir", "os.fsync", "sim.study.running.kept_parts.write_part"):
        with monkeypatch.context() as patched:
            patched.setattr(place, full)
            assert main(["scenario=structure_first", *QUICK]) == terminal.FAILED
        printed = capfd.readouterr()
        assert printed.err.count("\n") == 1 and "no space left on device" in printed.err, printed.err
        assert "Errno" not in printed.err and "Traceback" not in printed.err


def test_an_output_that_takes_nothing_ends_with_1_and_a_sentence(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        for buffered in ("", "1"):
            known = {**environment(), "PYTHONUNBUFFERED": buffered}
            done = started(tmp_path, "list", "levers", stdout=full, env=known)
            assert (done.returncode, done.stderr) == (1, "cannot go on: no space left on device\n")
        assert started(tmp_path, "list", "nothing", stderr=full).returncode == 2


def test_results_are_refused_plainly_where_outputs_is_no_folder(refused: Refused, folder: Path) -> None:
    (folder / "outputs").symlink_to(folder / "gone")
    said = "outputs': it is a link to a place that is not there\n"
    for sentence in both(refused, "scenario=structure_first", *QUICK):
        assert sentence.endswith(said)
    (folder / "outputs").unlink()
    (folder / "outputs").write_text("")
    for sentence in both(refused, "scenario=structure_first", *QUICK):
        assert sentence.endswith("outputs': it is a file\n")


def test_a_home_that_nobody_knows_is_refused(refused: Refused) -> None:
    for sentence in both(refused, "partnership=~nobody_of_that_name/own.yaml"):
        assert "home folder" in sentence


def test_a_home_that_cannot_be_written_to_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lost = {"HOME": str(tmp_path / "file" / "home"), "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": "", "MPLCONFIGDIR": ""}
    done = started(tmp_path, "run", "scenario=structure_first", *QUICK, env={**environment(), **lost})
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [terminal.NO_HOME]
