"""What the seed hands to the subgraphs: plain frozen data, no storage."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class SeedCategory:
    id: UUID
    slug: str
    name: str
    description: str
    parent_id: UUID | None
    position: int


@dataclass(frozen=True, slots=True)
class SeedOption:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeedVariant:
    id: UUID
    sku: str
    title: str
    selected_options: tuple[tuple[str, str], ...]
    price_minor: int
    weight_grams: int
    currency: str = CURRENCY


@dataclass(frozen=True, slots=True)
class SeedProduct:
    id: UUID
    slug: str
    title: str
    description: str
    category_id: UUID
    options: tuple[SeedOption, ...]
    variants: tuple[SeedVariant, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SeedWarehouse:
    id: UUID
    code: str
    name: str
    city: str
    country: str
