"""The table of what the second model must reach: whole with few histories, and held row by row in the slow set."""

from collections.abc import Callable

import pytest

from sim.assurance.reach.__main__ import HISTORIES, ROWS, main
from sim.assurance.reach.figures import REPORTED, Reached, ReachRow, middle, range_of, ratio

Shows = Callable[[str, object], None]
MEASURED = [row for row in ROWS if not row.asked.startswith("as the line") and row.asked != "none"]
FEW = 8


def test_a_ratio_of_means_has_the_interval_of_its_pairs() -> None:
    found, low, high = ratio([2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    assert (found, low, high) == (2.0, 2.0, 2.0)
    found, low, high = ratio([2.0, 4.0, 5.0], [1.0, 2.0, 3.0])
    assert low < found < high


def test_a_median_counts_never_as_later_than_any_month() -> None:
    never = float("inf")
    assert middle([1.0, 2.0, never])[0] == 2.0
    assert middle([1.0, never, never])[0] == never


def test_the_range_of_the_middle_nine_tenths() -> None:
    assert range_of([float(value) for value in range(101)]) == (5.0, 95.0)


def test_rows_without_a_target_are_reported_and_never_fall_short() -> None:
    assert Reached("some", 1).state == REPORTED
    assert Reached("some", 1, False).state == "falls short"


def test_every_row_says_what_it_measures_once() -> None:
    assert len({row.what for row in ROWS}) == len(ROWS)


def test_a_few_rows_can_be_asked_for_by_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--histories", str(FEW), "First joint"])
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 3
    assert told[-1].startswith("| First joint team formed, default plan |")


@pytest.mark.slow
@pytest.mark.check("Reach")
@pytest.mark.parametrize("row", MEASURED, ids=lambda row: row.what)
def test_the_row_reaches_what_is_asked(row: ReachRow, record_property: Shows) -> None:
    found = row.measure(HISTORIES)
    record_property("reached", f"{row.what}: {found.told} ({found.state})")
    record_property("n", found.n)
    assert found.holds is not False, found.told
