"""Asks the provider how payments stand that nobody has come for: webhooks may be missing, callers may be dead."""

import logging
from dataclasses import replace

from shared.errors import ServiceError, Unavailable
from shared.persistence import db
from shared.runtime.faults import fault_point
from shared.runtime.outages import OUTAGES
from shared.telemetry.failures import described
from subgraphs.payments.commands.ask_provider import (
    ProviderMissing,
    Providers,
    cancelled_intent,
    confirmed_intent,
    provider_of,
)
from subgraphs.payments.commands.catch_up import catch_up, follow_disputes
from subgraphs.payments.commands.follow_dispute import DISPUTED_SECONDS
from subgraphs.payments.commands.follow_provider import acknowledge_late, finish, late_key
from subgraphs.payments.commands.refund_payment import carry_out
from subgraphs.payments.commands.settle_refunds import settle_refunds
from subgraphs.payments.commands.take_back import PENDING_SECONDS, arrived_minor, take_back_failed
from subgraphs.payments.domain.payment import PaymentStatus, is_open, is_over_without_money
from subgraphs.payments.domain.ports import Declined, PaymentProvider, RefundState
from subgraphs.payments.infrastructure.disputes import has_open_dispute
from subgraphs.payments.infrastructure.leases import Turn, conversation
from subgraphs.payments.infrastructure.payments import StoredPayment, follow_in, follow_next
from subgraphs.payments.infrastructure.refunds import StoredRefund, insert_refund, refund_of_key

logger = logging.getLogger(__name__)

_SOON_SECONDS = 2.0
_LATER_SECONDS = 60.0

MISSING_SECONDS = 600.0
"""How often it is seen whether the provider of a payment is configured again."""


async def follow_up(turn: Turn, providers: Providers) -> None:
    """Brings a payment to where its provider has it, or lets go or gives back what the provider should not have.

    What fails is tried again later, as is what a process that dies leaves undone: each step begins with what the provider says.
    """
    payment_id = turn.payment.id
    try:
        async with conversation(turn):
            await _look(turn, providers)
    except (Unavailable, *OUTAGES) as outage:
        logger.info("payment %s is looked at again: %s", payment_id, described(outage))
        await follow_in(payment_id, _SOON_SECONDS)
    except ProviderMissing as missing:
        logger.warning("payment %s is not followed for now: %s", payment_id, missing)
        await follow_in(payment_id, MISSING_SECONDS)
    except (ServiceError, Declined) as refusal:
        logger.error("payment %s can't be put right, look at it: %s", payment_id, refusal)
        await follow_in(payment_id, _LATER_SECONDS)


async def _look(turn: Turn, providers: Providers) -> None:
    payment = turn.payment
    if is_open(payment.status):
        await _look_at_open(turn, providers)
        return
    is_on_its_way = False
    if payment.provider_reference is not None:
        look = _put_right if is_over_without_money(payment.status) else catch_up
        is_on_its_way = await look(turn, provider_of(payment, providers))
    pause = DISPUTED_SECONDS if await has_open_dispute(payment.id) else PENDING_SECONDS if is_on_its_way else None
    await follow_next(payment, pause)


async def _look_at_open(turn: Turn, providers: Providers) -> None:
    """One without a reference is begun or voided by whoever wanted it; by ourselves we would hold what nobody may want any more."""
    payment = turn.payment
    if payment.provider_reference is None:
        await follow_in(payment.id, _LATER_SECONDS)
        return
    await finish(turn, await confirmed_intent(payment, provider_of(payment, providers)))


async def _put_right(turn: Turn, provider: PaymentProvider) -> bool:
    """Bars the intent of a payment that came to nothing, and sends back what it moved. Answers as ``catch_up`` does."""
    await settle_refunds(turn, provider)
    intent = await provider.retrieve(turn.payment.reference)
    if intent.status not in (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED):
        await acknowledge_late(turn, intent)
        await _bar(turn, provider)
        return False
    refunds = await provider.refunds(intent.reference)
    intent = replace(intent, refunded_minor=min(intent.refunded_minor, arrived_minor(refunds)))
    await take_back_failed(turn, refunds, intent.refunded_minor)
    await acknowledge_late(turn, intent)
    await follow_disputes(turn, await provider.disputes(intent.reference))
    late = await _late_refund(turn.payment) if turn.payment.standing.left_minor else None
    if late is not None:
        await carry_out(turn, late, provider)
    return any(refund.state is RefundState.PENDING for refund in refunds)


async def _bar(turn: Turn, provider: PaymentProvider) -> None:
    """Lets go what is held; an intent that can still be paid can't any more."""
    after = await cancelled_intent(turn.payment, provider)
    if after.status not in (PaymentStatus.VOIDED, PaymentStatus.DECLINED):
        raise Unavailable("The provider has not let the amount go yet.")
    await acknowledge_late(turn, after)
    await fault_point("payments.CANCEL.recorded")


async def _late_refund(payment: StoredPayment) -> StoredRefund | None:
    """The one refund of a payment that succeeded too late; another one of what a bank gave to us again after that, or of what came
    back. None when that came back too: then the buyer has to be paid another way."""
    key = late_key(payment.id)
    async with db.transaction():
        begun = await refund_of_key(payment.id, key)
        if begun is not None and begun.is_done:
            key = f"{key}:{payment.standing.refunded_minor}"
            begun = await refund_of_key(payment.id, key)
        if begun is not None and begun.is_done:
            return None
        return begun or await insert_refund(payment.id, key, payment.standing.left_minor)
