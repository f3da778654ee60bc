"""Payments in memory, with one provider."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.commands.authorize_payment import AuthorizePayment, authorize_payment
from subgraphs.payments.commands.capture_payment import CapturePayment, capture_payment
from subgraphs.payments.commands.follow_due import FollowDue, follow_due
from subgraphs.payments.domain.ledger import Account, postings
from subgraphs.payments.domain.payment import Payment
from tests.fakes.payment_provider import GOOD
from tests.fakes.payment_work import PaymentsWorkTwin

AMOUNT = Money(1990, "EUR")


class Shop(PaymentsWorkTwin):
    """What tests do with payments."""

    async def authorized(self, method: str = GOOD, order_id: UUID | None = None, attempt: int = 1) -> Payment:
        """A payment that was asked for."""
        return await self.perform_alone(authorize_payment, authorization(method, order_id, attempt))

    async def captured(self) -> Payment:
        """A payment that was taken."""
        payment = await self.authorized()
        await self.perform_alone(capture_payment, CapturePayment(payment.order_id))
        return self.now(payment)

    def now(self, payment: Payment) -> Payment:
        """A payment as it is by now."""
        return self.tables.payments[payment.id]

    def only(self, order_id: UUID) -> Payment:
        """The only payment of an order."""
        (payment,) = [each for each in self.tables.payments.values() if each.order_id == order_id]
        return payment

    def seconds_until_asked(self, payment: Payment) -> float:
        """When the provider is asked about a payment that it is to be asked about."""
        follow_at = self.now(payment).follow_at
        assert follow_at is not None
        return (follow_at - datetime.now(UTC)).total_seconds()

    def change(self, payment: Payment) -> None:
        """Somebody writes a payment's row, so that what was decided on it before is old."""
        current = self.now(payment)
        self.tables.payments[payment.id] = replace(current, version=current.version + 1)

    def forget_provider(self) -> None:
        """The provider is not configured any more."""
        self.providers = {}

    async def followed(self, payment: Payment) -> Payment:
        """A payment after the worker has come for it."""
        await self.payments.follow_in(payment.id, 0)
        while await self.perform_alone(follow_due, FollowDue(8)):
            pass
        return self.now(payment)

    def told(self) -> list[str]:
        """The names of all events."""
        return [event.type.rpartition(".")[2] for event in self.tables.events]

    def balance(self, account: Account) -> int:
        """What an account says of all that moved."""
        lines = [line for _, movement in self.tables.movements for line in postings(movement)]
        return sum(line.amount_minor for line in lines if line.account is account)


def authorization(method: str = GOOD, order_id: UUID | None = None, attempt: int = 1) -> AuthorizePayment:
    """What the order saga asks for."""
    order = order_id or new_id()
    return AuthorizePayment(f"{order}:{attempt}", order, new_id(), AMOUNT, method, attempt)
