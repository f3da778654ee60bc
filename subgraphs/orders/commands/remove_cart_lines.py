"""Takes lines out of a cart."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from shared.errors import UserError
from shared.ids import try_parse_id
from subgraphs.orders.commands.cart_changes import existing_cart, open_cart, refuse
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, Cart, CartLifetime, count_error
from subgraphs.orders.domain.errors import line_not_found
from subgraphs.orders.infrastructure.carts import delete_lines


async def remove_cart_lines(
    cart_id: str, line_ids: Sequence[str], user_id: UUID | None, lifetime: CartLifetime = DEFAULT_LIFETIME
) -> Cart:
    """The cart without these lines.

    Raises:
        UserErrors: each naming its field; then nothing was changed.
    """
    refuse([count_error(len(line_ids), "lineIds")])
    ids = [try_parse_id(line_id) for line_id in line_ids]
    async with open_cart(cart_id, user_id, lifetime) as cart:
        refuse(_unknown_lines(ids, cart))
        await delete_lines(cart.id, [line_id for line_id in ids if line_id])
        return await existing_cart(cart.id, user_id)


def _unknown_lines(ids: Sequence[UUID | None], cart: Cart) -> Iterator[UserError]:
    known = {line.id for line in cart.lines}
    for index, line_id in enumerate(ids):
        if line_id not in known:
            yield line_not_found("lineIds", str(index))
