"""Shipments and disputes in memory."""

from dataclasses import dataclass, replace
from uuid import UUID

from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, Hold, hold_of
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderedLine
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.domain.shipment import Shipment, Shippable, ShippableLine, StoredShipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from tests.fakes.orders.rows import ShipmentRow, Tables


@dataclass
class DisputesTwin:
    """The port Disputes."""

    tables: Tables

    async def save(self, dispute: Dispute) -> bool:
        key = (dispute.order_id, dispute.reference)
        if key not in self.tables.disputes:
            self.tables.disputes[key] = dispute, dispute.happened_at
            return True
        known, told_at = self.tables.disputes[key]
        is_later, is_open = dispute.happened_at >= told_at, dispute.status is DisputeStatus.OPEN
        was_open = known.status is DisputeStatus.OPEN
        is_news = (
            (not is_open or is_later) if was_open else (not is_open and dispute.status != known.status and is_later)
        )
        if is_news:
            due_at = dispute.evidence_due_at if is_open else known.evidence_due_at
            kept = replace(dispute, reason=dispute.reason or known.reason, happened_at=known.happened_at)
            kept = replace(kept, evidence_due_at=due_at)
            self.tables.disputes[key] = kept, max(told_at, dispute.happened_at)
        return is_news

    async def status(self, order_id: UUID, reference: str) -> DisputeStatus | None:
        found = self.tables.disputes.get((order_id, reference))
        return found[0].status if found else None

    async def hold(self, order_id: UUID) -> Hold | None:
        disputes = [dispute for dispute, _ in self.tables.disputes.values() if dispute.order_id == order_id]
        disputes.sort(key=lambda dispute: dispute.happened_at)
        return hold_of(disputes, self.tables.orders[order_id].placed.currency)


@dataclass
class ShipmentsTwin:
    """The port Shipments."""

    tables: Tables

    async def shippable(self, order_id: UUID) -> Shippable:
        row, undecided = self.tables.orders[order_id], None
        for each in self.tables.shipments_of(order_id) if not row.is_captured else ():
            if each.status in (ShipmentStatus.PENDING, ShipmentStatus.REFUSED):
                undecided = each.status
        hold = await DisputesTwin(self.tables).hold(order_id)
        lines = [self._line(order_id, line) for line in row.placed.lines]
        return Shippable(row.status, lines, undecided, hold, None if row.is_captured else row.authorization_ended)

    async def add(self, shipment: Shipment, status: ShipmentStatus) -> None:
        self.tables.shipments[shipment.id] = ShipmentRow(shipment, status)

    async def by_id(self, shipment_id: UUID) -> StoredShipment | None:
        row = self.tables.shipments.get(shipment_id)
        return StoredShipment(row.shipment, row.status) if row else None

    async def set_status(self, shipment_id: UUID, status: ShipmentStatus) -> None:
        self.tables.shipments[shipment_id].status = status

    async def end_stuck(self, order_id: UUID) -> None:
        for saga in self.tables.sagas_of(order_id):
            if saga.kind is Kind.SHIPMENT and saga.step is Step.STUCK:
                saga.step = Step.FAILED

    async def end_open(self, order_id: UUID) -> None:
        for saga in self.tables.sagas_of(order_id):
            if saga.kind is Kind.SHIPMENT and saga.step in (Step.CAPTURE, Step.STUCK):
                saga.step, saga.due_at, saga.leased_by, saga.fence = Step.FAILED, None, None, saga.fence + 1
                self.tables.shipments[saga.id].status = ShipmentStatus.REFUSED

    def _line(self, order_id: UUID, line: OrderedLine) -> ShippableLine:
        packed = (row for row in self.tables.shipments_of(order_id) if row.status is not ShipmentStatus.REFUSED)
        refunds = self.tables.refunds_of(order_id)
        counted = (row for row in refunds if row.status is not RefundStatus.FAILED or row.refund.times_back)
        left = line.quantity - self.tables.shipped(line.id, packed) - self.tables.refunded(line.id, counted)
        waiting = self.tables.orders[order_id].waiting.get(line.id, (0, 0))[0]
        day = self.tables.day(line.variant_id) if waiting else None
        return ShippableLine(line.id, max(0, left), waiting, day)
