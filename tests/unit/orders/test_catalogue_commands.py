"""What orders remembers of products and stock, without a server."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from shared.days import today
from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.commands.follow_product import FollowProduct, follow_product
from subgraphs.orders.commands.follow_stock import FollowStock, follow_stock
from subgraphs.orders.domain.cart import Backorder
from subgraphs.orders.domain.cart_problems import InsufficientStock
from subgraphs.orders.domain.catalogue import ExpectedDays, KnownStock, KnownVariant, line_title
from subgraphs.orders.domain.order import PlacedOrder
from tests.fakes.carts import CartWorkTwin
from tests.unit.orders.builders import ordered_line
from tests.unit.orders.carts import add, new_cart, sold

PRODUCT, BLUE, RED = (UUID(int=number) for number in (1, 2, 3))
SOON, LATER = today() + timedelta(days=10), today() + timedelta(days=20)
OVER = today() - timedelta(days=1)


@pytest.fixture
def twin() -> CartWorkTwin:
    return CartWorkTwin()


def variant(variant_id: UUID, price: int) -> KnownVariant:
    return KnownVariant(variant_id, "SKU", "Shirt", Money(price, "EUR"))


async def follow(twin: CartWorkTwin, version: int, *variants: KnownVariant) -> dict[UUID, int]:
    """The prices of what is sold after a version of the product."""
    await twin.perform(follow_product, FollowProduct(PRODUCT, version, variants))
    found = await twin.catalogue.sold_variants([BLUE, RED])
    return {each.id: each.price.minor for each in found.values()}


async def stock(twin: CartWorkTwin, variant_id: UUID, version: int, expected_from: date | None = None) -> None:
    command = FollowStock(variant_id, version, KnownStock(0, Backorder(expected_from), expected_from))
    await twin.perform(follow_stock, command)


def waiting_order(twin: CartWorkTwin, units: int = 2) -> PlacedOrder:
    """A confirmed order that waits for units of its line."""
    line = ordered_line(quantity=3)
    order = PlacedOrder(new_id(), "M-0000-0000", uuid4(), "ada@example.com", "EUR", 3000, [line])
    twin.waiting_orders.orders[order.id] = order
    twin.waiting_orders.waiting[order.id] = {line.id: units}
    return order


def told(twin: CartWorkTwin) -> list[tuple[UUID, list[tuple[int, date | None]]]]:
    """Of which orders is told how many units come when."""
    assert {event.type for event in twin.events.events} <= {"mercato.orders.OrderExpectedDayChanged"}
    return [
        (event.key, [(its["quantity"], its["expectedFrom"]) for its in event.payload["waiting"]])
        for event in twin.events.events
    ]


async def test_a_product_is_sold_as_its_latest_version_says(twin: CartWorkTwin) -> None:
    assert await follow(twin, 2, variant(BLUE, 20), variant(RED, 21)) == {BLUE: 20, RED: 21}
    assert await follow(twin, 1, variant(BLUE, 10)) == {BLUE: 20, RED: 21}
    assert await follow(twin, 3, variant(BLUE, 30)) == {BLUE: 30}


async def test_a_withdrawn_product_is_sold_no_longer_until_it_comes_back(twin: CartWorkTwin) -> None:
    assert await follow(twin, 2) == {}
    assert await follow(twin, 1, variant(BLUE, 10)) == {}
    assert await follow(twin, 3, variant(BLUE, 30)) == {BLUE: 30}
    assert await follow(twin, 4) == {}


@pytest.mark.parametrize(("variants", "title"), [(1, "Shirt"), (2, "Shirt, Blue")])
def test_the_only_variant_of_a_product_goes_by_its_name(variants: int, title: str) -> None:
    assert line_title("Shirt", "Blue", variants) == title


async def test_stock_is_known_as_its_latest_version_says(twin: CartWorkTwin) -> None:
    lamp = await sold(twin)
    await twin.perform(follow_stock, FollowStock(lamp, 2, KnownStock(1)))
    await twin.perform(follow_stock, FollowStock(lamp, 1, KnownStock(9)))
    (line,) = (await add(twin, await new_cart(twin), lamp, quantity=2)).lines
    assert (line.available, [type(problem) for problem in line.problems]) == (1, [InsufficientStock])


async def test_another_day_is_told_to_each_order_that_waits(twin: CartWorkTwin) -> None:
    order = waiting_order(twin)
    variant_id = order.lines[0].variant_id
    await stock(twin, variant_id, 1, SOON)
    await stock(twin, variant_id, 2, LATER)
    await stock(twin, variant_id, 1, SOON)
    await stock(twin, variant_id, 3)
    assert told(twin) == [(order.id, [(2, SOON)]), (order.id, [(2, LATER)]), (order.id, [(2, None)])]
    assert len({event.payload["changeId"] for event in twin.events.events}) == 3


async def test_orders_that_wait_for_nothing_and_days_that_are_over_are_not_told(twin: CartWorkTwin) -> None:
    order = waiting_order(twin, units=0)
    await stock(twin, order.lines[0].variant_id, 1, SOON)
    waits = waiting_order(twin)
    await stock(twin, waits.lines[0].variant_id, 1, OVER)
    await stock(twin, uuid4(), 1, SOON)
    assert told(twin) == []


async def test_no_order_of_many_is_left_out(twin: CartWorkTwin) -> None:
    orders = [waiting_order(twin) for _ in range(450)]
    line = orders[0].lines[0]
    for order in orders:
        twin.waiting_orders.orders[order.id] = PlacedOrder(
            order.id, order.number, order.customer_id, order.email, order.currency, order.total_minor, [line]
        )
        twin.waiting_orders.waiting[order.id] = {line.id: 1}
    await stock(twin, line.variant_id, 1, SOON)
    assert {order_id for order_id, _ in told(twin)} == {order.id for order in orders}


@pytest.mark.parametrize(
    ("before", "now", "differ"),
    [(None, None, False), (None, SOON, True), (SOON, SOON, False), (SOON, LATER, True), (OVER, None, False)],
)
def test_a_day_that_is_over_is_as_good_as_none(before: date | None, now: date | None, differ: bool) -> None:
    assert ExpectedDays(before, now).differ(today()) is differ
