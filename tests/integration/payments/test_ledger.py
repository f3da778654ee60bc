"""The ledger in Postgres can't be made to lie."""

from uuid import UUID

import asyncpg
import pytest

from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.integration.payments.builders import authorized

UNBALANCED = "unbalanced"


async def some_payment(provider: StripeProvider) -> UUID:
    order_id = await authorized(provider)
    payment_id: UUID = await db.fetch_value("SELECT id FROM payments WHERE order_id = $1", order_id)
    return payment_id


async def insert_movement(payment_id: UUID, *amounts: int) -> None:
    movement_id = new_id()
    async with db.transaction():
        await db.execute(
            "INSERT INTO movements (id, payment_id, kind, amount_minor, currency) VALUES ($1, $2, 'REFUND', 1, 'EUR')",
            movement_id,
            payment_id,
        )
        for amount in amounts:
            await db.execute(
                "INSERT INTO postings (movement_id, account, amount_minor) VALUES ($1, 'refunded', $2)",
                movement_id,
                amount,
            )


@pytest.mark.parametrize("table", ["movements", "postings"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET amount_minor = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DELETE FROM {} WHERE false"],
)
async def test_what_is_written_stays_written(provider: StripeProvider, table: str, statement: str) -> None:
    await some_payment(provider)
    with pytest.raises(Exception, match="append-only"):
        await db.execute(statement.format(table))


@pytest.mark.parametrize("amounts", [(), (100,), (100, -99), (1, 2, -4)])
async def test_a_movement_that_does_not_balance_is_rejected(provider: StripeProvider, amounts: tuple[int, ...]) -> None:
    payment_id = await some_payment(provider)
    with pytest.raises(Exception, match=UNBALANCED):
        await insert_movement(payment_id, *amounts)
    assert await db.fetch_value("SELECT count(*) FROM movements WHERE payment_id = $1", payment_id) == 1


async def test_a_balanced_movement_is_taken_whatever_the_order_of_its_postings(provider: StripeProvider) -> None:
    payment_id = await some_payment(provider)
    await insert_movement(payment_id, 100, -40, -60)
    assert await db.fetch_value("SELECT count(*) FROM movements WHERE payment_id = $1", payment_id) == 2
    # The same account on both sides: money is where it was, and the books of payment and provider still agree.


async def test_a_posting_added_later_is_rejected(provider: StripeProvider) -> None:
    payment_id = await some_payment(provider)
    movement_id = await db.fetch_value("SELECT id FROM movements WHERE payment_id = $1", payment_id)
    with pytest.raises(Exception, match=UNBALANCED):
        await db.execute(
            "INSERT INTO postings (movement_id, account, amount_minor) VALUES ($1, 'captured', 5)", movement_id
        )


@pytest.mark.parametrize(
    "change",
    [
        "refunded_minor = 1",
        "captured_minor = amount_minor + 1",
        "captured_minor = -1",
        "paid_outside_minor = 1",
        "paid_outside_minor = -1",
        "status = 'DECLINED'",
    ],
)
async def test_a_payment_with_impossible_amounts_or_no_reason_is_rejected(
    provider: StripeProvider, change: str
) -> None:
    payment_id = await some_payment(provider)
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute(f"UPDATE payments SET {change} WHERE id = $1", payment_id)
