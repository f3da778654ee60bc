"""What came too late, and what the provider never gives back, is paid another way and booked once."""

from uuid import UUID

import pytest

from subgraphs.payments.domain.reconciliation import audit_ledger, compare_money
from subgraphs.payments.domain.status import PaymentStatus
from tests.backends import Backends
from tests.command_line import command
from tests.integration.payments.builders import follow_all, movements_of, status_of, told_of
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import pay_late_outside
from tests.integration.payments.test_late_payments import attention_of, paid_late
from tests.integration.payments.test_provider_missing import NOBODY, books_of
from tests.subgraphs import fresh_environment

TRANSFER = "bank transfer 4711"


async def rejected(shop: DoubledShop) -> UUID:
    """The order of a payment that came too late, which the provider does not give back."""
    order_id = await paid_late(shop, "taken")
    await shop.double.on_requests("fail", "/v1/refunds", method="POST", when="before", status=400, times=None)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert "settle-late" in (await attention_of(order_id) or "")
    return order_id


async def test_what_was_paid_another_way_is_no_matter_any_more(shop: DoubledShop) -> None:
    order_id = await rejected(shop)
    money = await pay_late_outside(order_id, 1, TRANSFER, shop.providers)
    assert (money.minor, await status_of(order_id), await attention_of(order_id)) == (
        1990,
        PaymentStatus.REFUNDED,
        None,
    )
    assert (await movements_of(order_id))[-1] == ("PAID_OUTSIDE", 1990)
    assert [refund["cause"] for refund in await told_of(order_id, "PaymentRefunded")] == ["OUTSIDE"]
    books = await books_of(order_id)
    assert [*audit_ledger(books), *compare_money(None, [books])] == []
    await shop.double.reset()
    await make_due(order_id)
    await follow_all(shop.provider)
    assert "refund" not in await shop.counts(order_id), "nobody gives it back once more"


async def test_it_is_paid_where_the_provider_is_not_configured_any_more(shop: DoubledShop) -> None:
    order_id = await rejected(shop)
    await pay_late_outside(order_id, 1, TRANSFER, NOBODY)
    assert await status_of(order_id) is PaymentStatus.REFUNDED


@pytest.mark.parametrize(
    ("options", "status", "complaint"),
    [
        (["--order", "x", "--paid-outside", "cash"], 2, "argument --order: write the id of an order, a UUID"),
        (["--order", str(UUID(int=1)), "--paid-outside", " "], 2, "argument --paid-outside: How the buyer was paid "),
        (
            ["--order", str(UUID(int=1)), "--paid-outside", "a\nb"],
            2,
            "argument --paid-outside: How the buyer was paid ",
        ),
        (
            ["--order", str(UUID(int=1)), "--attempt", "0", "--paid-outside", "cash"],
            2,
            "argument --attempt: '0' is not a whole",
        ),
        (["--order", str(UUID(int=1))], 2, "the following arguments are required: --paid-outside"),
        (["--order", str(UUID(int=1)), "--paid-outside", "cash"], 1, "This attempt at the order has no payment."),
    ],
)
async def test_a_mistake_on_the_command_line_is_one_line(
    backends: Backends, options: list[str], status: int, complaint: str
) -> None:
    found, output = await command(await fresh_environment(backends, "payments"), "payments", "settle-late", *options)
    assert (found, complaint in output.splitlines()[-1]) == (status, True), output
