"""Data of the screens: a team's own, the facilitator's overview, and the public one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.engine.settings import Settings
from sim.rooms.workshop.game.cards import Card, deck
from sim.rooms.workshop.game.news import announced, elections_ahead, heard, when
from sim.rooms.workshop.game.packs import MONTHS_A_ROUND, Pack, all_news
from sim.rooms.workshop.game.replay import Standing, stand
from sim.rooms.workshop.game.story import Play, Shock, by_round, month_of, refusal
from sim.rooms.workshop.game.team_measures import MEASURES, seen
from sim.rooms.workshop.session.drafts import Draft
from sim.rooms.workshop.session.event_landing import landings
from sim.rooms.workshop.session.room import Room, role_named, standing_at
from sim.rooms.workshop.session.seating import is_open
from sim.rooms.workshop.session.workshop_store import NOBODY, Player, Session, Team

_STATUS = {
    "running": "The programme is running.",
    "complete": "The programme has no work left; what is shared goes on.",
    "stalled": "The programme has stalled: nothing new is begun.",
    "reorganised": "National reorganisation has ended the programme; what is shared goes on.",
    "dissolved": "The partnership has been dissolved. The councils go their own ways.",
    "failed": "The talks failed; nothing is shared.",
}


def pulse(room: Room, session: Session) -> dict[str, Any]:
    """Session state polled by every browser each two seconds: revision, phase and clock."""
    left = session.seconds_left(room.clock())
    return {
        "code": session.code,
        "revision": session.revision,
        "phase": session.phase,
        "round": session.round,
        "paused": session.paused,
        "seconds_left": None if left is None else round(left, 1),
    }


def opening(room: Room, session: Session) -> dict[str, Any]:
    """Public state of a session: title, question, and the teams that can be joined."""
    pack = room.pack(session)
    return {
        **pulse(room, session),
        "title": session.title,
        "question": pack.question,
        "story": pack.story,
        "partnership": room.settings(session).partnership.name,
        "rounds": pack.rounds,
        "teams": [team.name for team in room.store.teams(session.code).values()],
        "door": is_open(session),
        "roles": [{"name": name, "title": role_named(name).title} for name in pack.roles],
    }


def team_view(room: Room, session: Session, player: Player) -> dict[str, Any]:
    """Screen data of one team's browser: the observable state, and the team's entries."""
    pack, team = room.pack(session), room.store.teams(session.code)[player.team]
    shocks, now = room.store.shocks(session.code), standing_at(session)
    number = max(session.round, 1)
    role = role_named(player.role)
    return {
        **opening(room, session),
        "team": team.name,
        "word": team.word,
        "people": [{"name": each.name, "role": role_named(each.role).title} for each in team.players],
        "you": {"name": player.name, "role": role.model_dump()},
        "warm_up": list(pack.warm_up),
        "points": pack.points,
        "state": _state(room, session, team, shocks, now),
        "ahead": elections_ahead(room.settings(session), now, MONTHS_A_ROUND),
        "cards": _cards(room, session, pack, team, number) if session.phase == "round" else [],
        "in_play": _in_play(team, number),
        "ask": [MEASURES[name].asked for name in pack.predict],
        "prediction": _said(team, number, "prediction"),
        "may_predict": session.phase == "round" and session.round > session.shown,
        "decision": _said(team, number, "decision"),
        "draft": draft_view(number, room.store.draft(session.code, player.team, number)),
        "result": _result(room, session, team, shocks) if session.shown else None,
    }


def console(room: Room, session: Session) -> dict[str, Any]:
    """Screen data of the facilitator: the clock, and one row per team."""
    pack, settings = room.pack(session), room.settings(session)
    shocks, teams = room.store.shocks(session.code), room.store.teams(session.code)
    return {
        **opening(room, session),
        "pack": pack.name,
        "when": when(standing_at(session), settings),
        "minutes": session.minutes,
        "one_address": bool(session.one_address),
        "luck": session.replication,
        "advice": list(pack.when),
        "next_step": _next_step(pack, session.round),
        "rows": [_row(room, session, team, shocks) for team in teams.values()],
        "happenings": happenings(room, session, [*teams.values()], shocks),
        "choices": [
            all_news()[name].model_dump(include={"name", "title", "of_council", "means"}) for name in pack.news
        ],
        "councils": [council.name for council in settings.partnership.councils],
    }


def standing(room: Room, session: Session, team: Team, shocks: Sequence[Shock], month: int) -> Standing:
    """State of a team's history at a month, by replay."""
    base, plays = room.settings(session), team.plays(month // MONTHS_A_ROUND + 1)
    befell = tuple(shock for shock in shocks if shock.month < month)
    key = ("stand", session.settings, tuple(plays), befell, month, session.replication, session.seed)
    return room.memory.recall(key, lambda: stand(base, plays, befell, month, session.replication, session.seed))


def _state(room: Room, session: Session, team: Team, shocks: Sequence[Shock], month: int) -> dict[str, Any]:
    settings = room.settings(session)
    past = [standing(room, session, team, shocks, at) for at in range(0, month + 1, MONTHS_A_ROUND)]
    here = past[-1]
    return {
        "month": month,
        "when": when(month, settings),
        "status": _STATUS.get(here.status, here.status),
        "over": here.status == "dissolved",
        "measures": [
            {
                **MEASURES[name].asked,
                "value": _reading(name, here),
                "past": [{"month": each.month, "value": _reading(name, each)} for each in past],
            }
            for name in MEASURES
        ],
        "announced": announced(shocks, landed(room, session, team, shocks), month, settings),
        "heard": heard(here.observed["events"], settings, month - MONTHS_A_ROUND, month),
    }


def _reading(name: str, standing: Standing) -> float | None:
    since = standing.month - MONTHS_A_ROUND
    return seen(MEASURES[name], standing.observed, since)


def _cards(room: Room, session: Session, pack: Pack, team: Team, number: int) -> list[dict[str, Any]]:
    base, plays = room.settings(session), tuple(team.plays(number))
    key = ("cards", session.pack, session.settings, plays, number)
    return room.memory.recall(key, lambda: [_shown(pack, base, plays, number, card) for card in _dealt(pack, number)])


def _dealt(pack: Pack, number: int) -> list[Card]:
    """The cards on the table; start cards are removed after the first half-year."""
    return [card for card in (deck()[name] for name in pack.cards) if number == 1 or not card.at_start]


def _shown(pack: Pack, base: Settings, plays: Sequence[Play], number: int, card: Card) -> dict[str, Any]:
    shown = card.model_dump(include={"name", "title", "scope", "does", "why", "trap", "takes", "at_start", "sources"})
    reason = refusal(pack, base, plays, number, card)
    return {
        **shown,
        "sources": list(card.sources),
        "levers": list(card.levers),
        "timing": card.timing,
        "price": card.price(base),
        "closed": reason[:1].upper() + reason[1:],
    }


def _in_play(team: Team, number: int) -> list[dict[str, Any]]:
    """Cards of earlier half-years that are still in effect."""
    return [
        {"round": at, "cards": [deck()[name].title for name in names]}
        for at, names in by_round(team.plays(number)).items()
    ]


def _said(team: Team, number: int, kind: str) -> dict[str, Any]:
    entry = team.entry(number, kind)
    if entry is None:
        return {"version": 0, "content": None, "by": "", "taken": False}
    by = next((each.name for each in team.players if each.player == entry.player), "")
    return {"version": entry.version, "content": entry.content, "by": by, "taken": entry.player == NOBODY}


def draft_view(number: int, draft: Draft) -> dict[str, Any]:
    """A table's draft in a half-year: ticks and values entered since it last sent."""
    return {"round": number, "version": draft.version, "ticks": dict(draft.ticks), "values": dict(draft.values)}


def _result(room: Room, session: Session, team: Team, shocks: Sequence[Shock]) -> dict[str, Any]:
    """Result of the last closed half-year: each prediction beside the value now known."""
    number = session.shown
    then = standing(room, session, team, shocks, month_of(number + 1))
    entry = team.entry(number, "prediction")
    predicted = entry.content if entry else {}
    lines = [
        {**MEASURES[name].asked, "predicted": predicted.get(name), "seen": _reading(name, then)}
        for name in room.pack(session).predict
    ]
    decided = team.entry(number, "decision")
    cards = decided.content if decided else []
    return {
        "round": number,
        "lines": lines,
        "cards": [deck()[name].title for name in cards],
        "taken": decided is not None and decided.player == NOBODY,
        **_left(room, session, team, number, cards, decided is not None),
    }


def _left(room: Room, session: Session, team: Team, number: int, cards: Sequence[str], sent: bool) -> dict[str, Any]:
    """Cards ticked in a half-year but not played, with the reason."""
    ticked = room.store.draft(session.code, team.team, number).cards(cards)
    left = [name for name in ticked if name not in cards]
    why = "Another decision had been sent." if sent else room.unplayable(session, team, number, ticked)
    return {"left": [deck()[name].title for name in left], "left_why": why if left else ""}


def _row(room: Room, session: Session, team: Team, shocks: Sequence[Shock]) -> dict[str, Any]:
    number, month = max(session.round, 1), standing_at(session)
    here = standing(room, session, team, shocks, month)
    decided = team.entry(number, "decision")
    ticked = room.store.draft(session.code, team.team, number).cards([])
    return {
        "team": team.name,
        "number": team.team,
        "word": team.word,
        "people": [
            {
                "player": each.player,
                "name": each.name,
                "role": role_named(each.role).title,
                "here": room.present(session.code, each.player),
            }
            for each in team.players
        ],
        "ticked": len(ticked) if decided is None else 0,
        "predicted": team.entry(number, "prediction") is not None,
        "decided": None if decided is None else [deck()[name].title for name in decided.content],
        "late": team.joined_round > 1,
        "status": _STATUS.get(here.status, here.status),
        "readings": [{**MEASURES[name].asked, "value": _reading(name, here)} for name in MEASURES],
    }


def landed(room: Room, session: Session, team: Team, shocks: Sequence[Shock]) -> list[float | None]:
    """Month in which each event shows in a team's history; None if it has no effect there."""
    return landings(room.memory, session, room.settings(session), team.plays(session.round + 1), shocks)


def happenings(room: Room, session: Session, teams: Sequence[Team], shocks: Sequence[Shock]) -> list[dict[str, Any]]:
    """Events triggered so far, with the teams affected only later and those not affected."""
    settings = room.settings(session)
    shows = {team.name: landed(room, session, team, shocks) for team in teams}
    told = []
    for i, shock in enumerate(shocks):
        later: dict[str, list[str]] = {}
        for name, months in shows.items():
            begins = months[i]
            if begins is not None and int(begins) > shock.month:
                later.setdefault(when(int(begins), settings), []).append(name)
        told.append(
            {
                "month": shock.month,
                "when": when(shock.month, settings),
                "title": all_news()[shock.kind].title,
                "council": shock.council,
                "later": [{"when": date, "teams": names} for date, names in later.items()],
                "spared": [name for name, months in shows.items() if months[i] is None],
            }
        )
    return told


def _next_step(pack: Pack, number: int) -> dict[str, Any] | None:
    """The guide's entry for the current or next half-year."""
    wanted = f"Round {max(number, 1)}"
    step = next((step for step in pack.guide.timetable if step.what.startswith(wanted)), None)
    return None if step is None else step.model_dump()
