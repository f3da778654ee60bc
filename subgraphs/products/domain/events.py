"""What products tells the others; the contract is ``schema/events/products.yaml``."""

from datetime import datetime
from typing import Any

from shared.events.event import Event
from subgraphs.products.domain.product import Product, Variant

TOPIC = "products.product.v1"


def product_event(product: Product, occurred_at: datetime) -> Event:
    """What others have to know after a change: all of a product that is on sale, or that it is not."""
    return product_saved(product, occurred_at) if product.on_sale else product_withdrawn(product, occurred_at)


def product_saved(product: Product, occurred_at: datetime) -> Event:
    """A product came on sale or changed."""
    payload = {
        "productId": product.id,
        "version": product.version,
        "slug": product.slug,
        "title": product.title,
        "variants": [_variant(variant, product.currency) for variant in product.variants],
        "occurredAt": occurred_at,
    }
    return Event(TOPIC, product.id, "mercato.products.ProductSaved", payload)


def product_withdrawn(product: Product, occurred_at: datetime) -> Event:
    """A product is not sold any more, nor is any of its variants."""
    payload = {"productId": product.id, "version": product.version, "occurredAt": occurred_at}
    return Event(TOPIC, product.id, "mercato.products.ProductWithdrawn", payload)


def _variant(variant: Variant, currency: str) -> dict[str, Any]:
    return {
        "variantId": variant.id,
        "sku": variant.sku,
        "title": variant.title,
        "priceMinor": variant.price_minor,
        "currency": currency,
        "weightGrams": variant.weight_grams,
    }
