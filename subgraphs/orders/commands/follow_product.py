"""Remembers what a product's variants are called and cost, so that carts can be priced without asking anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.catalogue import KnownVariant


@dataclass(frozen=True, slots=True)
class FollowProduct:
    """A product's whole state: of one that is sold no longer, no variants."""

    product_id: UUID
    version: int
    variants: Sequence[KnownVariant]


async def follow_product(command: FollowProduct, work: CartWork) -> None:
    """Remembers it. A version that is not newer than the known one changes nothing."""
    await work.catalogue.save_product(command.product_id, command.version, command.variants)
