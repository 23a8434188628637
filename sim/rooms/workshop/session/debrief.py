"""The debrief: the replayed run, predictions beside results, swapped cards, luck, and the sources' findings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any

from sim.core import words
from sim.core.events import kind_of
from sim.engine.settings import Settings
from sim.rooms.workshop.game.cards import deck
from sim.rooms.workshop.game.news import when
from sim.rooms.workshop.game.other_histories import LEADING, OTHERS, Lottery, paired, picture
from sim.rooms.workshop.game.replay import Lived, live
from sim.rooms.workshop.game.run_scores import NAMES, leading, scores, shown, verdict
from sim.rooms.workshop.game.story import Play, Shock, month_of, swapped, whole
from sim.rooms.workshop.game.team_measures import MEASURES, path, seen, truth
from sim.rooms.workshop.session.asking import Refused, team_of
from sim.rooms.workshop.session.room import Room
from sim.rooms.workshop.session.views import happenings, opening, standing
from sim.rooms.workshop.session.workshop_store import Session, Team
from sim.study.provenance import origin
from sim.words.diary.diary import TURNING_POINT, diary_of

MEASURED = tuple(name for name, measure in MEASURES.items() if measure.series)
SWAPPED_OTHERS = 100
"""Other histories simulated per swap: few, so that several swaps can be tried quickly."""
_BY_THE_FACILITATOR = ("the plan's scenario sets it for this month", "the facilitator let it happen")
"""Diary text for a dated shock, and the text that replaces it in a workshop."""


def debrief(room: Room, session: Session) -> dict[str, Any]:
    """The debrief of all teams, without the luck section."""
    opened(session)
    pack, shocks = room.pack(session), room.store.shocks(session.code)
    teams = room.store.teams(session.code)
    runs = {team.team: lived(room, session, team, shocks) for team in teams.values()}
    return {
        **opening(room, session),
        "horizon": room.settings(session).horizon_months,
        "played": session.round,
        "measures": [MEASURES[name].asked for name in MEASURED],
        "runs": [_run(room, session, team, runs[team.team], shocks) for team in teams.values()],
        "verdict": verdict({team.name: runs[team.team].outcomes for team in teams.values()}),
        "happenings": happenings(room, session, [*teams.values()], shocks),
        "says": [{"source": source, "text": text} for source, text in pack.says.items()],
        "questions": list(pack.guide.questions),
        "changed": session.program != origin()["code"],
    }


def opened(session: Session) -> None:
    """Raise Refused unless the debrief is open."""
    if session.phase not in ("debrief", "ended") or not session.round:
        raise Refused("The debrief is not open yet.", status=409)


def lived(room: Room, session: Session, team: Team, shocks: list[Shock]) -> Lived:
    """A team's whole history: ten years, of which it decided the first ones."""
    return _lived(room, session, team.plays(session.round + 1), shocks)


def luck(room: Room, session: Session, lottery: Lottery) -> dict[str, Any]:
    """Results so far of each team's decisions in other histories."""
    opened(session)
    shocks, teams = room.store.shocks(session.code), room.store.teams(session.code)
    plays = {team.name: team.plays(session.round + 1) for team in teams.values()}
    keys = {name: _key(session, own, shocks) for name, own in plays.items()}
    _begin(room, session, lottery, [plays[name] for name in plays], shocks, OTHERS)
    found = {}
    for name, own in plays.items():
        sample = lottery.sample(("luck", OTHERS, *keys[name]), OTHERS)
        run = _lived(room, session, own, shocks)
        key = ("picture", len(sample.rows), sample.failed, *keys[name])
        found[name] = lottery.pictures.recall(key, partial(picture, sample, run.outcomes))
    return {"asked": OTHERS, "teams": found}


def _begin(
    room: Room, session: Session, lottery: Lottery, plans: Sequence[list[Play]], shocks: list[Shock], count: int
) -> list[Hashable]:
    """Start simulating plans in other histories; returns the keys of their results."""
    base = room.settings(session)
    todo: dict[Hashable, Callable[[], Settings]] = {
        ("luck", count, *_key(session, plays, shocks)): partial(whole, base, plays, shocks) for plays in plans
    }
    lottery.begin(todo, session.replication, session.seed, count)
    return list(todo)


def swap(room: Room, session: Session, lottery: Lottery, number: int, first: Play, second: Play) -> dict[str, Any]:
    """Result of a team's plan with two cards exchanged, under the same luck and other luck."""
    opened(session)
    team, shocks = team_of(room.store.teams(session.code), number), room.store.shocks(session.code)
    plays = team.plays(session.round + 1)
    turned = swapped(plays, first, second)
    was, would = _lived(room, session, plays, shocks), _lived(room, session, turned, shocks)
    keys = _begin(room, session, lottery, [plays, turned], shocks, SWAPPED_OTHERS)
    samples = [lottery.sample(key, SWAPPED_OTHERS) for key in keys]
    return {
        "team": team.name,
        "says": _swap_says(first, second, was, would),
        "lines": [
            {"title": NAMES[name], "was": shown(name, was.outcomes[name]), "would": shown(name, would.outcomes[name])}
            for name in leading()
        ],
        "saving": path(MEASURES["saving"], would.history),
        "others": paired(samples[0], samples[1]),
    }


def _lived(room: Room, session: Session, plays: list[Play], shocks: list[Shock]) -> Lived:
    base = room.settings(session)
    key = ("lived", *_key(session, plays, shocks))
    return room.memory.recall(key, lambda: live(base, plays, shocks, session.replication, session.seed))


def _key(session: Session, plays: list[Play], shocks: list[Shock]) -> tuple[Hashable, ...]:
    return session.settings, tuple(plays), tuple(shocks), session.replication, session.seed


def _swap_says(first: Play, second: Play, was: Lived, would: Lived) -> str:
    names = f"{deck()[first.card].title} in half-year {second.round} and {deck()[second.card].title} in "
    names += f"half-year {first.round}"
    before, after = was.outcomes[LEADING], would.outcomes[LEADING]
    if before is None or after is None:
        return f"With {names}, the same luck brings another history."
    change = round(after - before, 1)
    told = f"{words.money(abs(change))} {'more' if change > 0 else 'less'}" if change else "as much, to £0.1m,"
    return f"With {names}, the same luck would have saved {told} in ten years. Exact for this one history."


def _run(room: Room, session: Session, team: Team, run: Lived, shocks: list[Shock]) -> dict[str, Any]:
    plays = team.plays(session.round + 1)
    return {
        "number": team.team,
        "team": team.name,
        "joined_round": team.joined_round,
        "plays": [
            {
                "round": play.round,
                "card": play.card,
                "title": deck()[play.card].title,
                "month": month_of(play.round),
                "moves": not deck()[play.card].at_start,
                "sources": list(deck()[play.card].sources),
            }
            for play in plays
        ],
        "paths": {name: path(MEASURES[name], run.history) for name in MEASURED},
        "turns": room.memory.recall(("turns", *_key(session, plays, shocks)), lambda: _turns(run)),
        "predictions": _predictions(room, session, team, run, shocks),
        "scores": scores(run.outcomes),
        "ending": _ending(run),
    }


def _turns(run: Lived) -> list[dict[str, Any]]:
    """The turning points of a history with their reasons, in words."""
    told = diary_of(run.history, run.settings, run.threats)
    return [
        {
            "month": entry.month,
            "when": when(entry.month, run.settings),
            "text": words.sentence(entry.text.removeprefix(TURNING_POINT).replace(*_BY_THE_FACILITATOR)),
        }
        for entry in told.turning_points
    ]


def _predictions(room: Room, session: Session, team: Team, run: Lived, shocks: list[Shock]) -> list[dict[str, Any]]:
    """Predicted, then observed, and true values of each measure, by half-year."""
    found = []
    for number in range(1, session.round + 1):
        entry = team.entry(number, "prediction")
        month, since = month_of(number + 1), month_of(number)
        seen_then = standing(room, session, team, shocks, month)
        for name in room.pack(session).predict:
            measure = MEASURES[name]
            value = entry.content.get(name) if entry else None
            then = seen(measure, seen_then.observed, since)
            found.append(
                {
                    "round": number,
                    **MEASURES[name].asked,
                    "predicted": value,
                    "seen": then,
                    "truth": truth(measure, run.history, month) if measure.kind == "score" else then,
                }
            )
    return found


def _ending(run: Lived) -> str:
    """Sentence on how the history ended."""
    kind = run.history.ended_by
    event = next(iter(run.history.of_kind(kind)), None) if kind else None
    if event is None:
        return "After ten years the partnership still stands."
    return kind_of(kind).ending.format(when=when(int(event.month), run.settings))
