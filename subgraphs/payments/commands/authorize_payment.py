"""Has the provider hold an order's amount."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import FailedPrecondition, Unavailable
from shared.ids import try_parse_id
from shared.money import Money
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import NOT_TAKEN, Providers, confirmed_intent, provider_of
from subgraphs.payments.commands.follow_provider import decline, finish
from subgraphs.payments.domain.methods import UNKNOWN_METHOD, provider_name
from subgraphs.payments.domain.payment import PaymentStatus, is_open
from subgraphs.payments.domain.ports import Declined
from subgraphs.payments.infrastructure.leases import Beginning, Turn, begun_payment
from subgraphs.payments.infrastructure.payments import StoredPayment
from subgraphs.payments.infrastructure.saved_methods import saved_method


@dataclass(frozen=True, slots=True)
class Authorization:
    """What is asked for."""

    key: str
    order_id: UUID
    customer_id: UUID
    amount: Money
    payment_method_id: str
    order_attempt: int = 1


async def authorize_payment(authorization: Authorization, providers: Providers) -> StoredPayment:
    """Answers the payment, which is then authorized (or beyond), declined, or requires action.

    Repeated, it goes on from where the provider has the payment, and has the amount held once.

    Raises:
        FailedPrecondition: when this attempt at the order was voided, has a payment that another key began, or one whose provider
            is not configured here any more; or when a later attempt has begun.
        Unavailable: when the provider has no answer; repeat it.
    """
    async with begun_payment(await _beginning(authorization)) as turn:
        _require_same(turn.payment, authorization)
        if is_open(turn.payment.status):
            await _settle(turn, providers)
            _require_same(turn.payment, authorization)
        return turn.payment


async def _beginning(authorization: Authorization) -> Beginning:
    """What is stored before the provider is asked, so that every repetition sends the same."""
    wanted = authorization
    method, provider, customer_reference = wanted.payment_method_id, provider_name(wanted.payment_method_id), None
    saved_id = try_parse_id(wanted.payment_method_id)
    saved = await saved_method(saved_id, wanted.customer_id) if saved_id else None
    if saved is not None:
        method, provider, customer_reference = saved.reference, saved.provider, saved.customer_reference
    return Beginning(
        wanted.order_id,
        wanted.customer_id,
        provider,
        method,
        customer_reference,
        wanted.amount,
        wanted.key,
        wanted.order_attempt,
    )


def _require_same(payment: StoredPayment, authorization: Authorization) -> None:
    if payment.status is PaymentStatus.VOIDED:
        raise FailedPrecondition("The order's payment was voided; it can't be authorized any more.", ("order_id",))
    if payment.authorization_key != authorization.key:
        raise FailedPrecondition("The order has a payment already.", ("order_id",))


async def _settle(turn: Turn, providers: Providers) -> None:
    try:
        if try_parse_id(turn.payment.method):
            raise Declined(UNKNOWN_METHOD)  # a saved method's id that is none of this buyer's
        if turn.is_new and turn.payment.provider not in providers:
            raise Declined(NOT_TAKEN)  # a provider that may have been asked before is not here any more
        intent = await confirmed_intent(turn.payment, provider_of(turn.payment, providers))
    except Declined as refusal:
        await decline(turn, refusal.decline)
        return
    settled = await finish(turn, intent)
    await fault_point("payments.BEGIN.recorded")
    if settled.status is PaymentStatus.PENDING:
        raise Unavailable("The provider is still at work on this payment; try again.")
