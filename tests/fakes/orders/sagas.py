"""Sagas in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.fulfilment import FIRST_STEPS, Kind, Saga, Settlement, Step, turned
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.undertaking import Undertaking
from tests.fakes.orders.rows import SagaRow, Tables, now


@dataclass
class SagasTwin:
    """The port Sagas."""

    tables: Tables

    async def claim_due(self, worker: str, limit: int, lease_seconds: float) -> Sequence[Saga]:
        due = [row for row in self.tables.sagas.values() if row.due_at and row.due_at <= now()]
        claimed = sorted(due, key=lambda row: row.due_at or now())[:limit]
        for row in claimed:
            row.fence, row.attempts, row.leased_by = row.fence + 1, row.attempts + 1, worker
            row.due_at = now() + timedelta(seconds=lease_seconds)
        return [saga_of(row, self.tables) for row in claimed]

    async def advance(
        self, saga: Saga, step: Step, cancellation: Cancellation | None, lease_seconds: float
    ) -> Saga | None:
        row = self._of(saga)
        if row is None:
            return None
        row.step, row.attempts, row.last_error = turned(step) if row.is_cancel_requested else step, 1, None
        row.cancellation = row.cancellation or cancellation
        row.due_at = now() + timedelta(seconds=lease_seconds)
        return saga_of(row, self.tables)

    async def postpone(self, saga: Saga, pause_seconds: float, error: str | None) -> bool:
        row = self._of(saga)
        if row is None:
            return False
        row.due_at, row.leased_by = now() + timedelta(seconds=pause_seconds), None
        row.last_error = error or row.last_error
        return True

    async def finish(self, saga: Saga, step: Step) -> bool:
        row = self._of(saga)
        if row is None:
            return False
        row.step, row.due_at, row.leased_by, row.last_error = step, None, None, None
        return True

    async def park(self, saga: Saga, error: str) -> bool:
        row = self._of(saga)
        if row is None:
            return False
        row.step, row.stuck_step = Step.STUCK, row.step
        row.due_at, row.leased_by, row.last_error = None, None, error
        return True

    async def start(self, saga_id: UUID, kind: Kind, order_id: UUID) -> None:
        row = self.tables.sagas.setdefault(saga_id, SagaRow(saga_id, order_id, kind, FIRST_STEPS[kind]))
        if row.due_at is None:
            row.go_on(FIRST_STEPS[kind])

    async def restart(self, saga_id: UUID, kind: Kind, order_id: UUID, step: Step) -> None:
        row = self.tables.sagas.get(saga_id)
        if row is None:
            self.tables.sagas[saga_id] = SagaRow(saga_id, order_id, kind, step)
            return
        row.end(step)
        row.due_at = now()

    async def leave_owed(self, refund_id: UUID, order_id: UUID, error: str) -> None:
        row = self.tables.sagas.get(refund_id)
        if row is None:
            row = self.tables.sagas[refund_id] = SagaRow(refund_id, order_id, Kind.REFUND, Step.REFUND)
        elif Step.RESTOCK in (row.step, row.stuck_step):
            return
        else:
            row.fence += 1
        row.step, row.stuck_step, row.last_error = Step.STUCK, Step.REFUND, error
        row.attempts, row.due_at, row.leased_by = 0, None, None

    async def is_open(self, saga_id: UUID) -> bool:
        row = self.tables.sagas.get(saga_id)
        return row is not None and row.due_at is not None

    async def wake(self, order_id: UUID) -> None:
        row = self.tables.sagas.get(order_id)
        if row and row.step is Step.AWAIT_ACTION and row.leased_by is None and row.due_at is not None:
            row.due_at, row.attempts = now(), 0

    async def undertakings(self, order_id: UUID) -> Sequence[Undertaking]:
        return [self._undertaking(row) for row in self.tables.sagas_of(order_id)]

    async def resume_stuck(self, order_id: UUID) -> Sequence[str]:
        stuck = [row for row in self.tables.sagas_of(order_id) if row.step is Step.STUCK]
        for row in stuck:
            row.go_on(Step.VOID if row.kind is Kind.ORDER and row.is_rejected else row.stuck_step or row.step)
            if row.step is Step.REFUND:
                self._is_pending_again(row.id)
            shipment = self.tables.shipments.get(row.id)
            if shipment and shipment.status is ShipmentStatus.REFUSED:
                shipment.status = ShipmentStatus.PENDING
        return [f"{row.kind} {row.step}" for row in stuck]

    async def ask_again(self, order_id: UUID) -> None:
        for row in self.tables.sagas_of(order_id):
            refund = self.tables.refunds.get(row.id)
            if (row.step is Step.REFUND or row.is_rejected) and not (refund and refund.is_owed):
                step = Step.VOID if row.kind is Kind.ORDER and row.step is Step.STUCK else Step.REFUND
                row.end(step)
                row.due_at = now()
                self._is_pending_again(row.id)

    async def settle(self, order_id: UUID, settlement: Settlement, instead: Sequence[UUID]) -> None:
        rows = [row for row in self.tables.sagas_of(order_id) if row.is_rejected or row.id in instead]
        is_rest_among_them = any(row.id not in self.tables.refunds for row in rows)
        for row in rows:
            refund = self.tables.refunds.get(row.id)
            if refund and is_rest_among_them:
                continue
            paid_minor = refund.refund.amount_minor if refund else settlement.paid_minor
            row.go_on(Step.VOID if row.kind is Kind.ORDER and settlement.paid_minor == 0 else Step.REFUND)
            row.settlement = Settlement(paid_minor, settlement.paid_outside)
            self._is_pending_again(row.id)

    async def resume_without_money(self, order_id: UUID) -> None:
        row = self.tables.sagas[order_id]
        if row.is_rejected:
            row.go_on(Step.VOID)

    def _of(self, saga: Saga) -> SagaRow | None:
        row = self.tables.sagas[saga.id]
        return row if row.fence == saga.fence else None

    def _undertaking(self, row: SagaRow) -> Undertaking:
        refund = self.tables.refunds.get(row.id)
        amount_minor = refund.refund.amount_minor if refund else None
        return Undertaking(row.kind, row.step, row.stuck_step, row.due_at is not None, amount_minor)

    def _is_pending_again(self, refund_id: UUID) -> None:
        row = self.tables.refunds.get(refund_id)
        if row and row.status is RefundStatus.FAILED:
            row.status, row.failure, row.is_owed = RefundStatus.PENDING, None, False


def saga_of(row: SagaRow, tables: Tables) -> Saga:
    """A saga as a worker has it."""
    return Saga(
        id=row.id,
        kind=row.kind,
        order=tables.orders[row.order_id].placed,
        step=row.step,
        attempts=row.attempts,
        fence=row.fence,
        is_overdue=row.deadline_at is not None and row.deadline_at <= now(),
        payment_method_id=row.payment_method_id,
        cancellation=row.cancellation,
        is_cancel_requested=row.is_cancel_requested,
        trace={},
        settlement=row.settlement,
    )
