"""Gives back all that is left of an order's captured money."""

from uuid import UUID

from shared.errors import Conflict, Unavailable
from shared.persistence import db
from subgraphs.payments.commands.ask_provider import Providers, provider_of
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.commands.refund_payment import GivenBack, RefundRefused, carry_out, given_back
from subgraphs.payments.domain.payment import PaymentStatus, is_over_without_money, require_captured
from subgraphs.payments.infrastructure.leases import Turn, leased_payment
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment
from subgraphs.payments.infrastructure.refunds import StoredRefund, begin_rest, refund_of_key

_MOST_REFUSALS = 3


async def refund_remaining(order_id: UUID, key: str, providers: Providers, order_attempt: int = 1) -> GivenBack:
    """Gives back what the provider still has and no bank has taken back; nothing left, or nothing taken, is a success.

    The provider is asked how things stand first, and again when it refuses. Refunds by other keys that broke off without effect are
    given up: what they were for is in this one.

    Raises:
        NotFound: when this attempt at the order has no payment.
        Conflict: when the key came with an amount before.
        FailedPrecondition: when the money is held and not taken yet, or the provider refuses or is not configured.
        Unavailable: when the provider has no answer; repeat it.
    """
    async with leased_payment(order_id, order_attempt) as turn:
        refund = await refund_of_key(turn.payment.id, key)
        if refund is not None and not refund.is_remaining:
            raise Conflict("This idempotency_key came with an amount before; use a new key.", ("idempotency_key",))
        if refund is None or not refund.is_done:
            refund = await _given_all(turn, key, providers)
        return given_back(turn.payment, refund)


async def _given_all(turn: Turn, key: str, providers: Providers) -> StoredRefund:
    if turn.payment.status is PaymentStatus.REFUNDED or is_over_without_money(turn.payment.status):
        return await _begun(
            turn.payment, key
        )  # of nothing: what came too late is given back by whoever follows the payment
    provider = provider_of(turn.payment, providers)
    if turn.payment.provider_reference is not None:
        await catch_up(turn, provider)
    for _ in range(_MOST_REFUSALS):
        refund = await _begun(turn.payment, key)
        if refund.is_done:
            return refund
        try:
            return await carry_out(turn, refund, provider)
        except RefundRefused:
            if turn.payment.standing.left_minor >= refund.amount_minor:
                raise  # not since somebody was faster
    raise Unavailable("Others give this payment's money back at the provider just now; try again.")


async def _begun(payment: StoredPayment, key: str) -> StoredRefund:
    """A refund of all that is left as our books have it."""
    async with db.transaction():
        locked = await locked_payment(payment.id)
        require_captured(locked.status)
        left_minor = 0 if is_over_without_money(locked.status) else locked.standing.left_minor
        return await begin_rest(payment.id, key, left_minor, locked.standing.given_back_minor)
