"""Starts a cart."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_ports import CartWork


@dataclass(frozen=True, slots=True)
class CreateCart:
    """``owner_id`` is None for a cart that is anybody's who knows its id."""

    owner_id: UUID | None


async def create_cart(command: CreateCart, work: CartWork) -> Cart:
    """An empty cart.

    Its id is random (UUIDv4, 122 bits) and not of the time as others are: it is the only secret of an anonymous cart.
    """
    return await work.carts.add(uuid4(), command.owner_id, work.lifetime.days_of(command.owner_id))
