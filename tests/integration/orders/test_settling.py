"""What the provider does not give back, the shop pays another way and says so:
the order ends, and nobody pays twice.
"""

from uuid import UUID

import orjson
import pytest

from tests.integration.orders.elsewhere import Provider, actions, events_of, manager, quiet, seen, sources
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import AUTHENTICATING_CARD
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.integration.orders.test_failed_refunds import key_of
from tests.integration.orders.test_failed_refunds import refund as given
from tests.integration.orders.test_refunds import asked_for, settled
from tests.integration.orders.test_refused_refunds import provider, refunds_again, refused, refusing
from tests.subgraphs import eventually

__all__ = ["provider", "refunds_again"]  # fixtures

TRANSFER = "bank transfer 4711 of 30 November"


async def settle(shop: Shop, staff: Buyer, order_id: str) -> JsonObject:
    """The order once all of it is done."""
    owed = (await staff.asked(order_id, "owed { amount currency }"))["owed"]
    await staff.done("orderSettle", {"orderId": order_id, "amount": owed, "paidOutside": TRANSFER})
    await quiet(shop, order_id)
    return await seen(staff, order_id)


async def ways_of_payment(staff: Buyer, order_id: str) -> list[str | None]:
    found = await staff.asked(order_id, "refunds { paidOutside }")
    return [each["paidOutside"] for each in found["refunds"]]


async def refusal(staff: Buyer, typed: JsonObject) -> JsonObject:
    """What is wrong with a settlement."""
    answer = await staff.act("orderSettle", typed)
    (error,) = answer["data"]["it"]["errors"]
    return dict(error)


def money(shop: Shop, order_id: str) -> tuple[int, int]:
    """What the provider gave back, and what the shop paid."""
    return shop.payments.given_back[order_id], shop.payments.paid_outside[order_id]


async def test_a_refused_refund_ends_with_its_units_where_they_were_to_go(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, 700), manager(shop)
    await refused(staff, order, 0, restock=True)
    before = await seen(staff, order["id"])
    assert "SETTLE" in actions(before)
    assert "orderSettle" in before["attention"]
    after = await settle(shop, staff, order["id"])
    assert (after["attention"], actions(after)) == (None, {"CANCEL", "SHIP", "REFUND"})
    assert (sources(after), after["refunded"]["amount"]) == ([("REQUESTED", "10.00", "DONE")], "10.00")
    assert await ways_of_payment(staff, order["id"]) == [TRANSFER]
    assert money(shop, order["id"]) == (0, 1000)
    assert await shop.stock(order["lines"][0]["variant"]["id"]) == (5, 0)
    assert after["history"][-1]["reason"] == "10.00 EUR, which the provider did not give back, were paid another way"


async def test_a_cancellation_whose_money_nobody_gives_back_ends(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, quantity=3), manager(shop)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    stuck = await seen(staff, order["id"])
    assert (stuck["status"], actions(stuck)) == ("CANCELLING", {"RETRY", "SETTLE"})
    after = await settle(shop, staff, order["id"])
    assert (after["status"], after["attention"]) == ("CANCELLED", None)
    assert sources(after) == [("CANCELLATION", "30.00", "DONE")]
    assert await ways_of_payment(staff, order["id"]) == [TRANSFER]
    assert (money(shop, order["id"]), await shop.stock(order["lines"][0]["variant"]["id"])) == ((0, 3000), (5, 0))


async def test_what_came_back_from_the_buyers_bank_is_paid_another_way(shop: Shop, provider: Provider) -> None:
    order, staff = await refusing(shop, 1000, quantity=2), manager(shop)
    shop.payments.takes_refunds = True
    refund_id = await given(shop, staff, order, restock=True)
    await provider.sends_back(order["id"], 2000, key_of(refund_id))
    assert "SETTLE" in actions(await seen(staff, order["id"]))
    after = await settle(shop, staff, order["id"])
    assert (after["status"], after["attention"], after["availableActions"]) == ("REFUNDED", None, [])
    assert sources(after) == [("REQUESTED", "20.00", "DONE")]
    assert (money(shop, order["id"]), await shop.stock(order["lines"][0]["variant"]["id"])) == ((0, 2000), (5, 0))


async def test_what_a_bank_gave_the_shop_after_the_cancellation_is_paid_another_way(
    shop: Shop, provider: Provider
) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    await provider.disputes(order["id"], 1000)
    shop.payments.takes_refunds = True
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    shop.payments.takes_refunds = False
    await provider.decides(order["id"], 1000, "WON")
    await quiet(shop, order["id"])
    assert actions(await seen(staff, order["id"])) == {"RETRY", "SETTLE"}
    after = await settle(shop, staff, order["id"])
    assert (after["status"], after["attention"], sources(after)) == (
        "CANCELLED",
        None,
        [("CANCELLATION", "10.00", "DONE")],
    )
    assert await ways_of_payment(staff, order["id"]) == [TRANSFER]
    assert money(shop, order["id"]) == (0, 1000)


async def test_several_refused_refunds_end_together(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, 700), manager(shop)
    for line in (0, 1):
        await refused(staff, order, line, restock=True)
    after = await settle(shop, staff, order["id"])
    assert (after["status"], after["attention"]) == ("REFUNDED", None)
    assert money(shop, order["id"]) == (0, 1700)


async def test_only_what_is_left_is_paid_when_the_buyer_has_a_part_from_somebody_else(
    shop: Shop, provider: Provider
) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    first = await asked_for(staff, order["id"], restock=True)
    await settled(staff, order["id"], first["id"], "FAILED")
    await provider.gives_back(order["id"], 400)
    after = await settle(shop, staff, order["id"])
    assert (after["status"], after["attention"]) == ("REFUNDED", None)
    assert await ways_of_payment(staff, order["id"]) == [None, None, TRANSFER]
    assert money(shop, order["id"]) == (0, 600)


@pytest.mark.parametrize("when", list(When))
async def test_it_is_booked_once_when_the_answer_is_lost(shop: Shop, when: When) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    await refused(staff, order, 0)
    shop.faults.suffer(order["id"], Fault("REFUND", when, Kind.UNAVAILABLE))
    await settle(shop, staff, order["id"])
    assert money(shop, order["id"]) == (0, 1000)


async def test_how_one_was_paid_is_forgotten_by_the_next(shop: Shop, provider: Provider) -> None:
    order, staff = await refusing(shop, 1000, 700), manager(shop)
    await refused(staff, order, 0)
    await settle(shop, staff, order["id"])
    shop.payments.takes_refunds = True
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert await ways_of_payment(staff, order["id"]) == [TRANSFER, None]
    assert money(shop, order["id"]) == (700, 1000)


async def test_nothing_is_settled_that_is_not_owed_or_that_a_bank_may_give_back(shop: Shop, provider: Provider) -> None:
    order, staff = await refusing(shop, 1000, 700), manager(shop)
    typed = {"orderId": order["id"], "amount": euros("10.00"), "paidOutside": TRANSFER}
    assert (await refusal(staff, typed))["code"] == "WRONG_STATUS"
    await refused(staff, order, 0)
    await provider.disputes(order["id"], 1700)
    assert "SETTLE" not in actions(await seen(staff, order["id"]))
    assert "dispute" in (await refusal(staff, typed))["message"]
    assert money(shop, order["id"]) == (0, 0)


def euros(amount: str) -> JsonObject:
    return {"amount": amount, "currency": "EUR"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"orderId": "nothing"}, ["orderId"]),
        ({"orderId": "018f0000-0000-7000-8000-000000000000"}, ["orderId"]),
        ({"paidOutside": " \u2003"}, ["paidOutside"]),
        ({"paidOutside": "x" * 501}, ["paidOutside"]),
        ({"paidOutside": "a\u0000b"}, ["paidOutside"]),
        ({"amount": euros("9.99")}, ["amount", "amount"]),
        ({"amount": euros("10.01")}, ["amount", "amount"]),
        ({"amount": euros("0.00")}, ["amount", "amount"]),
        ({"amount": euros("-10.00")}, ["amount", "amount"]),
        ({"amount": euros("10.001")}, ["amount", "amount"]),
        ({"amount": {"amount": "10.00", "currency": "USD"}}, ["amount", "currency"]),
    ],
)
async def test_what_is_typed_wrong_is_named_and_nothing_is_settled(
    shop: Shop, typed: JsonObject, field: list[str]
) -> None:
    order, staff = await refusing(shop, 1000, 700), manager(shop)
    await refused(staff, order, 0)
    given = {"orderId": order["id"], "amount": euros("10.00"), "paidOutside": "cash", **typed}
    assert (await refusal(staff, given))["field"] == field
    assert money(shop, order["id"]) == (0, 0)


async def test_a_refund_that_a_colleague_asked_for_meanwhile_is_not_taken_for_paid(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, 700), manager(shop)
    await refused(staff, order, 0)
    assert (await staff.asked(order["id"], "owed { amount }"))["owed"] == {"amount": "10.00"}
    await refused(staff, order, 1)
    wrong = await refusal(staff, {"orderId": order["id"], "amount": euros("10.00"), "paidOutside": TRANSFER})
    assert "17.00 EUR" in wrong["message"]


async def test_what_was_paid_is_booked_though_somebody_gave_a_part_at_the_provider_meanwhile(
    shop: Shop, provider: Provider
) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    await refused(staff, order, 0)
    shop.payments.given_elsewhere[order["id"]] += 400  # which nobody has told orders of
    after = await settle(shop, staff, order["id"])
    assert (after["status"], after["attention"]) == ("REFUNDED", None)
    await provider.tells("PaymentRefunded", order["id"], 400, cause="PROVIDER", refundKey=None)
    found = await seen(staff, order["id"])
    assert (
        found["history"][-1]["reason"]
        == "4.00 EUR more than was paid went back to the buyer: given back at the payment provider"
    )
    assert sources(found) == [("REQUESTED", "10.00", "DONE")]


async def test_of_an_order_of_which_nothing_was_taken_the_hold_is_let_go_first(shop: Shop) -> None:
    buyer, staff = shop.buyer(), manager(shop)
    order_id = await buyer.placed(await shop.variant(stock=5), paymentMethodId=AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    shop.faults.suffer(order_id, *(Fault(step, When.BEFORE, Kind.REFUSED) for step in ("VOID", "REFUND")))
    await staff.done("orderCancel", {"orderId": order_id})
    await eventually(lambda: shop.has_step(order_id, "STUCK"), "undoing it is stuck")
    assert (await staff.asked(order_id, "owed { amount }"))["owed"] == {"amount": "0.00"}
    after = await settle(shop, staff, order_id)
    assert (after["status"], sources(after)) == ("CANCELLED", [])
    assert "nothing was taken" in str([each["reason"] for each in after["history"]])
    assert (shop.payments.effects[order_id, "voided"], money(shop, order_id)) == (1, (0, 0))


async def test_an_amount_that_is_too_small_is_told_and_another_one_may_be_said(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    await shop.catalogue.execute(
        "UPDATE orders SET captured_at = NULL WHERE id = $1", UUID(order["id"])
    )  # its answer was lost
    after = await settle(shop, staff, order["id"])
    assert (after["status"], "1000 are left" in after["attention"]) == ("CANCELLING", True)
    await staff.done("orderSettle", {"orderId": order["id"], "amount": euros("10.00"), "paidOutside": TRANSFER})
    await quiet(shop, order["id"])
    assert (await seen(staff, order["id"]))["status"] == "CANCELLED"
    assert money(shop, order["id"]) == (0, 1000)


async def test_units_that_a_refused_refund_was_to_keep_out_stay_out_when_an_amount_covers_all(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, quantity=2), manager(shop)
    whole = await asked_for(staff, order["id"], amount=euros("20.00"))
    await settled(staff, order["id"], whole["id"], "FAILED")
    await refused(staff, order, 0)
    after = await settle(shop, staff, order["id"])
    assert (after["status"], after["attention"]) == ("REFUNDED", None)
    assert await shop.stock(order["lines"][0]["variant"]["id"]) == (4, 0)


async def test_buyers_see_that_they_have_it_and_not_how(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    await refused(staff, order, 0)
    await settle(shop, staff, order["id"])
    assert "OrderRefunded" in await events_of(shop, order["id"])
    rows = await shop.catalogue.fetch(
        "SELECT payload FROM outbox WHERE key = $1 AND type LIKE '%OrderRefunded'", order["id"]
    )
    assert orjson.loads(rows[0]["payload"])["refund"]["isOutside"] is True
    assert all(TRANSFER not in row["payload"] for row in rows)


async def test_the_word_about_how_it_was_paid_ends_with_its_step(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    await refused(staff, order, 0)
    await settle(shop, staff, order["id"])
    left = await shop.catalogue.fetchval(
        "SELECT count(*) FROM sagas WHERE order_id = $1 AND paid_outside IS NOT NULL", UUID(order["id"])
    )
    assert left == 0
