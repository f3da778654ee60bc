"""What belongs to other subgraphs and is known here by little more than its id."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProductVariant:
    """A variant of the catalogue, which keeps its article number for good."""

    id: UUID
    sku: str


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: UUID
