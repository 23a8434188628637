"""A team's story: cards played by half-year, their effects on levers, and the cards still allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.core.errors import InputError, suggestion
from sim.engine.settings import DatedDecision, DatedShock, Settings
from sim.plans.variants import variant
from sim.rooms.workshop.game.cards import Card, Value, deck, known_levers
from sim.rooms.workshop.game.packs import MONTHS_A_ROUND, Pack

FINE = 6
"""Decimals kept when cards add to a lever, so that 0.1 and 0.2 make 0.3."""


class Play(NamedTuple):
    """A card played in a half-year; half-years count from 1."""

    round: int
    card: str


class Shock(NamedTuple):
    """An event triggered by the facilitator at a month."""

    month: int
    kind: str
    council: str | None = None


class _Pull(NamedTuple):
    """Effect of one card on one lever: start and end month, and a new value or an amount added."""

    begin: int
    end: int | None
    lever: str
    to: Value | None
    by: float | None


def month_of(number: int) -> int:
    """The month at which a half-year's decisions are made."""
    return MONTHS_A_ROUND * (number - 1)


def settled(base: Settings, plays: Sequence[Play], shocks: Sequence[Shock]) -> Settings:
    """Settings of a team's history: its founding cards, and all events triggered by the facilitator."""
    founding = {key: value for play in plays if (card := deck()[play.card]).at_start for key, value in card.set.items()}
    made = variant(base, founding)
    if not shocks:
        return made
    dated = tuple(DatedShock.model_validate(shock._asdict()) for shock in shocks)
    return made.replaced(shocks=(*made.shocks, *dated))


def whole(base: Settings, plays: Sequence[Play], shocks: Sequence[Shock]) -> Settings:
    """Those settings with the team's decisions dated as in a scenario, for uninterrupted histories."""
    made = settled(base, plays, shocks)
    dated = tuple(DatedDecision(month=month, change=change) for month, change in timeline(made, plays))
    return made.replaced(decisions=(*made.decisions, *dated)) if dated else made


def timeline(settings: Settings, plays: Sequence[Play]) -> list[tuple[int, dict[str, Value]]]:
    """Changes of levers caused by cards, by month; a lever returns when a card's effect ends.

    Overlapping cards on a lever apply in the order of play: a set value replaces, an
    amount adds, and the result stays within the lever's bounds.
    """
    pulls = list(_pulls(plays))
    changes: dict[int, dict[str, Value]] = {}
    for lever in dict.fromkeys(pull.lever for pull in pulls):
        own = [pull for pull in pulls if pull.lever == lever]
        before = start = _value(settings.levers, lever)
        for month in sorted({pull.begin for pull in own} | {pull.end for pull in own if pull.end is not None}):
            value = _laid_over(lever, start, [pull for pull in own if _active(pull, month)])
            if value != before and month < settings.horizon_months:
                changes.setdefault(month, {})[lever] = value
            before = value
    return sorted(changes.items())


def check(pack: Pack, base: Settings, plays: Sequence[Play], number: int, cards: Sequence[str]) -> None:
    """Raise InputError if these cards may not be played in this half-year after those plays."""
    chosen = [_card(pack, name) for name in cards]
    if len(set(cards)) < len(cards):
        raise InputError("Each card can be played once in a half-year.")
    takes = sum(card.takes for card in chosen)
    if takes > pack.points:
        raise InputError(f"These cards take {takes} points of leadership time; you have {pack.points} each half-year.")
    for card in chosen:
        reason = refusal(pack, base, plays, number, card)
        if reason:
            raise InputError(f"{card.title}: {reason}")
    collide(chosen)
    _allowed(base, [*plays, *(Play(number, name) for name in cards)])


def refusal(pack: Pack, base: Settings, plays: Sequence[Play], number: int, card: Card) -> str:
    """Reason a card may not be played in this half-year; "" if it may."""
    if card.at_start and number > 1:
        return "it could be chosen in the first half-year only."
    for play in plays:
        if play.card != card.name or play.round >= number:
            continue
        free = play.round + card.rests + 1
        if number < free:
            when = f"it can be played again in half-year {free}" if free <= pack.rounds else "once is all"
            return f"played in half-year {play.round}; {when}."
    return "" if _moves(base, plays, number, card) else "it would change nothing: things are so already."


def collide(cards: Sequence[Card]) -> None:
    """Raise InputError if two cards of one half-year change the same lever in conflict."""
    seen: dict[str, Card] = {}
    for card in cards:
        for lever in card.levers:
            if lever in seen:
                raise InputError(f"{seen[lever].title} and {card.title} pull at the same thing; play one of them.")
            seen[lever] = card


def swapped(plays: Sequence[Play], first: Play, second: Play) -> list[Play]:
    """The story with two cards exchanged; InputError if that could not have been played."""
    for play in (first, second):
        if play not in plays:
            raise InputError("Choose two cards that the team played.")
    if first.round == second.round:
        raise InputError("Both cards were played in the same half-year; swapping them changes nothing.")
    for play in (first, second):
        if deck()[play.card].at_start:
            raise InputError(f"{deck()[play.card].title} could be chosen in the first half-year only.")
    turned = {first: Play(second.round, first.card), second: Play(first.round, second.card)}
    made = sorted((turned.get(play, play) for play in plays), key=lambda play: play.round)
    for number in {first.round, second.round}:
        collide([deck()[play.card] for play in made if play.round == number])
    return made


def _card(pack: Pack, name: str) -> Card:
    if name not in pack.cards:
        raise InputError(f"There is no card {name[:40]!r} in this workshop{suggestion(name, pack.cards)}.")
    return deck()[name]


def _moves(base: Settings, plays: Sequence[Play], number: int, card: Card) -> bool:
    """True if the card would change any lever."""
    before = [play for play in plays if play.round < number]
    after = [*before, Play(number, card.name)]
    if card.at_start:
        levers = settled(base, before, ()).levers
        return any(_value(levers, key) != value for key, value in card.set.items())
    return timeline(base, after) != timeline(base, before)


def _allowed(base: Settings, plays: Sequence[Play]) -> None:
    """Raise InputError if the cards would ever give a lever a refused value."""
    now = settled(base, plays, ())
    for _, change in timeline(now, plays):
        try:
            now = variant(now, change)
        except ValueError as error:
            raise InputError(f"These cards do not go together: {error}") from None


def _pulls(plays: Sequence[Play]) -> Iterator[_Pull]:
    for play in plays:
        card = deck()[play.card]
        if card.at_start:
            continue
        begin = month_of(play.round) + card.after_months
        end = begin + card.for_months if card.for_months else None
        yield from (_Pull(begin, end, lever, value, None) for lever, value in card.set.items())
        yield from (_Pull(begin, end, lever, None, float(value)) for lever, value in card.add.items())


def _active(pull: _Pull, month: int) -> bool:
    return pull.begin <= month and (pull.end is None or month < pull.end)


def _laid_over(lever: str, start: Value, pulls: Sequence[_Pull]) -> Value:
    entry, value = known_levers()[lever], start
    for pull in pulls:
        if pull.to is not None:
            value = pull.to
        elif pull.by is not None:
            moved = round(float(value) + pull.by, FINE)
            moved = min(max(moved, float(entry.get("low", moved))), float(entry.get("high", moved)))
            value = round(moved) if entry["type"] == "whole number" else moved
    return value


def _value(levers: Any, key: str) -> Value:
    _, group, name = key.split(".")
    value: Value = getattr(getattr(levers, group), name)
    return value


def by_round(plays: Sequence[Play]) -> Mapping[int, list[str]]:
    """The cards of each half-year with any plays."""
    found: dict[int, list[str]] = {}
    for play in plays:
        found.setdefault(play.round, []).append(play.card)
    return found
