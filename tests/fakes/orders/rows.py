"""What the twins keep, as Postgres keeps it in rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from shared.days import today
from shared.postal.address import PostalAddress
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.dispute import Dispute
from subgraphs.orders.domain.fulfilment import Kind, Settlement, Step
from subgraphs.orders.domain.order import Cause, OrderStatus, PlacedOrder
from subgraphs.orders.domain.refund import Refund, RefundStatus
from subgraphs.orders.domain.shipment import Shipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.waiting import to_come
from tests.fakes.carts import CartsTwin, CatalogueTwin


def now() -> datetime:
    """The twins' clock."""
    return datetime.now(UTC)


@dataclass
class HistoryLine:
    """A line of an order's history."""

    before: OrderStatus | None
    after: OrderStatus
    cause: Cause


@dataclass
class OrderRow:
    """An order. ``waiting`` has, by line, how many units are to come and the version of that word."""

    placed: PlacedOrder
    cart_id: UUID | None
    shipping_address: PostalAddress
    billing_address: PostalAddress
    status: OrderStatus = OrderStatus.PENDING
    cancellation: Cancellation | None = None
    refunded_minor: int = 0
    is_captured: bool = False
    authorization_ended: str | None = None
    history: list[HistoryLine] = field(default_factory=list)
    waiting: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    placed_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass
class RefundRow:
    """A refund and what became of it."""

    refund: Refund
    status: RefundStatus
    user_id: UUID | None = None
    failure: str | None = None
    is_owed: bool = False
    keeps_out: bool = False

    @property
    def counts_for_units(self) -> bool:
        """Whether its units are not to be refunded again."""
        return self.status is not RefundStatus.FAILED or self.refund.times_back > 0 or self.keeps_out


@dataclass
class SagaRow:
    """A saga. It is open while it is due at some time."""

    id: UUID
    order_id: UUID
    kind: Kind
    step: Step
    stuck_step: Step | None = None
    attempts: int = 0
    fence: int = 0
    due_at: datetime | None = field(default_factory=now)
    leased_by: str | None = None
    deadline_at: datetime | None = None
    payment_method_id: str = ""
    cancellation: Cancellation | None = None
    is_cancel_requested: bool = False
    last_error: str | None = None
    settlement: Settlement | None = None

    @property
    def is_rejected(self) -> bool:
        """Whether it stopped since a refund was rejected."""
        return self.step is Step.STUCK and self.stuck_step is Step.REFUND

    def go_on(self, step: Step) -> None:
        """Has a worker take it up at this step."""
        self.step, self.stuck_step, self.attempts, self.due_at = step, None, 0, now()

    def end(self, step: Step) -> None:
        """Takes it out of the hands of whoever has it."""
        self.step, self.stuck_step, self.attempts, self.due_at, self.leased_by = step, None, 0, None, None
        self.fence += 1


@dataclass
class ShipmentRow:
    """A shipment and what became of it."""

    shipment: Shipment
    status: ShipmentStatus


@dataclass
class Tables:
    """All rows, by id; dictionaries keep the order in which they were added."""

    orders: dict[UUID, OrderRow] = field(default_factory=dict)
    carts: CartsTwin = field(default_factory=lambda: CartsTwin(CatalogueTwin()))
    refunds: dict[UUID, RefundRow] = field(default_factory=dict)
    shipments: dict[UUID, ShipmentRow] = field(default_factory=dict)
    sagas: dict[UUID, SagaRow] = field(default_factory=dict)
    disputes: dict[tuple[UUID, str], tuple[Dispute, datetime]] = field(default_factory=dict)

    def refunds_of(self, order_id: UUID) -> Iterator[RefundRow]:
        """Those of an order, oldest first."""
        return (row for row in self.refunds.values() if row.refund.order_id == order_id)

    def sagas_of(self, order_id: UUID) -> list[SagaRow]:
        """Those of an order by id."""
        return sorted((row for row in self.sagas.values() if row.order_id == order_id), key=lambda row: row.id)

    def shipments_of(self, order_id: UUID) -> Iterator[ShipmentRow]:
        """Those of an order, oldest first."""
        return (row for row in self.shipments.values() if row.shipment.order_id == order_id)

    def refunded(self, line_id: UUID, rows: Iterator[RefundRow]) -> int:
        """How many units of a line some refunds are for."""
        return sum(its.quantity for row in rows for its in row.refund.units if its.line_id == line_id)

    def shipped(self, line_id: UUID, rows: Iterator[ShipmentRow]) -> int:
        """How many units of a line are in some shipments."""
        return sum(its.quantity for row in rows for its in row.shipment.units if its.line_id == line_id)

    def day(self, variant_id: UUID) -> date | None:
        """When units of a variant come that are waited for, if that is known."""
        _, stock = self.carts.catalogue.stock.get(variant_id, (0, None))
        return to_come(stock.expected_from, today()) if stock else None
