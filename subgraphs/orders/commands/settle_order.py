"""Records that the shop has paid its buyer what the payment provider did not refund."""

from dataclasses import dataclass
from uuid import UUID

from shared.money import Money
from subgraphs.orders.commands.cut_short import cut_rejected_short
from subgraphs.orders.commands.locked import locked_order
from subgraphs.orders.domain.fulfilment import Settlement
from subgraphs.orders.domain.order import Actor, Cause
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.undertaking import check_paid, check_settleable

_NOTHING_TAKEN = "nothing was taken, and what its provider may hold counts as over"


@dataclass(frozen=True, slots=True)
class SettleOrder:
    """What the buyer of an order was paid and how, and who of the staff says so."""

    order_id: UUID
    paid: Money
    paid_outside: str
    user_id: UUID


async def settle_order(command: SettleOrder, work: OrdersWork) -> UUID:
    """Has all of an order whose refund was rejected end with it paid; answers the order's id.

    Raises:
        OrderNotFound, NothingOwed, MoneyDisputed, OtherCurrency, OtherAmountOwed
    """
    order, user_id = await locked_order(command.order_id, work), command.user_id
    undertakings, money = await work.sagas.undertakings(order.id), await work.refunds.refundable(order.id)
    check_settleable(order.status, undertakings, money)
    check_paid(command.paid, undertakings, money)
    owes_the_rest = any(undertaking.owes_the_rest for undertaking in undertakings)  # which is in the place of refunds
    rejected = () if owes_the_rest else await work.refunds.rejected(order.id)
    instead = await cut_rejected_short(order, rejected, Actor.STAFF, user_id, work)
    await work.sagas.settle(order.id, Settlement(command.paid.minor, command.paid_outside), instead)
    await work.orders.note(order, Cause(_reason(command.paid), Actor.STAFF, user_id))
    return order.id


def _reason(amount: Money) -> str:
    if amount.minor == 0:
        return _NOTHING_TAKEN
    return f"{amount.amount} {amount.currency}, which the provider did not give back, were paid another way"
