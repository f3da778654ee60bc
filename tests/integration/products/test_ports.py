"""One contract for products' ports: the twins in memory and Postgres answer alike."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import pytest
import pytest_asyncio

from shared.ids import new_id
from subgraphs.products.domain.ports import ProductsWork
from subgraphs.products.domain.product import Product, Variant
from subgraphs.products.infrastructure import tables
from tests.backends import Backends
from tests.fakes.products import ShopTwin
from tests.integration.products.builders import new_category
from tests.integration.products.changes import WORK
from tests.subgraphs import connected

Outcome = TypeVar("Outcome")


@dataclass
class Shop:
    """A shop of some kind: ``perform`` runs a handler as a unit of work, ``add`` puts a product into it."""

    perform: Callable[[Callable[[None, ProductsWork], Awaitable[Outcome]], None], Awaitable[Outcome]]
    add: Callable[[Product], Awaitable[None]]

    async def run(self, steps: Callable[[ProductsWork], Awaitable[Outcome]]) -> Outcome:
        """Steps of one unit of work."""

        async def handler(_: None, work: ProductsWork) -> Outcome:
            return await steps(work)

        return await self.perform(handler, None)


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def shop(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Shop]:
    if request.param == "memory":
        yield in_memory()
        return
    async with connected(backends, "products"):
        category_id = await new_category("things")

        async def add(product: Product) -> None:
            await add_rows(product, await tables.Category.get(id=category_id))

        yield Shop(WORK.perform, add)


def in_memory() -> Shop:
    twin = ShopTwin()

    async def add(product: Product) -> None:
        twin.products.rows[product.id] = product

    return Shop(twin.perform, add)


async def add_rows(product: Product, category: tables.Category) -> None:
    row = await tables.Product.create(
        id=product.id,
        slug=product.slug,
        title=product.title,
        description="",
        category=category,
        options=[],
        media=[],
        currency=product.currency,
        min_price_minor=product.min_price_minor,
        max_price_minor=product.max_price_minor,
        version=product.version,
    )
    for position, variant in enumerate(product.variants):
        await tables.Variant.create(
            id=variant.id,
            product=row,
            position=position,
            sku=variant.sku,
            title=variant.title,
            selected_options=[],
            price_minor=variant.price_minor,
            weight_grams=variant.weight_grams,
        )


def thing(*prices: int) -> Product:
    """A new product with a variant for each price."""
    slug = f"p-{new_id().hex}"
    variants = tuple(
        Variant(new_id(), f"{slug}-{number}", f"Size {number}", price, 100) for number, price in enumerate(prices)
    )
    return Product(new_id(), slug, "Thing", "EUR", 1, True, variants)


async def by_sku(sku: str, work: ProductsWork) -> Product | None:
    return await work.products.lock_by_sku(sku)


async def save(product: Product, work: ProductsWork) -> None:
    await work.products.save(product)


async def test_a_product_is_found_by_its_name_and_by_each_of_its_variants(shop: Shop) -> None:
    product = thing(1000, 3000, 2000)
    await shop.add(thing(500))
    await shop.add(product)
    assert await shop.run(lambda work: work.products.lock_by_slug(product.slug)) == product
    for variant in product.variants:
        assert await shop.run(partial(by_sku, variant.sku)) == product


async def test_what_is_not_there_is_none(shop: Shop) -> None:
    await shop.add(thing(500))
    assert await shop.run(lambda work: work.products.lock_by_slug("no-such")) is None
    assert await shop.run(partial(by_sku, "no-such")) is None


async def test_a_saved_product_is_what_is_found_next(shop: Shop) -> None:
    product, other = thing(1000, 2000), thing(1000)
    await shop.add(product)
    await shop.add(other)
    for changed in (product.repriced(product.variants[0].sku, 5000), product.withdrawn(), product.republished()):
        await shop.run(partial(save, changed))
        assert await shop.run(lambda work: work.products.lock_by_slug(product.slug)) == changed
    assert await shop.run(lambda work: work.products.lock_by_slug(other.slug)) == other


async def test_what_a_unit_of_work_did_is_undone_when_it_fails(shop: Shop) -> None:
    product = thing(1000)
    await shop.add(product)

    async def steps(work: ProductsWork) -> None:
        found = await work.products.lock_by_slug(product.slug)
        assert found is not None
        await work.products.save(replace(found.withdrawn(), version=7))
        raise LookupError

    with pytest.raises(LookupError):
        await shop.run(steps)
    assert await shop.run(lambda work: work.products.lock_by_slug(product.slug)) == product
