"""What belongs to other subgraphs and is known here by its id alone."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProductVariant:
    """A variant of the catalogue."""

    id: UUID


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: UUID
