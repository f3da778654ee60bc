"""Places an order for what is in a cart."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from shared.email import comparable
from shared.errors import Rejection, Rejections
from shared.ids import new_id
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import require_open
from subgraphs.orders.domain.cart_problems import Backordered
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.guest import MOST_ORDERS_AN_HOUR
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder, new_order_number
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.rejections import CartEmpty, CartHasProblem, CartLineHasProblem, TooManyGuestsOrders


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What a customer orders, None for a guest. It is given up when it can't be sold within so many seconds."""

    checkout: Checkout
    customer_id: UUID | None
    deadline_seconds: float


async def place_order(command: PlaceOrder, work: OrdersWork) -> UUID:
    """The order's id. The order, its saga, the event and the end of the cart are one; stock and money are the saga's.

    Raises:
        Rejections: CartEmpty, CartHasProblem, CartLineHasProblem.
        CartNotFound, CartAlreadyOrdered, TooManyGuestsOrders
    """
    cart = await _locked_cart(command, work)
    if problems := [*_problems(cart)]:
        raise Rejections(*problems)
    if command.customer_id is None:
        await _require_few(comparable(command.checkout.email), work)
    while True:
        order = _frozen(cart, command, work)
        if await work.orders.place(order, command.checkout, command.deadline_seconds):
            work.reports.placed()  # a repeated key does not count again; a commit that fails now is one too many
            return order.id


async def _locked_cart(command: PlaceOrder, work: OrdersWork) -> Cart:
    cart_id = command.checkout.cart_id
    require_open(await work.carts.lock_to_order(cart_id, command.customer_id))
    return await work.carts.load(cart_id)


async def _require_few(email: str, work: OrdersWork) -> None:
    if await work.orders.guests_within_an_hour(email) >= MOST_ORDERS_AN_HOUR:
        raise TooManyGuestsOrders(MOST_ORDERS_AN_HOUR)


def _problems(cart: Cart) -> Iterator[Rejection]:
    if not cart.lines:
        yield CartEmpty()
    for obstacle in cart.problems:
        yield CartHasProblem(obstacle)
    for index, line in enumerate(cart.lines):
        for problem in line.problems:
            if not isinstance(problem, Backordered):
                yield CartLineHasProblem(index, problem)


def _frozen(cart: Cart, command: PlaceOrder, work: OrdersWork) -> PlacedOrder:
    """An order at the names and prices of now."""
    total = cart.total
    assert total is not None, "a cart without problems has lines in one currency"
    lines = [
        OrderedLine(new_id(), line.variant.id, line.sku, line.title, line.quantity, line.unit_price.minor)
        for line in cart.lines
    ]
    order_id, number, email = new_id(), new_order_number(), command.checkout.email
    guest = work.tokens.issue(order_id) if command.customer_id is None else None
    who = (command.customer_id, email)
    return PlacedOrder(order_id, number, *who, total.currency, total.minor, lines, guest=guest)
