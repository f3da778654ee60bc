"""Somebody takes a part of what is held on the provider's own page:
nobody is paid by that, and the part goes back by itself.
"""

from uuid import UUID

import pytest

from subgraphs.payments.domain.provider import DisputeOutcome
from subgraphs.payments.domain.reconciliation import audit_ledger, compare_money
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.builders import (
    authorization,
    authorized,
    events_of,
    follow_all,
    movements_of,
    status_of,
    told_of,
)
from tests.integration.payments.doubled import ACTING_CARD, DoubledShop, make_due
from tests.integration.payments.performed import authorize_payment, capture_payment, void_payment
from tests.integration.payments.test_provider_missing import books_of

BACK = [("AUTHORIZATION", 1990), ("CAPTURE", 1000), ("VOID", 990), ("REFUND", 1000)]


async def taken_in_part(shop: DoubledShop) -> UUID:
    """An order of 19.90 EUR of which 10.00 were taken, and the rest is not held any more."""
    order_id = await authorized(shop.provider)
    await shop.act(f"/v1/payment_intents/{await shop.reference(order_id)}/capture", amount_to_capture="1000")
    return order_id


async def looked_at(shop: DoubledShop, order_id: UUID) -> None:
    await make_due(order_id)
    await follow_all(shop.provider)


async def assert_nothing_is_kept(order_id: UUID) -> None:
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await movements_of(order_id) == BACK
    assert [refund["cause"] for refund in await told_of(order_id, "PaymentRefunded")] == ["LATE"]
    books = await books_of(order_id)
    assert [*audit_ledger(books), *compare_money(None, [books])] == []


@pytest.mark.parametrize("learned", ["webhooks", "look", "capture", "void"])
async def test_the_hold_is_over_and_the_part_goes_back_however_it_is_learned(shop: DoubledShop, learned: str) -> None:
    order_id = await taken_in_part(shop)
    match learned:
        case "webhooks":
            await shop.tell(*await shop.events(order_id))
        case "look":
            await looked_at(shop, order_id)
        case "capture":
            _, decline = await capture_payment(order_id, shop.providers)
            assert decline is not None
            assert decline.code == "authorization_ended"
        case "void":
            await void_payment(order_id, shop.providers)
    assert await status_of(order_id) in (PaymentStatus.VOIDED, PaymentStatus.REFUNDED)
    assert "PaymentVoided" in await events_of(order_id), "by which orders learns that nothing is held for it any more"
    await follow_all(shop.provider)  # it is due at once
    await assert_nothing_is_kept(order_id)


async def test_what_somebody_gives_back_there_meanwhile_is_given_once(shop: DoubledShop) -> None:
    order_id = await taken_in_part(shop)
    await shop.act("/v1/refunds", payment_intent=await shop.reference(order_id))
    await looked_at(shop, order_id)
    await assert_nothing_is_kept(order_id)
    await looked_at(shop, order_id)
    assert await movements_of(order_id) == BACK


async def test_a_dispute_that_is_received_first_does_not_make_the_part_the_whole(shop: DoubledShop) -> None:
    order_id = await taken_in_part(shop)
    dispute = await shop.double.dispute(await shop.reference(order_id), amount=400)
    created = [event for event in await shop.events(order_id) if event["type"] == "charge.dispute.created"]
    assert await shop.tell(*created) == ["ASKED"]
    await follow_all(shop.provider)
    await looked_at(shop, order_id)
    kinds = await movements_of(order_id)
    assert ("CAPTURE", 1000) in kinds
    assert ("DISPUTE_OPENED", 400) in kinds
    await shop.double.decide(dispute, DisputeOutcome.LOST.lower())
    await looked_at(shop, order_id)
    await looked_at(shop, order_id)
    assert ("REFUND", 600) in await movements_of(order_id)
    assert [*audit_ledger(await books_of(order_id))] == []


async def test_a_part_taken_of_what_was_never_known_to_be_held_goes_back_too(shop: DoubledShop) -> None:
    wanted = authorization(ACTING_CARD)
    await authorize_payment(wanted, shop.providers)
    reference = await shop.reference(wanted.order_id)
    await shop.double.buyer_acts(reference, approves=True)
    await shop.act(f"/v1/payment_intents/{reference}/capture", amount_to_capture="1000")
    await looked_at(shop, wanted.order_id)
    await follow_all(shop.provider)
    await assert_nothing_is_kept(wanted.order_id)
