"""Payments' handlers, performed in this process on its database as the entrypoints have them performed."""

from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from shared.errors import rejections_as
from shared.money import Money
from shared.persistence.work import Handler
from subgraphs.payments.bootstrap import unit_of_work
from subgraphs.payments.commands import authorize_payment as authorizing
from subgraphs.payments.commands import capture_payment as capturing
from subgraphs.payments.commands import decide_dispute as deciding
from subgraphs.payments.commands import find_changes as finding
from subgraphs.payments.commands import pay_late_outside as paying_late
from subgraphs.payments.commands import pay_outside as paying
from subgraphs.payments.commands import refund_payment as refunding
from subgraphs.payments.commands import refund_remaining as refunding_all
from subgraphs.payments.commands import void_payment as voiding
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork, Providers
from subgraphs.payments.domain.provider import Decline, DisputeOutcome, PaymentProvider
from subgraphs.payments.domain.refund import Refunded
from subgraphs.payments.entrypoints.rpc_rejections import Keyed, service_error
from subgraphs.payments.entrypoints.workers import Following

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")
NOT_USED: Any = None
_NO_REST = pb.RefundRequest(amount_minor=1)


async def performed(
    handler: Handler[Command, PaymentsWork, Outcome],
    command: Command,
    providers: Providers,
    request: Keyed = _NO_REST,
) -> Outcome:
    """Without a transaction; a rejection is what other subgraphs are answered to the request."""
    with rejections_as(partial(service_error, request)):
        return await unit_of_work(NOT_USED, providers, NOT_USED).perform_alone(handler, command)


async def authorize_payment(command: authorizing.AuthorizePayment, providers: Providers) -> Payment:
    """Has an amount held."""
    return await performed(authorizing.authorize_payment, command, providers)


async def capture_payment(order_id: UUID, providers: Providers, order_attempt: int = 1) -> tuple[UUID, Decline | None]:
    """The payment's id, and why nothing was taken when the provider said no."""
    outcome = await performed(capturing.capture_payment, capturing.CapturePayment(order_id, order_attempt), providers)
    return outcome.payment_id, outcome.decline if isinstance(outcome, capturing.CaptureDeclined) else None


async def void_payment(order_id: UUID, providers: Providers, order_attempt: int = 1) -> None:
    """Lets go what is held."""
    await performed(voiding.void_payment, voiding.VoidPayment(order_id, order_attempt), providers)


async def refund_payment(
    order_id: UUID, amount_minor: int, key: str, providers: Providers, order_attempt: int = 1
) -> Refunded:
    """Gives an amount back."""
    command = refunding.RefundPayment(order_id, amount_minor, key, order_attempt)
    return await performed(refunding.refund_payment, command, providers)


async def refund_remaining(order_id: UUID, key: str, providers: Providers, order_attempt: int = 1) -> Refunded:
    """Gives back all that is left."""
    command = refunding_all.RefundRemaining(order_id, key, order_attempt)
    return await performed(refunding_all.refund_remaining, command, providers)


async def pay_outside(order_id: UUID, paid: PaidOutside, providers: Providers, order_attempt: int = 1) -> Refunded:
    """The shop has paid the buyer itself."""
    command = paying.PayOutside(order_id, paid, order_attempt)
    return await performed(paying.pay_outside, command, providers, pb.RefundRequest(remaining=paid.is_rest or None))


async def find_changes(provider: PaymentProvider) -> int:
    """Reads a provider's lists."""
    return await performed(finding.find_changes, finding.FindChanges(provider.name), {provider.name: provider})


async def follow_due(providers: Providers) -> int:
    """Follows up what is due."""
    return await Following(unit_of_work(NOT_USED, providers, NOT_USED)).sweep()


async def pay_late_outside(order_id: UUID, order_attempt: int, how: str, providers: Providers) -> Money:
    """Books what came too late as paid; rejections are its own."""
    work = unit_of_work(NOT_USED, providers, NOT_USED)
    command = paying_late.PayLateOutside(order_id, order_attempt, how)
    return await work.perform_alone(paying_late.pay_late_outside, command)


async def decide_dispute(dispute_id: UUID, outcome: DisputeOutcome, providers: Providers) -> Money:
    """Books a bank's decision; rejections are its own."""
    work = unit_of_work(NOT_USED, providers, NOT_USED)
    return await work.perform(deciding.decide_dispute, deciding.DecideDispute(dispute_id, outcome))
