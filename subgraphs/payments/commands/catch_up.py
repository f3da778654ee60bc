"""Learns what was done with a payment's taken money at its provider, by whomever."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from shared.persistence import db
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import at_provider
from subgraphs.payments.commands.follow_dispute import follow_dispute
from subgraphs.payments.commands.follow_provider import Mismatch, advance
from subgraphs.payments.commands.settle_refunds import settle_refunds
from subgraphs.payments.commands.take_back import arrived_minor, take_back_failed
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import Dispute, PaymentProvider, RefundState
from subgraphs.payments.infrastructure.leases import Turn
from subgraphs.payments.infrastructure.payments import current_payment, locked_payment

_TAKEN = (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)


async def catch_up(turn: Turn, provider: PaymentProvider) -> bool:
    """Records what was given back, what of it failed, and what banks took; answers whether a refund is still on its way.

    Refunds of ours that broke off come first, lest they look like others'.

    Raises:
        Mismatch: when the provider tells another amount or currency than the payment has.
        Unavailable: when the provider has no answer.
    """
    reference = turn.payment.reference
    await settle_refunds(turn, provider)
    intent = await at_provider("LOOK", lambda: provider.retrieve(reference))
    refunds = await provider.refunds(reference) if intent.status in _TAKEN else ()
    intent = replace(intent, refunded_minor=min(intent.refunded_minor, arrived_minor(refunds)))
    await take_back_failed(turn, refunds, intent.refunded_minor)
    await advance(turn, intent)
    if turn.payment.standing.captured_minor:
        await follow_disputes(turn, await provider.disputes(reference))
    await fault_point("payments.LOOK.recorded")
    return any(refund.state is RefundState.PENDING for refund in refunds)


async def follow_disputes(turn: Turn, told: Sequence[Dispute]) -> None:
    """Moves the disputes of a payment forward to what the provider told; one about something else is logged, and no obstacle."""
    for dispute in told:
        with contextlib.suppress(Mismatch):
            await _follow_dispute(turn.payment.id, dispute)
    if told:
        turn.payment = await current_payment(turn.payment.id)


async def _follow_dispute(payment_id: UUID, dispute: Dispute) -> None:
    async with db.transaction():
        await follow_dispute(await locked_payment(payment_id), dispute)
