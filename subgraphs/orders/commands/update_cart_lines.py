"""Sets the quantities of a cart's lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import UserError
from shared.ids import try_parse_id
from subgraphs.orders.commands.cart_changes import existing_cart, open_cart, refuse
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, Cart, CartLifetime, count_error, quantity_error
from subgraphs.orders.domain.errors import invalid, line_not_found
from subgraphs.orders.infrastructure.carts import set_quantities


@dataclass(frozen=True, slots=True)
class WantedQuantity:
    """A line, None when its id is malformed, and its new quantity."""

    line_id: UUID | None
    quantity: int


def wanted_quantity(line_id: str, quantity: int) -> WantedQuantity:
    """A change as typed."""
    return WantedQuantity(try_parse_id(line_id), quantity)


async def update_cart_lines(
    cart_id: str, wanted: Sequence[WantedQuantity], user_id: UUID | None, lifetime: CartLifetime = DEFAULT_LIFETIME
) -> Cart:
    """The cart with these quantities. Setting one agrees to the line's price of now.

    Raises:
        UserErrors: each naming its field; then nothing was changed.
    """
    refuse([count_error(len(wanted), "lines"), *_bad_quantities(wanted), *_repeated_lines(wanted)])
    async with open_cart(cart_id, user_id, lifetime) as cart:
        refuse(_unknown_lines(wanted, cart))
        await set_quantities(cart.id, {line.line_id: line.quantity for line in wanted if line.line_id})
        return await existing_cart(cart.id, user_id)


def _bad_quantities(wanted: Sequence[WantedQuantity]) -> Iterator[UserError | None]:
    for index, line in enumerate(wanted):
        yield quantity_error(line.quantity, "lines", str(index), "quantity")


def _repeated_lines(wanted: Sequence[WantedQuantity]) -> Iterator[UserError]:
    seen: set[UUID] = set()
    for index, line in enumerate(wanted):
        if line.line_id in seen:
            yield invalid("This line is named twice; name it once.", "lines", str(index), "lineId")
        if line.line_id:
            seen.add(line.line_id)


def _unknown_lines(wanted: Sequence[WantedQuantity], cart: Cart) -> Iterator[UserError]:
    known = {line.id for line in cart.lines}
    for index, line in enumerate(wanted):
        if line.line_id not in known:
            yield line_not_found("lines", str(index), "lineId")
