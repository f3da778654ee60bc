"""Somebody takes a part of what is held on the provider's own pages:
nothing is booked, and giving it back there is the way out.
"""

from uuid import UUID

import pytest

from shared.errors import FailedPrecondition
from subgraphs.payments.domain.reconciliation import audit_ledger
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.builders import authorized, events_of, follow_all, movements_of, status_of
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import capture_payment, void_payment
from tests.integration.payments.test_provider_missing import books_of


async def taken_in_part(shop: DoubledShop) -> UUID:
    """An order of 19.90 EUR of which 10.00 were taken, and the rest is not held any more."""
    order_id = await authorized(shop.provider)
    await shop.act(f"/v1/payment_intents/{await shop.reference(order_id)}/capture", amount_to_capture="1000")
    return order_id


async def test_it_is_rejected_with_the_way_out(shop: DoubledShop) -> None:
    order_id = await taken_in_part(shop)
    for command in (capture_payment, void_payment):
        with pytest.raises(FailedPrecondition, match=r"10\.00 EUR for this payment of 19\.90 EUR\. Give back on"):
            await command(order_id, shop.providers)
    assert await status_of(order_id) is PaymentStatus.AUTHORIZED
    await shop.act("/v1/refunds", payment_intent=await shop.reference(order_id))
    await make_due(order_id)
    await follow_all(shop.provider)


@pytest.mark.parametrize("heard", ["webhooks", "looks", "void"])
async def test_once_it_is_back_nothing_is_held_or_kept(shop: DoubledShop, heard: str) -> None:
    order_id = await taken_in_part(shop)
    await shop.act("/v1/refunds", payment_intent=await shop.reference(order_id))
    match heard:
        case "webhooks":
            await shop.tell(*await shop.events(order_id))
        case "looks":
            await make_due(order_id)
            await follow_all(shop.provider)
        case "void":
            await void_payment(order_id, shop.providers)
    assert await status_of(order_id) is PaymentStatus.VOIDED
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]
    assert (await events_of(order_id))[-1] == "PaymentVoided"
    assert [*audit_ledger(await books_of(order_id))] == []


async def test_a_part_of_the_part_is_not_enough(shop: DoubledShop) -> None:
    order_id = await taken_in_part(shop)
    reference = await shop.reference(order_id)
    await shop.act("/v1/refunds", payment_intent=reference, amount="999")
    with pytest.raises(FailedPrecondition):
        await void_payment(order_id, shop.providers)
    await shop.act("/v1/refunds", payment_intent=reference, amount="1")
    await void_payment(order_id, shop.providers)
    assert await status_of(order_id) is PaymentStatus.VOIDED
