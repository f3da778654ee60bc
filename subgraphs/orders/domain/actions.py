"""What may be done with an order now, and by whom: by the very checks that the mutations make."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import Rejection
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.paying_again import Payable, check_payable
from subgraphs.orders.domain.refund import Refundable, check_refundable
from subgraphs.orders.domain.shipment import ShipmentState, Shippable, check_deliverable, check_shippable
from subgraphs.orders.domain.undertaking import Undertaking, check_cancellable, check_retryable, check_settleable


class ActionKind(StrEnum):
    """What a back office has buttons for."""

    CANCEL = "CANCEL"
    PAY = "PAY"
    SHIP = "SHIP"
    DELIVER = "DELIVER"
    REFUND = "REFUND"
    RETRY = "RETRY"
    SETTLE = "SETTLE"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that may be done, and by whom; ``shipment_id`` is the shipment that arrives."""

    kind: ActionKind
    by: Actor
    shipment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the checks look at."""

    shippable: Shippable
    refundable: Refundable
    undertakings: Sequence[Undertaking]
    shipments: Sequence[ShipmentState]
    payable: Payable


def available_actions(situation: Situation) -> Sequence[Action]:
    """What may be done now. Whoever does it is not rejected, unless somebody else was faster."""
    return [*_of_the_order(situation), *_of_shipments(situation.shipments)]


def _of_the_order(situation: Situation) -> Iterator[Action]:
    status, undertakings = situation.shippable.status, situation.undertakings
    if _passes(check_cancellable, status, undertakings):
        yield Action(ActionKind.CANCEL, Actor.BUYER)
        yield Action(ActionKind.CANCEL, Actor.STAFF)
    if _passes(check_payable, situation.payable):
        yield Action(ActionKind.PAY, Actor.BUYER)
    if _passes(check_shippable, situation.shippable):
        yield Action(ActionKind.SHIP, Actor.STAFF)
    if _passes(check_refundable, situation.refundable):
        yield Action(ActionKind.REFUND, Actor.STAFF)
    if _passes(check_retryable, status, undertakings, situation.refundable):
        yield Action(ActionKind.RETRY, Actor.STAFF)
    if _passes(check_settleable, status, undertakings, situation.refundable):
        yield Action(ActionKind.SETTLE, Actor.STAFF)


def _of_shipments(shipments: Sequence[ShipmentState]) -> Iterator[Action]:
    for shipment in shipments:
        if _passes(check_deliverable, shipment.status):
            yield Action(ActionKind.DELIVER, Actor.STAFF, shipment.id)


def _passes(check: Callable[..., None], *facts: object) -> bool:
    try:
        check(*facts)
    except Rejection:
        return False
    return True
