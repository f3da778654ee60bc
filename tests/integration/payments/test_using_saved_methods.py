"""Cards that users keep: whom they pay for, however they are named, and what is answered to who asks again."""

import asyncio

import pytest

from shared.ids import new_id
from tests.doubles.running import Double
from tests.integration.payments.test_payments_process import Caller
from tests.integration.payments.test_saved_methods import REMOVE, Buyer, a_card, new_buyer, shop_at_double
from tests.subgraphs import Running

__all__ = ["new_buyer", "shop_at_double"]


@pytest.mark.parametrize("rejected", ["bad one", "pm_card_chargeDeclined", "pm_nobody_knows"])
async def test_a_rejected_card_leaves_its_key_free(buyer: Buyer, rejected: str) -> None:
    payload = await buyer.add(rejected, key="a form's")
    assert payload["errors"][0]["field"] == ["paymentMethodId"]
    assert (await buyer.add(key="a form's"))["paymentMethod"]["lastDigits"] == "4242"


async def test_a_card_that_was_removed_meanwhile_is_told_to_who_repeats_its_key(buyer: Buyer) -> None:
    card = (await buyer.add(key="kept"))["paymentMethod"]
    await buyer.change(REMOVE, input={"id": card["id"]})
    for _ in range(2):
        again = await buyer.add(key="kept")
        assert again["paymentMethod"] is None
        assert [(error["code"], error["field"]) for error in again["errors"]] == [
            ("PAYMENT_METHOD_NOT_FOUND", ["paymentMethodId"])
        ]
        assert "new idempotencyKey" in again["errors"][0]["message"]


async def test_a_card_removed_five_times_at_once_is_removed_once(buyer: Buyer, running_double: Double) -> None:
    card = await buyer.added()
    payloads = await asyncio.gather(*(buyer.change(REMOVE, input={"id": card["id"]}) for _ in range(5)))
    assert [payload["removedId"] for payload in payloads if not payload["errors"]] == [card["id"]]
    rejected = [error["code"] for payload in payloads for error in payload["errors"]]
    assert rejected == ["PAYMENT_METHOD_NOT_FOUND"] * 4


async def test_a_kept_card_pays_for_its_owner_and_for_nobody_else(buyer: Buyer, shop: Running) -> None:
    card, caller, order_id, other = await buyer.added(), Caller(shop), new_id(), new_id()
    paid = await caller.authorize(order_id, customer_id=str(buyer.id), payment_method_id=card["id"])
    assert paid.WhichOneof("outcome") == "authorized"
    stolen = await caller.authorize(other, customer_id=str(new_id()), payment_method_id=card["id"])
    assert stolen.declined.code == "resource_missing"


async def test_a_kept_card_named_as_the_provider_does_pays_for_its_owner(
    buyer: Buyer, shop: Running, running_double: Double
) -> None:
    reference = await a_card(running_double)
    await buyer.added(reference)
    paid = await Caller(shop).authorize(new_id(), customer_id=str(buyer.id), payment_method_id=reference)
    assert paid.WhichOneof("outcome") == "authorized"


async def test_another_buyers_kept_card_named_as_the_provider_does_looks_like_none(
    buyer: Buyer, shop: Running, running_double: Double
) -> None:
    reference, order_id, caller = await a_card(running_double), new_id(), Caller(shop)
    await buyer.added(reference)
    unknown = await caller.authorize(new_id(), customer_id=str(new_id()), payment_method_id=str(new_id()))
    stolen = await caller.authorize(order_id, customer_id=str(new_id()), payment_method_id=reference)
    assert stolen.declined == unknown.declined
    begun = [request for request in await running_double.requests() if request["path"] == "/v1/payment_intents"]
    assert not [request for request in begun if reference in request["body"]]  # the provider is not relied on
