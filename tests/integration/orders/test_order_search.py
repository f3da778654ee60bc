"""Staff find orders by what they are told; buyers filter their own. Pages of each sort are whole and without gaps."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.graphql.pagination import PageRequest
from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.queries.order_search import OrderFilter, OrderSort, TotalRange, find_orders, search_statement
from tests.integration.orders.shop import Shop

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 3
ADA = uuid4()
EUR = TotalRange("EUR", None, None)

_ORDER = """
INSERT INTO orders (id, number, customer_id, status, email, currency, total_minor, recipient, line1, city, country,
  placed_at, updated_at)
VALUES (:id, :number, :customer_id, :status, :email, :currency, :total_minor, 'Ada', '1 Way', 'London', 'GB',
  :placed_at, :updated_at)
"""
_LINE = """
INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_price_minor)
VALUES (:id, :order_id, 1, :variant_id, 'Lamp', :sku, 1, 1)
"""


@dataclass(frozen=True)
class Found:
    """An order as the tests know it."""

    place: int
    id: UUID
    number: str
    status: OrderStatus
    email: str
    currency: str
    total_minor: int
    sku: str
    customer_id: UUID
    placed_at: datetime
    updated_at: datetime


def order(place: int) -> Found:
    """One of several that have some things in common; amounts and times of some are equal."""
    status = [OrderStatus.CONFIRMED, OrderStatus.SHIPPED, OrderStatus.DELIVERED][place % 3]
    return Found(
        place,
        new_id(),
        f"M-TEST-{place:04}",
        status,
        f"Buyer{place % 4}@Example.com",
        "EUR" if place % 5 else "USD",
        1000 * (place // 3),
        f"Sku-{place % 6}",
        ADA if place % 2 else uuid4(),
        START + DAY * (place // 2),
        START + DAY * (40 - place // 2),
    )


async def add(found: Found) -> None:
    values = vars(found)
    await db.execute(_ORDER, **{name: value for name, value in values.items() if name not in ("place", "sku")})
    await db.execute(_LINE, id=new_id(), order_id=found.id, variant_id=new_id(), sku=found.sku)


@pytest_asyncio.fixture
async def kept(orders: Subgraph) -> AsyncIterator[Sequence[Found]]:
    """Twenty orders of several buyers."""
    found = [order(place) for place in range(20)]
    for each in found:
        await add(each)
    yield found


async def listed(wanted: OrderFilter, sort: OrderSort = OrderSort.NEWEST) -> list[UUID]:
    """All pages of a list, one after the other."""
    found: list[UUID] = []
    after = None
    while True:
        page = await find_orders(wanted, sort, PageRequest(PAGE, after, "tag"))
        found += [each.id for each in page.nodes]
        if not page.page_info.has_next_page:
            return found
        last = page.nodes[-1]
        key = {"UPDATED": last.updated_at.isoformat()}.get(sort, last.placed_at.isoformat())
        after = (last.total.minor if sort.startswith("TOTAL") else key, str(last.id))


async def test_each_sort_lists_each_order_once_in_its_order(kept: Sequence[Found]) -> None:
    in_euros = [each for each in kept if each.currency == "EUR"]
    expected = {
        OrderSort.NEWEST: sorted(kept, key=lambda each: (each.placed_at, each.id), reverse=True),
        OrderSort.OLDEST: sorted(kept, key=lambda each: (each.placed_at, each.id)),
        OrderSort.UPDATED: sorted(kept, key=lambda each: (each.updated_at, each.id), reverse=True),
        OrderSort.TOTAL_DESC: sorted(in_euros, key=lambda each: (each.total_minor, each.id), reverse=True),
        OrderSort.TOTAL_ASC: sorted(in_euros, key=lambda each: (each.total_minor, each.id)),
    }
    for sort, orders in expected.items():
        wanted = OrderFilter(total=EUR) if sort.startswith("TOTAL") else OrderFilter()
        assert await listed(wanted, sort) == [each.id for each in orders], sort


async def test_each_filter_keeps_what_it_says_and_all_of_them_together(kept: Sequence[Found]) -> None:
    shipped, cheap = (OrderStatus.SHIPPED,), TotalRange("EUR", 1000, 3000)
    from_day, before_day = START + DAY * 2, START + DAY * 6
    cases = [
        (OrderFilter(statuses=shipped), [each for each in kept if each.status == "SHIPPED"]),
        (OrderFilter(placed_from=from_day), [each for each in kept if each.placed_at >= from_day]),
        (OrderFilter(placed_before=before_day), [each for each in kept if each.placed_at < before_day]),
        (OrderFilter(email="bUYER1@example.com"), [each for each in kept if each.place % 4 == 1]),
        (OrderFilter(sku="sKU-4"), [each for each in kept if each.sku == "Sku-4"]),
        (OrderFilter(customer_id=ADA), [each for each in kept if each.customer_id == ADA]),
        (
            OrderFilter(total=cheap),
            [each for each in kept if each.currency == "EUR" and 1000 <= each.total_minor <= 3000],
        ),
        (
            OrderFilter(customer_id=ADA, statuses=shipped, placed_from=from_day, total=EUR),
            [
                each
                for each in kept
                if each.customer_id == ADA
                and each.status == "SHIPPED"
                and each.placed_at >= from_day
                and each.currency == "EUR"
            ],
        ),
    ]
    for wanted, orders in cases:
        assert orders
        assert set(await listed(wanted)) == {each.id for each in orders}, wanted


async def test_a_number_an_address_or_an_article_number_finds_the_order(kept: Sequence[Found]) -> None:
    assert await listed(OrderFilter(search="m-test-0007")) == [kept[7].id]
    of_address = {each.id for each in kept if each.place % 4 == 2}
    assert set(await listed(OrderFilter(search="BUYER2@example.com"))) == of_address
    assert set(await listed(OrderFilter(search="SKU-5"))) == {each.id for each in kept if each.sku == "Sku-5"}
    for nothing in ("M-TEST", "buyer2", "%", "'; DROP TABLE orders; --"):
        assert await listed(OrderFilter(search=nothing)) == []


@pytest.mark.parametrize(
    ("wanted", "sort", "index"),
    [
        (OrderFilter(), OrderSort.NEWEST, "orders_placed"),
        (OrderFilter(), OrderSort.UPDATED, "orders_updated"),
        (OrderFilter(total=EUR), OrderSort.TOTAL_DESC, "orders_amount"),
        (OrderFilter(email="buyer1@example.com"), OrderSort.NEWEST, "orders_email"),
        (OrderFilter(sku="sku-4"), OrderSort.NEWEST, "order_lines_sku"),
        (OrderFilter(search="sku-4"), OrderSort.NEWEST, "orders_number"),
        (OrderFilter(customer_id=ADA), OrderSort.NEWEST, "orders_placed_by_customer"),
        (OrderFilter(statuses=(OrderStatus.SHIPPED,)), OrderSort.NEWEST, "orders_"),
    ],
)
async def test_no_list_reads_all_orders(
    kept: Sequence[Found], wanted: OrderFilter, sort: OrderSort, index: str
) -> None:
    statement, values = search_statement(wanted, sort, PageRequest(20, None, "tag"))
    async with db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")  # few rows are read whole otherwise
        plan = "\n".join(row[0] for row in await db.fetch(f"EXPLAIN {statement}", **values))
    assert "Seq Scan" not in plan, plan
    assert index in plan, plan


_LIST = """query ($search: String, $sort: OrderSort, $filter: OrderFilter, $after: String) {
  orders(search: $search, sort: $sort, filter: $filter, first: 1, after: $after) {
    nodes { id email } pageInfo { endCursor hasNextPage } } }"""


async def test_staff_look_up_and_page_through_orders_and_others_may_not(shop: Shop) -> None:
    name, variant = uuid4().hex, await shop.variant()
    email, in_ascii = f"{name}@bücher.de", f"{name}@xn--bcher-kva.de"
    ids = [await shop.buyer().placed(variant, email=written) for written in (email, in_ascii)]
    staff = shop.staff("orders:read")
    first = (await staff.ask(_LIST, {"search": email.upper()}))["orders"]
    cursor = first["pageInfo"]["endCursor"]
    second = (await staff.ask(_LIST, {"search": email.upper(), "after": cursor}))["orders"]
    assert [page["nodes"][0]["id"] for page in (first, second)] == ids[::-1]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    elsewhere = await shop.orders.graphql(_LIST, {"search": email, "sort": "OLDEST", "after": cursor}, staff.token)
    assert elsewhere["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    mistaken = await shop.orders.graphql(_LIST, {"sort": "TOTAL_ASC"}, staff.token)
    assert mistaken["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["filter", "total"]}
    for token, code in ((shop.buyer().token, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        answer = await shop.orders.graphql(_LIST, {}, token)
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_buyers_filter_their_own_orders(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    kept_id, cancelled_id = await buyer.placed(variant), await buyer.placed(variant)
    await buyer.done("orderCancel", {"orderId": cancelled_id})
    await buyer.becomes(cancelled_id, "CANCELLED")
    now = datetime.now(UTC)
    for written, ids in (
        ("{statuses: [CANCELLED]}", [cancelled_id]),
        (f'{{placedFrom: "{(now - DAY).isoformat()}"}}', [cancelled_id, kept_id]),
        (f'{{placedBefore: "{(now - DAY).isoformat()}"}}', []),
    ):
        selection = f"{{ orders(filter: {written}) {{ nodes {{ id }} }} }}"
        answer = await shop.orders.entities("User", [str(buyer.id)], selection, buyer.token)
        assert [node["id"] for node in answer["data"]["_entities"][0]["orders"]["nodes"]] == ids
