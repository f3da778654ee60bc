"""``kill -9`` at every boundary of every step, before and after each effect: each order ends, and all books agree.

Each fault point kills its process once; it is started again as a supervisor would. Buyers ask again with the same key.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.buyers import DECLINED_CARD, Buyer
from tests.chaos.elsewhere import becomes, dispute, give_back
from tests.chaos.shop import RECOVERY_SECONDS, Shop
from tests.subgraphs import eventually

ORDERS = tuple(
    f"orders.{step}.{when}"
    for step in (
        *("RESERVE", "AUTHORIZE", "COMMIT", "CAPTURE", "VOID", "REFUND", "RELEASE", "RESTOCK"),
        *("ELSEWHERE", "DISPUTE", "DECISION"),
    )
    for when in ("before", "after")
)
PAYMENTS = tuple(
    f"payments.{operation}.{when}"
    for operation in ("BEGIN", "CAPTURE", "LOOK", "REFUND")
    for when in ("before", "after", "recorded")
)
INVENTORY = tuple(
    f"inventory.{step}.{when}" for step in ("RESERVE", "COMMIT", "RELEASE", "RETURN") for when in ("before", "after")
)
POINTS = (*ORDERS, *PAYMENTS, *INVENTORY)
SOME = (
    "orders.CAPTURE.after",
    "orders.REFUND.before",
    "orders.ELSEWHERE.after",
    "payments.BEGIN.after",
    "payments.REFUND.recorded",
    "inventory.COMMIT.after",
)
# How long a killed process keeps a key or a lease to itself, and takes to be there again.
_A_DEATH_SECONDS = 15.0
_MOST_ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """What a kill at a point led to."""

    point: str
    deaths: int
    statuses: Counter[str]
    seconds: float

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {status}" for status, count in sorted(self.statuses.items()))
        return f"kill -9 at {self.point}: {self.deaths} deaths in {self.seconds:.1f} s; {ends}"


@contextlib.asynccontextmanager
async def armed(shop: Shop, points: Iterable[str], fired: Path) -> AsyncIterator[None]:
    """The subgraphs of the points, each killing itself once at each of them."""
    by_subgraph: dict[str, list[str]] = {}
    for point in points:
        by_subgraph.setdefault(point.split(".")[0], []).append(f"{point}=kill")
    for name, faults in by_subgraph.items():
        settings = {"FAULT_POINTS": ",".join(faults), "FAULT_ONCE_DIRECTORY": str(fired)}
        await shop.processes[name].restart(**settings)
    try:
        yield
    finally:
        await asyncio.gather(*(shop.processes[name].restart() for name in by_subgraph))


async def buy_everything(shop: Shop, patience: float) -> list[str]:
    """Orders of every kind: bought, declined, sold out, cancelled by the buyer, refunded and returned."""
    plenty, scarce = await shop.variant(100), await shop.variant(1)
    buyer, staff = shop.buyer(), shop.staff()
    placed = await asyncio.gather(
        *(buyer.placed({plenty: 1}) for _ in range(2)),
        *(_placed_while_stocks_last(shop.buyer(), scarce) for _ in range(2)),
        buyer.placed({plenty: 2}, card=DECLINED_CARD),
    )
    tried = await _placed_until_bought(shop, buyer, plenty, 4, patience)
    statuses = await shop.settled(patience)
    bought = [order_id for order_id in tried if statuses[order_id] == "CONFIRMED"]
    await asyncio.gather(buyer.cancel(bought[0]), staff.refund(bought[1], restock=True), give_back(shop, bought[2]))
    dispute_id = await dispute(shop, bought[3])
    await becomes(staff, bought[3], "CONFIRMED", is_held=True, seconds=patience)
    await shop.stripe.decide(dispute_id, "lost")
    await asyncio.gather(*(becomes(staff, order_id, "REFUNDED", seconds=patience) for order_id in bought[2:]))
    await shop.settled(patience)
    return [*filter(None, placed), *tried]


async def _placed_until_bought(shop: Shop, buyer: Buyer, variant: str, wanted: int, patience: float) -> list[str]:
    """The ids of orders of which so many are CONFIRMED.

    Processes that die again and again may let the time of some pass.
    """
    tried: list[str] = []
    for _ in range(_MOST_ROUNDS):
        statuses = await shop.settled(patience)
        missing = wanted - sum(statuses[order_id] == "CONFIRMED" for order_id in tried)
        if missing <= 0:
            return tried
        tried += [await buyer.placed({variant: 1}) for _ in range(missing)]
    raise AssertionError(f"in {_MOST_ROUNDS} rounds {wanted} orders were not confirmed: {tried}")


async def _placed_while_stocks_last(buyer: Buyer, variant: str) -> str | None:
    """The id of an order; None when orders has heard before that somebody else took the last unit."""
    payload = await buyer.place(await buyer.cart({variant: 1}))
    if payload["order"] is None:
        assert [error["code"] for error in payload["errors"]] == ["LINE_HAS_PROBLEMS"], payload
        return None
    order_id: str = payload["order"]["id"]
    return order_id


async def _have_fired(points: Iterable[str], fired: Path) -> bool:
    return all((fired / point).exists() for point in points)


async def attempt(shop: Shop, points: tuple[str, ...], fired: Path) -> Row:
    before = sum(process.deaths for process in shop.processes.values())
    patience = RECOVERY_SECONDS + _A_DEATH_SECONDS * (len(points) - 1)
    async with armed(shop, points, fired):
        orders: list[str] = []
        started = time.monotonic()
        while not await _have_fired(points, fired) and time.monotonic() - started < patience:
            orders += await buy_everything(shop, patience)
        statuses = await shop.settled(patience)
        seconds = time.monotonic() - started
        await eventually(lambda: _have_fired(points, fired), f"{', '.join(points)} was reached", 1)
    await shop.assert_reconciled()
    deaths = sum(process.deaths for process in shop.processes.values()) - before
    return Row(", ".join(points), deaths, Counter(statuses[order_id] for order_id in orders), seconds)


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
async def test_an_order_survives_a_kill(shop: Shop, point: str, tmp_path: Path) -> None:
    row = await attempt(shop, (point,), tmp_path)
    print(row)
    assert row.deaths >= 1
    assert set(row.statuses) <= {"CONFIRMED", "CANCELLED", "REFUNDED"}


@pytest.mark.parametrize(
    "points",
    [SOME, *(pytest.param(points, marks=pytest.mark.slow) for points in (ORDERS, PAYMENTS, INVENTORY))],
    ids=["some", "orders", "payments", "inventory"],
)
async def test_orders_survive_a_kill_at_every_boundary(shop: Shop, points: tuple[str, ...], tmp_path: Path) -> None:
    """Many points in one run: processes die at each of them, and again while they recover."""
    row = await attempt(shop, points, tmp_path)
    print(row)
    assert row.deaths >= len(points)
    assert set(row.statuses) <= {"CONFIRMED", "CANCELLED", "REFUNDED"}
