"""What was done with taken money at the provider is found without any webhook, by what the provider lists."""

from datetime import datetime
from uuid import UUID

import pytest

from shared.errors import Unavailable
from shared.persistence import db
from subgraphs.payments.commands import find_changes as looking
from subgraphs.payments.infrastructure.looks import PostgresLooks
from tests.integration.payments.builders import authorized, captured, events_of, follow_all, told_of
from tests.integration.payments.doubled import DoubledShop
from tests.integration.payments.performed import find_changes, refund_payment, void_payment


async def refund_there(shop: DoubledShop, order_id: UUID, amount: int) -> None:
    """Somebody gives money back at the provider's dashboard."""
    await shop.double.refund(await shop.reference(order_id), amount)


async def looked(shop: DoubledShop) -> int:
    """A scheduled look, and all that follows from it; answers how many payments were asked about."""
    found = await find_changes(shop.provider)
    await follow_all(shop.provider)
    return found


async def until(shop: DoubledShop) -> datetime:
    """Until when was looked."""
    moment = await PostgresLooks().until(shop.provider.name)
    assert moment
    return moment


async def test_refunds_and_disputes_at_the_provider_are_found(shop: DoubledShop) -> None:
    wholly, partly, disputed = [await captured(shop.provider) for _ in range(3)]
    await refund_there(shop, wholly, 1990)
    await refund_there(shop, partly, 300)
    await shop.double.dispute(await shop.reference(disputed))
    await looked(shop)
    assert [(told["amountMinor"], told["cause"]) for told in await told_of(wholly, "PaymentRefunded")] == [
        (1990, "PROVIDER")
    ]
    assert [told["amountMinor"] for told in await told_of(partly, "PaymentRefunded")] == [300]
    assert (await events_of(disputed))[-1] == "PaymentDisputed"


async def test_a_payment_of_any_age_is_found(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await db.execute("UPDATE payments SET created_at = now() - interval '400 days' WHERE order_id = $1", order_id)
    await refund_there(shop, order_id, 300)
    await looked(shop)
    assert [told["amountMinor"] for told in await told_of(order_id, "PaymentRefunded")] == [300]
    await db.execute("UPDATE payments SET created_at = now() WHERE order_id = $1", order_id)


async def test_what_we_did_ourselves_is_no_news(shop: DoubledShop) -> None:
    await looked(shop)
    given_back, let_go = await captured(shop.provider), await authorized(shop.provider)
    await refund_payment(given_back, 500, "key", shop.providers)
    await void_payment(let_go, shop.providers)
    query = "SELECT count(*) FROM payments WHERE order_id = ANY($1::uuid[]) AND follow_at IS NOT NULL"
    await find_changes(shop.provider)
    assert await db.fetch_value(query, [given_back, let_go]) == 0


async def test_each_look_begins_where_the_last_one_ended(shop: DoubledShop) -> None:
    await looked(shop)
    first = await until(shop)
    await shop.double.on_requests("fail", "/v1/disputes", method="GET", times=None)
    with pytest.raises(Unavailable):
        await looked(shop)
    assert await until(shop) == first
    await shop.double.reset()
    order_id = await captured(shop.provider)
    await refund_there(shop, order_id, 300)
    await looked(shop)
    assert await until(shop) > first
    assert len(await told_of(order_id, "PaymentRefunded")) == 1


async def test_more_than_one_look_takes_are_found_piece_by_piece(
    shop: DoubledShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [await captured(shop.provider) for _ in range(5)]
    for order_id in orders:
        await refund_there(shop, order_id, 300)
    monkeypatch.setattr(looking, "MOST_CHANGES", 2)
    await looked(shop)
    for order_id in orders:
        assert len(await told_of(order_id, "PaymentRefunded")) == 1
