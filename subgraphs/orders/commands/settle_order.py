"""Records that the shop has paid its buyer what the payment provider did not give back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.errors import UserErrors
from shared.ids import try_parse_id
from shared.money import Money
from shared.text import text_mistake, trimmed
from subgraphs.orders.commands.cut_short import cut_refused_short
from subgraphs.orders.domain.errors import invalid, order_not_found
from subgraphs.orders.domain.fulfilment import Settlement
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.refund import parse_amount
from subgraphs.orders.domain.undertaking import check_paid, check_settleable
from subgraphs.orders.infrastructure.moves import lock_order, note
from subgraphs.orders.infrastructure.refunds import refundable
from subgraphs.orders.infrastructure.refused_refunds import refused_refunds
from subgraphs.orders.infrastructure.settlements import settle
from subgraphs.orders.infrastructure.undertakings import undertakings_of

MAX_LENGTH = 500
_NOTHING_TAKEN = "nothing was taken, and what its provider may hold counts as over"


@dataclass(frozen=True, slots=True)
class Paid:
    """What staff typed, read; ``how`` the buyer was paid."""

    order_id: UUID
    amount: Money
    how: str


def parse_settlement(typed: Mapping[str, Any]) -> Paid:
    """Reads ``OrderSettleInput``.

    Raises:
        UserErrors: naming the field at fault.
    """
    order_id, how = try_parse_id(typed["order_id"]), trimmed(typed["paid_outside"])
    if order_id is None:
        raise UserErrors(order_not_found())
    amount = parse_amount(typed["amount"])
    mistake = text_mistake("How the buyer was paid", how, MAX_LENGTH)
    if mistake is not None:
        raise UserErrors(invalid(mistake, "paidOutside"))
    return Paid(order_id, amount, how)


async def settle_order(paid: Paid, user_id: UUID) -> None:
    """Has all that was refused to give an order's money back end with it paid. Call it in a transaction.

    Raises:
        UserErrors: when there is no such order, it owes its buyer nothing or another amount, or the buyer's bank may give it back.
    """
    order = await lock_order(paid.order_id)
    if order is None:
        raise UserErrors(order_not_found())
    undertakings, money = (await undertakings_of([order.id])).get(order.id, ()), await refundable(order)
    check_settleable(order.status, undertakings, money)
    check_paid(paid.amount, undertakings, money)
    owes_the_rest = any(undertaking.owes_the_rest for undertaking in undertakings)  # which is in the place of refunds
    refused = () if owes_the_rest else await refused_refunds(order.id)
    instead = await cut_refused_short(order, refused, Actor.STAFF, user_id)
    await settle(order.id, Settlement(paid.amount.minor, paid.how), instead)
    await note(order.id, order.status, order.status, _reason(paid.amount), Actor.STAFF, user_id)


def _reason(amount: Money) -> str:
    if amount.minor == 0:
        return _NOTHING_TAKEN
    return f"{amount.amount} {amount.currency}, which the provider did not give back, were paid another way"
