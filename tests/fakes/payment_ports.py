"""Payments and their leases in memory: what handlers are tested with, beside the other twins of ``payment_work.py``.

One contract suite holds for all of them and for Postgres.
"""

import contextlib
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from shared.errors import Unavailable
from shared.ids import new_id
from subgraphs.payments.domain.following import FOLLOW_SECONDS
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Beginning, Change, Payment
from subgraphs.payments.domain.progress import Standing
from subgraphs.payments.domain.provider import Change as ProviderChange
from subgraphs.payments.domain.rejections import AttemptOver, PaymentNotFound
from subgraphs.payments.domain.status import PaymentStatus, is_over_without_money
from tests.fakes.payment_tables import Tables

_NOBODY = UUID(int=0)


@dataclass
class PaymentsTwin:
    """Payments by their id."""

    tables: Tables

    async def bar(self, order_id: UUID, order_attempt: int) -> bool:
        if self.tables.of_attempt(order_id, order_attempt) is not None:
            return False
        nothing = Standing(PaymentStatus.VOIDED, 0)
        barred = _payment(new_id(), order_id, order_attempt, nothing, "XXX", provider="none", customer_id=_NOBODY)
        self.tables.payments[barred.id] = barred
        return True

    async def attach_customer(self, order_id: UUID, user_id: UUID) -> None:
        self.tables.accounts[order_id] = user_id

    async def lock(self, payment_id: UUID) -> Payment:
        return self.tables.payments[payment_id]

    async def current(self, payment_id: UUID) -> Payment:
        return self.tables.payments[payment_id]

    async def id_of_intent(self, provider: str, reference: str, payment_id: UUID | None) -> UUID | None:
        for payment in self.tables.payments.values():
            is_meant = payment.provider_reference is None and payment.id == payment_id
            if payment.provider == provider and (payment.provider_reference == reference or is_meant):
                return payment.id
        return None

    async def record(self, payment: Payment, change: Change, ending: UUID | None = None) -> Payment | None:
        current = self.tables.payments[payment.id]
        if current.version != payment.version:
            return None
        self.tables.movements += [(payment.id, movement) for movement in change.movements]
        self.tables.events += change.events
        if self.tables.leases.get(payment.id) == ending:
            self.tables.leases.pop(payment.id, None)
        return self._keep(
            replace(
                current,
                version=current.version + 1,
                standing=change.standing,
                provider_reference=current.provider_reference or change.reference,
                decline=change.decline,
                action=change.action,
                follow_at=_follow_at(current, change.follow_in),
            )
        )

    async def count_attempt(self, payment: Payment) -> None:
        current = self.tables.payments[payment.id]
        if current.attempt == payment.attempt:
            self._keep(replace(current, attempt=current.attempt + 1))

    async def follow_in(self, payment_id: UUID, seconds: float) -> None:
        self._keep(replace(self.tables.payments[payment_id], follow_at=_later(seconds)))

    async def follow_next(self, payment: Payment, seconds: float | None) -> None:
        current = self.tables.payments[payment.id]
        if current.follow_at is not None and current.follow_at == payment.follow_at:
            self._keep(replace(current, follow_at=None if seconds is None else _later(seconds)))

    async def follow_changed(self, provider: str, changes: Collection[ProviderChange]) -> int:
        meant = set()
        for change in changes:
            payment_id = await self.id_of_intent(provider, change.intent_reference, None)
            if payment_id is not None and self._is_news(self.tables.payments[payment_id], change):
                meant.add(payment_id)
        for payment_id in meant:
            await self.follow_in(payment_id, 0)
        return len(meant)

    def _is_news(self, payment: Payment, change: ProviderChange) -> bool:
        named = payment.id, change.reference
        if change.is_failure:
            return named not in self.tables.failures
        known = self.tables.disputes.get(named)
        is_known_dispute = known is not None and change.outcome in (None, known[0].outcome)
        refunds = ((kept.payment_id, kept.reference) for kept in self.tables.refunds.values())
        return not (is_over_without_money(payment.status) or is_known_dispute or named in refunds)

    def _keep(self, payment: Payment) -> Payment:
        self.tables.payments[payment.id] = payment
        return payment


@dataclass
class LeasesTwin:
    """Leases that nobody waits for: what somebody else has is unavailable at once."""

    tables: Tables

    @contextlib.asynccontextmanager
    async def of_attempt(self, order_id: UUID, order_attempt: int) -> AsyncIterator[Lease]:
        payment = self.tables.of_attempt(order_id, order_attempt)
        if payment is None:
            raise PaymentNotFound(order_id, order_attempt)
        async with self.conversation(self._taken(payment)) as lease:
            yield lease

    @contextlib.asynccontextmanager
    async def of_beginning(self, beginning: Beginning) -> AsyncIterator[Lease]:
        payment = self.tables.of_attempt(beginning.order_id, beginning.order_attempt)
        lease = replace(self._taken(payment or self._begun(beginning)), is_new=payment is None)
        async with self.conversation(lease):
            yield lease

    async def due(self, limit: int) -> Sequence[Lease]:
        free = [each for each in self.tables.payments.values() if each.id not in self.tables.leases]
        moments = {each.id: each.follow_at for each in free if each.follow_at and each.follow_at <= datetime.now(UTC)}
        first = sorted(moments, key=lambda payment_id: moments[payment_id])[:limit]
        return [self._taken(self.tables.payments[payment_id]) for payment_id in first]

    async def of_payment(self, payment_id: UUID) -> Lease | None:
        with contextlib.suppress(Unavailable):
            return self._taken(self.tables.payments[payment_id])
        return None

    @contextlib.asynccontextmanager
    async def conversation(self, lease: Lease) -> AsyncIterator[Lease]:
        try:
            yield lease
        finally:
            if lease.id is not None and self.tables.leases.get(lease.payment.id) == lease.id:
                del self.tables.leases[lease.payment.id]

    def _taken(self, payment: Payment) -> Lease:
        if payment.id in self.tables.leases:
            raise Unavailable("Another command for this payment is under way; try again.")
        lease_id = self.tables.leases[payment.id] = uuid4()
        return Lease(payment, lease_id)

    def _begun(self, new: Beginning) -> Payment:
        attempts = [each.order_attempt for each in self.tables.payments.values() if each.order_id == new.order_id]
        if max(attempts, default=0) > new.order_attempt:
            raise AttemptOver(new.order_attempt)
        pending = Standing(PaymentStatus.PENDING, new.amount.minor)
        begun = _payment(
            new.payment_id,
            new.order_id,
            new.order_attempt,
            pending,
            new.amount.currency,
            provider=new.provider,
            customer_id=new.customer_id,
        )
        method, customer_reference = self._method(new)
        self.tables.payments[begun.id] = replace(
            begun,
            method=method,
            customer_reference=customer_reference,
            authorization_key=new.authorization_key,
            follow_at=_later(FOLLOW_SECONDS),
        )
        return self.tables.payments[begun.id]

    def _method(self, new: Beginning) -> tuple[str, str | None]:
        """A kept card goes with its customer when it is the buyer's own; another buyer's is named by our id."""
        for card in self.tables.cards.values():
            if (card.method.provider, card.method.reference) == (new.provider, new.method):
                is_own = card.method.user_id == new.customer_id
                own = card.method.reference, card.method.customer_reference
                return own if is_own else (str(card.method.id), new.customer_reference)
        return new.method, new.customer_reference


def _payment(
    payment_id: UUID,
    order_id: UUID,
    order_attempt: int,
    standing: Standing,
    currency: str,
    *,
    provider: str,
    customer_id: UUID,
) -> Payment:
    return Payment(
        id=payment_id,
        order_id=order_id,
        order_attempt=order_attempt,
        customer_id=customer_id,
        provider=provider,
        provider_reference=None,
        method="",
        customer_reference=None,
        attempt=1,
        authorization_key="",
        currency=currency,
        standing=standing,
        decline=None,
        action=None,
        version=1,
        created_at=datetime.now(UTC),
        follow_at=None,
    )


def _later(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _follow_at(payment: Payment, seconds: float | None) -> datetime | None:
    """The older an open payment the later."""
    if seconds is None or seconds < 0:
        return payment.follow_at if seconds is not None else None
    age = (datetime.now(UTC) - payment.created_at).total_seconds()
    return _later(seconds + min(55, age / 4) * (seconds > 0))
