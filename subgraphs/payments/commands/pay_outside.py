"""Books that the shop has paid a buyer back outside of the payment's provider, which keeps the money for the shop."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared import db
from shared.errors import Conflict
from shared.faults import fault_point
from shared.money import Money
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.commands.follow_provider import subject
from subgraphs.payments.commands.follow_up import MISSING_SECONDS
from subgraphs.payments.commands.refund_payment import GivenBack, given_back, refundable_minor
from subgraphs.payments.domain.events import RefundCause, money_moved
from subgraphs.payments.domain.payment import (
    PaymentStatus,
    is_over_without_money,
    may_be_held,
    require_captured,
    require_refundable,
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
    """What the shop has paid, in the currency's minor unit; None for all that is left. ``how`` is for staff."""

    key: str
    amount_minor: int | None
    how: str


async def pay_outside(order_id: UUID, paid: PaidOutside, providers: Providers, order_attempt: int = 1) -> GivenBack:
    """Books what was paid, once for its key; of the rest, nothing left or nothing taken is a success.

    The provider gives nothing, and need not be configured. Where it is, it is asked what became of refunds that were not finished,
    and of what is held, so that nobody is paid twice. Where it is not, those refunds are given up, and so is what is held, if the
    rest was paid: nobody can tell what becomes of it, so it is let go if the provider is ever configured again.

    Raises:
        NotFound: when this attempt at the order has no payment.
        Conflict: when the key came with another amount before.
        FailedPrecondition: when less than was paid is left, which the message tells, or the money is held and its provider
            configured.
        Unavailable: when the provider is asked and has no answer; repeat it.
    """
    async with leased_payment(order_id, order_attempt) as turn:
        begun = await _of_key(turn.payment.id, paid)
        if begun is not None and begun.is_done:
            return given_back(turn.payment, begun)
        provider = providers.get(turn.payment.provider)
        if provider is not None and await _is_uncertain(turn.payment):
            await catch_up(turn, provider)
        refund = await _booked(turn.payment.id, paid, provider is not None)
        await fault_point("payments.PAID_OUTSIDE.recorded")
        return given_back(turn.payment, refund)


async def _of_key(payment_id: UUID, paid: PaidOutside) -> StoredRefund | None:
    begun = await refund_of_key(payment_id, paid.key)
    is_same = begun is None or (None if begun.is_remaining else begun.amount_minor) == paid.amount_minor
    if not is_same:
        raise Conflict("This idempotency_key came with another amount before; use a new key.", ("idempotency_key",))
    return begun


async def _is_uncertain(payment: StoredPayment) -> bool:
    """Whether the provider may have moved money of it by our doing, which we have not heard of."""
    if payment.provider_reference is None:
        return False
    return may_be_held(payment.status) or bool(await outstanding_refunds(payment.id))


async def _booked(payment_id: UUID, paid: PaidOutside, is_configured: bool) -> StoredRefund:
    async with db.transaction():
        payment = await locked_payment(payment_id)
        begun = await _of_key(payment_id, paid)
        if begun is not None and begun.is_done:
            return begun  # by the provider, as it tells
        if paid.amount_minor is None:
            payment, amount_minor = await _rest(payment, is_configured)
        else:
            amount_minor = await _amount(payment, paid.key, paid.amount_minor, is_configured)
        return await written(payment, paid, amount_minor)


async def written(payment: StoredPayment, paid: PaidOutside, amount_minor: int) -> StoredRefund:
    """Writes down what was paid of a locked payment, once it is known how much that is."""
    if amount_minor:
        payment = await _moved(payment, pay_standing(payment.standing, amount_minor), AS_IT_IS, paid.key)
        amount = Money(amount_minor, payment.currency)
        logger.info("payment %s: %s %s paid outside of %s", payment.id, amount.amount, amount.currency, payment.provider)
    is_rest, in_all = paid.amount_minor is None, payment.standing.given_back_minor
    return await insert_paid_outside(payment.id, paid.key, amount_minor, is_rest, paid.how, in_all)


async def _rest(payment: StoredPayment, is_configured: bool) -> tuple[StoredPayment, int]:
    """What is left once what else was begun is given up; of a payment that is over, what came too late goes back by itself."""
    if not is_configured and may_be_held(payment.status):
        payment = await _moved(payment, give_up_hold(payment.standing), MISSING_SECONDS)
    if is_over_without_money(payment.status):
        return payment, 0
    require_captured(payment.status)
    await give_up_refunds(await outstanding_refunds(payment.id))
    return payment, payment.standing.left_minor


async def _amount(payment: StoredPayment, key: str, amount_minor: int, is_configured: bool) -> int:
    unfinished = await outstanding_refunds(payment.id)
    if is_configured:
        room_minor = payment.standing.left_minor - amount_minor
        unfinished = _replaced(unfinished, key, amount_minor, room_minor)
    await give_up_refunds(unfinished)
    require_refundable(payment.status, amount_minor, Money(await refundable_minor(payment), payment.currency))
    return amount_minor


def _replaced(unfinished: Sequence[StoredRefund], key: str, amount_minor: int, room_minor: int) -> Sequence[StoredRefund]:
    """Those refunds that the provider has not given, and that what was paid is in the place of.

    That is the one of the same key; or else one of the same amount, if there is no room for both. The others may yet be given.
    """
    own = [refund for refund in unfinished if refund.key == key]
    if own or sum(refund.amount_minor for refund in unfinished) <= room_minor:
        return own
    return [refund for refund in unfinished if refund.amount_minor == amount_minor][:1]


async def _moved(payment: StoredPayment, progress: Progress, follow_in: float, key: str | None = None) -> StoredPayment:
    events = [*money_moved(subject(payment), progress.movements, RefundCause.OUTSIDE, key)]
    decline = payment.decline if progress.standing.status is PaymentStatus.DECLINED else None
    change = Change(progress.standing, progress.movements, events, decline=decline, follow_in=follow_in)
    recorded = await record(payment, change)
    assert recorded is not None, "a locked payment is changed by nobody else"
    return recorded
