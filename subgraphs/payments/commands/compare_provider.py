"""Holds a provider's own books against ours."""

from collections.abc import AsyncIterator, Container, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.errors import ServiceError, Unavailable
from subgraphs.payments.domain.books import OwnBooks
from subgraphs.payments.domain.provider import PaymentProvider, ProviderRecord
from subgraphs.payments.domain.reconciliation import (
    compare_disputes,
    compare_refunds,
    compare_with_provider,
    judge_missing,
    judge_unknown,
)
from subgraphs.payments.domain.records import Books
from subgraphs.payments.domain.report import Report, Scope
from subgraphs.payments.domain.status import PaymentStatus

_BATCH = 100
_WITH_MONEY = (PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)
_CLOCKS_DIFFER = timedelta(minutes=5)


async def compare_provider(provider: PaymentProvider, scope: Scope, report: Report, own_books: OwnBooks) -> None:
    """Adds to the report what differs. Raises Unavailable when the provider can't be asked."""
    seen: set[UUID] = set()
    async for record, books in _matched(provider, scope, own_books):
        report.at_providers += 1
        if books is None:
            report.differences += judge_unknown(record)
            continue
        seen.add(books.payment_id)
        if books.is_settled:
            report.differences += compare_with_provider(books, record)
    await _compare_changes(provider, scope, seen, report, own_books)
    async for books in own_books.begun_since(provider.name, scope.since + _CLOCKS_DIFFER, scope.settle_seconds):
        if books.is_settled and books.payment_id not in seen and not await _is_known(provider, books):
            report.differences += judge_missing(books)


async def _compare_changes(
    provider: PaymentProvider, scope: Scope, seen: Container[UUID], report: Report, own_books: OwnBooks
) -> None:
    """Payments of any age that money went back of in this time;
    refunds of those that are seen were compared with the rest.
    """
    disputed: dict[str, bool] = {}
    async for change in provider.changes(scope.since, datetime.now(UTC)):
        disputed[change.intent_reference] = change.is_dispute or disputed.get(change.intent_reference, False)
    for references in _chunks(list(disputed)):
        known = await own_books.of_references(provider.name, references, scope.settle_seconds)
        for reference, books in known.items():
            if books.is_settled and books.payment_id not in seen:
                report.differences += compare_refunds(books, await provider.retrieve(reference))
            if books.is_settled and disputed[reference]:
                report.differences += compare_disputes(books, await provider.disputes(reference))


def _chunks(references: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(references), _BATCH):
        yield references[start : start + _BATCH]


async def _is_known(provider: PaymentProvider, books: Books) -> bool:
    """Whether the provider knows a payment that is not in its books, which some providers write hours later."""
    if books.reference is None:
        return False
    try:
        intent = await provider.retrieve(books.reference)
    except Unavailable:
        raise
    except ServiceError:
        return False
    return intent.status in _WITH_MONEY or not (books.held_minor or books.captured_minor)


async def _matched(
    provider: PaymentProvider, scope: Scope, own_books: OwnBooks
) -> AsyncIterator[tuple[ProviderRecord, Books | None]]:
    async for batch in _batches(provider.records(scope.since)):
        references = [record.reference for record in batch]
        known = await own_books.of_references(provider.name, references, scope.settle_seconds)
        for record in batch:
            yield record, known.get(record.reference)


async def _batches(records: AsyncIterator[ProviderRecord]) -> AsyncIterator[Sequence[ProviderRecord]]:
    batch: list[ProviderRecord] = []
    async for record in records:
        batch.append(record)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
