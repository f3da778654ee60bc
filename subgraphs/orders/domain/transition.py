"""What becomes of an order by a step of its saga."""

from dataclasses import dataclass
from datetime import datetime

from shared.events.event import Event
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.cart import CartLifetime
from subgraphs.orders.domain.fulfilment import Saga, Step
from subgraphs.orders.domain.order import OrderStatus


@dataclass(frozen=True, slots=True)
class StatusTransition:
    """The step that a saga goes to, and the status that its order gets by it.

    ``event`` lacks ``occurredAt``, which is when the transition is recorded. ``pause_seconds``: the saga goes on after
    a pause; without one its worker goes on at once. ``deadline_seconds`` begin now. ``reopened_for`` is how long a cart
    is kept that opens again, when an order ends that never was confirmed.
    """

    step: Step
    status: OrderStatus
    reason: str
    event: Event | None = None
    cancellation: Cancellation | None = None
    is_capture: bool = False
    is_end: bool = False
    pause_seconds: float | None = None
    deadline_seconds: float | None = None
    reopened_for: CartLifetime | None = None


@dataclass(frozen=True, slots=True)
class Transitioned:
    """The saga as it goes on, when its order was placed, and when it got its status."""

    saga: Saga
    placed_at: datetime
    changed_at: datetime
