"""The ledger: whole pence, exact ramps, shares that sum, unwinding, present value."""

from collections import Counter
from random import Random

import pytest

from sim.engine import run
from sim.history import PENCE_PER_GBP_M
from sim.ledger import ONE_OFF, RUNNING_COST, SAVING, Ledger, present_value, split
from sim.settings import compose


def test_present_value_of_a_steady_saving() -> None:
    """Q-V5: £1.1m a year in years 1 to 10 at 3.5%."""
    assert present_value([0.0] + [1_100_000.0] * 10, 0.035) == pytest.approx(9_148_265.85, abs=0.005)
    assert present_value([5.0, 7.0, -2.0], 0.0) == 10.0


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


def test_lines_and_totals_agree() -> None:
    book = ledger()
    book.stream(SAVING, "management").ramp(1.5, 0.0, 77_777.77)
    book.pay(2.0, ONE_OFF, "management exits", 45_000.0)
    for month in range(24):
        book.close_month(month)
    assert sum(posted(book, 24)) == sum(sum(by_month.values()) for by_month in book.totals().values())


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
