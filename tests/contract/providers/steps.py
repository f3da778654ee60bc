"""The steps that a payment takes, whichever provider it is."""

from datetime import UTC, datetime, timedelta

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.provider import Decline, DeclinedError, Intent, NewPayment, PaymentProvider
from subgraphs.payments.domain.status import PaymentStatus
from tests.contract.providers.shops import Shop

AMOUNT = Money(1990, "EUR")


def new_payment(method: str, amount: Money = AMOUNT) -> NewPayment:
    """A payment of a new order."""
    return NewPayment(payment_id=new_id(), order_id=new_id(), amount=amount, method=method)


async def begun(shop: Shop, payment: NewPayment, approves: bool = True) -> Intent:
    """What a payment comes to when the buyer does all that is asked for, or gives up at the first question."""
    intent = await shop.provider.begin(payment)
    if intent.status is PaymentStatus.REQUIRES_ACTION:
        secret = intent.action.client_secret if intent.action else ""
        await shop.buyer_acts(intent.reference, secret, approves)
        intent = await shop.provider.retrieve(intent.reference)
    return await confirmed(shop.provider, intent, payment)


async def confirmed(provider: PaymentProvider, intent: Intent, payment: NewPayment) -> Intent:
    """The intent after the shop's own word, if it waits for that."""
    return await provider.confirm(intent.reference, payment.payment_id) if intent.awaits_confirmation else intent


async def held(shop: Shop, amount: Money = AMOUNT) -> tuple[NewPayment, Intent]:
    """A payment whose amount is held."""
    payment = new_payment(shop.good_method, amount)
    intent = await begun(shop, payment)
    assert intent.status is PaymentStatus.AUTHORIZED, intent
    return payment, intent


async def captured(shop: Shop, amount: Money = AMOUNT) -> tuple[NewPayment, Intent]:
    """A payment that was taken."""
    payment, intent = await held(shop, amount)
    taken = await shop.provider.capture(intent.reference, payment.payment_id)
    assert taken.status is PaymentStatus.CAPTURED, taken
    return payment, taken


async def declined(shop: Shop) -> tuple[Intent | None, Decline | None]:
    """What the provider keeps of a payment that the buyer's bank refuses, if anything, and why it was refused."""
    payment = new_payment(await shop.declining_method())
    try:
        intent = await begun(shop, payment)
    except DeclinedError as rejection:
        return None, rejection.decline
    return intent, intent.decline


def a_moment_ago() -> datetime:
    """Providers note times in whole seconds."""
    return datetime.now(UTC) - timedelta(seconds=2)
