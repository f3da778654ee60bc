"""Holds the books of provider, payments, orders and inventory against each other."""

from collections.abc import AsyncIterator, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.errors import ServiceError, Unavailable
from subgraphs.payments.commands.find_changes import find_changes
from subgraphs.payments.commands.follow_up import follow_up
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import PaymentProvider, ProviderRecord
from subgraphs.payments.domain.reconciliation import (
    Difference,
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
from subgraphs.payments.domain.records import Books, OrderBooks, OrderRecord, ReservationRecord
from subgraphs.payments.infrastructure.audits import Auditors
from subgraphs.payments.infrastructure.joined import joined
from subgraphs.payments.infrastructure.leases import payment_turn
from subgraphs.payments.infrastructure.payments import follow_in
from subgraphs.payments.queries.books import books_begun_since, books_by_order, books_of_references

_BATCH = 100
_WITH_MONEY = (PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared: what began since then, without what changed less than ``settle_seconds`` ago or is under way."""

    since: datetime
    settle_seconds: float

    @property
    def first_order(self) -> UUID:
        """The id before all orders of this time: ids are UUIDv7 and begin with the milliseconds since the Unix epoch."""
        return UUID(int=int(self.since.timestamp() * 1000) << 80)


@dataclass(slots=True)
class Report:
    """How much was compared, and what differs."""

    orders: int = 0
    payments: int = 0
    reservations: int = 0
    at_providers: int = 0
    differences: list[Difference] = field(default_factory=list)


def last_days(days: float, settle_seconds: float) -> Scope:
    """Everything that began in the last days."""
    return Scope(datetime.now(UTC) - timedelta(days=days), settle_seconds)


class Reconciler:
    """Compares all books. Reads only, but for ``repair`` and ``mend``."""

    def __init__(self, auditors: Auditors, providers: Mapping[str, PaymentProvider]) -> None:
        self._auditors = auditors
        self._providers = providers

    @property
    def configured(self) -> Collection[str]:
        """The names of the providers that can be asked."""
        return self._providers.keys()

    async def compare(self, scope: Scope) -> Report:
        """What differs. Books are read one after the other: what differs is looked at twice, so that nothing that moved counts.

        Raises:
            Unavailable: when one of the others can't be asked.
        """
        report = await self._compare_once(scope)
        if report.differences:
            again = await self._compare_once(scope)
            report.differences = [found for found in again.differences if found in report.differences]
        return report

    async def repair(self, scope: Scope) -> Report:
        """Repairs what is safe and answers what differed, with what was done about it.

        Safe is to ask what the provider has done and to record it, and to give back what came too late. All else needs a person.
        """
        report = await self.compare(scope)
        report.differences = [await self._repaired(found) for found in report.differences]
        return report

    async def mend(self, scope: Scope) -> Report:
        """Finds what was done at providers without our hearing of it, repairs what is safe, and answers what differs after that."""
        for provider in self._providers.values():
            await find_changes(provider)
        report = await self.repair(scope)
        return await self.compare(scope) if any(found.repair for found in report.differences) else report

    async def _repaired(self, found: Difference) -> Difference:
        if found.payment_id is None:
            return found
        turn = await payment_turn(found.payment_id)
        if turn is None:  # somebody is at it
            await follow_in(found.payment_id, 0)
        else:
            await follow_up(turn, self._providers)
        return replace(found, repair="the provider is asked again")

    async def _compare_once(self, scope: Scope) -> Report:
        report = Report()
        await self._compare_orders(scope, report)
        for provider in self._providers.values():
            await _compare_provider(provider, scope, report)
        report.differences += await self._auditors.stock_differences()
        return report

    async def _compare_orders(self, scope: Scope, report: Report) -> None:
        after, settle = scope.first_order, scope.settle_seconds
        streams = (
            self._auditors.orders(after, settle),
            books_by_order(after, settle),
            self._auditors.reservations(after, settle),
        )
        async for order, books, reservation in joined(*streams):
            report.orders += order is not None
            report.payments += len(books.payments) if books else 0
            report.reservations += reservation is not None
            for payment in books.payments if books else ():
                report.differences += judge_provider(payment, self._providers)
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


async def _compare_provider(provider: PaymentProvider, scope: Scope, report: Report) -> None:
    seen: set[UUID] = set()
    async for record, books in _matched(provider, scope):
        report.at_providers += 1
        if books is None:
            report.differences += judge_unknown(record)
            continue
        seen.add(books.payment_id)
        if books.is_settled:
            report.differences += compare_with_provider(books, record)
    await _compare_changes(provider, scope, seen, report)
    async for books in books_begun_since(provider.name, scope.since + _CLOCKS_DIFFER, scope.settle_seconds):
        if books.is_settled and books.payment_id not in seen and not await _is_known(provider, books):
            report.differences += judge_missing(books)


async def _compare_changes(provider: PaymentProvider, scope: Scope, seen: Container[UUID], report: Report) -> None:
    """Payments of any age that money went back of in this time; refunds of those that are seen were compared with the rest."""
    disputed: dict[str, bool] = {}
    async for change in provider.changes(scope.since, datetime.now(UTC)):
        disputed[change.intent_reference] = change.is_dispute or disputed.get(change.intent_reference, False)
    for references in _chunks(list(disputed)):
        known = await books_of_references(provider.name, references, scope.settle_seconds)
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


async def _matched(provider: PaymentProvider, scope: Scope) -> AsyncIterator[tuple[ProviderRecord, Books | None]]:
    async for batch in _batches(provider.records(scope.since)):
        known = await books_of_references(provider.name, [record.reference for record in batch], scope.settle_seconds)
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
