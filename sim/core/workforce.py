"""Staff of one council: people in post and vacant posts."""

from collections.abc import Sequence

from sim.core.history import HeadcountAccount
from sim.core.luck import binomial


def tilted(parts: Sequence[float], lead: int, tilt: float) -> list[float]:
    """Each council's part of posts that go, where one leads and is spared a share of its own (D-CE)."""
    spared, others = parts[lead] * tilt, 1.0 - parts[lead]
    if others <= 0.0:
        return list(parts)
    return [part - spared if c == lead else part * (1.0 + spared / others) for c, part in enumerate(parts)]


class Workforce:
    """Head count of one council: its account, and vacancies by the month in which they arose, oldest first."""

    __slots__ = ("account", "vacancies")

    def __init__(self, headcount: int) -> None:
        self.account = HeadcountAccount(start=headcount, in_post=headcount)
        self.vacancies: list[int] = []

    def live_a_month(self, chance: float, luck: float, refill: int) -> int:
        """Voluntary leavers of a month, and posts refilled after `refill` months. Returns the number of leavers."""
        account, vacancies = self.account, self.vacancies
        leavers = binomial(account.in_post, chance, luck)
        vacancies.append(leavers)
        hired = vacancies.pop(0) if len(vacancies) > refill else 0
        account.leavers += leavers
        account.hired += hired
        account.in_post += hired - leavers
        return leavers

    def delete_vacancy(self) -> bool:
        """Delete one vacant post instead of filling it. Returns True if there was one."""
        for i, open_posts in enumerate(self.vacancies):
            if open_posts:
                self.vacancies[i] -= 1
                return True
        return False

    def make_redundant(self, posts: float) -> int:
        """Make this many posts' holders redundant, limited to people in post. Returns their number."""
        people = min(round(posts), self.account.in_post)
        if people <= 0:
            return 0
        self.account.redundancies += people
        self.account.in_post -= people
        return people

    def leave_beyond_plan(self, people: int) -> int:
        """Exits of people whose posts are then refilled. Returns their number."""
        people = min(people, self.account.in_post)
        if people <= 0:
            return 0
        self.account.beyond_plan += people
        self.account.in_post -= people
        if self.vacancies:
            self.vacancies[-1] += people
        else:
            self.vacancies.append(people)
        return people

    def transfer(self, posts: float) -> int:
        """Transfer people of this many posts to a contractor. Returns their number."""
        people = min(round(posts), self.account.in_post)
        self.account.transferred += people
        self.account.in_post -= people
        return people
