"""Months and the calendar: the only time arithmetic. Month 0 is the month of the decision to share."""

from dataclasses import dataclass
from math import ceil

from sim.core.inputs.partnership import Council

MAY = 5
PRE_ELECTION_MONTHS = 1.5
"""No decision is taken in the six weeks before an election (usual council practice)."""

_YEARS_BETWEEN = {"whole": 4, "halves": 2, "thirds": 1}
_SEATS_UP = {"whole": 1.0, "halves": 1 / 2, "thirds": 1 / 3}
_COUNTY_YEAR = 1
"""Years of county elections (2009, 2013, …), in which councils that elect by thirds hold no election."""


@dataclass(frozen=True)
class Clock:
    """Turns months since the decision to share into calendar years and months."""

    start_year: int
    start_month: int

    def calendar(self, month: float) -> tuple[int, int]:
        """Calendar (year, month 1–12) in which `month` falls."""
        years, index = divmod(self.start_month - 1 + int(month), 12)
        return self.start_year + years, index + 1

    def month_of(self, year: int, month: int) -> int:
        """Months from the start to the first of a calendar month; negative before the start."""
        return (year - self.start_year) * 12 + month - self.start_month

    def elections(self, council: Council, horizon: float) -> tuple[int, ...]:
        """Months of the council's ordinary May elections after the start, up to the horizon.

        The year the council names settles the cycle: the first election is whole terms before or after it, so that
        elections follow a start that is moved. Councils that elect by thirds have none in the fourth year, that of
        county elections.
        """
        step = _YEARS_BETWEEN[council.elections]
        first = self.start_year + (council.next_election_year - self.start_year) % step
        years = range(first, self.calendar(horizon)[0] + 1, step)
        if council.elections == "thirds":
            years_in_use = [year for year in years if year % 4 != _COUNTY_YEAR]
        else:
            years_in_use = list(years)
        months = (self.month_of(year, MAY) for year in years_in_use)
        return tuple(month for month in months if 0 < month <= horizon)


def seats_up(council: Council) -> float:
    """Share of a council's seats contested at one of its elections."""
    return _SEATS_UP[council.elections]


def next_meeting(now: float, cycle: float, elections: tuple[int, ...]) -> float:
    """The next committee date after `now`: a multiple of the meeting cycle outside every pre-election period.

    Elections come in order of their months.
    """
    meeting = ceil(now / cycle + 1e-9) * cycle
    for election in elections:
        while election - PRE_ELECTION_MONTHS < meeting <= election:
            meeting += cycle
    return meeting
