"""Has the provider hold an order's amount."""

import contextlib
from dataclasses import dataclass, field
from uuid import UUID

from shared.errors import FailedPrecondition, Unavailable
from shared.money import Money
from subgraphs.payments.commands.follow_provider import follow_provider
from subgraphs.payments.domain.payment import PaymentStatus, is_open
from subgraphs.payments.domain.ports import Declined, Intent, PaymentProvider, StepRefused
from subgraphs.payments.infrastructure.leases import leased_payment
from subgraphs.payments.infrastructure.payments import StoredPayment, insert_payment, remember_reference


@dataclass(frozen=True, slots=True)
class Authorization:
    """What is asked for."""

    key: str
    order_id: UUID
    customer_id: UUID
    amount: Money
    payment_method_id: str


@dataclass(frozen=True, slots=True)
class AuthorizationOutcome:
    """The payment, and the secret that the buyer's browser needs while it requires action."""

    payment: StoredPayment
    client_secret: str = field(default="", repr=False)


async def authorize_payment(authorization: Authorization, provider: PaymentProvider) -> AuthorizationOutcome:
    """Answers the payment, which is then authorized (or beyond), declined, or requires action.

    Repeated, it goes on from where the provider has the payment, and never confirms twice.

    Raises:
        FailedPrecondition: when the order was voided, or has a payment that another key began.
        Unavailable: when the provider has no answer; repeat it.
    """
    order_id = authorization.order_id
    await insert_payment(order_id, authorization.customer_id, provider.name, authorization.amount, authorization.key)
    async with leased_payment(order_id) as payment:
        _require_same(payment, authorization)
        if not is_open(payment.status):
            return AuthorizationOutcome(payment)
        return await _settle(payment, authorization, provider)


def _require_same(payment: StoredPayment, authorization: Authorization) -> None:
    if payment.status is PaymentStatus.VOIDED:
        raise FailedPrecondition("The order's payment was voided; it can't be authorized any more.", ("order_id",))
    if payment.authorization_key != authorization.key:
        raise FailedPrecondition("The order has a payment already.", ("order_id",))


async def _settle(payment: StoredPayment, authorization: Authorization, provider: PaymentProvider) -> AuthorizationOutcome:
    try:
        intent = await _intent(payment, authorization, provider)
    except Declined as refusal:
        declined = await follow_provider(payment.id, PaymentStatus.DECLINED, refusal.decline)
        return AuthorizationOutcome(declined)
    if intent.awaits_confirmation:
        intent = await _confirmed(intent, payment, provider)
    if intent.status is PaymentStatus.DECLINED:
        await _bar(intent, payment, provider)
    settled = await follow_provider(payment.id, intent.status, intent.decline)
    if settled.status is PaymentStatus.PENDING:
        raise Unavailable("The provider is still at work on this payment; try again.")
    _require_same(settled, authorization)
    return AuthorizationOutcome(settled, intent.client_secret)


async def _intent(payment: StoredPayment, authorization: Authorization, provider: PaymentProvider) -> Intent:
    """The payment's intent, whose reference is stored before anything else is done with it."""
    if payment.provider_reference is not None:
        return await provider.retrieve(payment.provider_reference)
    intent = await provider.create(payment.id, payment.order_id, payment.amount, authorization.payment_method_id)
    await remember_reference(payment.id, intent.reference)
    return intent


async def _confirmed(intent: Intent, payment: StoredPayment, provider: PaymentProvider) -> Intent:
    with contextlib.suppress(Declined, StepRefused):
        return await provider.confirm(intent.reference, payment.id)
    return await provider.retrieve(intent.reference)


async def _bar(intent: Intent, payment: StoredPayment, provider: PaymentProvider) -> None:
    """A declined intent could be paid with another card by whoever has its secret: no longer."""
    with contextlib.suppress(StepRefused):
        await provider.cancel(intent.reference, payment.id)
