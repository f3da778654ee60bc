"""What the shop has paid outside of the provider as orders tells it, and as buyers and staff see it."""

from typing import Any
from uuid import UUID

import pytest

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from shared.errors import BadUserInput, Conflict, FailedPrecondition
from shared.ids import new_id
from tests.identity import Issuer
from tests.integration.payments.stripe_account import StripeAccount
from tests.integration.payments.test_payments_process import SELECTION, Caller
from tests.subgraphs import Running


@pytest.fixture
async def caller(payments_process: Running) -> Caller:
    return Caller(payments_process)


async def pay_outside(caller: Caller, order_id: UUID, how: str, **parts: Any) -> pb.RefundResponse:
    """All that is left, of which ``parts`` tell how much was paid, unless they tell an amount."""
    what = {"remaining": None, **parts} if "amount_minor" in parts else parts
    return await caller.refund_rest(order_id, **{"idempotency_key": f"{order_id}:outside", "paid_outside": how, **what})


async def test_what_the_shop_paid_outside_is_booked_and_no_money_is_asked_of_the_provider(
    caller: Caller, payments_process: Running, account: StripeAccount, issuer: Issuer
) -> None:
    order_id = new_id()
    await caller.authorize(order_id)
    await caller.capture(order_id)
    await caller.refund(order_id, 490)
    part = await pay_outside(caller, order_id, "  transfer 4711 ", amount_minor=500)
    assert (part.amount_minor, part.refunded_minor) == (500, 990)
    rest = await pay_outside(caller, order_id, "transfer 4712", paid_minor=1000, idempotency_key=f"{order_id}:rest")
    assert (rest.amount_minor, rest.refunded_minor) == (1000, 1990)
    assert await pay_outside(caller, order_id, "  transfer 4711 ", amount_minor=500) == part
    with pytest.raises(Conflict):
        await pay_outside(caller, order_id, "transfer 4711", amount_minor=501)
    assert await account.refunded(order_id) == [490]
    staff = issuer.token(scope="payments:read")
    answer = await payments_process.entities("Order", [str(order_id)], SELECTION, staff)
    (payment,) = answer["data"]["_entities"][0]["payments"]
    assert payment["status"] == "REFUNDED"
    moved = [(each["kind"], each["amount"]["amount"]) for each in payment["transactions"]]
    assert moved[2:] == [("REFUND", "4.90"), ("PAID_OUTSIDE", "5.00"), ("PAID_OUTSIDE", "10.00")]


async def test_a_text_of_nothing_but_white_space_says_that_the_provider_is_to_give_it_back(
    caller: Caller, account: StripeAccount
) -> None:
    order_id = new_id()
    await caller.authorize(order_id)
    await caller.capture(order_id)
    assert (await pay_outside(caller, order_id, " \u2003 ")).amount_minor == 1990
    assert await account.refunded(order_id) == [1990]


@pytest.mark.parametrize("how", ["x" * 501, "two\nlines", "\u200b", "bell\u0007"])
async def test_a_text_that_nobody_can_read_is_rejected(caller: Caller, how: str) -> None:
    with pytest.raises(BadUserInput, match=r"^paid_outside ") as rejection:
        await pay_outside(caller, new_id(), how)
    assert rejection.value.field == ("paid_outside",)


async def test_a_rejected_rest_leaves_its_key_to_the_same_content_and_to_no_other(caller: Caller) -> None:
    order_id = new_id()
    await caller.authorize(order_id)
    await caller.capture(order_id)
    with pytest.raises(FailedPrecondition, match=r"^19\.90 EUR are left to be paid, not 15\.00\.$") as rejection:
        await pay_outside(caller, order_id, "transfer 4711", paid_minor=1500)
    assert rejection.value.field == ("paid_minor",)
    await caller.refund(order_id, 490)
    rest = await pay_outside(caller, order_id, "transfer 4711", paid_minor=1500)
    assert (rest.amount_minor, rest.refunded_minor) == (1500, 1990)
    assert await pay_outside(caller, order_id, "transfer 4711", paid_minor=1500) == rest
    for how, paid_minor in (("transfer 4711", 1501), ("transfer 4711", 0), ("transfer 4712", 1500)):
        with pytest.raises(Conflict, match="another request"):
            await pay_outside(caller, order_id, how, paid_minor=paid_minor)


@pytest.mark.parametrize(
    ("how", "parts"),
    [
        ("transfer 4711", {"paid_minor": -1}),
        ("transfer 4711", {"paid_minor": 100_000_000}),
        ("transfer 4711", {"paid_minor": 500, "amount_minor": 500}),
        (" ", {"paid_minor": 500}),
        ("", {"paid_minor": 500, "amount_minor": 500}),
    ],
)
async def test_how_much_was_paid_is_told_of_a_rest_that_was_paid_outside_and_of_nothing_else(
    caller: Caller, how: str, parts: dict[str, int]
) -> None:
    with pytest.raises(BadUserInput) as rejection:
        await pay_outside(caller, new_id(), how, **parts)
    assert rejection.value.field == ("paid_minor",)
