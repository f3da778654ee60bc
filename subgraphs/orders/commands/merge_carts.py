"""Puts what is in an anonymous cart into its user's own cart, as after logging in, or of two own carts makes one."""

from uuid import UUID

from shared.errors import UserErrors
from shared.ids import try_parse_id
from subgraphs.orders.commands.cart_changes import existing_cart, refuse
from subgraphs.orders.domain.cart import CartLifetime, merge_errors
from subgraphs.orders.domain.errors import cart_not_found
from subgraphs.orders.infrastructure.cart_merges import adopt, lock_for_merge, pour


async def merge_carts(cart_id: str, user_id: UUID, lifetime: CartLifetime) -> UUID:
    """The id of the user's cart with all of it; without another own cart this one becomes it. Call it in a transaction.

    The user's cart is the latest own one, or the one before it when the latest is the one to merge.

    Raises:
        UserErrors: naming the field; then nothing was changed.
    """
    named_id = try_parse_id(cart_id)
    if named_id is None:
        raise UserErrors(cart_not_found())
    own_id = await lock_for_merge(named_id, user_id)
    if own_id is None:
        await adopt(named_id, user_id, lifetime.owned_days)
        return named_id
    refuse(merge_errors(await existing_cart(named_id, user_id), await existing_cart(own_id, user_id)))
    await pour(named_id, own_id, lifetime.owned_days)
    return own_id
