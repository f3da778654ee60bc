"""Has the provider hold an order's amount."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Unavailable
from shared.ids import try_parse_id
from shared.money import Money
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import confirmed_intent
from subgraphs.payments.commands.follow_provider import decline, finish
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.methods import NOT_TAKEN, UNKNOWN_METHOD, provider_name
from subgraphs.payments.domain.payment import Beginning, Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import DeclinedError
from subgraphs.payments.domain.rejections import PaymentExists, PaymentVoided
from subgraphs.payments.domain.status import PaymentStatus, is_open


@dataclass(frozen=True, slots=True)
class AuthorizePayment:
    """An attempt at an order and what it is to be paid with; ``key`` is who asks."""

    key: str
    order_id: UUID
    customer_id: UUID
    amount: Money
    payment_method_id: str
    order_attempt: int = 1


async def authorize_payment(command: AuthorizePayment, work: PaymentsWork) -> Payment:
    """The payment, which is then authorized (or beyond), declined, or requires action.

    Repeated, it goes on from where the provider has the payment, and has the amount held once.

    Raises:
        PaymentVoided, PaymentExists, AttemptOver, ProviderMissing, AmountMismatch
        Unavailable: when the provider has no answer; repeat it.
    """
    async with work.leases.of_beginning(await _beginning(command, work)) as lease:
        _require_same(lease.payment, command)
        if is_open(lease.payment.status):
            await _settle(lease, work)
            _require_same(lease.payment, command)
        return lease.payment


async def _beginning(command: AuthorizePayment, work: PaymentsWork) -> Beginning:
    """What is stored before the provider is asked, so that every repetition sends the same."""
    method, customer_reference = command.payment_method_id, None
    provider, saved_id = provider_name(method), try_parse_id(method)
    saved = await work.methods.of_user(command.customer_id, saved_id) if saved_id else None
    if saved is not None:
        method, provider, customer_reference = saved.reference, saved.provider, saved.customer_reference
    return Beginning(
        command.order_id,
        command.customer_id,
        provider,
        method,
        customer_reference,
        command.amount,
        command.key,
        command.order_attempt,
    )


def _require_same(payment: Payment, command: AuthorizePayment) -> None:
    if payment.status is PaymentStatus.VOIDED:
        raise PaymentVoided
    if payment.authorization_key != command.key:
        raise PaymentExists


async def _settle(lease: Lease, work: PaymentsWork) -> None:
    try:
        _require_usable(lease, work)
        intent = await confirmed_intent(lease.payment, work)
    except DeclinedError as no:
        await decline(lease, no.decline, work)
        return
    settled = await finish(lease, intent, work)
    await fault_point("payments.BEGIN.recorded")
    if settled.status is PaymentStatus.PENDING:
        raise Unavailable("The provider is still at work on this payment; try again.")


def _require_usable(lease: Lease, work: PaymentsWork) -> None:
    """A saved method's id is none of this buyer's here.
    A provider that may have been asked before is not missed, but away.
    """
    if try_parse_id(lease.payment.method):
        raise DeclinedError(UNKNOWN_METHOD)
    if lease.is_new and lease.payment.provider not in work.providers:
        raise DeclinedError(NOT_TAKEN)
