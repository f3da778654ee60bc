"""A unit of work of payments in memory."""

import copy
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from subgraphs.payments.domain.ports import PaymentsWork, Providers
from subgraphs.payments.domain.reconciliation import Difference
from subgraphs.payments.domain.records import Books, OrderBooks, OrderRecord, ReservationRecord
from tests.fakes.payment_methods import MethodsTwin, VaultTwin
from tests.fakes.payment_ports import LeasesTwin, PaymentsTwin
from tests.fakes.payment_provider import ProviderTwin
from tests.fakes.payment_refunds import DisputesTwin, LooksTwin, NoticesTwin, RefundsTwin
from tests.fakes.payment_tables import Tables

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")


@dataclass
class AlarmsTwin:
    """How often people were told of what."""

    counted: Counter[str] = field(default_factory=Counter)

    def mismatch(self, provider: str) -> None:
        self.counted["mismatch"] += 1

    def late_success(self) -> None:
        self.counted["late success"] += 1

    def reused_notice(self, provider: str) -> None:
        self.counted["reused notice"] += 1

    def refund_failure(self, provider: str) -> None:
        self.counted["refund failure"] += 1


@dataclass
class OwnBooksTwin:
    """Books as a test writes them."""

    books: list[Books] = field(default_factory=list)

    async def by_order(self, after: UUID, settle_seconds: float) -> AsyncIterator[OrderBooks]:
        for order_id in sorted({books.order_id for books in self.books}):
            yield OrderBooks(order_id, [books for books in self.books if books.order_id == order_id])

    async def of_references(
        self, provider: str, references: Sequence[str], settle_seconds: float
    ) -> Mapping[str, Books]:
        return {books.reference: books for books in self.books if books.reference in references and books.reference}

    async def begun_since(self, provider: str, since: datetime, settle_seconds: float) -> AsyncIterator[Books]:
        for books in self.books:
            yield books


@dataclass
class OthersBooksTwin:
    """What orders and inventory say, as a test has it."""

    known_orders: list[OrderRecord] = field(default_factory=list)
    known_reservations: list[ReservationRecord] = field(default_factory=list)
    found: list[Difference] = field(default_factory=list)

    async def orders(self, after: UUID, settle_seconds: float) -> AsyncIterator[OrderRecord]:
        for order in self.known_orders:
            yield order

    async def reservations(self, after: UUID, settle_seconds: float) -> AsyncIterator[ReservationRecord]:
        for reservation in self.known_reservations:
            yield reservation

    async def stock_differences(self) -> Sequence[Difference]:
        return self.found


class PaymentsWorkTwin:
    """Payments in memory, with one provider that is configured. What fails within a transaction changes nothing."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.provider = ProviderTwin()
        self.providers: Providers = {self.provider.name: self.provider}
        self.vault = VaultTwin()
        self.alarms = AlarmsTwin()
        self.own_books = OwnBooksTwin()
        self.others_books = OthersBooksTwin()
        self.payments = PaymentsTwin(self.tables)
        self.leases = LeasesTwin(self.tables)
        self.refunds = RefundsTwin(self.tables)
        self.disputes = DisputesTwin(self.tables)
        self.notices = NoticesTwin(self.tables)
        self.looks = LooksTwin(self.tables)
        self.methods = MethodsTwin(self.tables)

    async def perform(
        self, handler: Callable[[Command, PaymentsWork], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """What the handler answers."""
        return await self.transaction(lambda work: handler(command, work))

    async def perform_alone(
        self, handler: Callable[[Command, PaymentsWork], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """The same without a transaction: what was done before a failure counts."""
        return await handler(command, self)

    async def transaction(self, step: Callable[[PaymentsWork], Awaitable[Outcome]]) -> Outcome:
        """What the step answers; all or nothing."""
        before = copy.deepcopy(self.tables.__dict__)
        self.provider.open_transactions += 1
        try:
            return await step(self)
        except BaseException:
            self.tables.__dict__.update(before)
            raise
        finally:
            self.provider.open_transactions -= 1
