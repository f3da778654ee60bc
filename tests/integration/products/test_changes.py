"""Commands that change products: what they write, what they publish, and what shoppers see then."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from shared.events.cloudevents import decode
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.products.domain.rejections import ProductNotOnSale
from subgraphs.products.queries.filters import ProductFilter
from tests.contracts import assert_matches_contract, assert_payload_matches
from tests.integration.products.builders import listed, new_category, new_product, titles
from tests.integration.products.changes import reprice, republish, withdraw
from tests.integration.products.conftest import SEEDED, command
from tests.subgraphs import Running


async def published() -> list[tuple[str, dict[str, Any]]]:
    """The events in the outbox, in their order, each held against the contract."""
    rows = await db.fetch("SELECT type, payload FROM outbox ORDER BY id")
    events = [(row["type"], orjson.loads(row["payload"])) for row in rows]
    for event_type, payload in events:
        assert_payload_matches(event_type, payload)
    return [(event_type.rpartition(".")[2], payload) for event_type, payload in events]


async def prices_of(slug: str) -> tuple[int, int, int]:
    row = await db.fetch_row("SELECT min_price_minor, max_price_minor, version FROM products WHERE slug = $1", slug)
    assert row is not None
    return row["min_price_minor"], row["max_price_minor"], row["version"]


async def test_a_new_price_is_listed_and_published_with_the_whole_product(products: Subgraph) -> None:
    slug = await new_product(await new_category("things"), "Thing", 1000, 2000)
    await reprice(f"{slug}-0", 3000)
    assert await prices_of(slug) == (2000, 3000, 2)
    assert await titles(ProductFilter(min_price=3000)) == ["Thing"]
    ((event, payload),) = await published()
    assert (event, payload["version"], payload["slug"]) == ("ProductSaved", 2, slug)
    assert [(variant["sku"], variant["priceMinor"]) for variant in payload["variants"]] == [
        (f"{slug}-0", 3000),
        (f"{slug}-1", 2000),
    ]


async def test_a_withdrawn_product_is_gone_until_it_is_republished(products: Subgraph) -> None:
    slug = await new_product(await new_category("things"), "Thing", 1000)
    await withdraw(slug)
    await withdraw(slug)
    assert (
        await titles(ProductFilter())
        == await titles(ProductFilter(category="things"))
        == await titles(ProductFilter(text="thing"))
        == []
    )
    assert await (await listed(ProductFilter())).count() == 0
    with pytest.raises(ProductNotOnSale):
        await reprice(f"{slug}-0", 5)
    await republish(slug)
    await republish(slug)
    assert await titles(ProductFilter()) == ["Thing"]
    assert [(event, payload["version"]) for event, payload in await published()] == [
        ("ProductWithdrawn", 2),
        ("ProductSaved", 3),
    ]


async def test_changes_at_the_same_time_are_all_made_one_after_the_other(products: Subgraph) -> None:
    slug = await new_product(await new_category("things"), "Thing", *range(1000, 1010))
    await asyncio.gather(*(reprice(f"{slug}-{number}", 2000 + number) for number in range(10)))
    assert await prices_of(slug) == (2000, 2009, 11)
    events = await published()
    assert [payload["version"] for _, payload in events] == list(range(2, 12))
    assert [variant["priceMinor"] for variant in events[-1][1]["variants"]] == list(range(2000, 2010))


async def messages_of(shop: Running, tables: asyncpg.Connection, product_id: UUID, last: int) -> list[ConsumerRecord]:
    """What Kafka has of one product of this shop, up to a version.

    Seeds are the same in each shop, and Kafka keeps what an earlier one published of them.
    """
    consumer = AIOKafkaConsumer(
        "products.product.v1",
        bootstrap_servers=shop.environment["KAFKA_BOOTSTRAP_SERVERS"],
        auto_offset_reset="earliest",
    )
    rows = await tables.fetch("SELECT event_id FROM outbox WHERE key = $1", str(product_id))
    events = {row["event_id"] for row in rows}
    found: list[ConsumerRecord] = []
    await consumer.start()
    try:
        while not found or orjson.loads(found[-1].value)["version"] < last:
            message = await asyncio.wait_for(consumer.getone(), 30)
            if decode(message.headers, message.value).id in events:
                found.append(message)
    finally:
        await consumer.stop()
    return found


async def test_developers_change_a_running_shop_and_everybody_is_told(
    shop: Running, tables: asyncpg.Connection
) -> None:
    row = await tables.fetchrow(
        "SELECT p.id, p.slug, v.id AS variant, v.sku FROM products AS p JOIN variants AS v ON v.product_id = p.id"
        " ORDER BY v.sku LIMIT 1"
    )
    assert row is not None
    assert await command(shop.environment, "reprice", "--sku", row["sku"], "--price-minor", "12345") == 0
    assert await command(shop.environment, "withdraw", "--slug", row["slug"]) == 0
    gone = await shop.graphql(f'{{ product(slug: "{row["slug"]}") {{ id }} products {{ totalCount }} }}')
    assert gone["data"] == {"product": None, "products": {"totalCount": SEEDED - 1}}
    history = await shop.entities(
        "ProductVariant", [str(row["variant"])], "{ sku price { amount } product { slug title } }"
    )
    assert history["data"]["_entities"][0]["price"] == {"amount": "123.45"}
    assert await command(shop.environment, "republish", "--slug", row["slug"]) == 0
    back = await shop.graphql(f'{{ product(slug: "{row["slug"]}") {{ id }} }}')
    assert back["data"]["product"] == {"id": str(row["id"])}
    messages = await messages_of(shop, tables, row["id"], last=4)
    for message in messages:
        assert_matches_contract("products", message)
    assert [orjson.loads(message.value)["version"] for message in messages] == [1, 2, 3, 4]


async def test_a_command_about_nothing_fails(shop: Running) -> None:
    assert await command(shop.environment, "withdraw", "--slug", "no-such-product") != 0
