"""The people of one council: who is in post, and which posts stand vacant."""

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
    """The head count of one council: its account, and vacancies by the month they fell open, oldest first."""

    __slots__ = ("account", "vacancies")

    def __init__(self, headcount: int) -> None:
        self.account = HeadcountAccount(start=headcount, in_post=headcount)
        self.vacancies: list[int] = []

    def live_a_month(self, chance: float, luck: float, refill: int) -> int:
        """People leave of their own accord, and posts vacant for `refill` months are filled; how many leave."""
        account, vacancies = self.account, self.vacancies
        leavers = binomial(account.in_post, chance, luck)
        vacancies.append(leavers)
        hired = vacancies.pop(0) if len(vacancies) > refill else 0
        account.leavers += leavers
        account.hired += hired
        account.in_post += hired - leavers
        return leavers

    def delete_vacancy(self) -> bool:
        """Delete one vacant post instead of filling it; whether there was one."""
        for i, open_posts in enumerate(self.vacancies):
            if open_posts:
                self.vacancies[i] -= 1
                return True
        return False

    def make_redundant(self, posts: float) -> int:
        """People of so many posts go, as far as there are any; how many."""
        people = min(round(posts), self.account.in_post)
        if people <= 0:
            return 0
        self.account.redundancies += people
        self.account.in_post -= people
        return people

    def leave_beyond_plan(self, people: int) -> int:
        """People go whose posts are filled again; how many."""
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
        """People of so many posts go to a contractor; how many."""
        people = min(round(posts), self.account.in_post)
        self.account.transferred += people
        self.account.in_post -= people
        return people
