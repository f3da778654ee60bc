"""Books that the shop has paid a buyer back what came too late, and what the provider does not give back."""

from uuid import UUID

from shared.errors import FailedPrecondition
from shared.money import Money
from shared.persistence import db
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.follow_provider import late_key
from subgraphs.payments.commands.pay_outside import PaidOutside, written
from subgraphs.payments.domain.payment import is_over_without_money
from subgraphs.payments.infrastructure.disputes import has_open_dispute
from subgraphs.payments.infrastructure.leases import leased_payment
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment
from subgraphs.payments.infrastructure.refunds import give_up_refunds, outstanding_refunds


async def pay_late_outside(order_id: UUID, order_attempt: int, how: str, providers: Providers) -> Money:
    """Books all that is left of a payment that came to nothing as paid; answers how much. ``how`` is for staff.

    The order never had this money, and is told of nothing. What it owes itself is settled by its own ``orderSettle``.

    Raises:
        NotFound: when this attempt at the order has no payment.
        FailedPrecondition: when the payment has not come to nothing, nothing of it is left, or the provider or the buyer's bank may
            be giving it back.
        Unavailable: when others take too long with this payment.
    """
    async with leased_payment(order_id, order_attempt) as turn, db.transaction():
        payment = await locked_payment(turn.payment.id)
        await _require_kept(payment, is_configured=payment.provider in providers)
        left_minor = payment.standing.left_minor
        await give_up_refunds(await outstanding_refunds(payment.id))
        key = f"{late_key(payment.id)}:outside:{payment.standing.given_back_minor}"
        await written(payment, PaidOutside(key, left_minor, how, is_rest=True))
        return Money(left_minor, payment.currency)


async def _require_kept(payment: StoredPayment, is_configured: bool) -> None:
    if not is_over_without_money(payment.status):
        raise FailedPrecondition(
            f"The payment is {payment.status}: what its order owes is settled by orderSettle.", ("order",)
        )
    if payment.standing.left_minor == 0:
        raise FailedPrecondition(f"The payment is {payment.status} and nothing of it is left to be paid.", ("order",))
    if await has_open_dispute(payment.id):
        raise FailedPrecondition(
            "The buyer's bank disputes it and may give it back; wait until that is decided.", ("order",)
        )
    if is_configured and await outstanding_refunds(payment.id):
        raise FailedPrecondition(
            "A refund of it is under way at the provider; wait until that is done or refused.", ("order",)
        )
