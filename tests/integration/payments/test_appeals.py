"""Disputes that are decided otherwise after they were decided:
the provider's last word is booked, by webhook or without any.
"""

from uuid import UUID

import pytest

from shared.persistence import db
from tests.integration.payments.builders import captured, follow_all, movements_of, told_of
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import find_changes

OTHER = {"won": "LOST", "lost": "WON"}


async def decided(shop: DoubledShop, outcome: str) -> tuple[UUID, str]:
    """An order whose dispute was decided, as payments has heard."""
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id), amount=1500)
    await shop.double.decide(dispute, outcome)
    await shop.tell(*await shop.events(order_id))
    await follow_all(shop.provider)
    return order_id, dispute


async def disputed_minor(order_id: UUID) -> int:
    found: int = await db.fetch_value("SELECT disputed_minor FROM payments WHERE order_id = $1", order_id)
    return found


async def outcomes(order_id: UUID) -> list[str]:
    return [told["outcome"] for told in await told_of(order_id, "PaymentDisputeClosed")]


@pytest.mark.parametrize("outcome", OTHER)
async def test_by_webhooks_the_last_decision_counts(shop: DoubledShop, outcome: str) -> None:
    order_id, dispute = await decided(shop, outcome)
    await shop.double.decide(dispute, "appealed")
    await shop.tell(*await shop.events(order_id))
    await follow_all(shop.provider)
    assert await outcomes(order_id) == [outcome.upper(), OTHER[outcome]]
    assert await disputed_minor(order_id) == (1500 if outcome == "won" else 0)
    last = {"won": ["DISPUTE_OPENED", "DISPUTE_LOST"], "lost": ["DISPUTE_REVERSED"]}[outcome]
    kinds = [kind for kind, _ in await movements_of(order_id)]
    assert kinds[-len(last) :] == last


@pytest.mark.parametrize("outcome", OTHER)
async def test_by_the_poll_alone_the_last_decision_counts(shop: DoubledShop, outcome: str) -> None:
    order_id, dispute = await decided(shop, outcome)
    await find_changes(shop.provider)
    await follow_all(shop.provider)
    await shop.double.decide(dispute, "appealed")
    for _ in range(2):
        await find_changes(shop.provider)
        await follow_all(shop.provider)
    assert await outcomes(order_id) == [outcome.upper(), OTHER[outcome]]


@pytest.mark.parametrize("outcome", OTHER)
@pytest.mark.parametrize("seed", range(3))
async def test_whatever_the_order_of_webhooks_it_is_booked_once(shop: DoubledShop, outcome: str, seed: int) -> None:
    order_id, dispute = await decided(shop, outcome)
    await shop.double.decide(dispute, "appealed")
    for late in ("", "_late"):
        events = [{**event, "id": f"{event['id']}{late}"} for event in await shop.events(order_id)]
        await shop.tell_until_heard(events, seed)
        await follow_all(shop.provider)
        await make_due(order_id)
        await follow_all(shop.provider)
    assert await outcomes(order_id) == [outcome.upper(), OTHER[outcome]]
    assert await disputed_minor(order_id) == (1500 if outcome == "won" else 0)


async def test_twice_otherwise_is_as_it_was_first(shop: DoubledShop) -> None:
    order_id, dispute = await decided(shop, "lost")
    for _ in range(2):
        await shop.double.decide(dispute, "appealed")
        await make_due(order_id)
        await follow_all(shop.provider)
    assert await outcomes(order_id) == ["LOST", "WON", "LOST"]
    assert await disputed_minor(order_id) == 1500
