"""Pays again for an order that came to nothing: it is tried once more, as another attempt."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.locked import locked_order
from subgraphs.orders.domain.order import Person
from subgraphs.orders.domain.paying_again import check_payable
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.rejections import OrderNotFound


@dataclass(frozen=True, slots=True)
class PayOrder:
    """Which order, by which payment method this time, and who wants it. It is given up after so many seconds."""

    order_id: UUID
    payment_method_id: str
    person: Person
    deadline_seconds: float


async def pay_order(command: PayOrder, work: OrdersWork) -> UUID:
    """Makes an order PENDING again, at its own lines and prices, and answers its id; stock and money are its saga's.

    Its cart is ordered again. One that was changed meanwhile, or merged into another one, stays open with the rest of
    its lines.

    Raises:
        OrderNotFound, NotPayableAgain, CancelledForGood, MoneyUnsettled, OrderedAnew
    """
    order = await locked_order(command.order_id, work)
    if not command.person.is_buyer_of(order):
        raise OrderNotFound(order.id)
    check_payable(await work.orders.payable(order.id))
    placed = await work.orders.placed(order.id)
    await work.carts.split_off(placed)
    await work.orders.reopen(placed, command.payment_method_id, command.deadline_seconds)
    return order.id
