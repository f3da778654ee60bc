"""Payments for tests."""

from typing import Any
from uuid import UUID

import orjson

from shared.ids import new_id
from shared.money import Money
from shared.persistence import db
from subgraphs.payments.commands.authorize_payment import AuthorizePayment
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import Providers
from subgraphs.payments.domain.provider import PaymentProvider
from subgraphs.payments.domain.status import PaymentStatus
from tests.contracts import assert_payload_matches
from tests.integration.payments.performed import authorize_payment, capture_payment, follow_due

GOOD_CARD = "pm_card_visa"
CHARGE_DECLINED = "4000000000000341"
ALWAYS_DECLINED = "4000000000000002"
WANTS_3D_SECURE = "4000002500003155"


def authorization(
    payment_method_id: str = GOOD_CARD, amount_minor: int = 1990, order_id: UUID | None = None
) -> AuthorizePayment:
    """What the order saga asks for."""
    order = order_id or new_id()
    return AuthorizePayment(f"{order}:authorize", order, new_id(), Money(amount_minor, "EUR"), payment_method_id)


async def authorized(provider: PaymentProvider, amount_minor: int = 1990) -> UUID:
    """A new order whose amount is held."""
    wanted = authorization(amount_minor=amount_minor)
    assert (await authorize_payment(wanted, only(provider))).status is PaymentStatus.AUTHORIZED
    return wanted.order_id


async def captured(provider: PaymentProvider, amount_minor: int = 1990) -> UUID:
    """A new order that is paid."""
    order_id = await authorized(provider, amount_minor)
    assert (await capture_payment(order_id, only(provider)))[1] is None
    return order_id


def only(provider: PaymentProvider) -> Providers:
    """A shop that has one provider."""
    return {provider.name: provider}


def secret_of(payment: Payment) -> str:
    """What the buyer's browser needs to authenticate."""
    assert payment.action is not None
    return payment.action.client_secret


async def follow_all(provider: PaymentProvider) -> None:
    """Has the worker do all that is due by now."""
    while await follow_due(only(provider)):
        pass


async def status_of(order_id: UUID) -> PaymentStatus:
    """What has become of an order's payment."""
    return PaymentStatus(await db.fetch_value("SELECT status FROM payments WHERE order_id = $1", order_id))


async def movements_of(order_id: UUID) -> list[tuple[str, int]]:
    """The movements of an order's money, oldest first."""
    rows = await db.fetch(
        "SELECT movement.kind, movement.amount_minor FROM movements AS movement"
        " JOIN payments ON payments.id = movement.payment_id"
        " WHERE payments.order_id = $1 ORDER BY movement.created_at, movement.id",
        order_id,
    )
    return [tuple(row) for row in rows]


async def told_of(order_id: UUID, message: str) -> list[dict[str, Any]]:
    """The payloads of one kind of event about an order, in their order, each held against the contract."""
    event_type = f"mercato.payments.{message}"
    rows = await db.fetch(
        "SELECT payload FROM outbox WHERE key = $1 AND type = $2 ORDER BY id", str(order_id), event_type
    )
    payloads: list[dict[str, Any]] = [orjson.loads(row["payload"]) for row in rows]
    for payload in payloads:
        assert_payload_matches(event_type, payload)
    return payloads


async def events_of(order_id: UUID) -> list[str]:
    """The names of the events that were published about an order, in their order."""
    rows = await db.fetch("SELECT type FROM outbox WHERE key = $1 ORDER BY id", str(order_id))
    return [row["type"].rpartition(".")[2] for row in rows]
