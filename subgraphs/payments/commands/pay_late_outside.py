"""Books that the shop has paid a buyer back what came too late, and what the provider does not refund."""

from dataclasses import dataclass
from uuid import UUID

from shared.money import Money
from subgraphs.payments.commands.write_paid_outside import write_paid_outside
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.rejections import DisputeOpen, NothingLeft, PaymentNotOver, RefundUnderWay
from subgraphs.payments.domain.status import is_over_without_money


@dataclass(frozen=True, slots=True)
class PayLateOutside:
    """An attempt at an order whose payment came to nothing; ``how`` the buyer was paid is for staff."""

    order_id: UUID
    order_attempt: int
    how: str


async def pay_late_outside(command: PayLateOutside, work: PaymentsWork) -> Money:
    """Books all that is left of it as paid; answers how much.

    The order never had this money, and is told of nothing. What it owes itself is settled by its own ``orderSettle``.

    Raises:
        PaymentNotFound, PaymentNotOver, NothingLeft, DisputeOpen, RefundUnderWay
        Unavailable: when others take too long with this payment.
    """
    async with work.leases.of_attempt(command.order_id, command.order_attempt) as lease:
        return await work.transaction(lambda step: _booked(lease.payment.id, command.how, step))


async def _booked(payment_id: UUID, how: str, work: PaymentsWork) -> Money:
    payment = await work.payments.lock(payment_id)
    await _require_kept(payment, work)
    left_minor = payment.standing.left_minor
    await work.refunds.give_up(await work.refunds.unfinished(payment.id))
    key = f"{payment.late_key}:outside:{payment.standing.repaid_minor}"
    await write_paid_outside(payment, PaidOutside(key, left_minor, how, is_rest=True), work)
    return Money(left_minor, payment.currency)


async def _require_kept(payment: Payment, work: PaymentsWork) -> None:
    """Passes when nobody but the shop will give the money back."""
    if not is_over_without_money(payment.status):
        raise PaymentNotOver(payment.status)
    if payment.standing.left_minor == 0:
        raise NothingLeft(payment.status)
    if await work.disputes.has_open(payment.id):
        raise DisputeOpen
    if payment.provider in work.providers and await work.refunds.unfinished(payment.id):
        raise RefundUnderWay
