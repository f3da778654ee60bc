"""Saves what has changed, and tells others."""

from datetime import UTC, datetime

from subgraphs.products.domain.events import product_event
from subgraphs.products.domain.ports import ProductsWork
from subgraphs.products.domain.product import Product


async def save_if_changed(work: ProductsWork, before: Product, after: Product) -> None:
    """Saves a locked product and records its event; one that stayed as it was is neither written nor told."""
    if after is not before:
        await work.products.save(after)
        work.events.record(product_event(after, datetime.now(UTC)))
