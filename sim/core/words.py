"""Numbers, chances, dates and plan names in plain words, rounded and without variable names."""

import re
from collections.abc import Collection, Iterable
from math import isinf

from sim.core.clock import Clock

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_SEASONS = ("winter", "spring", "summer", "autumn")
_FRACTIONS = tuple((top, bottom) for bottom in (2, 3, 4, 5, 6, 7, 8, 10, 20) for top in range(1, bottom))
_PLAINNESS = 0.0015
_RARE = 0.085
LONGEST_PLAN = 90
"""Most characters of a plan's displayed name, one full page line; longer titles end in an ellipsis."""


def number(count: int) -> str:
    """A count in words up to twelve (and twenty), in digits above."""
    if count == 20:
        return "twenty"
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun: "one vote", "three votes", "no votes"."""
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


def ordinal(count: int) -> str:
    """ "first" to "fifth", then "6th"."""
    return _ORDINALS[count - 1] if 1 <= count <= len(_ORDINALS) else f"{count}th"


ALIKE, NEARLY_ALL = "(alike)", "in nearly all"
"""Notes for a figure that is the same in nine histories in ten: in a table, and in a sentence."""


def listed(parts: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"; a comma precedes the last "and" if a part contains one itself."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    joint = ", and " if any(" and " in item for item in items) else " and "
    return f"{', '.join(items[:-1])}{joint}{items[-1]}"


def sentence(text: str) -> str:
    """The text with an initial capital and a final full stop."""
    text = text.strip()
    if not text:
        return ""
    ended = text if text[-1] in ".!?:" else text + "."
    return ended[0].upper() + ended[1:]


def decimal(value: float, places: int = 1) -> str:
    """A rounded figure with a true minus sign and no negative zero."""
    rounded = round(value, places) + 0.0
    return f"{'−' if rounded < 0 else ''}{abs(rounded):,.{places}f}"


def telling(places: int, *values: float, most: int = 3) -> int:
    """Fewest decimals, from `places` to `most`, at which none of these figures prints as zero."""
    enough = (more for more in range(places, most) if all(round(value, more) for value in values))
    return next(enough, max(places, most))


def money(gbp_m: float, places: int = 1) -> str:
    """£m to one decimal by default: "£1.4m", "−£0.3m"."""
    text = decimal(gbp_m, places)
    return f"−£{text[1:]}m" if text.startswith("−") else f"£{text}m"


def span(low: float, high: float, places: int = 1) -> str:
    """A range of figures without unit: "0.8 to 2.0"."""
    return f"{decimal(low, places)} to {decimal(high, places)}"


def bracketed(middle: str, low: str, high: str, joint: str = " to ", alike: str = ALIKE) -> str:
    """A figure with its range in brackets; `alike` replaces a range whose ends print the same."""
    return f"{middle} {alike}" if low == high else f"{middle} ({low}{joint}{high})"


def length(months: int) -> str:
    """A duration in words: "ten years", "18 months"."""
    return f"{months} months" if months % 12 else counted(months // 12, "year")


def percent(share: float) -> str:
    """A share as a whole percentage; shares just above 0 or below 1 are not rounded to 0% or 100%."""
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{round(100 * share)}%"


def out_of_100(level: float) -> str:
    """A level between 0 and 1 as a score out of 100."""
    return decimal(100 * level, 0)


def frequency(count: int, total: int) -> str:
    """A chance as a natural frequency: "one history in six", "none of the 200 histories"."""
    if total <= 0:
        return "no histories"
    if count <= 0:
        return "the one history did not" if total == 1 else f"none of the {total:,} histories"
    if count >= total:
        return "the one history" if total == 1 else f"all {total:,} histories"
    share = count / total
    if share < _RARE:
        return f"one history in {number(round(1 / share))}"
    if share > 1 - _RARE:
        return f"all but one history in {number(round(1 / (1 - share)))}"
    top, bottom = _fraction(share)
    return f"{counted(top, 'history', 'histories')} in {bottom if top > 12 else number(bottom)}"


def _fraction(share: float) -> tuple[int, int]:
    """The fraction nearest to a share, with a small denominator preferred."""
    return min(_FRACTIONS, key=lambda pair: abs(share - pair[0] / pair[1]) + _PLAINNESS * pair[1])


def year(number_of_year: int) -> str:
    """ "year five"."""
    return f"year {number(number_of_year)}"


def year_in_force(month: float) -> int:
    """The year of the partnership in which a month falls; month 0 opens year 1."""
    return int(month) // 12 + 1


def season(calendar_month: int) -> str:
    """The season of a calendar month (1–12)."""
    return _SEASONS[calendar_month % 12 // 3]


def date(month: float, clock: Clock) -> str:
    """A month since the decision, in full: "month 18 (spring of year 2, May 2010)"."""
    calendar_year, calendar_month = clock.calendar(month)
    when = f"{season(calendar_month)} of year {year_in_force(month)}"
    return f"month {int(month)} ({when}, {MONTHS[calendar_month - 1]} {calendar_year})"


def month_of_year(calendar_month: int) -> str:
    """The name of a calendar month (1–12)."""
    return MONTHS[calendar_month - 1]


def month_name(month: float, clock: Clock) -> str:
    """The calendar month: "May 2010"."""
    calendar_year, calendar_month = clock.calendar(month)
    return f"{MONTHS[calendar_month - 1]} {calendar_year}"


def payback_year(month: float) -> str:
    """The year in which a plan has paid back; "never" for infinity."""
    return "never" if isinf(month) else f"year {number(year_in_force(month))}"


def plain(identifier: str) -> str:
    """An identifier as words: "strongest_manager_first" -> "strongest manager first"."""
    return re.sub(r"\s+", " ", identifier.replace("_", " ")).strip()


def plan(label: str) -> str:
    """A plan's readable label: "hr_first, pace.packages_at_once=4" gives "hr-first, packages at once 4"."""
    parts = [_part(part) for part in label.split(",")]
    return ", ".join(part for part in parts if part)


def plan_name(label: str) -> str:
    """A plan's displayed name: its label on one line, printable letters only, cut if too long."""
    return one_line(start_of(plan(one_line(label))) or "Plan without a name", LONGEST_PLAN)


def one_line(text: str, longest: int | None = None) -> str:
    """Text of a user's on one line, printable letters only, cut with an ellipsis if longer than `longest`."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if longest is None or len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _part(part: str) -> str:
    key, equals, value = part.strip().partition("=")
    if not equals:
        return key.replace("_", "-") if re.fullmatch(r"[a-z0-9_]+", key) else plain(key)
    return f"{plain(key.rsplit('.', 1)[-1])} {plain(value)}"


def start_of(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def mid(name: str, proper: Collection[str] = ()) -> str:
    """A name as it stands inside a sentence: "Structure first" becomes "structure first"; proper names stay."""
    first = re.split(r"[^A-Za-z]", name, maxsplit=1)[0]
    common = first[:1].isupper() and first[1:].islower() and first not in proper
    return name[:1].lower() + name[1:] if common else name


def amount(value: float) -> str:
    """A number of people or posts: whole if nearly whole, else to one decimal."""
    return decimal(value, 0 if abs(value - round(value)) < 0.05 else 1)
