"""Holds the books of provider, payments, orders and inventory against each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.payments.commands.compare_provider import compare_provider
from subgraphs.payments.domain.joined import joined
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.reconciliation import (
    Difference,
    audit_ledger,
    compare_money,
    compare_stock,
    judge_attention,
    judge_provider,
)
from subgraphs.payments.domain.records import OrderBooks, OrderRecord, ReservationRecord
from subgraphs.payments.domain.report import Report, Scope


@dataclass(frozen=True, slots=True)
class CompareBooks:
    """What is to be compared."""

    scope: Scope


async def compare_books(command: CompareBooks, work: PaymentsWork) -> Report:
    """What differs. Books are read one after the other:
    what differs is looked at twice, so that nothing that moved counts.

    Raises:
        Unavailable: when one of the others can't be asked.
    """
    report = await _compare_once(command.scope, work)
    if report.differences:
        again = await _compare_once(command.scope, work)
        report.differences = [found for found in again.differences if found in report.differences]
    return report


async def _compare_once(scope: Scope, work: PaymentsWork) -> Report:
    report = Report()
    await _compare_orders(scope, report, work)
    for provider in work.providers.values():
        await compare_provider(provider, scope, report, work.own_books)
    report.differences += await work.others_books.stock_differences()
    return report


async def _compare_orders(scope: Scope, report: Report, work: PaymentsWork) -> None:
    after, settle = scope.first_order, scope.settle_seconds
    streams = (
        work.others_books.orders(after, settle),
        work.own_books.by_order(after, settle),
        work.others_books.reservations(after, settle),
    )
    async for order, books, reservation in joined(*streams):
        report.orders += order is not None
        report.payments += len(books.payments) if books else 0
        report.reservations += reservation is not None
        for payment in books.payments if books else ():
            report.differences += judge_provider(payment, work.providers)
        if all(part is None or part.is_settled for part in (order, books, reservation)):
            report.differences += _judge(order, books, reservation)


def _judge(
    order: OrderRecord | None, books: OrderBooks | None, reservation: ReservationRecord | None
) -> Sequence[Difference]:
    payments = books.payments if books else ()
    differences = [*compare_money(order, payments), *compare_stock(order, reservation)]
    for payment in payments:
        differences += audit_ledger(payment)
    if order:
        differences += judge_attention(order)
    return differences
