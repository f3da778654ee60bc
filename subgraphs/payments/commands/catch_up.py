"""Learns what was done with a payment's taken money at its provider, by whomever."""

from dataclasses import replace

from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import at_provider
from subgraphs.payments.commands.follow_dispute import follow_disputes
from subgraphs.payments.commands.follow_provider import advance
from subgraphs.payments.commands.settle_refunds import settle_refunds
from subgraphs.payments.commands.take_back import take_back_failed
from subgraphs.payments.domain.failed_refund import arrived_minor, is_any_on_its_way
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import PaymentProvider
from subgraphs.payments.domain.status import PaymentStatus

_TAKEN = (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)


async def catch_up(lease: Lease, provider: PaymentProvider, work: PaymentsWork) -> bool:
    """Records what was refunded, what of it failed, and what banks took;
    answers whether a refund is still on its way.

    Refunds of ours that broke off come first, lest they look like others'.

    Raises:
        AmountMismatch
        Unavailable: when the provider has no answer.
    """
    reference = lease.payment.reference
    await settle_refunds(lease, provider, work)
    intent = await at_provider("LOOK", lambda: provider.retrieve(reference))
    refunds = await provider.refunds(reference) if intent.status in _TAKEN else ()
    intent = replace(intent, refunded_minor=arrived_minor(intent, refunds))
    await take_back_failed(lease, refunds, intent.refunded_minor, work)
    await advance(lease, intent, work)
    if lease.payment.standing.captured_minor:
        await follow_disputes(lease, await provider.disputes(reference), work)
    await fault_point("payments.LOOK.recorded")
    return is_any_on_its_way(refunds)
