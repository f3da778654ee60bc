"""Cancels an order: asks its saga to turn round."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.errors import UserErrors
from shared.ids import try_parse_id
from shared.text import optional_text
from subgraphs.orders.domain.cancellation import asked_for_by
from subgraphs.orders.domain.errors import order_not_found
from subgraphs.orders.domain.order import Person
from subgraphs.orders.domain.refund import parse_reason
from subgraphs.orders.domain.undertaking import check_cancellable
from subgraphs.orders.infrastructure.cancellations import ask_to_cancel
from subgraphs.orders.infrastructure.moves import lock_order
from subgraphs.orders.infrastructure.refused_refunds import give_up_for_cancellation
from subgraphs.orders.infrastructure.shipments import give_up_refused_parcel
from subgraphs.orders.infrastructure.undertakings import undertakings_of


@dataclass(frozen=True, slots=True)
class AskedCancellation:
    """Which order, and why in the words of whoever asks."""

    order_id: UUID
    reason: str | None


def parse_cancellation(typed: Mapping[str, Any]) -> AskedCancellation:
    """Reads ``OrderCancelInput``.

    Raises:
        UserErrors: naming the field at fault.
    """
    order_id, reason = try_parse_id(typed["order_id"]), optional_text(typed.get("reason"))
    if order_id is None:
        raise UserErrors(order_not_found())
    return AskedCancellation(order_id, None if reason is None else parse_reason(reason))


async def cancel_order(asked: AskedCancellation, person: Person) -> None:
    """Records that an order is to be cancelled; its saga does the rest. Call it in a transaction.

    Raises:
        UserErrors: when there is no such order for this person, or it can't be cancelled any more; then nothing was changed.
    """
    order = await lock_order(asked.order_id)
    if order is None or not person.may_see(order.customer_id):
        raise UserErrors(order_not_found())
    check_cancellable(order.status, (await undertakings_of([order.id])).get(order.id, ()))
    await give_up_for_cancellation(order.id)
    await give_up_refused_parcel(order.id)
    actor = person.acting_on(order.customer_id)
    cancellation = asked_for_by(actor, order.is_captured)
    await ask_to_cancel(order, cancellation, asked.reason or cancellation.code, actor, person.user_id)
