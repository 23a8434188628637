"""Months and the calendar: elections, pre-election periods, committee dates."""

import pytest

from sim.core.clock import Clock, next_meeting, seats_up
from sim.core.inputs.partnership import Council


def council(elections: str, year: int) -> Council:
    """A council with an election pattern."""
    content = {"name": "X", "full_name": "X District Council", "headcount": 300, "service_expenditure_gbp_m": 20.0}
    politics = {"control": "labour", "setting": "rural", "elections": elections, "next_election_year": year}
    return Council.model_validate({**content, **politics, "budget_gap_share": 0.1})


CLOCK = Clock(2008, 7)


@pytest.mark.parametrize(("month", "date"), [(0, (2008, 7)), (5.9, (2008, 12)), (6, (2009, 1)), (120, (2018, 7))])
def test_months_are_dated(month: float, date: tuple[int, int]) -> None:
    assert CLOCK.calendar(month) == date
    assert CLOCK.month_of(*date) == int(month)


@pytest.mark.parametrize(
    ("elections", "first", "years", "share"),
    [
        ("whole", 2011, [2011, 2015], 1.0),
        ("halves", 2010, [2010, 2012, 2014, 2016, 2018], 0.5),
        # by thirds, with none in the years of county elections
        ("thirds", 2010, [2010, 2011, 2012, 2014, 2015, 2016, 2018], 1 / 3),
    ],
)
def test_elections_fall_in_may_of_their_years(elections: str, first: int, years: list[int], share: float) -> None:
    months = CLOCK.elections(council(elections, first), 120)
    assert [CLOCK.calendar(month) for month in months] == [(year, 5) for year in years]
    assert seats_up(council(elections, first)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("start", "elections", "named", "first"),
    [
        (2003, "whole", 2011, 2007),  # the start moved five years back: the election eight years before the one named
        (2014, "whole", 2011, 2015),
        (2003, "halves", 2010, 2004),
        (2004, "thirds", 2010, 2006),  # 2005 is a county year
    ],
)
def test_elections_follow_a_start_that_is_moved_by_whole_terms(
    start: int, elections: str, named: int, first: int
) -> None:
    clock = Clock(start, 7)
    assert clock.calendar(clock.elections(council(elections, named), 120)[0]) == (first, 5)


def test_a_meeting_is_the_next_of_its_cycle() -> None:
    assert next_meeting(0.0, 2.0, ()) == 2.0
    assert next_meeting(3.9, 2.0, ()) == 4.0
    assert next_meeting(4.0, 2.0, ()) == 6.0


def test_no_meeting_falls_in_the_six_weeks_before_an_election() -> None:
    assert next_meeting(21.0, 2.0, (22,)) == 24.0
    assert next_meeting(19.0, 2.0, (22,)) == 20.0
    assert next_meeting(20.5, 1.5, (22,)) == 22.5
