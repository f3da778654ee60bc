"""What changes products, without a server."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.errors import Rejection
from subgraphs.products.commands.reprice_variant import RepriceVariant, reprice_variant
from subgraphs.products.commands.republish_product import RepublishProduct, republish_product
from subgraphs.products.commands.withdraw_product import WithdrawProduct, withdraw_product
from subgraphs.products.domain.rejections import PriceOutOfRange, ProductNotFound, ProductNotOnSale, VariantNotFound
from tests.fakes.products import ShopTwin
from tests.unit.products.builders import lamp


def told(twin: ShopTwin) -> list[tuple[str, Any]]:
    """The events that were recorded: their names and the versions that they tell of."""
    return [(event.type.rpartition(".")[2], event.payload["version"]) for event in twin.events.events]


async def test_a_new_price_is_saved_and_told_with_the_whole_product() -> None:
    product = lamp(2000, 3000)
    twin = ShopTwin(product)
    await twin.perform(reprice_variant, RepriceVariant("LAMP-0", 4500))
    assert twin.products.rows[product.id] == product.repriced("LAMP-0", 4500)
    (event,) = twin.events.events
    assert event.key == product.id
    assert [variant["priceMinor"] for variant in event.payload["variants"]] == [4500, 3000]
    assert told(twin) == [("ProductSaved", 2)]


async def test_the_same_price_again_is_neither_saved_nor_told() -> None:
    product = lamp(2000)
    twin = ShopTwin(product)
    await twin.perform(reprice_variant, RepriceVariant("LAMP-0", 2000))
    assert twin.products.rows[product.id] is product
    assert told(twin) == []


async def test_a_product_leaves_and_comes_back_once_each() -> None:
    product = lamp(2000)
    twin = ShopTwin(product)
    for _ in range(2):
        await twin.perform(withdraw_product, WithdrawProduct(product.slug))
    assert not twin.products.rows[product.id].on_sale
    for _ in range(2):
        await twin.perform(republish_product, RepublishProduct(product.slug))
    assert twin.products.rows[product.id].on_sale
    assert told(twin) == [("ProductWithdrawn", 2), ("ProductSaved", 3)]


async def test_only_the_product_that_is_named_changes() -> None:
    other, product = lamp(2000, slug="floor-lamp"), lamp(2000)
    twin = ShopTwin(other, product)
    await twin.perform(withdraw_product, WithdrawProduct(product.slug))
    assert [each.on_sale for each in twin.products.rows.values()] == [True, False]


@pytest.mark.parametrize(
    ("handler", "command", "rejection"),
    [
        (reprice_variant, RepriceVariant("LAMP-7", 5), VariantNotFound),
        (reprice_variant, RepriceVariant("LAMP-0", -1), PriceOutOfRange),
        (withdraw_product, WithdrawProduct("no-such"), ProductNotFound),
        (republish_product, RepublishProduct("no-such"), ProductNotFound),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
async def test_a_mistake_changes_nothing(
    handler: Callable[[Any, ShopTwin], Awaitable[None]], command: object, rejection: type[Rejection]
) -> None:
    product = lamp(2000)
    twin = ShopTwin(product)
    with pytest.raises(rejection):
        await twin.perform(handler, command)
    assert twin.products.rows == {product.id: product}
    assert told(twin) == []


async def test_a_withdrawn_product_gets_no_new_price() -> None:
    twin = ShopTwin(lamp(2000).withdrawn())
    with pytest.raises(ProductNotOnSale):
        await twin.perform(reprice_variant, RepriceVariant("LAMP-0", 5))
    assert told(twin) == []
