"""Holds our payments, our ledger and localstripe's own books against each other."""

from collections import Counter
from datetime import datetime
from typing import Any

from shared.persistence import db
from tests.doubles.running import Double
from tests.integration.payments.stripe_account import Books, StripeAccount

_BOOKS = (
    "SELECT payment.order_id, payment.status, payment.amount_minor, payment.captured_minor, payment.refunded_minor,"
    " payment.provider_reference, {balances}"
    " FROM payments AS payment LEFT JOIN movements AS movement ON movement.payment_id = payment.id"
    " LEFT JOIN postings AS posting ON posting.movement_id = movement.id"
    " WHERE payment.created_at >= $1 GROUP BY payment.id"
)
_ACCOUNTS = ("authorized", "buyers_hold", "receivable", "captured", "refunded")
_AT_STRIPE = {
    "AUTHORIZED": ["requires_capture"],
    "CAPTURED": ["succeeded"],
    "REFUNDED": ["succeeded"],
    "VOIDED": ["canceled"],
    "DECLINED": ["canceled", "requires_payment_method"],
    "REQUIRES_ACTION": ["requires_action"],
}


async def assert_books_agree(account: StripeAccount, since: datetime) -> None:
    """Fails unless the ledger explains every payment begun since then, and localstripe moved exactly that money."""
    balances = ", ".join(
        f"coalesce(sum(posting.amount_minor) FILTER (WHERE posting.account = '{name}'), 0)::bigint AS {name}"
        for name in _ACCOUNTS
    )
    books = await account.books()
    for row in await db.fetch(_BOOKS.format(balances=balances), since):
        _assert_explained(row)
        if row["provider_reference"] is not None:
            _assert_as_at_stripe(row, books)


async def assert_double_agrees(double: Double, since: datetime) -> None:
    """Fails unless the double has held, taken, given back and lost exactly what our payments begun since then say."""
    rows = await db.fetch("SELECT * FROM payments WHERE created_at >= $1 AND provider_reference IS NOT NULL", since)
    books = {payment["reference"]: payment for payment in await double.ledger()}
    for row in rows:
        theirs = books[row["provider_reference"]]
        ours = {name: row[f"{name}_minor"] for name in ("held", "captured", "refunded", "disputed")}
        assert ours == {name: theirs[name] for name in ours}, (dict(row), theirs)
    theirs_by_order = Counter(payment["ours"].get("order_id") for payment in books.values())
    for order_id, attempts in Counter(str(row["order_id"]) for row in rows).items():
        assert theirs_by_order[order_id] == attempts, "a second payment of one attempt at an order"


def _assert_explained(row: Any) -> None:
    held = row["amount_minor"] if row["status"] == "AUTHORIZED" else 0
    assert (row["authorized"], row["buyers_hold"]) == (held, -held), row
    assert (row["captured"], row["refunded"]) == (-row["captured_minor"], row["refunded_minor"]), row
    assert row["receivable"] == row["captured_minor"] - row["refunded_minor"], row


def _assert_as_at_stripe(row: Any, books: Books) -> None:
    order_id = row["order_id"]
    intents = {intent["id"]: intent for intent in books.intents_of(order_id)}
    intent = intents.pop(row["provider_reference"])
    assert row["status"] == "PENDING" or intent["status"] in _AT_STRIPE[row["status"]], (row, intent["status"])
    assert all(orphan["latest_charge"] is None for orphan in intents.values()), "an orphan moved money"
    taken = [charge["amount"] for charge in books.charges_of(order_id) if charge["captured"]]
    assert sum(taken) == row["captured_minor"], row
    assert sum(books.refunds_of(order_id)) == row["refunded_minor"], row
