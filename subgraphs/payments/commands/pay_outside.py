"""Books that the shop has paid a buyer back outside of the payment's provider, which keeps the money for the shop."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import Conflict
from shared.money import Money
from shared.persistence import db
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.commands.follow_provider import subject
from subgraphs.payments.commands.follow_up import MISSING_SECONDS
from subgraphs.payments.commands.refund_payment import GivenBack, given_back
from subgraphs.payments.domain.events import RefundCause, money_moved
from subgraphs.payments.domain.paid_outside import require_all_left, require_nothing_paid, require_within_captured
from subgraphs.payments.domain.payment import (
    PaymentStatus,
    is_over_without_money,
    may_be_held,
    require_captured,
    require_taken,
)
from subgraphs.payments.domain.progress import Progress, give_up_hold
from subgraphs.payments.domain.progress import pay_outside as pay_standing
from subgraphs.payments.infrastructure.leases import leased_payment
from subgraphs.payments.infrastructure.ledger import AS_IT_IS, Change, record
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment
from subgraphs.payments.infrastructure.refunds import (
    StoredRefund,
    give_up_refunds,
    insert_paid_outside,
    outstanding_refunds,
    refund_of_key,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PaidOutside:
    """What the shop has paid, in the currency's minor unit; ``is_rest``: for all that is left. ``how`` is for staff."""

    key: str
    amount_minor: int
    how: str
    is_rest: bool = False


async def pay_outside(order_id: UUID, paid: PaidOutside, providers: Providers, order_attempt: int = 1) -> GivenBack:
    """Books what was paid, once for its key and whole: that is done, and can't be refused since less is left.

    The provider gives nothing, and need not be configured. Where it is, it is asked first what it has given meanwhile. Where it is
    not, refunds that were not finished are given up, and so is what is held, if the rest was paid: nobody can tell what becomes of
    it, so it is let go if the provider is ever configured again.

    Raises:
        NotFound: when this attempt at the order has no payment.
        Conflict: when the key came with another amount before.
        FailedPrecondition: when all that was paid outside would be more than was captured, or, for the rest, more is left than was
            paid: the message tells how much. And when the money is held and its provider configured.
        Unavailable: when the provider is asked and has no answer; repeat it.
    """
    async with leased_payment(order_id, order_attempt) as turn:
        begun = await _of_key(turn.payment.id, paid)
        if begun is not None and begun.is_done:
            return given_back(turn.payment, begun)
        provider = providers.get(turn.payment.provider)
        if provider is not None and turn.payment.provider_reference is not None:
            await catch_up(turn, provider)
        refund = await _booked(turn.payment.id, paid, provider is not None)
        await fault_point("payments.PAID_OUTSIDE.recorded")
        return given_back(turn.payment, refund)


async def _of_key(payment_id: UUID, paid: PaidOutside) -> StoredRefund | None:
    begun = await refund_of_key(payment_id, paid.key)
    if begun is not None and not _is_same(begun, paid):
        raise Conflict("This idempotency_key came with another amount before; use a new key.", ("idempotency_key",))
    return begun


def _is_same(begun: StoredRefund, paid: PaidOutside) -> bool:
    """A rest that is not given yet may be of another amount by now; callers of before did not tell how much of it was paid."""
    is_same_rest = paid.is_rest and (not begun.is_done or paid.amount_minor == 0)
    return begun.is_remaining is paid.is_rest and (is_same_rest or begun.amount_minor == paid.amount_minor)


async def _booked(payment_id: UUID, paid: PaidOutside, is_configured: bool) -> StoredRefund:
    async with db.transaction():
        payment = await locked_payment(payment_id)
        begun = await _of_key(payment_id, paid)
        if begun is not None and begun.is_done:
            return begun  # by the provider, as it tells
        payment = await (_rest if paid.is_rest else _amount)(payment, paid, is_configured)
        return await written(payment, paid)


async def written(payment: StoredPayment, paid: PaidOutside) -> StoredRefund:
    """Writes down what was paid of a locked payment, once it is known that it may be."""
    if paid.amount_minor:
        payment = await _moved(payment, pay_standing(payment.standing, paid.amount_minor), AS_IT_IS, paid.key)
        _tell(payment, paid)
    in_all = payment.standing.given_back_minor
    return await insert_paid_outside(payment.id, paid.key, paid.amount_minor, paid.is_rest, paid.how, in_all)


def _tell(payment: StoredPayment, paid: PaidOutside) -> None:
    amount = Money(paid.amount_minor, payment.currency)
    logger.info("payment %s: %s %s paid outside of %s", payment.id, amount.amount, amount.currency, payment.provider)
    in_all, captured = (
        Money(minor, payment.currency) for minor in (payment.standing.given_back_minor, payment.standing.captured_minor)
    )
    if in_all.minor > captured.minor:
        text = "payment %s: its buyer has %s %s back, which is more than the %s that were captured"
        logger.warning(text, payment.id, in_all.amount, in_all.currency, captured.amount)


async def _rest(payment: StoredPayment, paid: PaidOutside, is_configured: bool) -> StoredPayment:
    """Gives up what else was begun; of a payment that is over, what came too late goes back by itself."""
    amount = Money(paid.amount_minor, payment.currency)
    if not is_configured and may_be_held(payment.status):
        payment = await _moved(payment, give_up_hold(payment.standing), MISSING_SECONDS)
    if is_over_without_money(payment.status):
        require_nothing_paid(amount)
        return payment
    require_captured(payment.status)
    require_all_left(payment.standing, amount)
    require_within_captured(payment.standing, amount, "paid_minor")
    await give_up_refunds(await outstanding_refunds(payment.id))
    return payment


async def _amount(payment: StoredPayment, paid: PaidOutside, is_configured: bool) -> StoredPayment:
    require_taken(payment.status)
    require_within_captured(payment.standing, Money(paid.amount_minor, payment.currency), "amount_minor")
    unfinished = await outstanding_refunds(payment.id)
    if is_configured:
        left_minor = pay_standing(payment.standing, paid.amount_minor).standing.left_minor
        unfinished = replaced_refunds(unfinished, paid, left_minor)
    await give_up_refunds(unfinished)
    return payment


def replaced_refunds(unfinished: Sequence[StoredRefund], paid: PaidOutside, left_minor: int) -> Sequence[StoredRefund]:
    """Those refunds, oldest first, that the provider has not given, and that what was paid is in the place of.

    That is the one of the same key; and while the others would give more than ``left_minor``, which is what is left besides what
    was paid, one of the same amount if there is none of the key, then the newest ones. The others may yet be given.
    """
    own = [refund for refund in unfinished if refund.key == paid.key]
    alike = [] if own else [refund for refund in unfinished if refund.amount_minor == paid.amount_minor][:1]
    newest = [refund for refund in reversed(unfinished) if refund not in (*own, *alike)]
    excess_minor = sum(refund.amount_minor for refund in (*alike, *newest)) - left_minor
    for refund in (*alike, *newest):
        if excess_minor > 0:
            own.append(refund)
            excess_minor -= refund.amount_minor
    return own


async def _moved(payment: StoredPayment, progress: Progress, follow_in: float, key: str | None = None) -> StoredPayment:
    events = [*money_moved(subject(payment), progress.movements, RefundCause.OUTSIDE, key)]
    decline = payment.decline if progress.standing.status is PaymentStatus.DECLINED else None
    change = Change(progress.standing, progress.movements, events, decline=decline, follow_in=follow_in)
    recorded = await record(payment, change)
    assert recorded is not None, "a locked payment is changed by nobody else"
    return recorded
