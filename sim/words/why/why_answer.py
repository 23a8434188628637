"""The answer: size of the difference, the levers that produce it, and the mechanisms behind it."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.core import words
from sim.engine.settings import Mechanisms
from sim.plans import key_words
from sim.words.names import proper_names
from sim.words.summary.summary_tables import shortened
from sim.words.verdict_words import cannot_be_told_apart
from sim.words.why.amounts import Amounts

if TYPE_CHECKING:
    from sim.analysis.attribution.attributed_effects import Effect
    from sim.analysis.attribution.attribution_finding import FactorShare, Rest, Why
    from sim.analysis.attribution.plan_factors import PlanFactor

WHOLE = {"decisions": "dated decisions", "shocks": "dated shocks", "services": "the list of services and their facts"}
NAMED = 3
"""Most levers of a group that are named."""
LISTED = 4
"""Most mechanisms named in either direction; the table has them all."""
LONGEST = 90
"""Most characters of a lever's value."""


LONGEST_NAME = 60
"""Most characters of a plan's name inside a sentence."""


@dataclass(frozen=True)
class Pair:
    """Names of the two plans inside a sentence, made distinct if they are the same."""

    first: str
    second: str


def pair_of(why: Why) -> Pair:
    """The names of the two plans."""
    proper = proper_names(why.first.settings.partnership)
    first, second = (_plan_name(side.label, proper) for side in (why.first, why.second))
    return Pair(first, second) if first != second else Pair(f"{first} (first plan)", f"{second} (second plan)")


def _plan_name(label: str, proper: set[str]) -> str:
    plain = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in label[:500])
    name = words.start_of(words.plan(plain)) or "The plan without a name"
    name = shortened(words.mid(name, proper), LONGEST_NAME)
    return f"“{name}”" if "," in name else name


def headline(why: Why) -> str:
    """One sentence on the difference between the plans, or that they cannot be told apart."""
    pair, amounts, gap = pair_of(why), Amounts.of(why.outcome), why.difference
    n = f"{words.counted(why.n, 'history', 'histories')} under the same luck"
    if gap.none:
        return f"{pair.first} and {pair.second} do not differ at all in {amounts.subject}: exact, in {n}"
    if not gap.clear:
        size = f"{amounts.signed(gap.value)} ({amounts.span(gap.low, gap.high)})"
        both = f"{pair.first} and {pair.second}"
        return cannot_be_told_apart(both, f"in {amounts.subject}: the difference is {size} in {n}")
    verb = "rises" if gap.value > 0 else "falls"
    good = {"higher": gap.value > 0, "lower": gap.value < 0}.get(amounts.better)
    judged = "" if good is None else ", for the better" if good else ", for the worse"
    return (
        f"from {pair.first} to {pair.second}, {amounts.subject} {verb} by {by(gap, amounts)}, "
        f"from {amounts.level(why.first.level.value)} to {amounts.level(why.second.level.value)}{judged}; {n}"
    )


def by(found: Effect, amounts: Amounts) -> str:
    """The size of an effect with its range: "£4.2m (3.8 to 4.7)"."""
    return f"{amounts.size(found.value)} ({amounts.span_of_size(found.low, found.high)})"


def levers(why: Why, pair: Pair, amounts: Amounts) -> list[str]:
    """Paragraph on the levers that differ between the plans, and the amount that each adds."""
    if len(why.shares) == 1:
        only = f"{words.start_of(name(why.shares[0].factor))} ({values(why.shares[0].factor)})"
        what = "is" if len(why.shares[0].factor.keys) == 1 else "cannot be taken apart and are"
        return [f"The levers. {only} {what} all that differs between the plans, and so makes the whole difference."]
    count = words.number(len(why.shares))
    head = (
        f"The levers. {words.start_of(count)} things differ between {pair.first} and {pair.second}. Each one's share "
        f"is what it adds on average over {_orders(why, amounts)}; the shares add up to the difference exactly. "
        "Shares whose ranges overlap cannot be ranked."
    )
    return [head, *(f"- {words.sentence(share_said(share, amounts))}" for share in ranked(why)), *_together(why)]


def ranked(why: Why) -> list[FactorShare]:
    """The shares, statistically clear ones first, then by size."""
    return sorted(why.shares, key=lambda share: (not share.effect.clear, -abs(share.effect.value)))


def _orders(why: Why, amounts: Amounts) -> str:
    plans = words.counted(why.mixed, "plan")
    if why.exact:
        return f"all orders in which they can be changed, all {plans} in between simulated"
    widest = max(share.effect.order_half_width for share in why.shares)
    all_orders = f"{math.factorial(len(why.shares)):,}" if len(why.shares) <= MOST_WRITTEN else "very many"
    return (
        f"{words.number(why.orders)} of the {all_orders} orders in which they can be changed, {plans} in between "
        f"simulated; the ranges allow for orders not tried, which alone leave up to ± {amounts.size(widest)} open"
    )


MOST_WRITTEN = 10
"""Most levers for which the number of orderings is written in figures: ten have 3,628,800."""


def share_said(share: FactorShare, amounts: Amounts) -> str:
    """One share: "OD posts (0 → 2) adds £1.2m (0.8 to 1.6)"."""
    head, found = f"{name(share.factor)} ({values(share.factor)})", share.effect
    if found.none:
        return f"{head}: no difference in any history{' (exact)' if share.alone else ', in any order tried'}"
    if not found.clear:
        ends = amounts.span(found.low, found.high)
        return f"{head}: cannot be told from none, {amounts.signed(found.value)} ({ends})"
    verb = (
        ("add" if found.value > 0 else "take away")
        if len(share.factor.keys) > 1
        else ("adds" if found.value > 0 else "takes away")
    )
    return f"{head} {verb} {by(found, amounts)}{_company(share, amounts)}"


def _company(share: FactorShare, amounts: Amounts) -> str:
    """Clause on how much a lever's share depends on the other levers, if that is clear."""
    alone, last = share.alone, share.last
    if alone is None or last is None or abs(alone.value - last.value) <= alone.half_width + last.half_width:
        return ""
    told = [f"{amounts.signed(each.value)} ({amounts.span(each.low, each.high)})" for each in (alone, last)]
    return f"; it depends on the others: {told[0]} on its own, {told[1]} on top of them"


def name(factor: PlanFactor) -> str:
    """A factor's readable name: "months from one wave of packages to the next"."""
    named = [WHOLE.get(key) or key_words.name(key) for key in factor.keys[:NAMED]]
    more = len(factor.keys) - len(named)
    return words.listed([*named, words.counted(more, "more", "more")] if more else named)


def values(factor: PlanFactor) -> str:
    """A lever's values in the two plans: "0 → 2"."""
    ends = [
        [_value(key, value) for key, value in zip(factor.keys[:NAMED], side, strict=False)]
        for side in (factor.first, factor.second)
    ]
    return "; ".join(f"{first} → {second}" for first, second in zip(*ends, strict=True))


def _value(key: str, value: Any) -> str:
    if key in WHOLE:
        return words.number(int(value))
    several = isinstance(value, list | tuple)
    text = ("; ".join(map(str, value)) if several else key_words.said(key, value)) or "none"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _together(why: Why) -> list[str]:
    """Sentences on levers that were grouped, with the reason."""
    return [
        f"{words.start_of(name(share.factor))} are taken together: "
        + (
            f"{share.factor.why}, too many to take one by one."
            if share.factor.many
            else "no plan can have the one without the other."
        )
        for share in why.shares
        if len(share.factor.keys) > 1
    ]


def mechanisms(why: Why, amounts: Amounts) -> list[str]:
    """Paragraph on the mechanisms behind the difference."""
    if not why.rests:
        return []
    clear = [rest for rest in why.rests if rest.effect.clear]
    way = 1.0 if why.difference.value > 0 else -1.0
    shrinks = [rest for rest in clear if rest.effect.value * way > 0]
    grows = [rest for rest in clear if rest.effect.value * way < 0]
    n = words.counted(why.rests_n, "history", "histories")
    head = (
        f"The mechanisms. Each of the {len(why.rests)} of the model was switched off in both plans in turn, {n} each "
        "under the same luck. What goes with one is not to be added to what goes with another."
    )
    lines = [head]
    if shrinks:
        lines.append(f"- {_moves('smaller', shrinks, amounts)}")
    if grows:
        lines.append(f"- {_moves('larger', grows, amounts)}")
    unclear = len(why.rests) - len(clear)
    if unclear:
        rest = "none of them" if not clear else f"the other {words.number(unclear)}"
        verb = "has an effect" if not clear else "have no effect"
        lines.append(f"- {words.start_of(rest)} {verb} on it that can be told from luck, all judged together.")
    if why.skipped:
        off = words.listed(words.plain(each) for each in why.skipped)
        lines.append(f"- Left out, as not plainly on in both plans: {off}.")
    return lines


def _moves(how: str, rests: list[Rest], amounts: Amounts) -> str:
    shown = [rest for rest in rests if amounts.size(rest.effect.value) != amounts.size(0.0)][:LISTED]
    told = [f"by {by(rest.effect, amounts)} without “{meaning(rest.mechanism)}”{_rests_on(rest)}" for rest in shown]
    left = len(rests) - len(shown)
    more = [f"{'and less so' if told else 'by less than can be written here'} without {words.counted(left, 'other')}"]
    return f"The difference would be {how} {'; '.join([*told, *(more if left else [])])}."


def _rests_on(rest: Rest) -> str:
    return f" ({rest.assumed} of its {rest.quantities} quantities assumed)" if rest.quantities > 1 else ""


def meaning(mechanism: str) -> str:
    """A mechanism's effect in words: "managers' load slows packages"."""
    text = str(Mechanisms.model_fields[mechanism].description)
    return words.mid(re.split(r"[;:(]", text, maxsplit=1)[0].strip())
