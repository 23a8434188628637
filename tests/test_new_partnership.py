"""A partnership from a small table: what officers write is read, what is missing is said, the rest refused."""

from __future__ import annotations

import csv
import io
import random
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sim.core.errors import InputError
from sim.core.inputs.partnership import Council, CouncilPair, Partnership
from sim.plans.partnership_csv import Formed, formed, template
from sim.plans.partnership_csv.csv_columns import COLUMNS, COUNCIL_COLUMNS, PAIR_COLUMNS
from sim.plans.strict import SHIPPED, read_document
from sim.surfaces import api, cli

TODAY = date(2026, 3, 1)
HEAD = "council,headcount,service_expenditure_gbp_m"
PLAIN = f"{HEAD}\nAshby,322,19.8\nBorrow,723,33.4\n"
FULL = (
    f"{HEAD},control,setting,elections,next_election_year,budget_gap_share,distance_miles\n"
    "Ashby,322,19.8,conservative,rural,whole,2027,0.1,\n"
    "Borrow,723,33.4,labour,urban,thirds,2026,12%,7\n"
)
Make = Callable[..., Formed]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    def make(content: str | bytes, **options: object) -> Formed:
        path = tmp_path / "my.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return formed(path, today=TODAY, **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.pictures.figures.save_all", lambda *_: None)
    return tmp_path


def test_every_fact_of_a_partnership_has_a_column() -> None:
    assert {column.field for column in COUNCIL_COLUMNS} - {"source"} == set(Council.model_fields)
    assert {column.field for column in PAIR_COLUMNS} == set(CouncilPair.model_fields) - {"between"}


def test_what_is_given_is_taken_as_it_stands(made: Make) -> None:
    ashby, borrow = made(FULL).partnership.councils
    assert (ashby.headcount, ashby.service_expenditure_gbp_m, ashby.control) == (322, 19.8, "conservative")
    assert (borrow.setting, borrow.elections, borrow.next_election_year) == ("urban", "thirds", 2026)
    assert borrow.budget_gap_share == 0.12
    assert made(FULL).partnership.pairs[0].distance_miles == 7


def test_what_is_missing_is_said_and_kept(made: Make) -> None:
    found = made(PLAIN)
    council = found.partnership.councils[1]
    assert (council.control, council.elections, council.next_election_year) == ("no_overall_control", "whole", 2027)
    assert (found.partnership.start_year, found.partnership.start_month) == (2026, 3)
    provenance = found.partnership.provenance
    assert provenance["headcount"] == "given in my.csv"
    for field in ("control", "setting", "elections", "budget_gap_share", "distance_miles", "culture_gap"):
        assert provenance[field].startswith("assumption: not given; default "), field
    assumed = [text for text in provenance.values() if text.startswith("assumption: ")]
    assert len(assumed) == len(found.assumptions)


def test_no_fact_is_without_provenance(made: Make) -> None:
    for text in (PLAIN, FULL, template()):
        document = made(text).partnership
        facts = set(Council.model_fields) | set(CouncilPair.model_fields) | {"name", "start_year", "start_month"}
        for field in facts - {"between"}:
            assert any(key == field or key.startswith(f"{field} of ") for key in document.provenance), field


def test_a_default_is_logged_for_the_council_that_lacks_the_fact(made: Make) -> None:
    provenance = made(f"{HEAD},control\nAshby,322,19.8,labour\nBorrow,723,33.4,\n").partnership.provenance
    assert provenance["control"] == "given in my.csv"
    assert provenance["control of Borrow"].startswith("assumption: not given; default no_overall_control: ")
    assert "control of Ashby" not in provenance


def test_culture_gap_follows_the_rule_of_the_shipped_partnerships(made: Make) -> None:
    for path in sorted((SHIPPED[0] / "partnership").glob("*.yaml")):
        shipped = Partnership(**read_document(path))
        rows = [
            f"{c.name},{c.headcount},{c.service_expenditure_gbp_m},{c.control},{c.setting}" for c in shipped.councils
        ]
        found = made("\n".join([f"{HEAD},control,setting", *rows])).partnership
        assert [pair.culture_gap for pair in found.pairs] == [pair.culture_gap for pair in shipped.pairs]


@pytest.mark.parametrize(
    ("elections", "start", "expected"),
    [
        ("whole", (2010, 7), 2011),
        ("whole", (2011, 4), 2011),
        ("whole", (2011, 5), 2015),
        ("halves", (2008, 7), 2010),
        ("thirds", (2008, 7), 2010),
        ("thirds", (2010, 7), 2011),
    ],
)
def test_the_first_election_is_the_next_ordinary_one(
    made: Make, elections: str, start: tuple[int, int], expected: int
) -> None:
    found = made(f"{HEAD},elections\nAshby,322,19.8,{elections}\n", start_year=start[0], start_month=start[1])
    assert found.partnership.councils[0].next_election_year == expected


def test_pairs_by_name_and_to_the_first_council(made: Make) -> None:
    text = (
        f"{HEAD},distance_miles,culture_gap\nAshby,300,20,,Carr: 0.7\nBorrow,300,20,11,\n"
        'Carr,300,20,"ashby: 12; Borrow: 13",\n'
    )
    partnership = made(text).partnership
    found = {pair.between: pair.distance_miles for pair in partnership.pairs}
    assert partnership.name == "Ashby, Borrow & Carr"
    assert found == {("Ashby", "Borrow"): 11, ("Ashby", "Carr"): 12, ("Borrow", "Carr"): 13}
    assert [pair.culture_gap for pair in partnership.pairs] == [0.2, 0.7, 0.2]
    assert "culture_gap of Ashby and Borrow" in partnership.provenance


def test_both_of_two_councils_may_say_the_same(made: Make) -> None:
    text = f"{HEAD},distance_miles\nAshby,300,20,11\nBorrow,300,20,11\n"
    assert made(text).partnership.pairs[0].distance_miles == 11
    with pytest.raises(InputError, match=r"line 3, column distance_miles: 12.* differs from the 11"):
        made(text.replace("20,11\n", "20,12\n").replace("20,12\n", "20,11\n", 1))


def test_sources_of_the_author_are_kept(made: Make) -> None:
    found = made(f"{HEAD},source\nAshby,322,19.8,Budget book 2026/27 p. 4\n")
    assert found.partnership.provenance["source of Ashby"].endswith("Budget book 2026/27 p. 4")


QUIRKS: dict[str, str | bytes] = {
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "semicolons": PLAIN.replace(",", ";"),
    "decimal commas": PLAIN.replace(",", ";").replace(".", ","),
    "tabs": PLAIN.replace(",", "\t"),
    "sep line": "sep=;\r\n" + PLAIN.replace(",", ";"),
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "old Macintosh": PLAIN.replace("\n", "\r"),
    "pounds": PLAIN.replace("19.8", "£19.8").replace("33.4", "£ 33.4m"),
    "cp1252": PLAIN.replace("19.8", "£19.8").encode("cp1252"),
    "empty rows": PLAIN.replace("Borrow", "\n,,\n \nBorrow") + "\n,,,,\n,,\n",
    "empty columns": PLAIN.replace("\n", ",,\n"),
    "comments": "# a comment, with commas,,\n" + PLAIN + '"# one more, quoted",,\n',
    "headings in capitals": PLAIN.replace("council", "Council").replace("service_expend", "Service Expend"),
    "spaces": PLAIN.replace(",", " ,\t"),
    "whole numbers with a point": PLAIN.replace("723", "723.0"),
    "quotes": PLAIN.replace("Ashby", '"Ashby"').replace("723", '"723"'),
    "no last line end": PLAIN.rstrip(),
}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_what_spreadsheets_do_is_read(made: Make, quirk: str) -> None:
    found = made(QUIRKS[quirk])
    councils = found.partnership.councils
    assert [(c.name, c.headcount, c.service_expenditure_gbp_m) for c in councils] == [
        ("Ashby", 322, 19.8),
        ("Borrow", 723, 33.4),
    ]
    assert bool(found.notes) == (quirk == "cp1252")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("headcount", '"1,322"', 1322),
        ("service_expenditure_gbp_m", '"£1,019.8"', 1019.8),
        ("control", "NOC", "no_overall_control"),
        ("control", "Liberal Democrat", "liberal_democrat"),
        ("setting", "Urban", "urban"),
        ("budget_gap_share", "7.5 %", 0.075),
        ("full_name", "Ashby—Council d’Été", "Ashby—Council d’Été"),
    ],
)
def test_a_cell_as_officers_write_it(made: Make, column: str, cell: str, value: object) -> None:
    row = {"council": "Ashby", "headcount": "322", "service_expenditure_gbp_m": "19.8"} | {column: cell}
    council = made(f"{','.join(row)}\n{','.join(row.values())}\n").partnership.councils[0]
    assert getattr(council, column) == value


NINE = "Ashby,322,19.8\n"
BAD: list[tuple[str | bytes, list[str]]] = [
    (b"", ["empty", "--template"]),
    (b"# nothing\n", ["empty"]),
    (HEAD, ["no council"]),
    (f"{HEAD}\n,,\n", ["no council"]),
    (f"{HEAD}\n" + "".join(f"C{n},322,19.8\n" for n in range(5)), ["line 6", "5 councils", "1 to 4"]),
    (f"{HEAD}\n{NINE}{NINE}", ["line 3", "column council", "'Ashby' stands twice", "line 2"]),
    (f"{HEAD}\n{NINE}ashby,1,1\n", ["line 3", "stands twice"]),
    ("council,headcount\nAshby,322\n", ["line 1", "service_expenditure_gbp_m", "missing"]),
    (f"{HEAD},contrl\n{NINE}", ["line 1", "contrl", "did you mean 'control'?"]),
    (f"{HEAD},headcount\n{NINE}", ["line 1", "headcount", "twice"]),
    (f"{HEAD}\nAshby,,19.8\n", ["line 2, column headcount", "no sensible default"]),
    (f"{HEAD}\nAshby,322,\n", ["line 2, column service_expenditure_gbp_m", "fill it in"]),
    (f"{HEAD}\n,322,19.8\n", ["line 2, column council", "fill it in"]),
    (f"{HEAD}\nAshby,many,19.8\n", ["line 2, column headcount", "'many'", "whole number", "20 to 20000"]),
    (f"{HEAD}\nAshby,322.5,19.8\n", ["column headcount", "whole number"]),
    (f"{HEAD}\nAshby,{'9' * 400},19.8\n", ["column headcount", "a whole number is wanted"]),
    (f"{HEAD}\nAshby,-5,19.8\n", ["column headcount", "'-5'", "20 to 20000"]),
    (f"{HEAD}\nAshby,322,19800000\n", ["£ million, not £"]),
    (f"{HEAD}\nAshby,322,0\n", ["more than 0"]),
    (f'{HEAD}\nAshby,322,"19,8"\n', ["'19,8'", "a number is wanted"]),
    (f"{HEAD}\nAshby,322,1,2\n".replace(",1,2", ";1,234").replace(",", ";", 4).replace(";234", ",234"), ["comma"]),
    (f"{HEAD}\nAshby,322,1e999\n", ["a number is wanted"]),
    (f"{HEAD}\nAshby,322,nan\n", ["a number is wanted"]),
    (f"{HEAD}\nAshby,322,=1+1\n", ["line 2, column service_expenditure_gbp_m", "formulas"]),
    (f"{HEAD}\n=cmd|x,322,19.8\n", ["line 2, column council", "formulas"]),
    (f"{HEAD}\n@x,322,19.8\n", ["formulas"]),
    (f"{HEAD}\n-x,322,19.8\n", ["column council"]),
    (f"{HEAD}\n#REF!,322,19.8\n", ["line 2, column council", "error of the spreadsheet"]),
    (f"{HEAD}\nAsh;by: x,322,19.8\n", ["column council", "':'"]),
    (f"{HEAD}\n{'x' * 81},322,19.8\n", ["column council", "80"]),
    (f"{HEAD}\n${{x}},322,19.8\n", ["column council", "${"]),
    (f"{HEAD}\nA\x07b,322,19.8\n", ["unprintable"]),
    (f"{HEAD}\nAshby,322,19.8,7\n", ["line 2, column 4", "no heading"]),
    (f'{HEAD}\n"Ashby,322,19.8\n', ["line 2", "not readable as CSV"]),
    (f"{HEAD},control\nAshby,322,19.8,whig\n", ["line 2, column control", "'whig'", "conservative"]),
    (f"{HEAD},control\nAshby,322,19.8,conservativ\n", ["did you mean 'conservative'?"]),
    (f"{HEAD},setting\nAshby,322,19.8,coastal\n", ["column setting", "allowed: rural, urban"]),
    (f"{HEAD},budget_gap_share\nAshby,322,19.8,10\n", ["column budget_gap_share", "10%", "0.1"]),
    (f"{HEAD},next_election_year\nAshby,322,19.8,2011\n", ["next_election_year", "--start-year"]),
    (f"{HEAD},next_election_year\nAshby,322,19.8,2072\n", ["next_election_year", "2026"]),
    (f"{HEAD},distance_miles\nAshby,322,19.8,5\n", ["distance_miles", "no other council"]),
    (f"{HEAD},distance_miles\n{NINE}Borrow,322,19.8,Burrow: 5\n", ["line 3", "did you mean 'Borrow'?"]),
    (f"{HEAD},distance_miles\n{NINE}Borrow,322,19.8,Borrow: 5\n", ["council of this row"]),
    (f"{HEAD},distance_miles\n{NINE}Borrow,322,19.8,Ashby: far\n", ["line 3, column distance_miles", "'far'"]),
    (f"{HEAD},distance_miles\nAshby,322,19.8,5\nB,322,19.8\nC,322,19.8\n", ["line 2", "say which council", "B: 5"]),
    (f"{HEAD}\nAshby,many,19.8\nBorrow,,x\n", ["line 2", "also wrong: line 3, column headcount; line 3"]),
    (b"PK\x03\x04 a workbook", ["workbook", "CSV UTF-8"]),
    (PLAIN.encode("utf-16"), ["NUL"]),
    (PLAIN.encode() + b"\0", ["line 4", "NUL"]),
    (b"council\x81,", ["line 1", "CSV UTF-8"]),
    (PLAIN + "#" * 1_000_000, ["1 MB"]),
    (PLAIN + '"' + "x" * 200_000 + '"\n', ["line 4", "not readable as CSV"]),
]


@pytest.mark.parametrize(("content", "parts"), BAD, ids=range(len(BAD)))
def test_a_bad_table_is_refused_with_line_and_column(made: Make, content: str | bytes, parts: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        made(content)
    sentence = str(refused.value)
    assert "my.csv" in sentence
    assert "\n" not in sentence
    for part in parts:
        assert part in sentence, sentence


TWO = "Ashby,322,19.8\nBorrow,723,33.4\n"


@pytest.mark.parametrize(
    "name",
    ["Total", "TOTALS", "Grand total", "Sub-total", "Sum", "Average", "Mean", "avg.", "All councils", "Total (both)"],
)
def test_a_total_or_average_never_becomes_a_council(made: Make, name: str) -> None:
    for content in (f"{HEAD}\n{TWO}{name},9,x\n", f"{HEAD},control\n{TWO}{name},400,21,labour\n"):
        with pytest.raises(InputError, match=r"my\.csv, line 4, column council: .* is a total or an average, not a c"):
            made(content)
    with pytest.raises(InputError, match=r"my\.csv, line 3, column full_name"):
        made(f"{HEAD},full_name\nAshby,322,19.8,\nX,1045,53.2,{name}\n")


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        (f"{TWO}Shire,1045,53.2\n", 4, "the sum of the other rows"),
        (f"{TWO}Shire,1045,53\n", 4, "the sum of the other rows"),
        (f"Shire,1045,53.2\n{TWO}", 2, "the sum of the other rows"),
        (f"{TWO}Shire,523,26.6\n", 4, "the mean of the other rows"),
        (f"{TWO}Shire,1045,53.2\nEach,523,26.6\n", 4, "the sum of the rows above it"),
        (f"{TWO}C,100,5\nD,150,9\nShire,1295,67.2\n", 6, "the sum of the other rows"),
        (f"{TWO},1045,53.2\n", 4, "of this row are the sum of the other rows"),
        (f'{TWO}Shire,"50,045",2500\nAll of it,51090,2553.2\n', 5, "the sum of the other rows"),
    ],
)
def test_a_row_that_is_the_sum_or_mean_of_others_never_becomes_a_council(
    made: Make, rows: str, line: int, what: str
) -> None:
    with pytest.raises(InputError) as refused:
        made(f"{HEAD}\n{rows}")
    assert f"my.csv, line {line}: the headcount and expenditure of" in str(refused.value)
    assert f"{what}, so it is taken for a total or an average; leave that row out" in str(refused.value)


def test_a_council_with_the_mean_of_the_others_is_taken_with_a_note_where_its_control_is_given(made: Make) -> None:
    middle = made(f"{HEAD},control\nAshby,200,10,\nBorrow,300,15,labour\nC,400,20,\n")
    assert [council.name for council in middle.partnership.councils] == ["Ashby", "Borrow", "C"]
    assert [note.partition(", ")[2] for note in middle.notes] == [
        "line 3: the headcount and expenditure of 'Borrow' are the mean of the other rows; it was taken as a council"
    ]


def test_councils_that_are_all_alike_and_names_that_hold_such_letters_are_taken(made: Make) -> None:
    alike = made(f"{HEAD}\nAshby,300,20\nBorrow,300,20\nSummerset,300,20\nMeanwood,300,20\n")
    assert len(alike.partnership.councils) == 4
    assert not alike.notes


# The command


def test_the_template_is_itself_a_partnership(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new-partnership", "--template"]) == 0
    assert "tandem new-partnership partnership.csv" in capsys.readouterr().out
    text = (folder / "partnership.csv").read_text(encoding="ascii")
    rows = [row for row in csv.reader(io.StringIO(text)) if not row[0].startswith("#")]
    assert rows[0] == [column.name for column in COLUMNS]
    assert all(f"# {column.name}: " in text for column in COLUMNS)
    assert cli.main(["new-partnership", "partnership.csv"]) == 0


def test_what_is_written_can_be_run_as_it_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "my councils.csv").write_text(FULL)
    typed = ["new-partnership", "my councils.csv", "--start-year", "2026", "--name", "Ashby on Borrow"]
    assert cli.main(typed) == 0
    said = capsys.readouterr().out
    command = shlex.split(said.splitlines()[-1])
    assert command == ["tandem", "run", "partnership=my councils.yaml"]
    assert "prior_joint_working: not given; default 0.2" in said
    quick = ["study.replications=1", "study.workers=1", "study.horizon_months=24"]
    assert cli.main([*command[1:], *quick]) == 0
    assert "assumption: not given; default 0.2" in (folder / "my councils.yaml").read_text()


def test_the_file_reads_back_as_what_was_made(folder: Path) -> None:
    for name in ("O'Hara & Söhne", "no", "1e5", ".5", "7", "nan", "null", "~", "a # b", "[x]", "!x", "True", "a_1"):
        (folder / "my.csv").write_text(f'{HEAD}\n"{name}",322,19.8\nBorrow,723,33.4\n', encoding="utf-8")
        path, made = api.new_partnership(Path("my.csv"), force=True)
        assert Partnership(**read_document(path)) == made.partnership
        assert made.partnership.councils[0].name == name


def test_nothing_is_overwritten_unasked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "my.csv").write_text(PLAIN)
    (folder / "my.yaml").write_text("mine")
    for typed in (["new-partnership", "my.csv"], ["new-partnership", "--template", "my.csv"]):
        assert cli.main(typed) == 2
        assert "--force" in capsys.readouterr().err
    assert (folder / "my.yaml").read_text() == "mine"
    assert (folder / "my.csv").read_text() == PLAIN
    assert cli.main(["new-partnership", "my.csv", "--force"]) == 0
    assert "Ashby" in (folder / "my.yaml").read_text()


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ([], ["CSV", "--template"]),
        (["absent.csv"], ["absent.csv", "no such file"]),
        (["."], ["not a file"]),
        (["my.csv", "--output", "my.csv"], ["my.csv", ".yaml"]),
        (["my.csv", "--output", "absent/my.yaml"], ["no folder absent"]),
        (["my.csv", "--output", "a, b.yaml"], ["a, b.yaml", "--output"]),
        (["my.csv", "--output", "sub.yaml"], ["sub.yaml", "folder"]),
        (["my.csv", "--start-year", "1066"], ["--start-year 1066", "1974 to 2100"]),
        (["my.csv", "--start-month", "13"], ["--start-month 13", "1 to 12"]),
        (["my.csv", "--start-year", "soon"], ["--start-year", "integer"]),
        (["my.csv", "--name", " "], ["--name", "1 to 80"]),
        (["my.csv", "--name", "${x}"], ["--name", "${"]),
        (["--template", "--name", "x"], ["--template"]),
        (["bad.csv"], ["bad.csv, line 2, column headcount"]),
        (["my.csv", "--bogus"], ["--bogus"]),
    ],
)
def test_bad_commands_write_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], parts: list[str]
) -> None:
    (folder / "my.csv").write_text(PLAIN)
    (folder / "bad.csv").write_text(f"{HEAD}\nAshby,x,1\n")
    (folder / "sub.yaml").mkdir()
    before = sorted(folder.rglob("*"))
    assert cli.main(["new-partnership", *options]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    for part in parts:
        assert part in printed.err
    assert sorted(folder.rglob("*")) == before


def test_fuzzed_tables_are_taken_or_refused(made: Make) -> None:
    """Whatever is written, it is a partnership that reads back, or one sentence that names the file."""
    chance = random.Random(3)
    pieces = [",", ";", "\t", '"', "\n", "\r", "£", "%", "=", "#", ":", "-", "0", "9" * 30, "é", "\x00", "${", "Ashby"]
    taken = 0
    for _ in range(400):
        text = chance.choice([PLAIN, FULL, template()])
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(pieces) + text[at + chance.choice([0, 1, 3, 20]) :]
        try:
            found = made(text.encode("utf-8", "replace"))
            taken += 1
            assert found.text.startswith("# Made from 'my.csv'")
        except InputError as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 1000
    assert taken > 20
