"""Refunds in memory, beside the sagas that they have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shared.ids import new_id
from subgraphs.orders.domain.dispute import DisputeStatus
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Order
from subgraphs.orders.domain.refund import (
    GivenRefund,
    Refund,
    Refundable,
    RefundableLine,
    RefundSource,
    RefundStatus,
    cancellation_id,
)
from subgraphs.orders.domain.units import Units
from tests.fakes.orders.rows import RefundRow, SagaRow, Tables, now


@dataclass
class RefundsTwin:
    """The port Refunds."""

    tables: Tables

    async def refundable(self, order_id: UUID) -> Refundable:
        row = self.tables.orders[order_id]
        pending = (each for each in self.tables.refunds_of(order_id) if each.status is RefundStatus.PENDING)
        disputes = (each for each, _ in self.tables.disputes.values() if each.order_id == order_id)
        return Refundable(
            row.status,
            row.is_captured,
            row.placed.currency,
            row.placed.total_minor,
            row.refunded_minor + sum(each.refund.amount_minor for each in pending),
            [RefundableLine(each.line_id, price, each.quantity) for each, price in self._left(order_id)],
            sum(each.amount_minor for each in disputes if each.status is DisputeStatus.OPEN),
        )

    async def add(self, refund: Refund, status: RefundStatus, user_id: UUID | None = None) -> None:
        self.tables.refunds[refund.id] = RefundRow(refund, status, user_id)

    async def by_id(self, refund_id: UUID) -> Refund | None:
        row = self.tables.refunds.get(refund_id)
        return row.refund if row else None

    async def set_status(self, refund_id: UUID, status: RefundStatus, failure: str | None = None) -> None:
        row = self.tables.refunds[refund_id]
        row.status, row.failure = status, failure
        if failure is not None:
            row.refund = replace(row.refund, paid_outside=None)

    async def settle_units(self, refund_id: UUID) -> bool:
        row = self.tables.refunds.get(refund_id)
        if row is None:
            return False
        row.refund = replace(row.refund, has_settled_units=True)
        return row.is_owed

    async def latest_without_units(self, order_id: UUID) -> UUID | None:
        rows = self.tables.refunds_of(order_id)
        found = [each.refund.id for each in rows if each.status is RefundStatus.DONE and not each.refund.units]
        return found[-1] if found else None

    async def restock_with(self, refund_id: UUID, units: Sequence[Units]) -> None:
        row = self.tables.refunds[refund_id]
        row.refund = replace(row.refund, is_restocking=True, has_settled_units=False)
        await self.add_units(refund_id, units)

    async def add_units(self, refund_id: UUID, units: Sequence[Units]) -> None:
        row = self.tables.refunds[refund_id]
        quantities = {each.line_id: each.quantity for each in row.refund.units}
        for each in units:
            quantities[each.line_id] = quantities.get(each.line_id, 0) + each.quantity
        row.refund = replace(row.refund, units=[Units(*each) for each in quantities.items()])

    async def units_to_return(self, order_id: UUID) -> Sequence[Units]:
        return [units for units, _ in self._left(order_id) if units.quantity > 0]

    async def rejected(self, order_id: UUID) -> Sequence[Refund]:
        return self._of_sagas(order_id, lambda saga, row: _is_rejected(saga) or row.is_owed)

    async def rejected_by_provider(self, order_id: UUID) -> Sequence[Refund]:
        return self._of_sagas(order_id, lambda saga, row: _is_rejected(saga) and not row.is_owed)

    async def keeping_units_out(self, order_id: UUID) -> Sequence[Refund]:
        found = [row.refund for row in self.tables.refunds_of(order_id) if row.keeps_out]
        return sorted(found, key=lambda refund: refund.id)

    async def end_rejected(self, refunds: Sequence[Refund]) -> None:
        for refund in refunds:
            self.tables.refunds[refund.id].is_owed = False
            saga = self.tables.sagas.get(refund.id)
            if saga and _is_rejected(saga):
                self._end(saga, is_keeping_out_told=False)

    async def end_keeping_units_out(self, refund: Refund) -> None:
        row, saga = self.tables.refunds[refund.id], self.tables.sagas.get(refund.id)
        if saga and _is_rejected(saga):
            row.keeps_out = self._keeps_out(refund.id) or row.keeps_out
            self._end(saga, is_keeping_out_told=True)
        row.is_owed = False

    async def end_for_cancellation(self, order_id: UUID) -> None:
        for row in self.tables.refunds_of(order_id):
            saga = self.tables.sagas.get(row.refund.id)
            if saga and _is_rejected(saga):
                row.keeps_out = self._keeps_out(row.refund.id) or row.keeps_out
                self._end(saga, is_keeping_out_told=False)
            row.is_owed = False

    async def end_open(self, order_id: UUID) -> None:
        for saga in self.tables.sagas_of(order_id):
            row = self.tables.refunds.get(saga.id)
            is_free = row is not None and row.refund.amount_minor == 0
            if saga.kind is Kind.REFUND and (saga.step is Step.REFUND or saga.is_rejected) and not is_free:
                if row:
                    row.status, row.keeps_out = RefundStatus.FAILED, self._keeps_out(saga.id)
                self._end(saga, is_keeping_out_told=True)
        for row in self.tables.refunds_of(order_id):
            row.is_owed = False

    async def of_key(self, order: Order, asked: UUID, amount_minor: int, reason: str) -> GivenRefund | None:
        refund_id = cancellation_id(order.id, order.attempt) if asked == order.id else asked
        found = self._given(asked) or self._given(refund_id)
        if found is None and asked == order.id:
            found = await self.of_source(order.id, RefundSource.CANCELLATION, amount_minor)
        if found is not None or asked not in self.tables.sagas:
            return found
        refund = Refund(refund_id, order.id, amount_minor, reason, False, (), RefundSource.CANCELLATION)
        await self.add(refund, RefundStatus.PENDING)
        return self._given(refund_id)

    async def of_source(self, order_id: UUID, source: RefundSource, amount_minor: int) -> GivenRefund | None:
        rows = self.tables.refunds_of(order_id)
        done = [row.refund for row in rows if row.status is RefundStatus.DONE and row.refund.source is source]
        if not done:
            return None
        last = max(
            enumerate(done),
            key=lambda each: (each[1].amount_minor == amount_minor, each[1].amount_minor > amount_minor, each[0]),
        )
        return self._given(last[1].id)

    async def split(self, refund: GivenRefund, amount_minor: int) -> GivenRefund:
        row, part_id = self.tables.refunds[refund.id], new_id()
        row.refund = replace(row.refund, amount_minor=row.refund.amount_minor - amount_minor)
        part = Refund(part_id, row.refund.order_id, amount_minor, row.refund.reason, False, (), row.refund.source)
        await self.add(part, RefundStatus.DONE, row.user_id)
        return replace(refund, id=part_id, amount_minor=amount_minor)

    async def record_returned(self, refund_id: UUID, failure: str, *, is_owed: bool) -> None:
        row = self.tables.refunds[refund_id]
        row.refund = replace(row.refund, times_back=row.refund.times_back + 1)
        row.status, row.failure, row.is_owed = RefundStatus.FAILED, failure, is_owed

    async def has_units(self, refund_id: UUID) -> bool:
        return bool(self.tables.refunds[refund_id].refund.units)

    async def failure(self, refund_id: UUID) -> str:
        return self.tables.refunds[refund_id].failure or "It came back."

    def _left(self, order_id: UUID) -> list[tuple[Units, int]]:
        """The units of each line that no refund is for, with their price."""
        found = []
        for line in self.tables.orders[order_id].placed.lines:
            counted = (row for row in self.tables.refunds_of(order_id) if row.counts_for_units)
            left = line.quantity - self.tables.refunded(line.id, counted)
            found.append((Units(line.id, left), line.unit_price_minor))
        return found

    def _of_sagas(self, order_id: UUID, condition: Callable[[SagaRow, RefundRow], bool]) -> Sequence[Refund]:
        pairs = [(saga, self.tables.refunds.get(saga.id)) for saga in self.tables.sagas_of(order_id)]
        return [row.refund for saga, row in pairs if row and condition(saga, row)]

    def _given(self, refund_id: UUID) -> GivenRefund | None:
        row = self.tables.refunds.get(refund_id)
        return GivenRefund(refund_id, row.status, row.refund.amount_minor) if row else None

    def _keeps_out(self, refund_id: UUID) -> bool:
        row = self.tables.refunds.get(refund_id)
        return row is not None and bool(row.refund.units) and not (row.refund.times_back or row.refund.is_restocking)

    def _end(self, saga: SagaRow, is_keeping_out_told: bool) -> None:
        """A saga ends, unless inventory is to be told something still."""
        row = self.tables.refunds.get(saga.id)
        owes_units = row is not None and bool(row.refund.units) and row.refund.times_back > 0
        goes_on = owes_units and row is not None and not row.refund.has_settled_units
        goes_on = goes_on or (is_keeping_out_told and self._keeps_out(saga.id))
        saga.end(Step.RESTOCK if goes_on else Step.FAILED)
        saga.due_at = now() if goes_on else None


def _is_rejected(saga: SagaRow) -> bool:
    return saga.kind is Kind.REFUND and saga.is_rejected
