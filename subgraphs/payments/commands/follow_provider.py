"""Brings a payment to where the provider has it: status, ledger and events at once."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from shared.errors import FailedPrecondition, Unavailable
from shared.events.event import Event
from shared.persistence import db
from subgraphs.payments.domain.events import RefundCause, Subject, money_moved, payment_declined
from subgraphs.payments.domain.payment import PaymentStatus, is_open, is_over_without_money
from subgraphs.payments.domain.ports import Decline, Intent
from subgraphs.payments.domain.progress import Progress, Standing, acknowledge, follow, give_back
from subgraphs.payments.infrastructure.leases import FOLLOW_SECONDS, Turn
from subgraphs.payments.infrastructure.ledger import AS_IT_IS, Change, record
from subgraphs.payments.infrastructure.metrics import LATE_SUCCESSES, MISMATCHES
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment

logger = logging.getLogger(__name__)

_UNNAMED = Decline("declined", "Your payment was declined; please choose another means of payment.")


class Mismatch(FailedPrecondition):
    """The provider tells another amount or currency than the payment has: nothing is applied, a person must look."""


async def follow_provider(payment_id: UUID, intent: Intent) -> StoredPayment:
    """Moves a payment forward to what the provider told; what is behind or out of reach changes nothing.

    Raises:
        Mismatch: when the amount or the currency is another one.
    """
    async with db.transaction():
        payment = await locked_payment(payment_id)
        require_same_amount(payment, intent)
        progress = follow(payment.standing, intent)
        if progress.standing == payment.standing:
            return payment
        followed = await record(payment, change(payment, progress, intent))
        assert followed is not None, "a locked payment is changed by nobody else"
        return followed


async def advance(turn: Turn, intent: Intent) -> None:
    """The same for whoever has the payment's turn, which goes on.

    Raises:
        Mismatch: when the amount or the currency is another one.
    """
    await _apply(turn, intent, None)


async def finish(turn: Turn, intent: Intent) -> StoredPayment:
    """The same, and the turn is over: one statement in all.

    Raises:
        Mismatch: when the amount or the currency is another one.
    """
    return await _apply(turn, intent, turn.lease)


async def decline(turn: Turn, reason: Decline) -> None:
    """The provider will have nothing to do with an open payment; the turn is over."""
    payment = turn.payment
    declined = Intent(payment.provider_reference or "", PaymentStatus.DECLINED, payment.amount, decline=reason)
    await _apply(turn, declined, turn.lease)


async def acknowledge_late(turn: Turn, intent: Intent) -> None:
    """Books the money that the provider has at this moment of a payment that is over here; the turn goes on."""
    require_same_amount(turn.payment, intent)
    progress = acknowledge(turn.payment.standing, intent)
    if progress.standing == turn.payment.standing:
        return
    if progress.standing.has_money:
        logger.warning(
            "payment %s is %s, but %s at the provider: put right", turn.payment.id, turn.payment.status, intent.status
        )
        LATE_SUCCESSES.inc()
    unfinished = replace(change(turn.payment, progress, intent), follow_in=AS_IT_IS)
    recorded = await record(turn.payment, unfinished)
    if recorded is None:
        raise Unavailable("The payment was changed meanwhile; try again.")
    turn.payment = recorded


def change(payment: StoredPayment, progress: Progress, intent: Intent) -> Change:
    """Everything that goes with a payment's progress."""
    status = progress.standing.status
    reason = payment.decline or intent.decline or _UNNAMED if status is PaymentStatus.DECLINED else None
    return Change(
        progress.standing,
        progress.movements,
        _events(payment, progress, reason),
        reference=intent.reference or None,
        decline=reason,
        action=intent.action or payment.action if status is PaymentStatus.REQUIRES_ACTION else None,
        follow_in=_follow_in(payment.standing, progress.standing, intent),
    )


def refund_change(payment: StoredPayment, amount_minor: int, key: str) -> Change:
    """Captured money was given back by us, by the refund of this key."""
    progress = give_back(payment.standing, amount_minor)
    cause, told_key = (RefundCause.LATE, None) if key.startswith(late_key(payment.id)) else (RefundCause.REQUESTED, key)
    return Change(
        progress.standing,
        progress.movements,
        [*money_moved(subject(payment), progress.movements, cause, told_key)],
        decline=payment.decline if progress.standing.status is PaymentStatus.DECLINED else None,
    )


def late_key(payment_id: UUID) -> str:
    """The key of the one refund of money that came after its payment was over; how the key of a further one begins."""
    return f"late:{payment_id}"


def subject(payment: StoredPayment) -> Subject:
    """What events say of the payment, happening now."""
    return Subject(
        payment.id, payment.order_id, payment.order_attempt, payment.provider, payment.currency, datetime.now(UTC)
    )


def require_same_amount(payment: StoredPayment, intent: Intent) -> None:
    """Lets pass what is about the payment's own amount, and what is of no amount since the provider has forgotten it.

    Raises:
        Mismatch: when the amount or the currency is another one.
    """
    is_forgotten = intent.status is PaymentStatus.VOIDED and intent.amount.minor == 0
    if intent.amount != payment.amount and not is_forgotten:
        MISMATCHES.labels(payment.provider).inc()
        logger.error(
            "%s tells another amount than payment %s has: not applied, look at it", payment.provider, payment.id
        )
        theirs, ours = intent.amount, payment.amount
        raise Mismatch(
            f"{payment.provider} tells of {theirs.amount} {theirs.currency} for this payment of {ours.amount} {ours.currency};"
            " look at it on the provider's own page."
        )


async def _apply(turn: Turn, intent: Intent, ending: UUID | None) -> StoredPayment:
    payment = turn.payment
    require_same_amount(payment, intent)
    recorded = await record(payment, change(payment, follow(payment.standing, intent), intent), ending)
    if recorded is None:  # a webhook came first: it may have told the same
        recorded = await follow_provider(payment.id, intent)
    elif ending is not None:
        turn.lease = None
    turn.payment = recorded
    return recorded


def _events(payment: StoredPayment, progress: Progress, reason: Decline | None) -> Sequence[Event]:
    """What the provider tells of refunds is done there; by whomever, when the order never had the money."""
    about = subject(payment)
    is_for_nothing = is_over_without_money(payment.status) or progress.standing.is_taken_in_part
    cause = RefundCause.LATE if is_for_nothing else RefundCause.PROVIDER
    events = [*money_moved(about, progress.movements, cause)]
    if reason is not None and payment.status is not PaymentStatus.DECLINED:
        events.append(payment_declined(about, payment.amount, reason.code))
    return events


def _follow_in(before: Standing, after: Standing, intent: Intent) -> float | None:
    """An open payment is asked about again; one that was declined just now has an intent that must be barred at once.

    So is one that came to nothing and of which there is money at the provider.
    """
    if is_open(after.status):
        return FOLLOW_SECONDS
    if after.has_money and is_over_without_money(after.status):
        return 0  # it goes back
    if not is_open(before.status):
        return AS_IT_IS
    return 0 if after.status is PaymentStatus.DECLINED and intent.reference else None
