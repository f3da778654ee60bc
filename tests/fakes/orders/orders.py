"""Orders in memory, beside the carts that they hold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.email import comparable
from shared.events.event import Event, Recorder
from shared.postal.address import PostalAddress
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.cart_changes import units_by_variant
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.dispute import DisputeStatus
from subgraphs.orders.domain.events import order_placed, order_reopened
from subgraphs.orders.domain.fulfilment import FIRST_STEPS, Kind, Saga, Step
from subgraphs.orders.domain.order import Actor, Cause, Order, OrderedLine, OrderStatus, PlacedOrder, statuses_before
from subgraphs.orders.domain.paying_again import Payable
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.standing import LineStanding, Standing
from subgraphs.orders.domain.transition import StatusTransition, Transitioned
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import StillToCome, WaitingUnits
from tests.fakes.orders.rows import HistoryLine, OrderRow, SagaRow, Tables, now
from tests.fakes.orders.sagas import saga_of

_LEFT = (ShipmentStatus.SHIPPED, ShipmentStatus.DELIVERED)


@dataclass
class OrdersTwin:
    """The port Orders; ``events`` gets what a change tells others."""

    tables: Tables
    events: Recorder

    async def place(self, order: PlacedOrder, checkout: Checkout, deadline_seconds: float) -> bool:
        if any(row.placed.number == order.number for row in self.tables.orders.values()):
            return False
        row = OrderRow(order, checkout.cart_id, checkout.address, checkout.billing_address or checkout.address)
        row.history.append(HistoryLine(None, row.status, Cause("placed", Actor.BUYER, order.customer_id)))
        saga = SagaRow(order.id, order.id, Kind.ORDER, FIRST_STEPS[Kind.ORDER])
        saga.deadline_at, saga.payment_method_id = _after(deadline_seconds), checkout.payment_method_id
        self.tables.orders[order.id], self.tables.sagas[order.id] = row, saga
        self._set_ordered(checkout.cart_id, True)
        self._tell(order_placed(order))
        return True

    async def lock(self, order_id: UUID) -> Order | None:
        row = self.tables.orders.get(order_id)
        if row is None:
            return None
        placed, money = row.placed, (row.refunded_minor, row.is_captured)
        frozen = (placed.currency, placed.total_minor)
        guest_id = placed.guest.id if placed.guest and placed.guest.token_expires_at > now() else None
        return Order(order_id, placed.customer_id, row.status, *frozen, *money, placed.attempt, guest_id)

    async def placed(self, order_id: UUID) -> PlacedOrder:
        return self.tables.orders[order_id].placed

    async def set_status(self, order: Order, status: OrderStatus, cause: Cause) -> Order:
        after = order.with_status(status)
        self._set_status(order.id, status, cause)
        return after

    async def note(self, order: Order, cause: Cause) -> None:
        self.tables.orders[order.id].history.append(HistoryLine(order.status, order.status, cause))

    async def transition(self, saga: Saga, to: StatusTransition, lease_seconds: float) -> Transitioned | None:
        order, row = self.tables.orders[saga.order.id], self.tables.sagas[saga.id]
        if (row.fence, row.is_cancel_requested) != (saga.fence, saga.is_cancel_requested):
            return None
        if order.status not in statuses_before(to.status):
            raise RuntimeError(f"order {saga.order.id} can't become {to.status}")
        self._record_step(row, to, lease_seconds)
        if to.status in (OrderStatus.CANCELLING, OrderStatus.CANCELLED):
            order.cancellation = row.cancellation
        order.is_captured = order.is_captured or to.is_capture
        if to.reopened_for and not _was_confirmed(order):
            self._set_ordered(order.cart_id, False)
            if order.cart_id:
                self.tables.carts.reopened[order.placed.id] = order.cart_id
            order.cart_id = None
        self._set_status(saga.order.id, to.status, Cause(to.reason, Actor.SHOP))
        if to.event:
            self._tell(to.event, **(self._known(order) if to.status is OrderStatus.CONFIRMED else {}))
        return Transitioned(saga_of(row, self.tables), order.placed_at, order.updated_at)

    async def request_cancellation(self, order: Order, cancellation: Cancellation, cause: Cause) -> None:
        saga, row = self.tables.sagas[order.id], self.tables.orders[order.id]
        saga.is_cancel_requested = True
        saga.cancellation = (saga.cancellation or cancellation) if cause.actor is Actor.SHOP else cancellation
        if saga.step is not Step.STUCK and saga.leased_by is None:
            saga.due_at = now()
        saga.attempts = 0 if saga.leased_by is None else saga.attempts
        saga.step = Step.VOID if saga.step is Step.CONFIRMED else saga.step
        row.cancellation = saga.cancellation
        self._set_status(order.id, OrderStatus.CANCELLING, cause)

    async def show_cancellation(self, order_id: UUID) -> None:
        self.tables.orders[order_id].cancellation = self.tables.sagas[order_id].cancellation

    async def record_capture(self, order_id: UUID) -> None:
        self.tables.orders[order_id].is_captured = True

    async def end_authorization(self, order_id: UUID, reason: str) -> None:
        row = self.tables.orders[order_id]
        row.authorization_ended = row.authorization_ended or reason

    async def add_refunded(self, refund_id: UUID) -> datetime:
        refund = self.tables.refunds[refund_id].refund
        row = self.tables.orders[refund.order_id]
        row.refunded_minor = min(row.refunded_minor + refund.amount_minor, row.placed.total_minor)
        return await self.touch(refund.order_id)

    async def subtract_refunded(self, order_id: UUID, amount_minor: int) -> None:
        row = self.tables.orders[order_id]
        row.refunded_minor = max(row.refunded_minor - amount_minor, 0)

    async def touch(self, order_id: UUID) -> datetime:
        self.tables.orders[order_id].updated_at = now()
        return self.tables.orders[order_id].updated_at

    async def standing(self, order_id: UUID) -> Standing:
        row = self.tables.orders[order_id]
        lines = [LineStanding(line.quantity, *self._gone(order_id, line)) for line in row.placed.lines]
        all_units = all(line.refunded == line.ordered for line in lines)
        is_all_refunded = row.refunded_minor == row.placed.total_minor if row.placed.total_minor else all_units
        shipped = self.tables.shipments_of(order_id)
        return Standing(lines, any(its.status is ShipmentStatus.SHIPPED for its in shipped), is_all_refunded)

    async def units_here(self, order_id: UUID) -> Sequence[Units]:
        here = [Units(line.id, self._here(order_id, line)) for line in self.tables.orders[order_id].placed.lines]
        return [units for units in here if units.quantity > 0]

    async def units_waited_for_in_vain(self, order_id: UUID, refund_id: UUID) -> Sequence[Units]:
        own = {its.line_id: its.quantity for its in self.tables.refunds[refund_id].refund.units}
        waiting = self.tables.orders[order_id].waiting
        left = {line_id: units - own.get(line_id, 0) for line_id, (units, _) in waiting.items() if units}
        here = await self.units_here(order_id)
        in_vain = [Units(its.line_id, min(its.quantity, left.get(its.line_id, 0))) for its in here]
        return [units for units in in_vain if units.quantity > 0]

    async def save_waiting(self, order_id: UUID, waiting: Sequence[WaitingUnits]) -> None:
        row = self.tables.orders.get(order_id)
        for its in waiting if row else ():
            if row and its.version > row.waiting.get(its.line_id, (0, 0))[1]:
                row.waiting[its.line_id] = (its.quantity, its.version)

    async def still_to_come(self, order_id: UUID) -> Sequence[StillToCome]:
        row, found = self.tables.orders[order_id], []
        for line in row.placed.lines:
            packed = self.tables.shipped(
                line.id, (its for its in self.tables.shipments_of(order_id) if its.status is not ShipmentStatus.REFUSED)
            )
            refunds = self.tables.refunds_of(order_id)
            counted = (its for its in refunds if its.status is not RefundStatus.FAILED or its.refund.times_back)
            left = max(0, line.quantity - packed - self.tables.refunded(line.id, counted))
            if units := min(row.waiting.get(line.id, (0, 0))[0], left):
                found.append(StillToCome(line.id, units, self.tables.day(line.variant_id)))
        return found

    async def payable(self, order_id: UUID) -> Payable:
        row = self.tables.orders[order_id]
        under_way = any(its.due_at or its.step is Step.STUCK for its in self.tables.sagas_of(order_id))
        disputes = (its for its, _ in self.tables.disputes.values() if its.order_id == order_id)
        is_settled = not under_way and all(its.status is not DisputeStatus.OPEN for its in disputes)
        cancelled_for = row.cancellation.code if row.cancellation else None
        return Payable(row.status, cancelled_for, _was_confirmed(row), is_settled, self._ordered_anew_as(row))

    async def reopen(self, order: PlacedOrder, payment_method_id: str, deadline_seconds: float) -> None:
        row, saga = self.tables.orders[order.id], self.tables.sagas[order.id]
        row.placed = replace(row.placed, attempt=row.placed.attempt + 1)
        row.cancellation, row.refunded_minor, row.is_captured, row.authorization_ended = None, 0, False, None
        if row.cart_id is None and self._holds_what_was_bought(row):
            row.cart_id = self.tables.carts.reopened[order.id]
            self._set_ordered(row.cart_id, True)
        self._set_status(order.id, OrderStatus.PENDING, Cause("paid again", Actor.BUYER, row.placed.customer_id))
        saga.end(FIRST_STEPS[Kind.ORDER])
        saga.due_at, saga.deadline_at = now(), _after(deadline_seconds)
        saga.payment_method_id, saga.cancellation, saga.is_cancel_requested = payment_method_id, None, False
        self._tell(order_reopened(row.placed))

    async def guests_within_an_hour(self, email: str) -> int:
        lately = now() - timedelta(hours=1)
        recent = (row.placed for row in self.tables.orders.values() if row.placed_at > lately)
        return sum(each.guest is not None and comparable(each.email) == email for each in recent)

    async def attach_guests(self, email: str, user_id: UUID, most: int) -> Sequence[UUID]:
        open_to_all = (row.placed for row in self.tables.orders.values() if row.placed.customer_id is None)
        found = sorted((each.id for each in open_to_all if comparable(each.email) == email), reverse=True)[:most]
        for order_id in found:
            row = self.tables.orders[order_id]
            row.placed = replace(row.placed, customer_id=user_id)
        return found

    def _set_status(self, order_id: UUID, status: OrderStatus, cause: Cause) -> None:
        row = self.tables.orders[order_id]
        row.history.append(HistoryLine(row.status, status, cause))
        row.status, row.updated_at = status, now()

    def _record_step(self, row: SagaRow, to: StatusTransition, lease_seconds: float) -> None:
        row.step, row.attempts, row.last_error = to.step, 1, None
        row.cancellation = row.cancellation or to.cancellation
        row.due_at = None if to.is_end else _after(lease_seconds if to.pause_seconds is None else to.pause_seconds)
        if to.is_end or to.pause_seconds is not None:
            row.leased_by = None
        row.deadline_at = row.deadline_at if to.deadline_seconds is None else _after(to.deadline_seconds)

    def _set_ordered(self, cart_id: UUID | None, is_ordered: bool) -> None:
        if cart_id in self.tables.carts.rows:
            self.tables.carts.rows[cart_id].is_ordered = is_ordered

    def _holds_what_was_bought(self, row: OrderRow) -> bool:
        cart_id = self.tables.carts.reopened.get(row.placed.id)
        cart = self.tables.carts.rows.get(cart_id) if cart_id else None
        if cart is None or cart.is_ordered or not cart.is_there_for(row.placed.customer_id):
            return False
        return {its.variant_id: its.quantity for its in cart.lines.values()} == units_by_variant(row.placed.lines)

    def _ordered_anew_as(self, row: OrderRow) -> str | None:
        let_go = self.tables.carts.reopened.get(row.placed.id)
        for other in self.tables.orders.values():
            if other is not row and other.cart_id is not None and other.cart_id == let_go:
                return other.placed.number
        return None

    def _gone(self, order_id: UUID, line: OrderedLine) -> tuple[int, int]:
        left = (its for its in self.tables.shipments_of(order_id) if its.status in _LEFT)
        refunds = self.tables.refunds_of(order_id)
        done = (its for its in refunds if its.status is RefundStatus.DONE or its.refund.times_back)
        return self.tables.shipped(line.id, left), self.tables.refunded(line.id, done)

    def _here(self, order_id: UUID, line: OrderedLine) -> int:
        kept_out = (its for its in self.tables.refunds_of(order_id) if its.keeps_out)
        return line.quantity - sum(self._gone(order_id, line)) - self.tables.refunded(line.id, kept_out)

    def _known(self, row: OrderRow) -> dict[str, object]:
        return {
            "waiting": self._waiting_payload(row),
            "shippingAddress": _address_payload(row.shipping_address),
            "billingAddress": _address_payload(row.billing_address),
        }

    def _waiting_payload(self, row: OrderRow) -> list[dict[str, object]]:
        return [
            {"lineId": line.id, "quantity": units, "expectedFrom": self.tables.day(line.variant_id)}
            for line in row.placed.lines
            if (units := row.waiting.get(line.id, (0, 0))[0])
        ]

    def _tell(self, event: Event, **more: object) -> None:
        self.events.record(replace(event, payload={**event.payload, "occurredAt": now(), **more}))


def _address_payload(address: PostalAddress) -> dict[str, str | None]:
    return {
        "recipient": address.recipient,
        "company": address.company,
        "line1": address.line1,
        "line2": address.line2,
        "postalCode": address.postal_code,
        "city": address.city,
        "countryArea": address.country_area,
        "country": address.country,
    }


def _was_confirmed(row: OrderRow) -> bool:
    return any(line.after is OrderStatus.CONFIRMED for line in row.history)


def _after(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)
