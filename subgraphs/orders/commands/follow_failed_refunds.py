"""Follows refunds that fail later at the buyer's bank: the order shows what its buyer is owed, and a person gives it once more.

Nothing is given back by itself: the bank would most likely send it back again, and the buyer may be paid another way.
"""

import logging

from shared.ids import try_parse_id
from shared.money import Money
from shared.runtime.faults import fault_point
from subgraphs.orders.commands.follow_payments import Cause, PaymentChanged, paid_order
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.refund import RefundSource, RefundStatus
from subgraphs.orders.infrastructure.failed_refunds import (
    GivenRefund,
    count_as_back,
    is_for_pieces,
    note_came_back,
    part_of,
    refund_of_key,
    refund_of_source,
)
from subgraphs.orders.infrastructure.metrics import STUCK
from subgraphs.orders.infrastructure.moves import LockedOrder
from subgraphs.orders.infrastructure.sagas import leave_owed
from subgraphs.orders.infrastructure.standings import move_on_with_note

logger = logging.getLogger(__name__)


class PaymentRefundFailed(PaymentChanged):
    """Money that was given back came back."""

    amount_minor: int
    reason: str
    cause: Cause
    refund_key: str | None = None


async def follow_failed_refund(event: PaymentRefundFailed) -> None:
    """Books back what did not reach the buyer. What had come too late was never the order's."""
    order = await paid_order(event) if event.cause is not Cause.LATE else None
    if order is None:
        return
    refund = await _refund(order, event)
    if refund is None or refund.status is RefundStatus.FAILED:
        logger.warning("order %s: money came back that it had not given: %s", order.id, event.reason)
        return
    await fault_point("orders.CAME_BACK.before")
    await _come_back(order, refund, event)
    await fault_point("orders.CAME_BACK.after")


async def take_back_lost(order: LockedOrder, amount_minor: int, is_being_undone: bool) -> None:
    """Books back what a bank had decided to be the buyer's, and decides to be the shop's after all.

    Where pieces went back into stock for it, the buyer has neither and is owed the money; of an order that is cancelled it is given
    back by itself.
    """
    refund = await refund_of_source(order.id, RefundSource.DISPUTE, amount_minor)
    if refund is None:
        logger.warning("order %s: a bank decided otherwise about money that was not booked", order.id)
        return
    is_owed = not is_being_undone and await is_for_pieces(refund.id)
    money = Money(refund.amount_minor, order.currency)
    news = f"The buyer's bank decided otherwise: {money.amount} {money.currency} are the shop's after all"
    await note_came_back(refund.id, f"{news}.", is_owed)
    await count_as_back(order.id, refund.amount_minor)
    if is_owed:
        await leave_owed(refund.id, order.id, f"{news}, but pieces went back into stock for it")
    await move_on_with_note(order.id, news, Actor.SHOP, None)


async def _refund(order: LockedOrder, event: PaymentRefundFailed) -> GivenRefund | None:
    asked = try_parse_id(event.refund_key.partition(":")[0]) if event.refund_key else None
    if asked is not None:
        return await refund_of_key(
            order, asked, event.amount_minor, "The order was cancelled; what was paid is given back."
        )
    found = await refund_of_source(order.id, RefundSource.PROVIDER, event.amount_minor)
    is_part = found is not None and found.amount_minor > event.amount_minor
    return await part_of(found, event.amount_minor) if found and is_part else found


async def _come_back(order: LockedOrder, refund: GivenRefund, event: PaymentRefundFailed) -> None:
    money = Money(refund.amount_minor, order.currency)
    news = f"{money.amount} {money.currency} came back from the buyer's bank ({event.reason})"
    await note_came_back(refund.id, f"{news}.")
    if refund.status is RefundStatus.DONE:
        await count_as_back(order.id, refund.amount_minor)
    await leave_owed(refund.id, order.id, news)
    await move_on_with_note(order.id, f"{news}: the buyer is owed it", Actor.SHOP, None)
    STUCK.labels(Kind.REFUND).inc()
    logger.error("order %s needs a person: %s", order.id, news)
