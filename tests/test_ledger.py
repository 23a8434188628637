"""The ledger: whole pence, exact ramps, shares that sum, unwinding, present value."""

from collections import Counter
from random import Random

import pytest

from sim.core.history import PENCE_PER_GBP_M
from sim.core.ledger import ONE_OFF, PROGRAMME_COST, RUNNING_COST, SAVING, Ledger, Stream, present_value, split
from sim.engine import run
from sim.plans.compose import compose


@pytest.mark.check("Q-V5")
def test_present_value_of_a_steady_saving() -> None:
    """Q-V5: £1.1m a year in years 1 to 10 at 3.5%."""
    assert present_value([0.0] + [1_100_000.0] * 10, 0.035) == pytest.approx(9_148_265.85, abs=0.005)
    assert present_value([5.0, 7.0, -2.0], 0.0) == 10.0


@pytest.mark.check("Invariants")
def test_parts_are_whole_near_their_share_and_sum_to_the_total() -> None:
    random = Random(2)
    for _ in range(500):
        weights = [random.random() + 0.01 for _ in range(random.randint(1, 4))]
        shares = [weight / sum(weights) for weight in weights]
        total = random.randint(-(10**9), 10**9)
        parts = split(total, shares)
        assert sum(parts) == total
        assert all(abs(part - total * share) < 1.0 for part, share in zip(parts, shares, strict=True))


def ledger() -> Ledger:
    """Two councils, two fifths and three fifths."""
    return Ledger(("Eastham", "Westley"), (0.4, 0.6))


def posted(book: Ledger, months: int) -> list[int]:
    """Pence of all lines by month."""
    by_month = [0] * months
    for line in book.lines():
        by_month[line.month] += sum(line.pence)
    return by_month


def test_a_ramp_posts_its_exact_integral_and_carries_the_fraction() -> None:
    book = ledger()
    book.stream(SAVING, "joint teams").ramp(2.25, 12.0, 100_000.0)
    for month in range(30):
        book.close_month(month)
    flows = posted(book, 30)
    assert flows[:2] == [0, 0]
    # a year's ramp from 2.25 to 14.25 brings half of the annual amount, then a twelfth a month
    whole = 100_000_00
    exact = [whole / 12 / 12 * ((m + 1 - 2.25) ** 2) / 2 for m in range(2, 14)]
    for m, upto in zip(range(2, 14), exact, strict=True):
        assert sum(flows[: m + 1]) == pytest.approx(upto, abs=1.0)
    assert sum(flows) == pytest.approx(whole / 2 + whole / 12 * (30 - 14.25), abs=1.0)
    assert book.annual_rate == pytest.approx(whole)


def test_thirds_of_a_penny_add_up() -> None:
    book = ledger()
    book.stream(RUNNING_COST, "coordination").ramp(0.0, 0.0, -40_000.0)
    for month in range(36):
        book.close_month(month)
    assert sum(posted(book, 36)) == -12_000_000
    assert set(posted(book, 36)) == {-333_333, -333_334}


def test_a_payment_falls_on_all_or_on_one() -> None:
    book = ledger()
    book.pay(3.7, ONE_OFF, "set-up", 100.01)
    book.pay(4.0, ONE_OFF, "redundancies", 25.0, council=1)
    assert [(line.month, line.pence) for line in book.lines()] == [(3, (-4000, -6001)), (4, (0, -2500))]


def test_unwinding_freezes_ramps_and_leaves_what_is_kept() -> None:
    book = ledger()
    book.stream(SAVING, "joint teams").ramp(0.0, 10.0, 120_000.0)
    book.stream(SAVING, "transformation").ramp(0.0, 0.0, 60_000.0)
    book.stream(RUNNING_COST, "coordination").ramp(0.0, 0.0, -12_000.0)
    for month in range(5):
        book.close_month(month)
    book.unwind(5.0, 10.0, {"transformation": 0.5})
    for month in range(5, 40):
        book.close_month(month)
    assert book.annual_rate == pytest.approx(30_000_00, abs=1e-3)
    # at month 5 the ramp stood at 60,000 a year; it falls to nothing over ten months
    joint = sum(sum(line.pence) for line in book.lines() if line.cause == "joint teams")
    assert joint == pytest.approx(100 * (60_000 / 2 * 5 / 12 + 60_000 / 2 * 10 / 12), abs=1.0)


@pytest.mark.check("Invariants")
def test_lines_and_totals_agree() -> None:
    book = ledger()
    book.stream(SAVING, "management").ramp(1.5, 0.0, 77_777.77)
    book.pay(2.0, ONE_OFF, "management exits", 45_000.0)
    for month in range(24):
        book.close_month(month)
    assert sum(posted(book, 24)) == sum(sum(by_month.values()) for by_month in book.totals().values())


@pytest.mark.check("Invariants")
@pytest.mark.parametrize(
    "overrides",
    [
        (),
        ("partnership=go_shared_services", "levers.money.sharing_rule=equal"),
        ("partnership=go_shared_services", "levers.governance.joiner=Cheltenham", "levers.governance.joins_month=30"),
    ],
)
def test_councils_money_by_month_is_that_of_their_ledger_lines(overrides: tuple[str, ...]) -> None:
    """Who pays and who saves: to the penny a line, and adding up to the whole."""
    settings = compose(["scenario=structure_first", *overrides]).settings
    for replication in range(4):
        history = run(settings, replication)
        lines = history.ledger()
        exact: Counter[str] = Counter()
        for line in lines:
            exact.update(dict(zip(history.councils, line.pence, strict=True)))
        ends = {name: history.column(f"cumulative_net_saving_gbp_m: {name}")[-1] for name in history.councils}
        for name, end in ends.items():
            assert end * PENCE_PER_GBP_M == pytest.approx(exact[name], abs=len(lines))
        assert sum(ends.values()) == pytest.approx(history.column("cumulative_net_saving_gbp_m")[-1], abs=1e-9)
        flowing = sum(history.column(f"recurrent_saving_gbp_m: {name}")[-1] for name in history.councils)
        assert flowing == pytest.approx(history.column("recurrent_saving_gbp_m")[-1], abs=1e-9)


# -- parts, rates and books at points reckoned by hand --


@pytest.mark.parametrize(
    ("total", "shares", "names", "parts"),
    [
        (10, (0.3, 0.7), (), (3, 7)),
        # the larger remainder gets the penny
        (1, (0.3, 0.7), (), (0, 1)),
        (11, (0.3, 0.7), (), (3, 8)),
        (-1, (0.3, 0.7), (), (0, -1)),
        # equal remainders: the first by name, and without names the first
        (1, (0.5, 0.5), ("Westley", "Eastham"), (0, 1)),
        (1, (0.5, 0.5), ("Eastham", "Westley"), (1, 0)),
        (1, (0.5, 0.5), (), (1, 0)),
        (-1, (0.5, 0.5), ("Westley", "Eastham"), (-1, 0)),
        (2, (0.25, 0.25, 0.25, 0.25), ("d", "b", "c", "a"), (0, 1, 0, 1)),
        (0, (0.5, 0.5), (), (0, 0)),
    ],
)
def test_pence_go_by_largest_remainder_then_by_name(
    total: int, shares: tuple[float, ...], names: tuple[str, ...], parts: tuple[int, ...]
) -> None:
    assert split(total, shares, names) == parts


def flowing() -> Stream:
    """£120,000 a year from month 2 over a year, £12,000 at once in month 8.25; posted up to month 8."""
    stream = Stream(SAVING, "teams", 0)
    stream.ramp(2.0, 12.0, 120_000.0)
    stream.ramp(8.25, 0.0, 12_000.0)
    stream.post_until(8)
    return stream


@pytest.mark.parametrize(
    ("now", "pounds"),
    [(8.0, 60_000), (8.2, 62_000), (8.25, 74_500), (8.5, 77_000)],
)
def test_the_rate_in_the_month_that_is_not_yet_posted(now: float, pounds: float) -> None:
    assert flowing().rate_at(now) == pytest.approx(pounds, abs=1e-6)


def test_a_rate_in_mid_month_counts_from_the_months_start() -> None:
    first = Stream(SAVING, "teams", 0)
    first.ramp(0.25, 10.0, 12_000.0)
    assert first.rate_at(0.75) == pytest.approx(600.0)
    stream = Stream(SAVING, "teams", 3)
    assert stream.rate_at(3.9) == 0.0
    stream.ramp(3.5, 10.0, 12_000.0)
    assert stream.rate_at(3.5) == 0.0
    stream.post_until(4)
    assert stream.rate_at(4.5) == pytest.approx(1_200.0)
    stream.post_until(5)
    assert stream.rate_at(5.25) == pytest.approx(2_100.0)
    assert (stream.level, stream.slope) == (pytest.approx(15_000.0), pytest.approx(10_000.0))


def test_a_month_brings_its_integral() -> None:
    """A ramp of 1,200 pence a year each month: a hundred pence a month more every month."""
    stream = Stream(SAVING, "teams", 0)
    stream.ramp(0.5, 2.0, 24.0)
    assert stream.integral(0) == pytest.approx(12.5)
    assert stream.integral(1) == pytest.approx(100.0)
    assert stream.integral(2) == pytest.approx(187.5)
    assert stream.integral(3) == pytest.approx(200.0)
    steps = Stream(SAVING, "steps", 0)
    steps.ramp(0.25, 0.0, 12.0)
    steps.ramp(0.75, 0.0, 12.0)
    steps.ramp(1.0, 0.0, -24.0)
    assert [steps.integral(month) for month in range(2)] == pytest.approx([100.0, 0.0])


@pytest.mark.parametrize(("at", "pounds"), [(8.0, 60_000), (8.2, 62_000), (8.5, 77_000)])
def test_what_is_frozen_stays_as_it_is(at: float, pounds: float) -> None:
    stream = flowing()
    stream.freeze(at)
    stream.post_until(9)
    assert stream.rate_at(9.0) == pytest.approx(pounds)
    stream.post_until(40)
    assert (stream.breaks, stream.slope) == ([], pytest.approx(0.0))
    assert stream.rate_at(40.0) == pytest.approx(pounds)
    assert sum(stream.posted[28:40]) == pytest.approx(pounds * 100, abs=1.0)


def test_changes_of_one_moment_are_taken_in_the_order_they_came() -> None:
    stream = Stream(SAVING, "teams", 0)
    for pounds in (12.0, -12.0, 24.0):
        stream.ramp(3.0, 0.0, pounds)
    stream.freeze(2.0)
    stream.ramp(4.0, 0.0, 36.0)
    stream.post_until(6)
    assert stream.posted == [0, 0, 0, 0, 300, 300]


@pytest.mark.parametrize("years", [1.0, 1.5])
def test_whole_pence_come_out_of_fractions_that_add_up(years: float) -> None:
    """A tenth of a penny a month makes a penny in ten months, also with a ramp that ended or goes on."""
    stream = Stream(SAVING, "dust", 0)
    stream.ramp(0.0, 0.0, 0.012)
    stream.post_until(40)
    assert stream.posted == ([0] * 9 + [1]) * 4
    rising = Stream(SAVING, "rising", 0)
    rising.ramp(0.0, 12 * years, 0.12 * 12 * years)
    rising.post_until(int(12 * years))
    # one twelfth of a penny more each month: (m + ½)/12 × 12 pence … in whole pence the carried sum never strays
    exact = [0.5 * (month + 1) ** 2 for month in range(int(12 * years))]
    assert all(0 <= upto - sum(rising.posted[: m + 1]) < 1 for m, upto in enumerate(exact))


def test_posting_in_two_pieces_is_posting_in_one() -> None:
    one, two = flowing(), flowing()
    one.post_until(50)
    for month in (8, 9, 14, 15, 33, 50):
        two.post_until(month)
    assert one.posted == two.posted
    assert (one.next, len(one.posted), one.level, one.slope) == (50, 50, two.level, two.slope)


def test_optimism_raises_costs_and_not_income() -> None:
    book = Ledger(("Eastham", "Westley"), (0.4, 0.6), uplift=0.4)
    book.pay(0.0, ONE_OFF, "set-up", 100.0)
    book.pay(0.0, ONE_OFF, "grant", -100.0)
    book.pay(0.0, ONE_OFF, "a penny", -0.01)
    book.pay(5.9, ONE_OFF, "nothing", 0.001)
    book.pay(5.9, ONE_OFF, "nothing", 0.0)
    book.pay(5.9, ONE_OFF, "half a pound", 0.5)
    assert [(paid.month, paid.pence, paid.among) for paid in book.payments] == [
        (0, -14_000, None), (0, 10_000, None), (0, 1, None), (5, -70, None),
    ]  # fmt: skip


def test_shares_are_those_in_force_in_the_month() -> None:
    book = ledger()
    book.stream(SAVING, "teams").ramp(0.0, 0.0, 12.0)
    book.reshare(2, (1.0, 0.0))
    book.reshare(4, (0.5, 0.5))
    for month in range(5):
        book.close_month(month)
    book.pay(1.0, ONE_OFF, "set-up", 1.0)
    book.pay(2.0, ONE_OFF, "set-up", 1.0)
    told = [(line.month, line.kind, line.pence) for line in book.lines()]
    assert told == [
        (0, SAVING, (40, 60)),
        (1, ONE_OFF, (-40, -60)),
        (1, SAVING, (40, 60)),
        (2, ONE_OFF, (-100, 0)),
        (2, SAVING, (100, 0)),
        (3, SAVING, (100, 0)),
        (4, SAVING, (50, 50)),
    ]
    assert [book.shares_at(month) for month in (0, 1, 2, 3, 4, 99)] == [
        (0.4, 0.6), (0.4, 0.6), (1.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.5, 0.5),
    ]  # fmt: skip


def test_totals_and_what_is_borne_alone_are_kept_by_month() -> None:
    book = ledger()
    book.stream(SAVING, "teams").ramp(0.0, 0.0, 12.0)
    book.close_month(0)
    book.stream(SAVING, "redesign").ramp(1.0, 0.0, 24.0)
    book.stream(PROGRAMME_COST, "posts").ramp(1.0, 0.0, -36.0)
    book.close_month(1)
    book.pay(1.0, PROGRAMME_COST, "advice", 5.0, council=1)
    book.pay(1.5, PROGRAMME_COST, "advice", 2.0, council=1)
    book.pay(1.5, PROGRAMME_COST, "advice", 1.0)
    book.pay(0.0, ONE_OFF, "exit", 4.0, council=0)
    assert book.totals() == {
        SAVING: {0: 100, 1: 300}, PROGRAMME_COST: {1: -300 - 800}, ONE_OFF: {0: -400},
    }  # fmt: skip
    assert book.borne() == {0: {0: -400}, 1: {1: -700}}
    assert book.annual_rate == pytest.approx(3_600.0)
    # what moves no more is posted when it is read, and not before
    book.close_month(2)
    book.close_month(3)
    assert book.totals()[SAVING] == {0: 100, 1: 300, 2: 300, 3: 300}
    again = book.stream(SAVING, "teams")
    assert (again.first, again.next, book.stream(SAVING, "redesign").first) == (0, 4, 1)
    again.ramp(4.0, 0.0, -12.0)
    book.close_month(4)
    assert book.totals()[SAVING][4] == 200
    assert book.annual_rate == pytest.approx(2_400.0)


def test_when_a_partner_leaves_its_share_of_what_flows_ramps_away() -> None:
    book = ledger()
    book.stream(SAVING, "teams").ramp(0.0, 0.0, 120_000.0)
    book.stream(PROGRAMME_COST, "posts").ramp(0.0, 0.0, -12_000.0)
    for month in range(3):
        book.close_month(month)
    book.stream(RUNNING_COST, "coordination").ramp(2.0, 0.0, -12_000.0)
    book.shrink(3.0, 10.0, lambda among: 0.25, but=("coordination",))
    for month in range(3, 20):
        book.close_month(month)
    assert book.annual_rate == pytest.approx(9_000_000.0 - 1_200_000.0)
    assert book.totals()[SAVING][7] == pytest.approx(1_000_000 - 250_000 * 0.45, abs=1.0)
    assert book.totals()[PROGRAMME_COST][19] == -100_000


def test_unwinding_takes_time_and_ends_recurrent_amounts_alone() -> None:
    book = ledger()
    book.stream(SAVING, "teams").ramp(0.0, 0.0, 120_000.0)
    book.stream(RUNNING_COST, "coordination").ramp(0.0, 0.0, -12_000.0)
    book.stream(PROGRAMME_COST, "posts").ramp(0.0, 0.0, -12_000.0)
    book.close_month(0)
    book.unwind(1.0, 10.0, {"teams": 0.75})
    for month in range(1, 20):
        book.close_month(month)
    totals = book.totals()
    assert totals[SAVING][1] == pytest.approx(1_000_000 - 25_000 * 0.5, abs=1.0)
    assert totals[SAVING][19] == 750_000
    assert totals[RUNNING_COST][5] == pytest.approx(-100_000 * 0.55, abs=1.0)
    assert (totals[RUNNING_COST][19], totals[PROGRAMME_COST][19]) == (0, -100_000)


def test_a_cost_is_paid_while_it_lasts_and_at_its_new_level_once_it_changes() -> None:
    ledger = Ledger(("North",), (1.0,))
    for month, yearly in ((0, 1200.0), (1, 1200.0), (2, 600.0), (3, 0.0)):
        ledger.keep_paying(float(month), "programme cost", "posts", yearly)
        ledger.close_month(month)
    assert [line.pence for line in ledger.lines()] == [(-10_000,), (-10_000,), (-5_000,), (0,)]
