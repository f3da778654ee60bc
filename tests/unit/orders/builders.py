"""Orders and carts for tests."""

from datetime import UTC, datetime
from uuid import uuid4

from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.cancellation import asked_for_by
from subgraphs.orders.domain.cart import Backorder, Cart, CartLine
from subgraphs.orders.domain.fulfilment import Kind, Saga, Step
from subgraphs.orders.domain.order import Actor, OrderedLine, PlacedOrder
from subgraphs.orders.domain.references import ProductVariant


def cart_line(
    price: int = 1000,
    seen: int | None = None,
    quantity: int = 1,
    currency: str = "EUR",
    is_sold: bool = True,
    available: int | None = None,
    title: str = "Lamp",
    backorder: Backorder | None = None,
) -> CartLine:
    """A line whose price was seen as it is, unless said otherwise."""
    seen_price = Money(price if seen is None else seen, currency)
    product = ProductVariant(new_id(), "SKU")
    return CartLine(
        new_id(), product, quantity, title, "SKU", Money(price, currency), seen_price, is_sold, available, backorder
    )


def cart(*lines: CartLine) -> Cart:
    """A cart that was not ordered."""
    return Cart(uuid4(), None, lines, is_ordered=False, created_at=datetime.now(UTC), expires_at=None)


def ordered_line(title: str = "Lamp", quantity: int = 1) -> OrderedLine:
    """A line at ten euros."""
    return OrderedLine(new_id(), new_id(), "SKU", title, quantity, 1000)


def saga(
    step: Step, *lines: OrderedLine, total_minor: int = 1000, is_overdue: bool = False, is_cancelled: bool = False
) -> Saga:
    """An order's saga at a step."""
    order = PlacedOrder(
        new_id(), "M-0000-0000", uuid4(), "ada@example.com", "EUR", total_minor, lines or [ordered_line()]
    )
    return Saga(
        id=order.id,
        kind=Kind.ORDER,
        order=order,
        step=step,
        attempts=1,
        fence=1,
        is_overdue=is_overdue,
        payment_method_id="pm_card_visa",
        cancellation=asked_for_by(Actor.BUYER, is_paid=False) if is_cancelled else None,
        is_cancel_requested=is_cancelled,
        trace={},
    )
