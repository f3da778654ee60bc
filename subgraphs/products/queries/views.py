"""Products as the SDL has them. What is stored as JSON is read only when it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from asyncpg.pgproto.pgproto import UUID as DriverUUID

from shared.money import Money
from subgraphs.products.queries.category_tree import Category


@dataclass(frozen=True, slots=True)
class ProductOption:
    """Something a buyer can choose."""

    name: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class SelectedOption:
    """An option with the value chosen."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ProductMedia:
    """A picture; ``path`` is where this subgraph serves it, with the picture's version."""

    path: str
    alt_text: str
    media_type: str


@dataclass(frozen=True, slots=True)
class PriceRange:
    """The span of a product's prices."""

    min: Money
    max: Money


@dataclass(frozen=True, slots=True)
class Product:
    """A product. JSON that its statement was not asked for is None."""

    category: Category
    id: UUID
    slug: str
    title: str
    description: str
    currency: str
    min_price_minor: int
    max_price_minor: int
    created_at: datetime
    options_json: str | None = None
    media_json: str | None = None
    variants_json: str | None = None
    default_variant_json: str | None = None

    @property
    def price_range(self) -> PriceRange:
        """What its cheapest and its dearest variant cost."""
        return PriceRange(Money(self.min_price_minor, self.currency), Money(self.max_price_minor, self.currency))

    @property
    def options(self) -> list[ProductOption]:
        """What a buyer can choose."""
        assert self.options_json is not None
        return [ProductOption(**option) for option in orjson.loads(self.options_json)]

    @property
    def media(self) -> list[ProductMedia]:
        """Its pictures, the main one first."""
        assert self.media_json is not None
        return [
            ProductMedia(picture["path"], picture["alt_text"], picture["media_type"])
            for picture in orjson.loads(self.media_json)
        ]


@dataclass(frozen=True, slots=True)
class ProductVariant:
    """A variant with the product it is one of."""

    id: UUID
    sku: str
    title: str
    price_minor: int
    weight_grams: int
    choices: Sequence[Mapping[str, str]]
    product: Product

    @property
    def price(self) -> Money:
        """What one costs."""
        return Money(self.price_minor, self.product.currency)

    @property
    def selected_options(self) -> list[SelectedOption]:
        """The options chosen."""
        return [SelectedOption(**choice) for choice in self.choices]


def variant_from_json(fields: Sequence[Any], product: Product) -> ProductVariant:
    """A variant from the array that statements make of its columns."""
    variant_id, sku, title, price_minor, weight_grams, choices = fields
    return ProductVariant(DriverUUID(variant_id), sku, title, price_minor, weight_grams, choices, product)
