"""Learns what was done with a payment's taken money at its provider, by whomever."""

from shared.faults import fault_point
from subgraphs.payments.commands.ask_provider import at_provider
from subgraphs.payments.commands.follow_provider import advance
from subgraphs.payments.commands.settle_refunds import settle_refunds
from subgraphs.payments.domain.ports import PaymentProvider
from subgraphs.payments.infrastructure.leases import Turn


async def catch_up(turn: Turn, provider: PaymentProvider) -> None:
    """Records what was given back; refunds of ours that broke off come first, so that they are not taken for somebody else's.

    Raises:
        Mismatch: when the provider tells another amount or currency than the payment has.
        Unavailable: when the provider has no answer.
    """
    reference = turn.payment.reference
    await settle_refunds(turn, provider)
    await advance(turn, await at_provider("LOOK", lambda: provider.retrieve(reference)))
    await fault_point("payments.LOOK.recorded")
