"""Books that the shop has paid a buyer back outside of the payment's provider, which keeps the money for the shop."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from shared.money import Money
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.commands.follow_provider import record_locked
from subgraphs.payments.commands.write_paid_outside import write_paid_outside
from subgraphs.payments.domain.paid_outside import (
    PaidOutside,
    require_all_left,
    require_nothing_paid,
    require_within_captured,
)
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.progress import pay_outside as pay_standing
from subgraphs.payments.domain.refund import Refund, Refunded, refunded, replaced_refunds
from subgraphs.payments.domain.rejections import KeyOfOtherAmount
from subgraphs.payments.domain.status import is_over_without_money, may_be_held
from subgraphs.payments.domain.steps import require_not_held, require_taken


@dataclass(frozen=True, slots=True)
class PayOutside:
    """What the shop has paid back of what an attempt at an order has paid."""

    order_id: UUID
    paid: PaidOutside
    order_attempt: int = 1


async def pay_outside(command: PayOutside, work: PaymentsWork) -> Refunded:
    """Books what was paid, once for its key and whole: that is done, and can't be rejected since less is left.

    The provider gives nothing, and need not be configured. Where it is, it is asked first what it has given meanwhile.
    Where it is not, refunds that were not finished are given up, and so is what is held, if the rest was paid: nobody
    can tell what becomes of it, so it is let go if the provider is ever configured again.

    Raises:
        PaymentNotFound, KeyOfOtherAmount, TooMuchPaidOutside, MoreIsLeft, NothingToRepay, NothingCaptured
        StillHeld: when the money is held and its provider configured.
        Unavailable: when the provider is asked and has no answer; repeat it.
    """
    async with work.leases.of_attempt(command.order_id, command.order_attempt) as lease:
        begun = await _of_key(lease.payment.id, command.paid, work)
        if begun is not None and begun.is_done:
            return refunded(lease.payment, begun)
        provider = work.providers.get(lease.payment.provider)
        if provider is not None and lease.payment.provider_reference is not None:
            await catch_up(lease, provider, work)
        refund = await work.transaction(lambda step: _booked(lease.payment.id, command.paid, step))
        await fault_point("payments.PAID_OUTSIDE.recorded")
        return refunded(lease.payment, refund)


async def _of_key(payment_id: UUID, paid: PaidOutside, work: PaymentsWork) -> Refund | None:
    begun = await work.refunds.of_key(payment_id, paid.key)
    if begun is not None and not paid.is_of(begun):
        raise KeyOfOtherAmount
    return begun


async def _booked(payment_id: UUID, paid: PaidOutside, work: PaymentsWork) -> Refund:
    payment = await work.payments.lock(payment_id)
    begun = await _of_key(payment_id, paid, work)
    if begun is not None and begun.is_done:
        return begun  # by the provider, as it tells
    payment = await (_rest if paid.is_rest else _amount)(payment, paid, work)
    return await write_paid_outside(payment, paid, work)


async def _rest(payment: Payment, paid: PaidOutside, work: PaymentsWork) -> Payment:
    """Gives up what else was begun; of a payment that is over, what came too late goes back by itself."""
    amount = Money(paid.amount_minor, payment.currency)
    if payment.provider not in work.providers and may_be_held(payment.status):
        payment = await record_locked(payment, payment.give_up_hold(datetime.now(UTC)), work)
    if is_over_without_money(payment.status):
        require_nothing_paid(amount)
        return payment
    require_not_held(payment.status)
    require_all_left(payment.standing, amount)
    require_within_captured(payment.standing, amount)
    await work.refunds.give_up(await work.refunds.unfinished(payment.id))
    return payment


async def _amount(payment: Payment, paid: PaidOutside, work: PaymentsWork) -> Payment:
    require_taken(payment.status)
    require_within_captured(payment.standing, Money(paid.amount_minor, payment.currency))
    unfinished = await work.refunds.unfinished(payment.id)
    if payment.provider in work.providers:
        left_minor = pay_standing(payment.standing, paid.amount_minor).standing.left_minor
        unfinished = replaced_refunds(unfinished, paid.key, paid.amount_minor, left_minor)
    await work.refunds.give_up(unfinished)
    return payment
