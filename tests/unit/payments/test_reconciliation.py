"""What counts as a difference between books."""

from dataclasses import replace
from uuid import UUID

import pytest

from shared.money import Money
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, Intent, ProviderRecord
from subgraphs.payments.domain.reconciliation import (
    Difference,
    Kind,
    audit_ledger,
    compare_disputes,
    compare_money,
    compare_refunds,
    compare_stock,
    compare_with_provider,
    judge_attention,
    judge_missing,
    judge_provider,
    judge_unknown,
)
from subgraphs.payments.domain.records import Books, LineRecord, OrderRecord, ReservationRecord, StockRecord
from subgraphs.payments.domain.status import PaymentStatus

ORDER_ID, PAYMENT_ID = UUID(int=1), UUID(int=2)
TOTAL = 1990
SOUND_LEDGER = {"authorized": 0, "captured": -TOTAL, "receivable": TOTAL}

BOOKS = Books(
    PAYMENT_ID,
    ORDER_ID,
    "stripe",
    "pi_1",
    PaymentStatus.CAPTURED,
    "EUR",
    TOTAL,
    0,
    TOTAL,
    0,
    0,
    SOUND_LEDGER,
    is_settled=True,
)
HELD = replace(BOOKS, status=PaymentStatus.AUTHORIZED, held_minor=TOTAL, captured_minor=0, ledger={"authorized": TOTAL})
VOIDED = replace(BOOKS, status=PaymentStatus.VOIDED, captured_minor=0, ledger={})
REFUNDED = replace(
    BOOKS,
    status=PaymentStatus.REFUNDED,
    refunded_minor=TOTAL,
    ledger={**SOUND_LEDGER, "refunded": TOTAL, "receivable": 0},
)
DISPUTED = replace(BOOKS, disputed_minor=TOTAL, ledger={**SOUND_LEDGER, "disputed": TOTAL, "receivable": 0})
LOST = replace(BOOKS, disputed_minor=TOTAL, ledger={**SOUND_LEDGER, "charged_back": TOTAL, "receivable": 0})
PAID_OUTSIDE = replace(
    BOOKS,
    status=PaymentStatus.REFUNDED,
    paid_outside_minor=TOTAL,
    ledger={**SOUND_LEDGER, "paid_outside": TOTAL, "own_funds": -TOTAL},
)
RECORD = ProviderRecord("pi_1", PAYMENT_ID, PaymentStatus.CAPTURED, Money(TOTAL, "EUR"), TOTAL, 0)
ORDER = OrderRecord(
    ORDER_ID,
    "CONFIRMED",
    "EUR",
    TOTAL,
    0,
    is_captured=True,
    needs_attention=False,
    is_settled=True,
    lines={"a": LineRecord(2, 0)},
)
CANCELLED = replace(ORDER, status="CANCELLED", is_captured=False)
RESERVATION = ReservationRecord(ORDER_ID, is_settled=True, lines={"a": StockRecord(0, 2, 0)})


def kinds(*differences: Difference) -> list[Kind]:
    return [difference.kind for difference in differences]


def test_books_that_agree_have_no_differences() -> None:
    assert list(compare_money(ORDER, [BOOKS])) == []
    assert list(compare_stock(ORDER, RESERVATION)) == []
    assert list(audit_ledger(BOOKS)) == []
    assert list(compare_with_provider(BOOKS, RECORD)) == []
    assert list(judge_attention(ORDER)) == []


@pytest.mark.parametrize("payments", [[], [VOIDED], [REFUNDED], [PAID_OUTSIDE], [VOIDED, replace(REFUNDED, attempt=2)]])
def test_a_cancelled_order_may_have_any_payments_that_keep_nothing(payments: list[Books]) -> None:
    assert list(compare_money(CANCELLED, payments)) == []


@pytest.mark.parametrize("books", [BOOKS, HELD])
def test_a_cancelled_order_that_keeps_or_holds_money_is_told(books: Books) -> None:
    assert kinds(*compare_money(CANCELLED, [books])) == [Kind.CANCELLED_PAID]


def test_a_cancelled_order_whose_money_a_bank_has_is_not_told() -> None:
    assert list(compare_money(CANCELLED, [DISPUTED])) == []
    assert list(compare_money(CANCELLED, [LOST])) == []
    assert kinds(*compare_money(CANCELLED, [replace(DISPUTED, disputed_minor=TOTAL - 1)])) == [Kind.CANCELLED_PAID]


def test_what_a_bank_decided_against_us_counts_as_refunded_and_what_it_has_yet_to_decide_does_not() -> None:
    assert list(compare_money(replace(ORDER, refunded_minor=TOTAL), [LOST])) == []
    assert list(compare_money(ORDER, [DISPUTED])) == []
    assert kinds(*compare_money(ORDER, [LOST])) == [Kind.ORDER_AMOUNT]


def test_money_that_was_refunded_twice_counts_once() -> None:
    twice = replace(LOST, refunded_minor=500, ledger={**LOST.ledger, "refunded": 500})
    assert list(compare_money(replace(ORDER, refunded_minor=TOTAL), [twice])) == []
    assert list(audit_ledger(twice)) == []


def test_what_was_paid_outside_of_the_provider_is_no_difference_to_anybody() -> None:
    assert list(audit_ledger(PAID_OUTSIDE)) == []
    assert list(compare_with_provider(PAID_OUTSIDE, RECORD)) == []
    assert list(compare_refunds(PAID_OUTSIDE, Intent("pi_1", PaymentStatus.CAPTURED, Money(TOTAL, "EUR")))) == []
    assert list(judge_provider(PAID_OUTSIDE, [])) == []
    assert list(compare_money(replace(ORDER, refunded_minor=TOTAL), [PAID_OUTSIDE])) == []
    assert kinds(*compare_money(ORDER, [PAID_OUTSIDE])) == [Kind.ORDER_AMOUNT]


def test_what_was_paid_outside_refunded_and_lost_adds_up() -> None:
    ledger = {**SOUND_LEDGER, "paid_outside": 500, "own_funds": -500, "refunded": 400, "charged_back": 300}
    books = replace(BOOKS, paid_outside_minor=500, refunded_minor=400, disputed_minor=300, ledger=ledger)
    assert (books.back_minor, books.kept_minor) == (1200, TOTAL - 1200)
    assert list(compare_money(replace(ORDER, refunded_minor=1200), [books])) == []
    assert list(audit_ledger(books)) == []


def test_what_was_paid_outside_and_refunded_at_the_provider_too_counts_once() -> None:
    twice = replace(PAID_OUTSIDE, refunded_minor=TOTAL)
    assert (twice.back_minor, twice.kept_minor) == (TOTAL, 0)


@pytest.mark.parametrize("payments", [[], [VOIDED], [HELD]])
def test_a_confirmed_order_whose_money_was_not_taken_is_told(payments: list[Books]) -> None:
    assert kinds(*compare_money(ORDER, payments)) == [Kind.ORDER_UNPAID]


def test_an_order_that_was_tried_again_is_paid_by_its_last_attempt_alone() -> None:
    again, paid = replace(ORDER, attempt=3), replace(BOOKS, attempt=3)
    assert list(compare_money(again, [VOIDED, replace(REFUNDED, attempt=2), paid])) == []
    assert kinds(*compare_money(again, [BOOKS])) == [Kind.CANCELLED_PAID, Kind.ORDER_UNPAID]
    assert kinds(*compare_money(again, [HELD, paid])) == [Kind.CANCELLED_PAID]
    assert kinds(*compare_money(replace(CANCELLED, attempt=2), [VOIDED, replace(HELD, attempt=2)])) == [
        Kind.CANCELLED_PAID
    ]


def test_an_order_that_is_paid_with_its_first_shipment_needs_its_money_held() -> None:
    later = replace(ORDER, is_captured=False)
    assert list(compare_money(later, [HELD])) == []
    assert kinds(*compare_money(later, [VOIDED])) == [Kind.ORDER_UNPAID]


def test_an_order_of_nothing_needs_no_payment() -> None:
    assert list(compare_money(replace(ORDER, total_minor=0), [])) == []


@pytest.mark.parametrize(
    "books",
    [replace(BOOKS, captured_minor=TOTAL - 1), replace(BOOKS, refunded_minor=1), replace(BOOKS, currency="USD")],
)
def test_another_amount_than_the_order_has_is_told(books: Books) -> None:
    assert set(kinds(*compare_money(ORDER, [books]))) == {Kind.ORDER_AMOUNT}


def test_money_without_an_order_is_told() -> None:
    assert kinds(*compare_money(None, [BOOKS])) == [Kind.PAID_WITHOUT_ORDER]
    assert kinds(*compare_money(None, [HELD])) == [Kind.PAID_WITHOUT_ORDER]
    assert list(compare_money(None, [VOIDED])) == []


@pytest.mark.parametrize(
    "found",
    [StockRecord(0, 1, 0), StockRecord(0, 3, 0), StockRecord(1, 2, 0), StockRecord(0, 2, 1), StockRecord(2, 0, 0)],
)
def test_other_units_than_the_order_bought_are_told(found: StockRecord) -> None:
    differences = compare_stock(ORDER, replace(RESERVATION, lines={"a": found}))
    assert set(kinds(*differences)) == {Kind.ORDER_STOCK}


def test_an_order_without_units_and_units_of_an_unknown_line_are_told() -> None:
    assert kinds(*compare_stock(ORDER, None)) == [Kind.ORDER_STOCK]
    strange = {**RESERVATION.lines, "b": StockRecord(0, 1, 0)}
    assert kinds(*compare_stock(ORDER, replace(RESERVATION, lines=strange))) == [Kind.ORDER_STOCK]


def test_returned_units_agree_with_restocked_ones() -> None:
    restocked = replace(ORDER, lines={"a": LineRecord(2, 1)})
    assert list(compare_stock(restocked, replace(RESERVATION, lines={"a": StockRecord(0, 2, 1)}))) == []


def test_units_that_only_one_of_the_two_knows_to_be_still_to_come_are_told() -> None:
    waiting = replace(ORDER, lines={"a": LineRecord(2, 0, waiting=1)})
    assert list(compare_stock(waiting, replace(RESERVATION, lines={"a": StockRecord(0, 2, 0, waiting=1)}))) == []
    assert kinds(*compare_stock(waiting, RESERVATION)) == [Kind.ORDER_STOCK]
    assert kinds(*compare_stock(ORDER, replace(RESERVATION, lines={"a": StockRecord(0, 2, 0, waiting=1)}))) == [
        Kind.ORDER_STOCK
    ]


@pytest.mark.parametrize("found", [StockRecord(0, 2, 2), StockRecord(0, 0, 0)])
def test_a_cancelled_order_has_given_all_units_back(found: StockRecord) -> None:
    assert list(compare_stock(CANCELLED, replace(RESERVATION, lines={"a": found}))) == []


def test_a_cancelled_order_keeps_out_what_was_refunded_as_money_alone() -> None:
    kept_out = replace(CANCELLED, lines={"a": LineRecord(2, 0, kept_out=1)})
    assert list(compare_stock(kept_out, replace(RESERVATION, lines={"a": StockRecord(0, 2, 1)}))) == []
    for returned in (0, 2):
        found = replace(RESERVATION, lines={"a": StockRecord(0, 2, returned)})
        assert kinds(*compare_stock(kept_out, found)) == [Kind.ORDER_STOCK]


@pytest.mark.parametrize("found", [StockRecord(2, 0, 0), StockRecord(0, 2, 1)])
def test_a_cancelled_order_that_keeps_units_is_told(found: StockRecord) -> None:
    assert kinds(*compare_stock(CANCELLED, replace(RESERVATION, lines={"a": found}))) == [Kind.ORDER_STOCK]


def test_units_without_an_order_are_told() -> None:
    assert kinds(*compare_stock(None, RESERVATION)) == [Kind.STOCK_WITHOUT_ORDER]
    given_back = replace(RESERVATION, lines={"a": StockRecord(0, 2, 2)})
    assert list(compare_stock(None, given_back)) == []


@pytest.mark.parametrize(
    "record",
    [
        replace(RECORD, captured_minor=TOTAL - 1),
        replace(RECORD, refunded_minor=5),
        replace(RECORD, amount=Money(TOTAL + 1, "EUR")),
        replace(RECORD, amount=Money(TOTAL, "USD")),
    ],
)
def test_another_amount_at_the_provider_is_told(record: ProviderRecord) -> None:
    assert set(kinds(*compare_with_provider(BOOKS, record))) == {Kind.PROVIDER_AMOUNT}


def test_another_refund_at_the_provider_is_told() -> None:
    now = Intent("pi_1", PaymentStatus.CAPTURED, Money(TOTAL, "EUR"), refunded_minor=500)
    assert kinds(*compare_refunds(BOOKS, now)) == [Kind.PROVIDER_AMOUNT]
    assert list(compare_refunds(replace(BOOKS, refunded_minor=500), now)) == []


def test_a_dispute_at_the_provider_that_is_not_booked_is_told() -> None:
    dispute = Dispute("du_1", "pi_1", DisputeOutcome.OPENED, Money(TOTAL, "EUR"), 0, "fraudulent")
    assert kinds(*compare_disputes(BOOKS, [dispute])) == [Kind.PROVIDER_DISPUTE]
    assert list(compare_disputes(DISPUTED, [dispute])) == []
    assert list(compare_disputes(LOST, [replace(dispute, outcome=DisputeOutcome.LOST)])) == []
    assert kinds(*compare_disputes(DISPUTED, [replace(dispute, outcome=DisputeOutcome.WON)])) == [Kind.PROVIDER_DISPUTE]


@pytest.mark.parametrize("books", [BOOKS, HELD, replace(BOOKS, status=PaymentStatus.REQUIRES_ACTION)])
def test_a_payment_at_a_provider_that_is_not_configured_is_told(books: Books) -> None:
    assert kinds(*judge_provider(books, ["paypal"])) == [Kind.PROVIDER_MISSING]
    assert list(judge_provider(books, ["paypal", "stripe"])) == []


@pytest.mark.parametrize("books", [VOIDED, REFUNDED])
def test_a_payment_without_money_needs_no_provider(books: Books) -> None:
    assert list(judge_provider(books, [])) == []


def test_another_status_at_the_provider_is_told_unless_it_says_the_same_of_money() -> None:
    assert Kind.PROVIDER_STATUS in kinds(*compare_with_provider(HELD, RECORD))
    declined = replace(RECORD, status=PaymentStatus.DECLINED, captured_minor=0)
    assert list(compare_with_provider(VOIDED, declined)) == []
    given_back = replace(RECORD, status=PaymentStatus.REFUNDED, refunded_minor=TOTAL)
    assert list(compare_with_provider(REFUNDED, given_back)) == []


def test_only_money_makes_an_unknown_payment_of_the_provider_a_difference() -> None:
    assert kinds(*judge_unknown(RECORD)) == [Kind.CHARGED_UNKNOWN]
    assert kinds(*judge_unknown(replace(RECORD, status=PaymentStatus.AUTHORIZED, captured_minor=0))) == [
        Kind.CHARGED_UNKNOWN
    ]
    assert list(judge_unknown(replace(RECORD, status=PaymentStatus.VOIDED, captured_minor=0))) == []
    assert list(judge_unknown(replace(RECORD, refunded_minor=TOTAL))) == []


def test_a_payment_that_the_provider_does_not_have_is_told_if_it_has_money() -> None:
    assert kinds(*judge_missing(BOOKS)) == [Kind.MISSING_AT_PROVIDER]
    assert kinds(*judge_missing(HELD)) == [Kind.MISSING_AT_PROVIDER]
    assert list(judge_missing(VOIDED)) == []


@pytest.mark.parametrize(
    "account", ["authorized", "captured", "refunded", "disputed", "charged_back", "paid_outside", "own_funds"]
)
def test_a_ledger_that_contradicts_its_payment_is_told(account: str) -> None:
    wrong = {**SOUND_LEDGER, account: 7}
    assert kinds(*audit_ledger(replace(BOOKS, ledger=wrong))) == [Kind.LEDGER]


def test_an_order_that_needs_a_person_is_told() -> None:
    assert kinds(*judge_attention(replace(ORDER, needs_attention=True))) == [Kind.STUCK]
