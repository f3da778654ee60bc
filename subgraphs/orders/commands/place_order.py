"""Places an order for what is in a cart."""

from collections.abc import Iterator
from dataclasses import asdict
from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.ids import new_id
from shared.json import dumps
from shared.persistence.idempotency import replayable
from subgraphs.orders.commands.cart_changes import existing_cart, refuse
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.errors import OrderErrorCode, cart_empty, invalid
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder, new_order_number
from subgraphs.orders.infrastructure.carts import lock_open_cart
from subgraphs.orders.infrastructure.metrics import PLACED
from subgraphs.orders.infrastructure.orders import insert_order


async def place_order(checkout: Checkout, customer_id: UUID, idempotency_key: str, deadline_seconds: float) -> UUID:
    """The order's id. The same key answers with the same order.

    The order, its saga, the event and the end of the cart are one transaction; stock and money are the saga's.

    Raises:
        UserErrors: when the cart can't be ordered; then nothing was changed.
        Conflict: when the key came with another checkout before.
    """

    async def place() -> str:
        order_id = await _place(checkout, customer_id, deadline_seconds)
        PLACED.inc()  # here a repeated key does not count again; a commit that fails now is one too many
        return str(order_id)

    request = dumps(asdict(checkout))
    return UUID(await replayable(f"checkoutPlaceOrder:{customer_id}", idempotency_key, request, place))


async def _place(checkout: Checkout, customer_id: UUID, deadline_seconds: float) -> UUID:
    await lock_open_cart(checkout.cart_id, customer_id)
    cart = await existing_cart(checkout.cart_id, customer_id)
    refuse(_mistakes(cart))
    return await _insert(cart, checkout, customer_id, deadline_seconds)


def _mistakes(cart: Cart) -> Iterator[UserError]:
    if not cart.lines:
        yield cart_empty()
    for obstacle in cart.problems:
        yield invalid(obstacle.message, "cartId")
    for index, line in enumerate(cart.lines):
        for problem in line.problems:
            if problem.is_blocking:
                yield UserError(OrderErrorCode.LINE_HAS_PROBLEMS, problem.message, ("cartId", "lines", str(index)))


async def _insert(cart: Cart, checkout: Checkout, customer_id: UUID, deadline_seconds: float) -> UUID:
    while True:
        order = _frozen(cart, checkout, customer_id)
        if await insert_order(order, checkout, deadline_seconds):
            return order.id


def _frozen(cart: Cart, checkout: Checkout, customer_id: UUID) -> PlacedOrder:
    """An order at the names and prices of now."""
    total = cart.total
    if total is None:
        raise UserErrors(cart_empty())
    lines = [
        OrderedLine(new_id(), line.variant.id, line.sku, line.title, line.quantity, line.unit_price.minor)
        for line in cart.lines
    ]
    return PlacedOrder(new_id(), new_order_number(), customer_id, checkout.email, total.currency, total.minor, lines)
