"""Records that the shop has paid its buyer what the payment provider did not give back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.errors import UserErrors
from shared.ids import try_parse_id
from shared.text import text_mistake, trimmed
from subgraphs.orders.commands.cut_short import cut_refused_short
from subgraphs.orders.domain.errors import invalid, order_not_found
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.undertaking import check_settleable
from subgraphs.orders.infrastructure.moves import lock_order, note
from subgraphs.orders.infrastructure.refunds import refundable
from subgraphs.orders.infrastructure.refused_refunds import refused_refunds
from subgraphs.orders.infrastructure.settlements import settle
from subgraphs.orders.infrastructure.undertakings import undertakings_of

MAX_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Settlement:
    """What staff typed, read; ``paid_outside`` is how the buyer was paid."""

    order_id: UUID
    paid_outside: str


def parse_settlement(typed: Mapping[str, Any]) -> Settlement:
    """Reads ``OrderSettleInput``.

    Raises:
        UserErrors: naming the field at fault.
    """
    order_id, paid_outside = try_parse_id(typed["order_id"]), trimmed(typed["paid_outside"])
    if order_id is None:
        raise UserErrors(order_not_found())
    mistake = text_mistake("How the buyer was paid", paid_outside, MAX_LENGTH)
    if mistake is not None:
        raise UserErrors(invalid(mistake, "paidOutside"))
    return Settlement(order_id, paid_outside)


async def settle_order(settlement: Settlement, user_id: UUID) -> None:
    """Has all that was refused to give an order's money back end with it paid. Call it in a transaction.

    Raises:
        UserErrors: when there is no such order, or it owes its buyer nothing, or the buyer's bank may give it back.
    """
    order = await lock_order(settlement.order_id)
    if order is None:
        raise UserErrors(order_not_found())
    undertakings = (await undertakings_of([order.id])).get(order.id, ())
    check_settleable(order.status, undertakings, await refundable(order))
    instead = await cut_refused_short(order, await refused_refunds(order.id), Actor.STAFF, user_id)
    await settle(order.id, settlement.paid_outside, instead)
    reason = "what the provider did not give back was paid another way"
    await note(order.id, order.status, order.status, reason, Actor.STAFF, user_id)
