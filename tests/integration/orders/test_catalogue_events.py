"""What orders remembers of products and stock, and what it tells the others."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.events.cloudevents import ReceivedEvent, decode, encode_headers
from shared.events.handlers import Inbox
from shared.ids import new_id
from shared.json import dumps
from shared.money import Money
from shared.runtime.subgraph import Subgraph
from subgraphs.orders.domain.catalogue import KnownVariant
from subgraphs.orders.entrypoints.graphql.cart_problems import line_problem
from tests.carts import add_to_cart, create_cart, sold_variants
from tests.contracts import assert_matches_contract, assert_payload_matches
from tests.integration.orders.peers import DECLINED_CARD
from tests.integration.orders.shop import Shop
from tests.subgraphs import eventually

SAVED, WITHDRAWN = "mercato.products.ProductSaved", "mercato.products.ProductWithdrawn"
STOCK = "mercato.inventory.StockChanged"
NOW = "2026-11-22T18:00:00+00:00"


def product(product_id: UUID, version: int, **prices: int) -> dict[str, Any]:
    """A product whose variants, named by their titles, cost these; their ids follow from its id and the title."""
    return {
        "productId": str(product_id),
        "version": version,
        "slug": "linen-shirt",
        "title": "Linen Shirt",
        "variants": [
            {
                "variantId": str(variant(product_id, title)),
                "sku": f"LS-{title}",
                "title": title,
                "priceMinor": price,
                "currency": "EUR",
                "weightGrams": 200,
            }
            for title, price in prices.items()
        ],
        "occurredAt": NOW,
    }


def variant(product_id: UUID, title: str) -> UUID:
    return UUID(int=product_id.int ^ int.from_bytes(title.encode()))


async def receive(subgraph: Subgraph, event_type: str, *payloads: dict[str, Any]) -> None:
    """Events as they come from Kafka, in one batch."""
    for payload in payloads:
        assert_payload_matches(event_type, payload)
    now = datetime.now(UTC)
    await Inbox(subgraph.handlers).apply(
        [ReceivedEvent(new_id(), event_type, now, payload, {}) for payload in payloads]
    )


async def test_a_saved_product_is_sold_by_its_name_and_its_variants(orders: Subgraph) -> None:
    product_id = new_id()
    await receive(orders, SAVED, product(product_id, 1, Blue=1990, Red=2090))
    blue, red = variant(product_id, "Blue"), variant(product_id, "Red")
    assert await sold_variants(blue, red, new_id()) == {
        blue: KnownVariant(blue, "LS-Blue", "Linen Shirt, Blue", Money(1990, "EUR")),
        red: KnownVariant(red, "LS-Red", "Linen Shirt, Red", Money(2090, "EUR")),
    }


async def test_an_only_variant_goes_by_the_products_name(orders: Subgraph) -> None:
    product_id = new_id()
    await receive(orders, SAVED, product(product_id, 1, Blue=1990, Red=2090), product(product_id, 2, Blue=1890))
    (blue,) = (await sold_variants(*(variant(product_id, title) for title in ("Blue", "Red")))).values()
    assert (blue.title, blue.price.minor) == ("Linen Shirt", 1890)


async def test_a_withdrawn_product_is_sold_no_longer_even_when_an_older_event_follows(orders: Subgraph) -> None:
    product_id = new_id()
    await receive(orders, WITHDRAWN, {"productId": str(product_id), "version": 2, "occurredAt": NOW})
    await receive(orders, SAVED, product(product_id, 1, Blue=1990))
    assert await sold_variants(variant(product_id, "Blue")) == {}
    await receive(orders, SAVED, product(product_id, 3, Blue=1990))
    await receive(orders, WITHDRAWN, {"productId": str(product_id), "version": 4, "occurredAt": NOW})
    assert await sold_variants(variant(product_id, "Blue")) == {}


async def send(shop: Shop, topic: str, key: UUID | str, event_type: str, payload: dict[str, Any]) -> None:
    assert_payload_matches(event_type, payload)
    producer = AIOKafkaProducer(bootstrap_servers=shop.orders.environment["KAFKA_BOOTSTRAP_SERVERS"])
    await producer.start()
    try:
        headers = encode_headers(new_id(), event_type, datetime.now(UTC), {})
        await producer.send_and_wait(topic, dumps(payload), key=str(key).encode(), headers=headers)
    finally:
        await producer.stop()


async def test_products_and_stock_reach_a_cart_over_kafka(shop: Shop) -> None:
    product_id, guest = new_id(), shop.guest()
    blue = str(variant(product_id, "Blue"))
    await send(
        shop, "inventory.stock.v1", blue, STOCK, {"variantId": blue, "version": 2, "available": 1, "occurredAt": NOW}
    )
    await send(
        shop, "inventory.stock.v1", blue, STOCK, {"variantId": blue, "version": 1, "available": 9, "occurredAt": NOW}
    )
    await send(shop, "products.product.v1", product_id, SAVED, product(product_id, 1, Blue=1990))
    cart_id = await guest.new_cart()

    async def added() -> bool:
        return not (await guest.add(cart_id, blue, quantity=2))["errors"]

    await eventually(added, "the variant is known")

    async def is_short() -> bool:
        problems = (await guest.cart(cart_id) or {})["lines"][0]["problems"]
        return [problem["code"] for problem in problems] == ["INSUFFICIENT_STOCK"]

    await eventually(is_short, "the stock is known")


async def known_problems(variant_id: UUID, quantity: int) -> list[str]:
    """What a cart with so many of a variant is told."""
    cart = await add_to_cart(await create_cart(), variant_id, quantity)
    return [line_problem(problem).code for problem in cart.lines[0].problems]


async def test_back_orders_come_and_go_with_the_events_of_stock(orders: Subgraph) -> None:
    product_id = new_id()
    blue = variant(product_id, "Blue")
    await receive(orders, SAVED, product(product_id, 1, Blue=1990))

    async def problems_after(version: int, **backorder: Any) -> list[str]:
        stock = {"variantId": str(blue), "version": version, "available": 1, "occurredAt": NOW}
        await receive(orders, STOCK, stock | backorder)
        return await known_problems(blue, 2)

    assert await problems_after(1) == ["INSUFFICIENT_STOCK"]
    assert await problems_after(2, backorder={"isAllowed": True, "availableFrom": "2027-08-01"}) == ["BACKORDERED"]
    assert await problems_after(1) == ["BACKORDERED"]
    assert await problems_after(3, backorder={"isAllowed": True, "availableFrom": None}) == ["BACKORDERED"]
    assert await problems_after(4, backorder={"isAllowed": True, "availableFrom": None, "remaining": 1}) == [
        "BACKORDERED"
    ]
    assert await problems_after(5, backorder={"isAllowed": False, "availableFrom": None, "remaining": 0}) == [
        "INSUFFICIENT_STOCK"
    ]
    assert await known_problems(blue, 1) == []


async def test_what_becomes_of_orders_is_published_as_the_contract_says(shop: Shop) -> None:
    consumer = AIOKafkaConsumer(
        "orders.order.v1",
        bootstrap_servers=shop.orders.environment["KAFKA_BOOTSTRAP_SERVERS"],
        auto_offset_reset="earliest",
    )
    buyer, bowl = shop.buyer(), await shop.variant(title="Bowl", price=1250)
    good = await buyer.ended(await buyer.placed(bowl, quantity=2))
    bad = await buyer.ended(await buyer.placed(bowl, paymentMethodId=DECLINED_CARD))
    found: dict[str, list[tuple[str, Any]]] = {good["id"]: [], bad["id"]: []}
    await consumer.start()
    try:
        while sum(map(len, found.values())) < 4:
            message = await consumer.getone()
            if message.key.decode() in found:
                assert_matches_contract("orders", message)
                event = decode(message.headers, message.value)
                found[message.key.decode()].append((event.type, event.payload))
    finally:
        await consumer.stop()
    assert [kind for kind, _ in found[good["id"]]] == ["mercato.orders.OrderPlaced", "mercato.orders.OrderConfirmed"]
    assert [kind for kind, _ in found[bad["id"]]] == ["mercato.orders.OrderPlaced", "mercato.orders.OrderCancelled"]
    _, confirmed = found[good["id"]][1]
    assert (confirmed["number"], confirmed["totalMinor"], confirmed["email"]) == (
        good["number"],
        2500,
        "ada@example.com",
    )
    assert confirmed["lines"] == [
        {
            "lineId": good["lines"][0]["id"],
            "variantId": bowl,
            "sku": "LS",
            "title": "Bowl",
            "quantity": 2,
            "unitPriceMinor": 1250,
        }
    ]
    reason = {"code": "PAYMENT_DECLINED", "message": "Your card was declined.", "mayBePaidAgain": True}
    assert found[bad["id"]][1][1]["cancellation"] == reason
