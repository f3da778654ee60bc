"""Puts what is in an anonymous cart into its user's own cart, as after logging in, or of two own carts makes one."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.domain.cart_changes import require_mergeable, require_open
from subgraphs.orders.domain.cart_ports import CartWork


@dataclass(frozen=True, slots=True)
class MergeCarts:
    """``cart_id`` is the cart to put into the user's own one."""

    cart_id: UUID
    user_id: UUID


async def merge_carts(command: MergeCarts, work: CartWork) -> UUID:
    """The id of the user's cart with all of it; without another own cart this one becomes it.

    The user's cart is the latest own one, or the one before it when the latest is the one to merge.

    Raises:
        CartNotFound, CartAlreadyOrdered
        Rejections: CartsInSeveralCurrencies, CartFull.
    """
    named_id, days = command.cart_id, work.lifetime.owned_days
    carts = await work.carts.lock_to_merge(named_id, command.user_id)
    require_open(carts.state)
    if carts.own_id is None:
        await work.carts.adopt(named_id, command.user_id, days)
        return named_id
    require_mergeable(await work.carts.load(named_id), await work.carts.load(carts.own_id))
    await work.carts.pour(named_id, carts.own_id, days)
    return carts.own_id
