"""The ledger: dated amounts in whole pence, by council, kind and cause."""

from collections.abc import Callable, Collection, Iterator, Sequence
from heapq import heappop, heappush
from itertools import repeat
from math import floor, fsum
from operator import add
from typing import NamedTuple

from sim.core.history import LedgerLine

PENCE = 100
POUNDS_PER_MILLION = 1e6
_DUST = 1e-6
_WHOLE = 1e-12
"""Tolerance for the sum of shares around one: too small to move a penny of any council's amounts."""

SAVING, RUNNING_COST, PROGRAMME_COST, ONE_OFF = "saving", "running cost", "programme cost", "one-off cost"
"""Kinds of ledger lines; set-up cost is the sum of one-off and programme cost."""
RECURRENT = (SAVING, RUNNING_COST)


def split(total: int, shares: Sequence[float], names: Sequence[str] = ()) -> tuple[int, ...]:
    """Divide whole pence in proportion to shares by largest remainder, ties by name; the parts sum to the total."""
    exact = [total * share for share in shares]
    parts = [floor(value) for value in exact]
    order = sorted(range(len(parts)), key=names.__getitem__) if names else range(len(parts))
    by_remainder = sorted(order, key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


def present_value(by_year: Sequence[float], rate: float) -> float:
    """Sum of yearly amounts discounted at `rate`; year 0 is months 0–11, undiscounted."""
    return fsum(discounted(amount, rate, year) for year, amount in enumerate(by_year))


def discounted(amount: float, rate: float, year: float) -> float:
    """Present value of an amount due in the given number of years."""
    return float(amount / (1.0 + rate) ** year)


class Account(NamedTuple):
    """Whose money it is: of some councils alone (None: of all), and of which service, where that is kept apart."""

    among: tuple[int, ...] | None = None
    service: str = ""


ALL = Account()
"""What all councils share."""


class Stream:
    """A recurrent amount that changes by ramps: a saving if positive, a cost if negative.

    `posted` holds whole pence by month since `first`; the fraction of a penny is carried on.
    """

    __slots__ = ("_carry", "_number", "account", "breaks", "cause", "first", "kind", "level", "next", "posted", "slope")

    def __init__(self, kind: str, cause: str, month: int, account: Account = ALL) -> None:
        self.kind = kind
        self.cause = cause
        self.account = account
        self.level = 0.0
        self.slope = 0.0
        self.first = self.next = month
        self.posted: list[int] = []
        self.breaks: list[tuple[float, int, float, float]] = []
        self._carry = 0.0
        self._number = 0

    def ramp(self, start: float, months: float, annual_pounds: float) -> None:
        """From `start`, change the annual amount by `annual_pounds` over `months` (at once if zero)."""
        monthly = annual_pounds * PENCE / 12.0
        self._number += 1
        if months <= 0.0:
            heappush(self.breaks, (start, self._number, 0.0, monthly))
            return
        heappush(self.breaks, (start, self._number, monthly / months, 0.0))
        heappush(self.breaks, (start + months, self._number, -monthly / months, 0.0))

    def integral(self, month: int) -> float:
        """Exact pence that flow in [month, month + 1). Moves the stream on to month + 1."""
        end = month + 1.0
        now, total, breaks = float(month), 0.0, self.breaks
        while breaks and breaks[0][0] < end:
            at, _, slope, jump = heappop(breaks)
            if at > now:
                elapsed, now = at - now, at
                total += (self.level + self.slope * elapsed / 2.0) * elapsed
                jump += self.slope * elapsed
            self.level += jump
            self.slope += slope
        elapsed = end - now
        total += (self.level + self.slope * elapsed / 2.0) * elapsed
        self.level += self.slope * elapsed
        return total

    def rate_at(self, now: float) -> float:
        """Annual pounds flowing at `now`, which lies in the first month not yet posted."""
        level, slope, at = self.level, self.slope, float(int(now))
        for when, _, change, jump in sorted(self.breaks):
            if when > now:
                break
            level += slope * max(0.0, when - at) + jump
            slope += change
            at = max(at, when)
        return (level + slope * max(0.0, now - at)) * 12.0 / PENCE

    def freeze(self, now: float) -> None:
        """Cancel all future changes, so that the amount stays at its level at `now`."""
        past = [entry for entry in self.breaks if entry[0] <= now]
        slope = self.slope + fsum(entry[2] for entry in past)
        self._number += 1
        self.breaks = sorted([*past, (now, self._number, -slope, 0.0)])

    def post_until(self, month: int) -> None:
        """Post every month before `month` in whole pence, carrying the fraction of a penny."""
        breaks = self.breaks
        while self.next < month:
            if breaks and breaks[0][0] < self.next + 1.0:
                exact = self.integral(self.next) + self._carry
            elif breaks or self.slope:
                exact = self.level + self.slope / 2.0 + self._carry
                self.level += self.slope
            else:
                self._post_level(month)
                return
            whole = floor(exact + _DUST)
            self._carry = exact - whole
            self.posted.append(whole)
            self.next += 1

    def _post_level(self, month: int) -> None:
        """Post every month before `month` at the same level."""
        level, carry, posted = self.level, self._carry, self.posted
        for _ in range(self.next, month):
            exact = level + carry
            whole = floor(exact + _DUST)
            carry = exact - whole
            posted.append(whole)
        self._carry, self.next = carry, month


class Payment(NamedTuple):
    """A one-off amount in pence: shared by all councils, or borne by some of them alone."""

    month: int
    kind: str
    cause: str
    pence: int
    among: tuple[int, ...] | None


class Ledger:
    """The ledger: streams post at month ends, one-offs when due; all are shared by agreement or paid by one."""

    def __init__(self, councils: Sequence[str], shares: tuple[float, ...], uplift: float = 0.0) -> None:
        self.councils = tuple(councils)
        self.shares = shares
        self.uplift = 1.0 + uplift
        self._reshared: list[tuple[int, tuple[float, ...]]] = []
        self.annual_rate = 0.0
        self.payments: list[Payment] = []
        self._streams: dict[tuple[str, str, Account], Stream] = {}
        self._recurrent: list[Stream] = []
        self._moving: list[Stream] = []
        self._lasting: dict[tuple[str, str], float] = {}
        self._month = 0

    def stream(self, kind: str, cause: str, account: Account = ALL) -> Stream:
        """The stream of this kind, cause and account, about to change."""
        stream = self._streams.get((kind, cause, account))
        if stream is None:
            stream = self._streams[kind, cause, account] = Stream(kind, cause, self._month, account)
            if kind in RECURRENT:
                self._recurrent.append(stream)
        if stream not in self._moving:
            stream.post_until(self._month)
            self._moving.append(stream)
        return stream

    def keep_paying(self, now: float, kind: str, cause: str, yearly: float) -> None:
        """A cost in pounds a year that is paid from now on, while it lasts, in place of what it was until now."""
        before = self._lasting.get((kind, cause), 0.0)
        if yearly != before:
            self._lasting[kind, cause] = yearly
            self.stream(kind, cause).ramp(now, 0.0, before - yearly)

    def pay(
        self,
        now: float,
        kind: str,
        cause: str,
        pounds: float,
        council: int | None = None,
        among: tuple[int, ...] | None = None,
    ) -> None:
        """A one-off cost in pounds, raised by optimism bias; borne by all by their shares, by some, or by one alone."""
        pence = round(-pounds * (self.uplift if pounds > 0.0 else 1.0) * PENCE)
        if pence:
            self.payments.append(Payment(int(now), kind, cause, pence, among if council is None else (council,)))

    def reshare(self, month: int, shares: tuple[float, ...]) -> None:
        """From `month` on, share costs and savings in this proportion."""
        self._reshared.append((month, shares))

    def shares_at(self, month: int) -> tuple[float, ...]:
        """The shares in force in a month."""
        shares = self.shares
        for since, later in self._reshared:
            if since <= month:
                shares = later
        return shares

    def parts_at(self, month: int, among: tuple[int, ...] | None) -> tuple[float, ...]:
        """The shares in force in a month, of what some councils alone share; evenly where none of them is inside."""
        shares = self.shares_at(month)
        if among is None:
            return shares
        total = fsum([shares[c] for c in among])
        return tuple(
            0.0 if c not in among else share / total if total else 1.0 / len(among) for c, share in enumerate(shares)
        )

    def close_month(self, month: int) -> None:
        """Post the month for streams that are changing; constant streams are posted when read."""
        self._month = month + 1
        if self._moving:
            for stream in self._moving:
                stream.post_until(month + 1)
            self._moving = [stream for stream in self._moving if stream.slope or stream.breaks]
            self.annual_rate = 12.0 * fsum([stream.level for stream in self._recurrent])

    def lines(self) -> list[LedgerLine]:
        """Every line of the ledger, month by month."""
        return sorted([*self._paid(), *self._posted()], key=lambda line: line.month)

    def _paid(self) -> Iterator[LedgerLine]:
        for month, kind, cause, pence, among in self.payments:
            yield LedgerLine(month, kind, cause, split(pence, self.parts_at(month, among), self.councils))

    def _posted(self) -> Iterator[LedgerLine]:
        splits: dict[tuple[int, tuple[float, ...]], tuple[int, ...]] = {}
        for stream in self._streams.values():
            stream.post_until(self._month)
            for month, pence in enumerate(stream.posted, start=stream.first):
                known = pence, self.parts_at(month, stream.account.among)
                if known not in splits:
                    splits[known] = split(*known, self.councils)
                yield LedgerLine(month, stream.kind, stream.cause, splits[known])

    def totals(self) -> dict[str, dict[int, int]]:
        """Pence by kind and month, all councils together."""
        found: dict[str, dict[int, int]] = {}
        for stream in self._streams.values():
            stream.post_until(self._month)
            months = range(stream.first, stream.next)
            by_month = found.setdefault(stream.kind, {})
            by_month.update(zip(months, map(add, map(by_month.get, months, repeat(0)), stream.posted)))
        for payment in self.payments:
            by_month = found.setdefault(payment.kind, {})
            by_month[payment.month] = by_month.get(payment.month, 0) + payment.pence
        return found

    def rates(self, kind: str) -> dict[str, float]:
        """Pounds a year that flow by each cause of this kind, in all accounts, by the latest month posted."""
        found: dict[str, float] = {}
        for stream in self._streams.values():
            if stream.kind == kind:
                found[stream.cause] = found.get(stream.cause, 0.0) + 12.0 * stream.level / PENCE
        return found

    def begins(self, kind: str) -> dict[str, int]:
        """First month with a non-zero amount for each cause of this kind."""
        found: dict[str, int] = {}
        for stream in self._streams.values():
            if stream.kind == kind and any(stream.posted):
                first = stream.first + next(i for i, pence in enumerate(stream.posted) if pence)
                found[stream.cause] = min(first, found.get(stream.cause, first))
        return found

    def faults(self, horizon: int, balance: int) -> Iterator[str]:
        """Imbalances in books closed at `horizon` with `balance` pence, each with month, cause and reason."""
        total = 0
        for stream in self._streams.values():
            total += sum(stream.posted)
            if stream.next != horizon or not -2.0 * _DUST <= stream._carry < 1.0:
                yield f"month {stream.next}: {stream.cause}: posted {stream._carry} pence off what flowed"
        total += sum([payment.pence for payment in self.payments])
        if total != balance:
            yield f"month {horizon}: the ledger: its lines sum to {total} pence, its balance is {balance}"
        for payment in self.payments:
            if not 0 <= payment.month < horizon:
                yield f"month {payment.month}: {payment.cause} is paid outside the history"
        yield from self._unshared()

    def _unshared(self) -> Iterator[str]:
        """Imbalances in sharing: shares that do not add up to one, and lines whose parts do not add up."""
        for month, shares in ((0, self.shares), *self._reshared):
            if len(shares) != len(self.councils) or min(shares) < 0.0 or not abs(fsum(shares) - 1.0) <= _WHOLE:
                yield f"month {month}: the shares of {' and '.join(self.councils)} do not make a whole: {shares}"
        posted = [stream for stream in self._streams.values() if stream.posted]
        last = [(each.next - 1, each.cause, each.posted[-1], each.account.among) for each in posted]
        paid = [(each.month, each.cause, each.pence, each.among) for each in self.payments[-1:]]
        for month, cause, pence, among in [*last, *paid]:
            parts = split(pence, self.parts_at(month, among), self.councils)
            if sum(parts) != pence:
                yield f"month {month}: {cause}: the councils' shares sum to {sum(parts)} pence of {pence}"

    def borne(self) -> dict[int, dict[int, int]]:
        """Pence that councils paid or saved outside what all share, by council and month."""
        found: dict[int, dict[int, int]] = {c: {} for c in range(len(self.councils))}
        paid = [(each.month, each.pence, each.among) for each in self.payments if each.among is not None]
        for month, pence, among in [*paid, *self._flowed_among()]:
            for c, part in enumerate(split(pence, self.parts_at(month, among), self.councils)):
                if part:
                    found[c][month] = found[c].get(month, 0) + part
        return found

    def _flowed_among(self) -> Iterator[tuple[int, int, tuple[int, ...] | None]]:
        """Month, pence and councils of what flowed to some councils alone."""
        for stream in self._streams.values():
            if stream.account.among is not None:
                stream.post_until(self._month)
                for month, pence in enumerate(stream.posted, start=stream.first):
                    yield month, pence, stream.account.among

    def rate_among(self) -> dict[int, list[float]]:
        """Pence a year that flow to each council outside what all share, month by month; none where nothing does."""
        found: dict[int, list[float]] = {}
        for month, pence, among in self._flowed_among():
            for c, part in enumerate(split(12 * pence, self.parts_at(month, among), self.councils)):
                found.setdefault(c, [0.0] * self._month)[month] += part
        return found

    def of_service(self, service: str) -> float:
        """Pounds a year that flow now for a service that has an account of its own."""
        return 12.0 * fsum([each.level for each in self._recurrent if each.account.service == service]) / PENCE

    def unwind(self, start: float, months: float, kept: dict[str, float], service: str = "") -> None:
        """When councils part, or leave one service: savings ramp down to the share that each cause keeps; costs end."""
        for known in self._recurrent:
            if service and known.account.service != service:
                continue
            stream = self.stream(known.kind, known.cause, known.account)
            stream.freeze(start)
            lost = 1.0 - kept.get(stream.cause, 0.0)
            stream.ramp(start, months, -stream.rate_at(start) * lost)

    def shrink(
        self, start: float, months: float, share: Callable[[tuple[int, ...] | None], float], but: Collection[str]
    ) -> None:
        """When a partner leaves: a share of every recurrent amount that flows then ramps away, `but` for causes.

        The share depends on which councils the amount concerns.
        """
        for known in self._recurrent:
            if known.cause in but:
                continue
            stream = self.stream(known.kind, known.cause, known.account)
            stream.ramp(start, months, -stream.rate_at(start) * share(known.account.among))
