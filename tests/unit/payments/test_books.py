"""Books that are held against each other, and what is repaired of them, without a server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Unavailable
from subgraphs.payments.commands.compare_books import CompareBooks, compare_books
from subgraphs.payments.commands.mend_books import MendBooks, mend_books
from subgraphs.payments.commands.repair_books import RepairBooks, repair_books
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Change
from subgraphs.payments.domain.reconciliation import Difference, Kind
from subgraphs.payments.domain.records import Books, OrderRecord
from subgraphs.payments.domain.report import Report, Scope
from subgraphs.payments.domain.status import PaymentStatus
from tests.unit.payments.shop import Shop

SCOPE = Scope(datetime.now(UTC) - timedelta(days=1), 0)


def books_of(payment: Payment, **more: object) -> Books:
    """Our own books of a payment, as they should be."""
    standing = payment.standing
    ledger = {
        "authorized": standing.held_minor,
        "captured": -standing.captured_minor,
        "refunded": standing.refunded_minor,
    }
    books = Books(
        payment_id=payment.id,
        order_id=payment.order_id,
        provider=payment.provider,
        reference=payment.provider_reference,
        status=payment.status,
        currency=payment.currency,
        amount_minor=standing.amount_minor,
        held_minor=standing.held_minor,
        captured_minor=standing.captured_minor,
        refunded_minor=standing.refunded_minor,
        disputed_minor=standing.disputed_minor,
        ledger=ledger,
        is_settled=True,
    )
    return replace(books, **more)  # type: ignore[arg-type]


def order_of(payment: Payment) -> OrderRecord:
    """The order that a payment pays."""
    return OrderRecord(
        payment.order_id,
        "CONFIRMED",
        "EUR",
        1990,
        payment.standing.refunded_minor,
        is_captured=payment.status is not PaymentStatus.AUTHORIZED,
        needs_attention=False,
        is_settled=True,
        lines={},
    )


async def compared(shop: Shop) -> Report:
    return await shop.perform_alone(compare_books, CompareBooks(SCOPE))


async def sold(shop: Shop) -> Payment:
    """A payment that all books agree about."""
    payment = await shop.captured()
    shop.own_books.books = [books_of(payment)]
    shop.others_books.known_orders = [order_of(payment)]
    return payment


async def test_books_that_agree_have_no_differences(shop: Shop) -> None:
    await sold(shop)
    report = await compared(shop)
    assert report.differences == []
    assert (report.orders, report.payments, report.reservations, report.at_providers) == (1, 1, 0, 1)


async def test_each_kind_of_difference_is_found(shop: Shop) -> None:
    payment = await sold(shop)
    shop.own_books.books = [books_of(payment, ledger={})]
    shop.others_books.known_orders = []
    shop.others_books.found = [Difference(Kind.STOCK, "variant", "held", "1", "2")]
    shop.provider.refund_there(payment.reference, 300)
    kinds = {found.kind for found in (await compared(shop)).differences}
    assert kinds == {Kind.LEDGER, Kind.PAID_WITHOUT_ORDER, Kind.STOCK, Kind.PROVIDER_AMOUNT}


async def test_a_payment_that_nobody_here_knows_is_found(shop: Shop) -> None:
    await sold(shop)
    shop.own_books.books, shop.others_books.known_orders = [], []
    assert [found.kind for found in (await compared(shop)).differences] == [Kind.CHARGED_UNKNOWN]


async def test_what_is_under_way_is_not_compared(shop: Shop) -> None:
    payment = await sold(shop)
    shop.own_books.books = [books_of(payment, ledger={}, is_settled=False)]
    shop.provider.refund_there(payment.reference, 300)
    assert (await compared(shop)).differences == []


async def test_a_payment_without_its_provider_is_a_difference(shop: Shop) -> None:
    await sold(shop)
    shop.forget_provider()
    assert [found.kind for found in (await compared(shop)).differences] == [Kind.PROVIDER_MISSING]


async def test_an_old_payment_is_compared_when_its_provider_lists_a_change(shop: Shop) -> None:
    payment = await sold(shop)
    given = shop.provider.refund_there(payment.reference, 300)
    shop.provider.listed = [Change(given.reference, payment.reference, is_dispute=True)]
    found = (await compared(shop)).differences
    assert [(each.kind, each.found) for each in found] == [(Kind.PROVIDER_AMOUNT, "300")]


async def test_what_is_safe_is_repaired(shop: Shop) -> None:
    payment = await sold(shop)
    shop.provider.refund_there(payment.reference, 300)
    report = await shop.perform_alone(repair_books, RepairBooks(SCOPE))
    assert [found.repair for found in report.differences] == ["the provider is asked again"]
    assert shop.now(payment).standing.refunded_minor == 300


async def test_what_somebody_is_at_is_left_to_the_worker(shop: Shop) -> None:
    payment = await sold(shop)
    shop.provider.refund_there(payment.reference, 300)
    assert await shop.leases.of_payment(payment.id)
    await shop.perform_alone(repair_books, RepairBooks(SCOPE))
    assert shop.now(payment).standing.refunded_minor == 0
    assert shop.now(payment).follow_at is not None


async def test_mending_finds_what_nobody_told_and_answers_what_differs_after_that(shop: Shop) -> None:
    payment = await sold(shop)
    given = shop.provider.refund_there(payment.reference, 300)
    shop.provider.listed = [Change(given.reference, payment.reference, is_dispute=False)]
    report = await shop.perform_alone(mend_books, MendBooks(SCOPE))
    assert shop.now(payment).standing.refunded_minor == 300
    assert [found.repair for found in report.differences] == [""], "these books are a test's, and were not repaired"
    assert await shop.looks.until("stripe") is not None


async def test_without_the_provider_nothing_is_compared(shop: Shop) -> None:
    payment = await sold(shop)
    given = shop.provider.refund_there(payment.reference, 300)
    shop.own_books.books = [books_of(payment, payment_id=payment.order_id)]
    shop.provider.listed = [Change(given.reference, payment.reference, is_dispute=False)]
    shop.provider.intents = {"pi_other": shop.provider.intents.pop(payment.reference)}
    shop.provider.failures["retrieve"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await compared(shop)


async def test_what_moved_while_it_was_compared_does_not_count(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stays, comes = [Difference(Kind.STOCK, "variant", what, "1", "2") for what in ("gone", "stays", "comes")]
    looks = iter([[gone, stays], [stays, comes]])

    async def found() -> list[Difference]:
        return next(looks)

    monkeypatch.setattr(shop.others_books, "stock_differences", found)
    assert (await compared(shop)).differences == [stays]
