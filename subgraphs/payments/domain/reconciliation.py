"""What must agree when nothing is under way: the provider's books with ours, ours with orders, orders with stock.

Pure: everything that is compared was read before. Amounts are in the currency's minor unit.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, Intent, ProviderRecord
from subgraphs.payments.domain.records import Books, LineRecord, OrderRecord, ReservationRecord, StockRecord
from subgraphs.payments.domain.status import PaymentStatus, needs_provider

_NOT_BOUGHT = "CANCELLED"


class Kind(StrEnum):
    """What kind of difference it is; the label of the metric."""

    CHARGED_UNKNOWN = "CHARGED_UNKNOWN"
    MISSING_AT_PROVIDER = "MISSING_AT_PROVIDER"
    PROVIDER_AMOUNT = "PROVIDER_AMOUNT"
    PROVIDER_STATUS = "PROVIDER_STATUS"
    PROVIDER_DISPUTE = "PROVIDER_DISPUTE"
    PROVIDER_MISSING = "PROVIDER_MISSING"
    LEDGER = "LEDGER"
    PAID_WITHOUT_ORDER = "PAID_WITHOUT_ORDER"
    ORDER_UNPAID = "ORDER_UNPAID"
    CANCELLED_PAID = "CANCELLED_PAID"
    ORDER_AMOUNT = "ORDER_AMOUNT"
    STOCK_WITHOUT_ORDER = "STOCK_WITHOUT_ORDER"
    ORDER_STOCK = "ORDER_STOCK"
    STOCK = "STOCK"
    STUCK = "STUCK"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two books that disagree about a subject, such as an order's id.

    ``payment_id`` is the payment about which its provider can be asked again; ``repair`` is what was done, if anything.
    """

    kind: Kind
    subject: str
    what: str
    expected: str
    found: str
    payment_id: UUID | None = None
    repair: str = field(default="", compare=False)


def compare_with_provider(books: Books, record: ProviderRecord) -> Iterator[Difference]:
    """Our row against the provider's own."""
    for what, ours, theirs in (
        ("captured at the provider", books.captured_minor, record.captured_minor),
        ("refunded at the provider", books.refunded_minor, record.refunded_minor),
    ):
        if ours != theirs:
            yield _provider_difference(Kind.PROVIDER_AMOUNT, books, what, str(ours), str(theirs))
    if (books.held_minor > 0) != (record.status is PaymentStatus.AUTHORIZED):
        yield _provider_difference(Kind.PROVIDER_STATUS, books, "status at the provider", books.status, record.status)
    amounts = _money(books.amount_minor, books.currency), _money(record.amount.minor, record.amount.currency)
    if _moves_money(record) and amounts[0] != amounts[1]:
        yield _provider_difference(Kind.PROVIDER_AMOUNT, books, "amount at the provider", *amounts)


def _provider_difference(kind: Kind, books: Books, what: str, expected: str, found: str) -> Difference:
    return Difference(kind, f"payment {books.payment_id}", what, expected, found, books.payment_id)


def compare_refunds(books: Books, intent: Intent) -> Iterator[Difference]:
    """What was refunded as we have it, against how the provider has the payment now."""
    if intent.refunded_minor != books.refunded_minor:
        amounts = str(books.refunded_minor), str(intent.refunded_minor)
        yield _provider_difference(Kind.PROVIDER_AMOUNT, books, "refunded at the provider", *amounts)


def compare_disputes(books: Books, disputes: Sequence[Dispute]) -> Iterator[Difference]:
    """What banks have of our money as we have it, against the provider's own disputes."""
    theirs_minor = sum(dispute.amount.minor for dispute in disputes if dispute.outcome is not DisputeOutcome.WON)
    if theirs_minor != books.disputed_minor:
        amounts = str(books.disputed_minor), str(theirs_minor)
        yield _provider_difference(Kind.PROVIDER_DISPUTE, books, "disputed at the provider", *amounts)


def judge_provider(books: Books, configured: Container[str]) -> Iterator[Difference]:
    """A payment whose money nobody here can see or move, since its provider is not configured."""
    if books.provider not in configured and needs_provider(books.status):
        what = f"{books.status}, {_money(books.held_minor or books.kept_minor, books.currency)} at {books.provider}"
        subject = f"payment {books.payment_id}"
        yield Difference(Kind.PROVIDER_MISSING, subject, "provider of a payment", "configured", what)


def judge_unknown(record: ProviderRecord) -> Iterator[Difference]:
    """A payment in the provider's books that we know nothing of."""
    if _moves_money(record):
        found = f"{record.status} {_money(record.amount.minor, record.amount.currency)}"
        yield Difference(Kind.CHARGED_UNKNOWN, record.reference, "payment at the provider", "none", found)


def judge_missing(books: Books) -> Iterator[Difference]:
    """A payment of ours that the provider's books don't have."""
    if books.reference is not None and (books.held_minor or books.captured_minor):
        yield Difference(
            Kind.MISSING_AT_PROVIDER, f"payment {books.payment_id}", "payment at the provider", books.status, "none"
        )


def audit_ledger(books: Books) -> Iterator[Difference]:
    """A payment's row against its postings."""
    expected = {
        "authorized": books.held_minor,
        "captured": -books.captured_minor,
        "refunded": books.refunded_minor,
        "disputed": books.disputed_minor - books.lost_minor,
        "paid_outside": books.paid_outside_minor,
        "own_funds": -books.paid_outside_minor,
    }
    for account, amount in expected.items():
        found = books.ledger.get(account, 0)
        if found != amount:
            subject = f"payment {books.payment_id}"
            yield Difference(Kind.LEDGER, subject, f"ledger account {account}", str(amount), str(found))


def compare_money(order: OrderRecord | None, payments: Sequence[Books]) -> Iterator[Difference]:
    """An order against its payments: that of its present attempt pays it, those of the others came to nothing."""
    is_bought = order is not None and order.status != _NOT_BOUGHT
    for books in payments:
        if order is None and _has_money(books):
            yield Difference(
                Kind.PAID_WITHOUT_ORDER, f"order {books.order_id}", "order of a payment", "an order", "none"
            )
        elif order and not (is_bought and books.attempt == order.attempt):
            yield from _cancelled_money(order, books)
    if order and is_bought and order.total_minor > 0:
        present = [books for books in payments if books.attempt == order.attempt]
        yield from _bought_money(order, present[0] if present else None)


def compare_stock(order: OrderRecord | None, reservation: ReservationRecord | None) -> Iterator[Difference]:
    """An order against what inventory holds and sold for it."""
    lines: Mapping[str, StockRecord] = reservation.lines if reservation else {}
    if order is None:
        units = sum(line.held + line.sold - line.returned for line in lines.values())
        if reservation and units:
            yield Difference(
                Kind.STOCK_WITHOUT_ORDER, f"order {reservation.order_id}", "pieces without order", "0", str(units)
            )
        return
    for line_id in sorted({*order.lines, *lines}):
        found = lines.get(line_id, StockRecord(0, 0, 0))
        yield from _line_differences(order, line_id, found)


def judge_attention(order: OrderRecord) -> Iterator[Difference]:
    """An order that no rule can bring to an end."""
    if order.needs_attention:
        yield Difference(Kind.STUCK, f"order {order.order_id}", "saga", "at an end", "needs a person")


def _cancelled_money(order: OrderRecord, books: Books) -> Iterator[Difference]:
    if _has_money(books):
        what = (
            "money of a cancelled order"
            if books.attempt == order.attempt
            else f"money of attempt {books.attempt}, which is over"
        )
        kept = f"{books.status}, {_money(books.kept_minor, books.currency)} kept"
        yield Difference(Kind.CANCELLED_PAID, f"order {order.order_id}", what, "none", kept)


def _bought_money(order: OrderRecord, books: Books | None) -> Iterator[Difference]:
    subject = f"order {order.order_id}"
    total = _money(order.total_minor, order.currency)
    if books is None:
        yield Difference(Kind.ORDER_UNPAID, subject, "payment", total, "none")
        return
    captured_minor = order.total_minor if order.is_captured else 0
    if order.is_captured and books.captured_minor == 0:
        yield Difference(Kind.ORDER_UNPAID, subject, "captured", total, books.status)
        return
    if not order.is_captured and books.held_minor == 0:
        yield Difference(Kind.ORDER_UNPAID, subject, "held", total, books.status)
    for what, expected, found in (
        ("captured", captured_minor, books.captured_minor),
        ("refunded", order.refunded_minor, books.back_minor),
    ):
        if expected != found or order.currency != books.currency:
            amounts = _money(expected, order.currency), _money(found, books.currency)
            yield Difference(Kind.ORDER_AMOUNT, subject, what, *amounts)


def _line_differences(order: OrderRecord, line_id: str, found: StockRecord) -> Iterator[Difference]:
    ordered = order.lines.get(line_id, LineRecord(0, 0))
    subject = f"order {order.order_id} line {line_id}"
    if order.status == _NOT_BOUGHT:
        comparisons: Sequence[tuple[str, int, int]] = (
            ("pieces kept from stock", ordered.kept_out, found.held + found.sold - found.returned),
        )
    else:
        comparisons = (
            ("pieces sold", ordered.quantity, found.sold),
            ("pieces held", 0, found.held),
            ("pieces returned", ordered.restocked, found.returned),
            ("pieces still to come", ordered.waiting, found.waiting),
        )
    for what, expected, actual in comparisons:
        if expected != actual:
            yield Difference(Kind.ORDER_STOCK, subject, what, str(expected), str(actual))


def _moves_money(record: ProviderRecord) -> bool:
    return record.status is PaymentStatus.AUTHORIZED or record.captured_minor != record.refunded_minor


def _has_money(books: Books) -> bool:
    return books.held_minor > 0 or books.kept_minor > 0


def _money(minor: int, currency: str) -> str:
    return f"{minor} {currency}"
