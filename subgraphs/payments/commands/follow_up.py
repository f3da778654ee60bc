"""Asks the provider how a payment stands that nobody has come for: webhooks may be missing, callers may be dead."""

import logging
from dataclasses import replace
from uuid import UUID

from shared.errors import Rejection, ServiceError, Unavailable
from shared.runtime.faults import fault_point
from shared.runtime.outages import OUTAGES
from shared.telemetry.failures import described
from subgraphs.payments.commands.ask_provider import cancelled_intent, confirmed_intent, provider_of
from subgraphs.payments.commands.carry_out import carry_out
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.commands.follow_dispute import follow_disputes
from subgraphs.payments.commands.follow_provider import acknowledge_late, finish
from subgraphs.payments.commands.settle_refunds import settle_refunds
from subgraphs.payments.commands.take_back import take_back_failed
from subgraphs.payments.domain.failed_refund import arrived_minor, is_any_on_its_way
from subgraphs.payments.domain.following import (
    DISPUTED_SECONDS,
    LATER_SECONDS,
    MISSING_SECONDS,
    PENDING_SECONDS,
    SOON_SECONDS,
)
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import DeclinedError, PaymentProvider
from subgraphs.payments.domain.refund import Refund, begun_refund
from subgraphs.payments.domain.rejections import ProviderMissing
from subgraphs.payments.domain.status import PaymentStatus, is_open, is_over_without_money

logger = logging.getLogger(__name__)


async def follow_up(lease: Lease, work: PaymentsWork) -> None:
    """Brings a payment to where its provider has it, or lets go or refunds what the provider should not have.

    What fails is tried again later, as is what a process that dies leaves undone:
    each step begins with what the provider says.
    """
    payment_id = lease.payment.id
    try:
        async with work.leases.conversation(lease):
            await _look(lease, work)
    except (Unavailable, *OUTAGES) as outage:
        logger.info("payment %s is looked at again: %s", payment_id, described(outage))
        await work.payments.follow_in(payment_id, SOON_SECONDS)
    except ProviderMissing as missing:
        text = "payment %s is not followed for now: its provider %s is not configured here"
        logger.warning(text, payment_id, missing.provider)
        await work.payments.follow_in(payment_id, MISSING_SECONDS)
    except (ServiceError, Rejection, DeclinedError) as rejection:
        logger.error("payment %s can't be put right, look at it: %r", payment_id, rejection)
        await work.payments.follow_in(payment_id, LATER_SECONDS)


async def _look(lease: Lease, work: PaymentsWork) -> None:
    payment = lease.payment
    if is_open(payment.status):
        await _look_at_open(lease, work)
        return
    is_on_its_way = False
    if payment.provider_reference is not None:
        look = _put_right if is_over_without_money(payment.status) else catch_up
        is_on_its_way = await look(lease, provider_of(payment, work.providers), work)
    pause = PENDING_SECONDS if is_on_its_way else None
    if await work.disputes.has_open(payment.id):
        pause = DISPUTED_SECONDS
    await work.payments.follow_next(payment, pause)


async def _look_at_open(lease: Lease, work: PaymentsWork) -> None:
    """One without a reference is begun or voided by whoever wanted it;
    by ourselves we would hold what nobody may want any more.
    """
    if lease.payment.provider_reference is None:
        await work.payments.follow_in(lease.payment.id, LATER_SECONDS)
        return
    await finish(lease, await confirmed_intent(lease.payment, work), work)


async def _put_right(lease: Lease, provider: PaymentProvider, work: PaymentsWork) -> bool:
    """Bars the intent of a payment that came to nothing, and sends back what it moved. Answers as ``catch_up`` does."""
    await settle_refunds(lease, provider, work)
    intent = await provider.retrieve(lease.payment.reference)
    if intent.status not in (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED):
        await acknowledge_late(lease, intent, work)
        await _bar(lease, provider, work)
        return False
    refunds = await provider.refunds(intent.reference)
    intent = replace(intent, refunded_minor=arrived_minor(intent, refunds))
    await take_back_failed(lease, refunds, intent.refunded_minor, work)
    await acknowledge_late(lease, intent, work)
    await follow_disputes(lease, await provider.disputes(intent.reference), work)
    await _send_back(lease, provider, work)
    return is_any_on_its_way(refunds)


async def _bar(lease: Lease, provider: PaymentProvider, work: PaymentsWork) -> None:
    """Lets go what is held; an intent that can still be paid can't any more."""
    after = await cancelled_intent(lease.payment, provider)
    if after.status not in (PaymentStatus.VOIDED, PaymentStatus.DECLINED):
        raise Unavailable("The provider has not let the amount go yet.")
    await acknowledge_late(lease, after, work)
    await fault_point("payments.CANCEL.recorded")


async def _send_back(lease: Lease, provider: PaymentProvider, work: PaymentsWork) -> None:
    payment = lease.payment
    if payment.standing.left_minor:
        late = await work.transaction(lambda step: _late_refund(payment, step))
        if late is not None:
            await carry_out(lease, late, provider, work)


async def _late_refund(payment: Payment, work: PaymentsWork) -> Refund | None:
    """The one refund of a payment that succeeded too late; another one of what a bank gave to us again after that, or
    of what came back. None when that came back too: then the buyer has to be paid another way.
    """
    for key in (payment.late_key, f"{payment.late_key}:{payment.standing.refunded_minor}"):
        begun = await work.refunds.of_key(payment.id, key)
        if begun is None:
            return await _added(payment.id, begun_refund(key, payment.standing.left_minor), work)
        if not begun.is_done:
            return begun
    return None


async def _added(payment_id: UUID, refund: Refund, work: PaymentsWork) -> Refund:
    await work.refunds.add(payment_id, refund)
    return refund
