"""Pays again for an order that came to nothing: it is tried once more, as another attempt."""

from uuid import UUID

from shared.errors import UserErrors
from subgraphs.orders.domain.errors import order_not_found
from subgraphs.orders.domain.paying_again import AskedPayment, check_payable
from subgraphs.orders.infrastructure.cart_splits import split_off
from subgraphs.orders.infrastructure.moves import lock_order
from subgraphs.orders.infrastructure.paying_again import lock_reopened_cart, payables_of, reopen


async def pay_order(asked: AskedPayment, customer_id: UUID, deadline_seconds: float) -> None:
    """Makes an order PENDING again, at its own lines and prices; stock and money are its saga's. Call it in a transaction.

    Its cart is ordered again. One that was changed meanwhile, or merged into another one, stays open with the rest of its lines.

    Raises:
        UserErrors: when there is no such order of this customer's, or it can't be paid again; then nothing was changed.
    """
    order = await lock_order(asked.order_id)
    if order is None or order.customer_id != customer_id:
        raise UserErrors(order_not_found())
    await lock_reopened_cart(order.id)
    check_payable((await payables_of([order.id]))[order.id])
    await split_off(order.id)
    await reopen(order.id, asked.payment_method_id, deadline_seconds)
