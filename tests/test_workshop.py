"""The workshop without a browser: cards and packs, a team's story and its replay, sessions, the debrief."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from workshop_room import AtOnce, Table

from sim import engine
from sim.core.errors import InputError
from sim.engine.settings import Settings
from sim.rooms.workshop.game.cards import Card, deck
from sim.rooms.workshop.game.other_histories import Lottery, OtherHistories, bars, paired, picture, verdict
from sim.rooms.workshop.game.packs import Shelf, all_news, pack_named, packs, read_pack, roles
from sim.rooms.workshop.game.replay import live, stand, steered
from sim.rooms.workshop.game.run_scores import CRITERIA, NAMES, scores
from sim.rooms.workshop.game.run_scores import verdict as comparison
from sim.rooms.workshop.game.story import Play, Shock, check, refusal, swapped, timeline, whole
from sim.rooms.workshop.game.team_measures import MEASURES, seen
from sim.rooms.workshop.session import debrief, views
from sim.rooms.workshop.session.asking import Refused, named
from sim.rooms.workshop.session.event_landing import TRACES, landings
from sim.rooms.workshop.session.room import CODE_LENGTH, LETTERS, Room
from sim.rooms.workshop.session.workshop_store import Store

ROOT = Path(__file__).resolve().parents[1]
PACK = pack_named("chicken_and_egg")
PLAYS = [Play(1, "away_days"), Play(1, "joint_committee"), Play(2, "two_hr_officers"), Play(3, "hold_votes")]


@pytest.fixture(scope="module")
def base() -> Settings:
    return PACK.settings()


# -- what is shipped --


def test_every_source_on_a_card_stands_in_the_evidence() -> None:
    known = set(re.findall(r"^\| ([A-Z]+-?[A-Z0-9]+)", (ROOT / "docs/evidence.md").read_text(encoding="utf-8"), re.M))
    assert len(known) > 100
    named_by = {
        **{f"card {card.name}": set(card.sources) for card in deck().values()},
        **{f"role {role.name}": set(role.sources) for role in roles().values()},
        **{f"news {news.name}": set(news.sources) for news in all_news().values()},
        **{f"pack {pack.name}": set(pack.says) for pack in packs().values()},
    }
    assert {who: ids - known for who, ids in named_by.items() if ids - known} == {}


def test_three_packs_are_ready_to_run() -> None:
    assert len(packs()) == 3
    for pack in packs().values():
        settings = pack.settings()
        assert all(card.price(settings) or not {"levers.hr.hr_posts"} & set(card.levers) for card in deck().values())
        assert pack.guide.minutes >= pack.rounds * pack.minutes + 30
        playing = sum(step.minutes for step in pack.guide.timetable if step.what.startswith("Round"))
        assert playing >= pack.rounds * pack.minutes, f"{pack.name}: the timetable leaves no time for its rounds"
        assert {f"Round {i}" for i in range(1, pack.rounds + 1)} <= {
            step.what.split(",")[0] for step in pack.guide.timetable
        }
        assert len(pack.roles) == 9


@pytest.mark.parametrize("name", sorted(packs()))
def test_a_pack_left_alone_lives_through_its_half_years(name: str) -> None:
    pack = packs()[name]
    here = stand(pack.settings(), [], [], 6 * pack.rounds, pack.replication, pack.seed)
    assert here.status == "running"


def test_every_card_of_a_pack_can_be_played_at_first_or_says_why_not() -> None:
    idle = set()
    for pack in packs().values():
        settings = pack.settings()
        idle |= {(pack.name, name) for name in pack.cards if refusal(pack, settings, [], 1, deck()[name])}
        assert all(deck()[name].takes <= pack.points for name in pack.cards)
    assert idle == {("too_fast", "hold_the_date")}, "there the date is held already"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"set": {"levers.hr.hr_post": 2.0}}, "did you mean"),
        ({"set": {"levers.sequence.extent": "merger"}}, "at_start"),
        ({"set": {}}, "sets a lever"),
        ({"set": {}, "add": {"levers.pace.timeframe": 1}}, "nothing can be added"),
        ({"at_start": True, "for_months": 3}, "at once and for good"),
    ],
)
def test_a_card_that_cannot_be_is_refused(change: dict[str, object], complaint: str) -> None:
    content = deck()["pause"].model_dump() | {"for_months": 0} | change
    with pytest.raises(ValueError, match=complaint):
        Card.model_validate(content)


def test_a_bad_pack_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (ROOT / "scenarios/workshop/too_fast.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(text.replace("  - hr_first\n", "  - hr_frist\n"), encoding="utf-8")
    with pytest.raises(InputError, match="hr_first"):
        read_pack(tmp_path / "own.yaml")
    (tmp_path / "own.yaml").write_text(text.replace("points: 4", "points: many"), encoding="utf-8")
    with pytest.raises(InputError, match=r"own.yaml, line \d+: points"):
        read_pack(tmp_path / "own.yaml")


def own_folder(folder: Path, name: str = "ours", partnership: str = "", change: tuple[str, str] = ("", "")) -> Path:
    """A folder of one's own with a pack, which may play in a partnership of one's own."""
    text = (ROOT / "scenarios/workshop/too_fast.yaml").read_text(encoding="utf-8").replace(*change)
    text = text.replace("title: Too fast", "title: <i>Ours</i>")
    (folder / "workshop").mkdir(parents=True)
    if partnership:
        (folder / "partnership").mkdir()
        shipped = (ROOT / "configs/partnership/forest_heath_st_edmundsbury.yaml").read_text(encoding="utf-8")
        (folder / f"partnership/{partnership}.yaml").write_text(shipped, encoding="utf-8")
        text = text.replace("partnership: forest_heath_st_edmundsbury", f"partnership: {partnership}")
    (folder / f"workshop/{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_pack_of_ones_own_is_chosen_beside_the_shipped_ones(tmp_path: Path) -> None:
    shelf = Shelf(own_folder(tmp_path / "mine", partnership="ours_too"))
    assert list(shelf.packs) == [*packs(), "ours"] and shelf.is_own("ours") and not shelf.is_own("too_fast")
    room = Room(Store(tmp_path / "workshops.sqlite3"), shelf=shelf)
    session, _ = room.open("ours")
    assert session.title == "<i>Ours</i>" and room.settings(session).partnership.councils[0].name == "Forest Heath"
    with pytest.raises(InputError, match="'ours'"):
        shelf.named("our")
    with pytest.raises(InputError, match="no pack 'ours'"):
        pack_named("ours")


def test_a_workshop_goes_on_when_its_pack_is_gone(tmp_path: Path) -> None:
    store = tmp_path / "workshops.sqlite3"
    session, _ = Room(Store(store), shelf=Shelf(own_folder(tmp_path / "mine"))).open("ours")
    again = Room(Store(store))
    assert again.pack(again.session(session.code)).name == "ours"


@pytest.mark.parametrize(
    ("name", "change", "complaint"),
    [
        ("too_fast", ("", ""), "name of another pack"),
        ("Our Pack", ("", ""), "rename the file"),
        ("ours", ("scenario: structure_first", "scenario: structure_frist"), "structure_first"),
        ("ours", ("timeframe: held", "timeframe: hold"), "timeframe"),
        ("ours", ("points: 4", "points: &a 4"), r"ours\.yaml, line \d+"),
        ("ours", ("partnership: forest_heath", "partnership: ../x"), r"ours\.yaml, line \d+: partnership"),
    ],
)
def test_a_pack_of_ones_own_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, change: tuple[str, str], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        Shelf(own_folder(tmp_path, name, change=change))


# -- a team's story --


def test_cards_are_laid_over_one_another_and_return() -> None:
    base = packs()["by_election"].settings()
    plays = [Play(1, "away_days"), Play(3, "hold_votes"), Play(4, "away_days")]
    bench = [
        (month, change["levers.members.backbench_engagement"])
        for month, change in timeline(base, plays)
        if "levers.members.backbench_engagement" in change
    ]
    assert bench == [(0, 0.45), (12, 0.9), (18, 0.75)]
    assert [month for month, change in timeline(base, plays) if "levers.pace.votes_held" in change] == [12, 18]


def test_a_lever_stays_within_its_bounds(base: Settings) -> None:
    plays = [Play(number, "slow_down") for number in range(1, 10)]
    values = [change["levers.pace.packages_at_once"] for _, change in timeline(base, plays) if len(change) == 2]
    assert values
    assert min(values) == 1
    assert all(isinstance(value, int) for value in values)


@pytest.mark.parametrize(
    ("number", "cards", "complaint"),
    [
        (1, ["pause", "pause"], "once in a half-year"),
        (1, ["redesign_first", "two_hr_officers", "od_officer"], "6 points"),
        (1, ["speed_up", "slow_down"], "pull at the same thing"),
        (1, ["hold_votes", "away_days"], "pull at the same thing"),
        (2, ["joint_ict"], "first half-year only"),
        (3, ["two_hr_officers"], "again in half-year 5"),
        (2, ["puase"], "did you mean 'pause'"),
        (4, ["better_services"], ""),
        (5, ["two_hr_officers"], ""),
    ],
)
def test_what_may_be_played(base: Settings, number: int, cards: Sequence[str], complaint: str) -> None:
    if not complaint:
        check(PACK, base, PLAYS, number, cards)
        return
    with pytest.raises(InputError, match=complaint):
        check(PACK, base, PLAYS, number, cards)


def test_a_history_that_is_stopped_and_steered_is_the_one_with_the_same_decisions(base: Settings) -> None:
    shocks = [Shock(12, "control_changes", "Redditch")]
    run = live(base, PLAYS, shocks, 5, 1)
    straight = engine.run(whole(base, PLAYS, shocks), 5, 1)
    assert run.history.states == straight.states
    assert run.history.money == straight.money
    simulation = steered(base, PLAYS, shocks, 18, 5, 1)
    simulation.observe()
    simulation.advance(base.horizon_months)
    assert simulation.history.states[: 18 + 1] == straight.states[: 18 + 1]


def test_what_is_let_happen_changes_nothing_before_it(base: Settings) -> None:
    before = stand(base, PLAYS, [], 18, 5, 1)
    after = stand(base, PLAYS, [Shock(18, "control_changes", "Redditch")], 18, 5, 1)
    assert before.observed == after.observed
    later = [stand(base, PLAYS, own, 24, 5, 1) for own in ([], [Shock(18, "control_changes", "Redditch")])]
    assert later[0].observed != later[1].observed


def test_teams_meet_the_same_luck(base: Settings) -> None:
    """An election falls out the same way, whatever a team has done; only the view of the new people answers to it."""
    plain, steered_on = (live(base, plays, [], 7, 1).history for plays in ([], PLAYS))
    for kind in ("election", "control changed", "party in power"):
        fell_out = [[(e.month, e.entity, e.cause) for e in history.of_kind(kind)] for history in (plain, steered_on)]
        assert fell_out[0] == fell_out[1] != [], kind
    views = [[e.value for e in history.of_kind("control changed")] for history in (plain, steered_on)]
    assert views[0] != views[1]


def test_surveys_are_late_and_noisy(base: Settings) -> None:
    measure = MEASURES["fatigue"]
    history = steered(base, [], [], 12, 5, 1).history
    assert seen(measure, stand(base, [], [], 0, 5, 1).observed, 0) is None
    found = seen(measure, stand(base, [], [], 12, 5, 1).observed, 6)
    exact = 100 * history.column("fatigue")[10]
    assert found is not None
    assert 0.2 < abs(found - exact) < 15, "what a survey says is not the truth, and not far from it"


def test_two_cards_change_places() -> None:
    made = swapped(PLAYS, Play(2, "two_hr_officers"), Play(3, "hold_votes"))
    assert made == [
        Play(1, "away_days"),
        Play(1, "joint_committee"),
        Play(2, "hold_votes"),
        Play(3, "two_hr_officers"),
    ]
    for first, second, complaint in [
        (Play(1, "joint_committee"), Play(2, "two_hr_officers"), "first half-year only"),
        (Play(1, "away_days"), Play(1, "joint_committee"), "same half-year"),
        (Play(2, "pause"), Play(3, "hold_votes"), "that the team played"),
    ]:
        with pytest.raises(InputError, match=complaint):
            swapped(PLAYS, first, second)


# -- sessions --


def test_a_session_goes_through_its_phases(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room = table.room
    assert len(table.code) == CODE_LENGTH
    assert set(table.code) <= set(LETTERS)
    with pytest.raises(Refused, match="Play a half-year first"):
        room.debrief(table.session)
    session = room.next_round(table.session)
    assert session.seconds_left(table.clock()) == 480
    table.clock.now += 100
    session = room.pause(session)
    table.clock.now += 1000
    assert room.session(table.code).seconds_left(table.clock()) == 380
    session = room.extend(room.resume(session), 60)
    assert session.seconds_left(table.clock()) == 440
    table.clock.now += 441
    assert room.session(table.code).phase == "between"
    with pytest.raises(Refused, match="too late"):
        table.play("Red", 1, ["pause"])
    session = room.debrief(table.session)
    with pytest.raises(Refused, match="no one can join"):
        room.join(table.code, "Late", "Zoe")
    assert room.end(session).phase == "ended"


def test_a_half_year_that_is_opened_again_is_not_predicted_any_more(tmp_path: Path) -> None:
    """A computer that slept through a half-year gets it back, but its result has been seen."""
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    room.next_round(table.session)
    values = {"saving": 0.1, "fatigue": 20, "back_bench": 60}
    room.predict(table.session, red, 1, values, 0)
    table.clock.now += 86_400
    assert table.session.phase == "between"
    room.extend(table.session, 120)
    table.play("Red", 1, ["pause"])
    with pytest.raises(Refused, match="cannot be predicted any more"):
        room.predict(table.session, red, 1, values, 1)
    assert views.team_view(room, table.session, red)["may_predict"] is False


def test_a_key_that_is_not_the_facilitators_opens_nothing(tmp_path: Path) -> None:
    table = Table(tmp_path)
    assert table.room.facilitates(table.code, table.key).code == table.code
    for key in ("", "x", table.key[:-1], table.key + "a"):
        with pytest.raises(Refused) as refused:
            table.room.facilitates(table.code, key)
        assert refused.value.status == 403
    assert table.key.encode() not in (tmp_path / "workshops.sqlite3").read_bytes()


@pytest.mark.parametrize("code", ["", "AAAAA", "BCDFGHJ", "../..", "bcdf", "BCDFé", "BCDF'"])
def test_a_code_that_does_not_exist_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(Refused, match="no workshop with this code") as refused:
        Table(tmp_path).room.session(code)
    assert refused.value.status == 404


def test_the_later_of_two_decisions_must_have_seen_the_earlier(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    room.next_round(table.session)
    assert room.decide(table.session, red, 1, ["pause"], 0).version == 1
    assert room.decide(table.session, red, 1, ["pause"], 0).version == 1, "sent again because the answer was lost"
    with pytest.raises(Refused, match="just sent"):
        room.decide(table.session, red, 1, ["slow_down"], 0)
    assert room.decide(table.session, red, 1, ["slow_down"], 1).version == 2
    assert room.store.teams(table.code)[red.team].plays(2) == [Play(1, "slow_down")]


def test_predictions_are_bounded_and_whole(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    room.next_round(table.session)
    for values, field in [
        ({"saving": 0.1, "fatigue": 20}, "back_bench"),
        ({"saving": 0.1, "fatigue": 101, "back_bench": 60}, "fatigue"),
        ({"saving": float("nan"), "fatigue": 20, "back_bench": 60}, "saving"),
    ]:
        with pytest.raises(Refused) as refused:
            room.predict(table.session, red, 1, values, 0)
        assert refused.value.field == field


def test_a_team_that_joins_late_has_carried_on_as_before(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.rounds({"Red": [["away_days"], ["pause"]]})
    table.room.door.say_door(table.session, "open", False)
    _, late = table.room.join(table.code, "Late", "Zoe")
    view = views.team_view(table.room, table.session, late)
    blue = views.team_view(table.room, table.session, table.players["Blue"])
    assert view["state"]["month"] == 12
    assert view["state"]["measures"] == blue["state"]["measures"]
    assert view["in_play"] == []
    assert views.console(table.room, table.session)["rows"][2]["late"]


def test_a_team_is_joined_by_its_name_and_word_and_roles_are_dealt(tmp_path: Path) -> None:
    table = Table(tmp_path)
    word = table.word("Red")
    _, second = table.room.join(table.code, " red ", "Zoe", word=word.upper().replace(" ", "-"))
    _, third = table.room.join(table.code, "RED", "Max", "scrutiny_chair", word=f" {word} ")
    assert second.team == third.team == table.players["Red"].team
    assert (table.players["Red"].role, second.role, third.role) == ("chief_executive", "leader_large", "scrutiny_chair")
    with pytest.raises(Refused, match="no such role"):
        table.room.join(table.code, "Red", "Eve", "king")


# -- the door --


def test_a_table_is_joined_only_with_its_word(tmp_path: Path) -> None:
    table = Table(tmp_path)
    assert table.word("Red") != table.word("Blue")
    for word, complaint in [("", "has a word"), ("heron", "not the word"), (table.word("Blue"), "not the word")]:
        with pytest.raises(Refused, match=complaint) as refused:
            table.room.join(table.code, "Red", "Eve", word=word)
        assert refused.value.field == "word"
    assert len(table.people("Red")) == 1


def test_a_word_given_for_a_table_that_is_not_there_begins_none(tmp_path: Path) -> None:
    """Someone who mistypes the name of their team does not sit alone at another."""
    table = Table(tmp_path)
    with pytest.raises(Refused, match="did you mean 'Blue'"):
        table.room.join(table.code, "Bleu", "Zoe", word=table.word("Blue"))
    assert len(table.room.store.teams(table.code)) == 2


def test_words_are_not_guessed_for_long(tmp_path: Path) -> None:
    """After five wrong words even the right one opens nothing for that device; others are let in, and it too later."""
    table, room = Table(tmp_path), Table(tmp_path).room
    word, at = table.word("Red"), table.code
    for i in range(5):
        with pytest.raises(Refused, match="not the word"):
            room.join(at, "Red", "Eve", word=f"heron {i}", device="10.0.0.7")
    with pytest.raises(Refused, match="wait some minutes"):
        room.join(at, "Red", "Eve", word=word, device="10.0.0.7")
    room.join(at, "Red", "Zoe", word=word, device="10.0.0.8")
    room.door.clock.now += 301
    room.join(at, "Red", "Eve", word=word, device="10.0.0.7")


@pytest.mark.parametrize("team", ["Red", "Blue", "Green"])
@pytest.mark.parametrize("name", ["Red one", " RED  ONE ", "Ｒed one"])
def test_no_name_stands_twice_in_a_session(tmp_path: Path, team: str, name: str) -> None:
    table = Table(tmp_path)
    word = table.word(team) if team in table.players else ""
    with pytest.raises(Refused, match="add a letter") as refused:
        table.room.join(table.code, team, name, word=word)
    assert refused.value.field == ("back" if team == "Red" else "name")
    assert sum(len(each.players) for each in table.room.store.teams(table.code).values()) == 2


def test_the_door_closes_when_the_first_half_year_is_over_unless_it_is_opened(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, word = table.room, table.word("Red")
    room.next_round(table.session)
    room.join(table.code, "Red", "Early", word=word)
    room.close_round(table.session)
    for team in ("Red", "Green"):
        with pytest.raises(Refused, match="The door is closed"):
            room.join(table.code, team, "Late", word=word if team == "Red" else "")
    room.door.say_door(table.session, "open", False)
    room.join(table.code, "Red", "Late", word=word)
    room.door.say_door(table.session, "shut", False)
    with pytest.raises(Refused, match="The door is closed"):
        room.join(table.code, "Red", "Later", word=word)


def test_a_lost_phone_is_replaced_by_its_name_and_the_word_at_any_time(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, word = table.room, table.word("Red")
    lost, held = room.join(table.code, "Red", "Zoe", word=word)
    assert room.seen(table.code, lost) == held
    table.rounds({"Red": [[]]})
    for team, name, said, field in [
        ("Red", "Zoe", "heron", "word"),
        ("Blue", "Zoe", table.word("Blue"), "name"),
        ("Red", "Eve", word, "name"),
        ("Rde", "Zoe", word, "team"),
    ]:
        with pytest.raises(Refused) as refused:
            room.join(table.code, team, name, word=said, back=True)
        assert refused.value.field == field
    for _ in range(2):
        new, again = room.join(table.code, "red", " zoe", word=word, back=True)
        assert again == held
        assert room.seen(table.code, lost) is None
        with pytest.raises(Refused, match="no place"):
            room.player(table.code, lost)
        assert room.player(table.code, new) == held
        lost = new
        if table.session.phase != "debrief":
            room.debrief(table.session)
    assert len(table.people("Red")) == 2


def test_one_device_cannot_take_all_places(tmp_path: Path) -> None:
    table = Table(tmp_path)
    for i in range(4):
        table.room.join(table.code, f"Team {i}", f"Person {i}", device="10.0.0.7")
    with pytest.raises(Refused, match="4 people have joined from this device"):
        table.room.join(table.code, "Team 4", "Person 4", device="10.0.0.7")
    table.room.remove(table.session, next(p.player for p in table.people("Team 0")))
    table.room.join(table.code, "Team 4", "Person 4", device="10.0.0.7")
    table.room.join(table.code, "Team 5", "Person 5", device="10.0.0.8")
    table.room.door.say_door(table.session, "open", True)
    table.room.join(table.code, "Team 6", "Person 6", device="10.0.0.7")


def test_a_browser_that_plays_takes_no_second_place(tmp_path: Path) -> None:
    table = Table(tmp_path)
    token, _ = table.room.join(table.code, "Red", "Zoe", word=table.word("Red"))
    with pytest.raises(Refused, match="plays already, as Zoe"):
        table.room.join(table.code, "Green", "Max", token=token)


def test_the_facilitator_removes_and_renames_people(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, word = table.room, table.word("Red")
    token, zoe = room.join(table.code, "Red", "Zoe", word=word)
    assert room.seen(table.code, token) is not None
    room.next_round(table.session)
    room.decide(table.session, zoe, 1, ["pause"], 0)
    with pytest.raises(Refused, match="called so already"):
        room.door.rename(table.session, zoe.player, "blue ONE")
    assert room.door.rename(table.session, zoe.player, "Zoë").name == "Zoë"
    assert room.player(table.code, token).name == "Zoë"
    room.remove(table.session, zoe.player)
    assert room.seen(table.code, token) is None
    with pytest.raises(Refused, match="no place"):
        room.player(table.code, token)
    _, max_ = room.join(table.code, "Red", "Max", word=word)
    assert max_.player != zoe.player, "what Zoë sent is not laid at another's door"
    view = views.team_view(room, table.session, max_)
    assert (view["decision"]["content"], view["decision"]["by"], view["decision"]["taken"]) == (["pause"], "", False)
    for number in (zoe.player, 99):
        with pytest.raises(Refused, match="no such person"):
            room.remove(table.session, number)


def test_the_facilitator_sets_tables_up_and_gives_them_words(tmp_path: Path) -> None:
    table = Table(tmp_path)
    door = table.room.door
    made = door.set_table(table.session, None, "Green", "Town Hall")
    table.room.join(table.code, "Green", "Zoe", word="townhall")
    assert door.set_table(table.session, table.players["Red"].team, "", "Old Mill").name == "Red"
    assert door.set_table(table.session, table.players["Red"].team, "Crimson", "").word == "Old Mill"
    drawn = door.set_table(table.session, None, "Grey", "").word
    assert re.fullmatch(r"[a-z]{3,} \d\d", drawn)
    for number, name, word, field in [
        (None, "green", "", "team"),
        (made.team, "Blue", "", "team"),
        (made.team, "", "a-b", "word"),
        (None, "", "", "team"),
        (77, "Black", "", "team"),
    ]:
        with pytest.raises(Refused) as refused:
            door.set_table(table.session, number, name, word)
        assert refused.value.field == field
    with pytest.raises(Refused, match="Someone sits at Green"):
        door.clear_table(table.session, made.team)
    door.clear_table(table.session, next(n for n, t in table.room.store.teams(table.code).items() if t.name == "Grey"))
    assert {t.name for t in table.room.store.teams(table.code).values()} == {"Crimson", "Blue", "Green"}


def test_workshops_kept_by_the_version_before_go_on_and_their_teams_get_words(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.rounds({"Red": [["away_days"]]})
    before = views.team_view(table.room, table.session, table.players["Red"])
    with table.room.store.writing() as db:
        for column in ("sessions DROP COLUMN door", "sessions DROP COLUMN one_address", "teams DROP COLUMN word"):
            db.execute(f"ALTER TABLE {column}")
        db.execute("DROP TABLE drafts")
        db.execute("PRAGMA user_version = 1")
    again = Room(Store(tmp_path / "workshops.sqlite3"), table.clock)
    view = views.team_view(again, again.session(table.code), table.players["Red"])
    assert re.fullmatch(r"[a-z]{3,} \d\d", view.pop("word"))
    before.pop("word")
    assert view == before


# -- the shared draft --


def test_two_at_one_table_share_their_ticks(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    _, zoe = room.join(table.code, "Red", "Zoe", word=table.word("Red"))
    room.next_round(table.session)
    room.draft(table.session, red, 1, {"pause": True}, {"fatigue": 42.0})
    room.draft(table.session, zoe, 1, {"away_days": True}, {})
    room.draft(table.session, red, 1, {"pause": False}, {"saving": 0.1})
    views_of = [views.team_view(room, table.session, player)["draft"] for player in (red, zoe)]
    assert views_of[0] == views_of[1]
    assert views_of[0]["ticks"] == {"pause": False, "away_days": True}
    assert views_of[0]["values"] == {"fatigue": 42.0, "saving": 0.1}
    assert views.team_view(room, table.session, table.players["Blue"])["draft"]["version"] == 0
    again = Room(Store(tmp_path / "workshops.sqlite3"), table.clock)
    assert again.store.draft(table.code, red.team, 1).version == 3


def test_what_is_ticked_is_played_when_the_time_runs_out(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    room.next_round(table.session)
    room.draft(table.session, red, 1, {"pause": True, "away_days": True}, {"fatigue": 42.0})
    room.draft(table.session, red, 1, {"away_days": False}, {})
    table.clock.now += 481
    view = views.team_view(room, table.session, red)
    assert (view["phase"], view["result"]["cards"], view["result"]["taken"]) == (
        "between",
        [deck()["pause"].title],
        True,
    )
    assert view["prediction"]["version"] == 0, "one number of three is no prediction"
    assert room.store.teams(table.code)[red.team].plays(2) == [Play(1, "pause")]
    assert views.console(room, table.session)["rows"][1]["decided"] is None, "who ticked nothing carries on as before"
    room.extend(table.session, 60)
    table.play("Red", 1, ["away_days"])
    assert room.store.teams(table.code)[red.team].plays(2) == [Play(1, "away_days")]


@pytest.mark.parametrize("how", ["clock", "close", "debrief", "end"])
def test_what_is_ticked_and_typed_counts_however_the_half_year_ends(tmp_path: Path, how: str) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    room.next_round(table.session)
    values = {"saving": 0.1, "fatigue": 20.0, "back_bench": 60.0}
    room.draft(table.session, red, 1, {"pause": True}, values)
    if how == "clock":
        table.clock.now += 10_000
    else:
        {"close": room.close_round, "debrief": room.debrief, "end": room.end}[how](table.session)
    assert table.session.phase != "round"
    team = room.store.teams(table.code)[red.team]
    assert team.plays(2) == [Play(1, "pause")]
    prediction = team.entry(1, "prediction")
    assert prediction is not None and prediction.content == values


def test_ticks_that_cannot_be_played_stay_and_the_reason_is_said(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    room.next_round(table.session)
    room.draft(table.session, red, 1, {"speed_up": True, "slow_down": True}, {})
    room.close_round(table.session)
    result = views.team_view(room, table.session, red)["result"]
    assert (result["cards"], len(result["left"])) == ([], 2)
    assert "pull at the same thing" in result["left_why"]
    room.extend(table.session, 60)
    assert views.team_view(room, table.session, red)["draft"]["ticks"] == {"speed_up": True, "slow_down": True}


def test_what_was_sent_stands_against_later_ticks(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    room.next_round(table.session)
    room.draft(table.session, red, 1, {"pause": True, "away_days": True}, {})
    table.play("Red", 1, ["pause"])
    assert room.store.draft(table.code, red.team, 1).ticks == {"away_days": True}, "the sender had not seen it"
    room.close_round(table.session)
    result = views.team_view(room, table.session, red)["result"]
    assert (result["cards"], result["taken"]) == ([deck()["pause"].title], False)
    assert result["left"] == [deck()["away_days"].title]


def test_a_draft_is_refused_where_it_cannot_be_one(tmp_path: Path) -> None:
    table = Table(tmp_path)
    room, red = table.room, table.players["Red"]
    with pytest.raises(Refused, match="came too late"):
        room.draft(table.session, red, 1, {"pause": True}, {})
    room.next_round(table.session)
    for number, ticks, values, complaint in [
        (2, {"pause": True}, {}, "came too late"),
        (1, {"puase": True}, {}, "did you mean 'pause'"),
        (1, {}, {"fatige": 1.0}, "did you mean 'fatigue'"),
    ]:
        with pytest.raises(Refused, match=complaint):
            room.draft(table.session, red, number, ticks, values)
    assert room.store.draft(table.code, red.team, 1).version == 0


@pytest.mark.parametrize("text", ["", "   ", "\u202e\u200b", "x" * 41, "\x00"])
def test_a_name_is_a_short_line(text: str) -> None:
    with pytest.raises(Refused):
        named(text, "name")


def test_everything_is_there_after_the_server_starts_again(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.rounds({"Red": [["away_days"], ["pause", "open_books"]], "Blue": [[], ["no_merger"]]})
    table.room.let_happen(table.session, "emergency", "Redditch")
    table.room.next_round(table.session)
    before = [views.team_view(table.room, table.session, player) for player in table.players.values()]
    again = Room(Store(tmp_path / "workshops.sqlite3"), table.clock)
    after = [views.team_view(again, again.session(table.code), player) for player in table.players.values()]
    assert after == before
    assert [each["state"]["announced"] != [] for each in after] == [True, True]


def test_what_is_acknowledged_is_on_disk(tmp_path: Path) -> None:
    store = Table(tmp_path).room.store
    assert store.rows("PRAGMA journal_mode")[0][0] == "wal"
    assert store.rows("PRAGMA synchronous")[0][0] == 2


def test_a_file_that_is_no_workshop_is_refused(tmp_path: Path) -> None:
    (tmp_path / "workshops.sqlite3").write_bytes(b"not a database, though long enough to look at" * 50)
    with pytest.raises(InputError, match="cannot be kept there"):
        Store(tmp_path / "workshops.sqlite3")


def test_something_happens_to_every_team_and_is_announced(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.rounds({"Red": [[]]})
    room = table.room
    for kind, council, field in [
        ("flood", None, "kind"),
        ("emergency", None, "council"),
        ("emergency", "Leeds", "council"),
    ]:
        with pytest.raises(Refused) as refused:
            room.let_happen(table.session, kind, council)
        assert refused.value.field == field
    room.let_happen(table.session, "control_changes", "Redditch")
    with pytest.raises(Refused, match="happened already"):
        room.let_happen(table.session, "control_changes", "Redditch")
    told = views.team_view(room, table.session, table.players["Blue"])["state"]["announced"]
    assert len(told) == 1
    assert told[0].startswith("By-election at Redditch Borough Council. Control of the council has changed hands")
    assert views.console(room, table.session)["happenings"][0]["spared"] == []


def test_what_would_strike_no_team_cannot_be_let_happen(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.room.next_round(table.session)
    with pytest.raises(Refused, match=r"strike no team in this half-year\. The post stays empty") as refused:
        table.room.let_happen(table.session, "chief_executive_leaves", None)
    assert refused.value.field == "kind"
    assert table.room.store.shocks(table.code) == []


def test_an_event_is_announced_only_to_teams_that_it_strikes(tmp_path: Path) -> None:
    """A team that paused has nobody in post; another event of the same month does not make it look struck."""
    table = Table(tmp_path)
    table.rounds({"Red": [["pause"], []], "Blue": [[], []]})
    table.room.let_happen(table.session, "emergency", "Redditch")
    table.room.let_happen(table.session, "chief_executive_leaves", None)
    told = {name: announced_to(table, name) for name in ("Red", "Blue")}
    assert [len(texts) for texts in told.values()] == [1, 2]
    assert "chief executive is leaving" in told["Blue"][1]
    happened = views.console(table.room, table.session)["happenings"]
    assert [each["spared"] for each in happened] == [[], ["Red"]]
    table.room.debrief(table.session)
    assert [each["spared"] for each in debrief.debrief(table.room, table.session)["happenings"]] == [[], ["Red"]]


def announced_to(table: Table, name: str) -> list[str]:
    return list(views.team_view(table.room, table.session, table.players[name])["state"]["announced"])


def test_a_dispute_that_begins_a_month_later_is_told_as_one(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.rounds({"Red": [[]]})
    table.room.let_happen(table.session, "dispute", None)
    (told,) = views.console(table.room, table.session)["happenings"]
    assert told["spared"] == []
    assert told["later"] == [{"when": "February 2009, month 7", "teams": ["Red", "Blue"]}]
    assert [len(announced_to(table, name)) for name in table.players] == [1, 1]


def test_a_second_dispute_is_told_from_the_first_and_begins_when_that_has_ended(tmp_path: Path) -> None:
    table = Table(tmp_path)
    asked = [Shock(6, "dispute"), Shock(8, "dispute")]
    found = landings(table.room.memory, table.session, table.room.settings(table.session), [], asked)
    assert found == [7, 10]


def test_every_event_of_the_packs_leaves_the_fact_it_is_known_by(base: Settings, tmp_path: Path) -> None:
    assert set(TRACES) == set(all_news())
    table = Table(tmp_path)
    for kind, news in all_news().items():
        council = base.partnership.councils[0].name if news.of_council else None
        assert landings(table.room.memory, table.session, base, [], [Shock(12, kind, council)])[0] in (12, 13), kind


# -- the debrief --


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Table:
    table = Table(tmp_path_factory.mktemp("played"))
    table.room.next_round(table.session)
    table.room.predict(
        table.session, table.players["Red"], 1, {"saving": 0.1, "fatigue": 90, "back_bench": 60}, 0
    )  # fmt: skip
    table.play("Red", 1, ["cut_deeper", "away_days"])
    table.room.close_round(table.session)
    table.room.next_round(table.session)
    table.room.let_happen(table.session, "control_changes", "Redditch")
    table.play("Red", 2, ["two_hr_officers"])
    table.room.close_round(table.session)
    return table


def test_nobody_looks_ahead(played: Table) -> None:
    with pytest.raises(Refused, match="not open yet"):
        debrief.debrief(played.room, played.session)


def test_the_debrief_shows_the_run_the_gap_and_the_turning_points(played: Table) -> None:
    session = played.session
    if session.phase == "between":
        session = played.room.debrief(session)
    found = debrief.debrief(played.room, session)
    red, blue = found["runs"]
    assert len(red["paths"]["saving"]) == 121
    assert red["paths"] != blue["paths"]
    fatigue = next(line for line in red["predictions"] if line["name"] == "fatigue" and line["round"] == 1)
    assert fatigue["predicted"] == 90
    assert fatigue["truth"] == round(red["paths"]["fatigue"][6])
    assert next(line["predicted"] for line in blue["predictions"]) is None
    turned = [turn for turn in red["turns"] if turn["month"] == 6]
    assert any("the facilitator let it happen" in turn["text"] for turn in turned)
    assert [play["title"] for play in red["plays"]] == [
        "Cut management deeper",
        "Away days for back benchers",
        "Two more HR officers",
    ]
    assert {line["name"] for line in red["scores"]} == {criterion.name for criterion in CRITERIA}
    assert found["changed"] is False


def test_a_swap_is_lived_under_the_same_luck_and_others(played: Table) -> None:
    session = played.session if played.session.phase == "debrief" else played.room.debrief(played.session)
    lottery = Lottery(AtOnce(1))
    first, second = Play(1, "away_days"), Play(2, "two_hr_officers")
    found = debrief.swap(played.room, session, lottery, 1, first, second)
    settings = played.room.settings(session)
    shocks = played.room.store.shocks(played.code)
    plays = [Play(1, "cut_deeper"), first, second]
    turned = [Play(1, "cut_deeper"), Play(1, "two_hr_officers"), Play(2, "away_days")]
    exact = live(settings, turned, shocks, session.replication, session.seed)
    assert found["saving"] == [round(value, 3) for value in exact.history.column("recurrent_saving_gbp_m")]
    was = live(settings, plays, shocks, session.replication, session.seed)
    assert exact.history.states != was.history.states
    leading = next(line for line in found["lines"] if line["title"] == NAMES["min_buy_in_backbench"])
    assert leading["was"] == f"{100 * was.outcomes['min_buy_in_backbench']:.0f} out of 100"
    assert leading["would"] == f"{100 * exact.outcomes['min_buy_in_backbench']:.0f} out of 100"
    assert found["others"]["done"] == 6, "one history of each piece"


def test_luck_leaves_out_the_life_that_was_lived(played: Table) -> None:
    session = played.session if played.session.phase == "debrief" else played.room.debrief(played.session)
    workers = AtOnce(1)
    found = debrief.luck(played.room, session, Lottery(workers))
    asked = {r for piece in workers.pieces for r in range(piece.first, piece.first + piece.asked)}
    assert asked == set(range(201)) - {session.replication}
    assert set(found["teams"]) == {"Red", "Blue"}
    figure = found["teams"]["Red"]["figures"][0]
    assert sum(bar["count"] for bar in figure["bars"]) == found["teams"]["Red"]["done"]


def row(value: float) -> dict[str, float]:
    return dict.fromkeys(NAMES, 0.0) | {"cumulative_net_saving_y10_gbp_m": value}


@pytest.mark.parametrize(
    ("mine", "says"),
    [
        (83.0, "You were lucky. The same decisions in 100 other histories saved as much or more in one history in six"),
        (16.0, "You were unlucky."),
        (50.0, "Neither lucky nor unlucky, as far as 100 histories can tell."),
    ],
)
def test_luck_is_said_as_a_natural_frequency_with_its_range(mine: float, says: str) -> None:
    sample = OtherHistories({i: row(float(i)) for i in range(100)}, 100)
    told = verdict(sample, dict(row(mine)))
    assert told.startswith(says)
    assert re.search(r"\(\d+%, range \d+% to \d+%\)", told)
    assert picture(sample, dict(row(mine)))["figures"][0]["low"] == pytest.approx(4.95)


def test_a_swap_that_changes_nothing_of_note_is_a_tie() -> None:
    first = OtherHistories({i: row(float(i)) for i in range(100)}, 100)
    hardly = OtherHistories({i: row(i + 0.01) for i in range(100)}, 100)
    better = OtherHistories({i: row(i + 1.0) for i in range(100)}, 100)
    worse = OtherHistories({i: row(i - 1.0) for i in range(100)}, 100)
    assert "cannot be told apart" in paired(first, hardly)["says"]
    assert "more often have been the better" in paired(first, better)["says"]
    assert "was played was more often the better" in paired(first, worse)["says"]


def test_there_is_no_single_right_answer() -> None:
    saver = dict(row(9.0)) | {"engagement_end": 0.3}
    carer = dict(row(5.0)) | {"engagement_end": 0.7}
    both = dict(row(9.0)) | {"engagement_end": 0.7}
    assert comparison({"A": saver, "B": carer}).startswith("No team is ahead on everything")
    assert comparison({"A": saver, "B": carer, "C": both}).startswith("C is at least as good")
    assert "cannot be told apart" in comparison({"A": saver, "B": dict(saver) | {"engagement_end": 0.304}})
    assert "total" not in str(scores(both))


def test_a_histogram_keeps_everyone() -> None:
    found = bars([-30.0, *(float(i) for i in range(100)), 500.0])
    assert sum(bar["count"] for bar in found) == 102
    assert found[0]["from"] > 0
    assert found[-1]["to"] < 100
