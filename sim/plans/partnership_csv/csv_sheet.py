"""Reader of CSV files as spreadsheets write them: rows of cells with their line numbers."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.core.errors import InputError, shown, suggestion
from sim.plans.strict.reader import check_text, read_bytes

MAX_BYTES = 1_000_000
_DELIMITERS = ",;\t"
_DIRECTIVE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_COMMENT = re.compile(r"#(\s|$)")
_RUNS = ("=", "+", "@")
"""First characters of a cell that a spreadsheet would run as a formula."""


class CsvRow(NamedTuple):
    """One row below the headings: its first line number, and its non-empty cells by column."""

    line: int
    cells: dict[str, str]


class CsvSheet(NamedTuple):
    """Table as read: file, rows, a flag for possible decimal commas, and notes for the reader."""

    file: str
    rows: tuple[CsvRow, ...]
    decimal_comma: bool
    notes: tuple[str, ...]


def read_sheet(path: Path, known: Sequence[str], required: Sequence[str]) -> CsvSheet:
    """Rows of a CSV file. Raises InputError with file and line unless it is a plain table of known columns.

    Takes what spreadsheets do: a byte order mark, commas, semicolons or tabs, any line ends, Windows-1252,
    empty rows and columns. Rows that begin with "# " are comments.
    """
    text, notes = _text(path)
    delimiter, text = _delimiter(text)
    rows = list(_rows(path, text, delimiter))
    if not rows:
        raise InputError(f"{path}: the file is empty; tandem new-partnership --template writes one to fill in")
    (line, headings), *below = rows
    columns = _columns(f"{path}, line {line}", headings, known, required)
    return CsvSheet(str(path), tuple(_row(path, n, cells, columns) for n, cells in below), delimiter == ";", notes)


def _text(path: Path) -> tuple[str, tuple[str, ...]]:
    data = read_bytes(path, MAX_BYTES, "1 MB; a table of councils has one row a council")
    if data.startswith(b"PK"):
        raise InputError(f"{path}: this is a workbook, not a CSV file; save it as CSV UTF-8")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise InputError(f"{path}, line {line}: holds NUL bytes, as no CSV file does; save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), (f"{path} is not UTF-8 and was read as Windows-1252 text",)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: neither UTF-8 nor Windows text; save it as CSV UTF-8") from None


def _delimiter(text: str) -> tuple[str, str]:
    """The delimiter, from a first line such as "sep=;" or the headings, and the text without that line.

    The directive's line stays as an empty one, so that lines keep their numbers.
    """
    first, newline, rest = text.partition("\n")
    directive = _DIRECTIVE.fullmatch(first)
    if directive and directive[1] in _DELIMITERS:
        return directive[1], newline + rest
    lines = (line for line in text.splitlines() if line.strip(f'"{_DELIMITERS} '))
    headings = next((line for line in lines if not _COMMENT.match(line.lstrip('" '))), "")
    return max(_DELIMITERS, key=headings.count), text


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row that is neither empty nor a comment."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [" ".join(cell.split()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"{path}, line {line}: not readable as CSV ({error})") from None
        if any(cells) and not _COMMENT.match(cells[0]):
            yield line, cells


def _columns(where: str, headings: Sequence[str], known: Sequence[str], required: Sequence[str]) -> list[str]:
    columns = ["_".join(heading.lower().split()) for heading in headings]
    for heading, column in zip(headings, columns):
        if column and column not in known:
            raise InputError(f"{where}: {shown(heading)} is not a column{suggestion(column, known)}")
        if column and columns.count(column) > 1:
            raise InputError(f"{where}: column {column} stands twice")
    missing = [column for column in required if column not in columns]
    if missing:
        raise InputError(f"{where}: column {missing[0]} is missing; the columns {', '.join(required)} are required")
    return columns


def _row(path: Path, line: int, cells: Sequence[str], columns: Sequence[str]) -> CsvRow:
    found = {}
    for number, cell in enumerate(cells):
        column = columns[number] if number < len(columns) else ""
        if not cell:
            continue
        where = f"{path}, line {line}, column {column or number + 1}: {shown(cell)}"
        if not column:
            raise InputError(f"{where} stands under no heading; put a text that holds the delimiter in quotes")
        reason = _refused(cell)
        if reason:
            raise InputError(f"{where}: {reason}")
        found[column] = cell
    return CsvRow(line, found)


def _refused(cell: str) -> str | None:
    if cell.startswith(_RUNS):
        return "formulas are not read; put the value itself"
    if cell.startswith("#"):
        return "an error of the spreadsheet, or a comment that does not begin with '# '"
    return check_text(cell)
