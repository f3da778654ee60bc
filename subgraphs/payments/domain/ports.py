"""What the commands of payments need of the world, beside the payment providers (``provider.py``)."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.transaction import Transaction
from subgraphs.payments.domain.books import OthersBooks, OwnBooks
from subgraphs.payments.domain.dispute import KnownDispute
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.methods import SavedMethod
from subgraphs.payments.domain.notice import Notice, NoticeOutcome
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Beginning, Change, Payment
from subgraphs.payments.domain.provider import CardVault, Dispute, PaymentProvider, ProviderRefund, StoredCard
from subgraphs.payments.domain.provider import Change as ProviderChange
from subgraphs.payments.domain.refund import Refund

Providers = Mapping[str, PaymentProvider]


class PaymentRepository(Protocol):
    """Payments, and the ledger of what moved."""

    async def bar(self, order_id: UUID, order_attempt: int) -> bool:
        """Keeps an attempt at an order that has no payment from ever getting one; False when it has one."""

    async def lock(self, payment_id: UUID) -> Payment:
        """A payment, this unit of work's alone until its end."""

    async def current(self, payment_id: UUID) -> Payment:
        """A payment as it is now."""

    async def id_of_intent(self, provider: str, reference: str, payment_id: UUID | None) -> UUID | None:
        """The payment that a provider's intent belongs to, or None when it is none of ours.

        The intent may be so new that its reference is not stored yet:
        then it is found by our own id, if the provider tells that.
        """

    async def record(self, payment: Payment, change: Change, ending: UUID | None = None) -> Payment | None:
        """Writes a change of a payment as it was read, with movements and events, and ends a lease with it.

        None, and nothing is written, when the payment was changed meanwhile.
        """

    async def count_attempt(self, payment: Payment) -> None:
        """An attempt to begin failed without effect: the next one is another request."""

    async def follow_in(self, payment_id: UUID, seconds: float) -> None:
        """Has the provider be asked about a payment so many seconds from now."""

    async def follow_next(self, payment: Payment, seconds: float | None) -> None:
        """Has the provider be asked again so many seconds from now, or not,
        unless somebody said when since the payment was read.
        """

    async def follow_changed(self, provider: str, changes: Collection[ProviderChange]) -> int:
        """Has the provider be asked now about the payments of changes that are news; answers how many."""

    async def attach_customer(self, order_id: UUID, user_id: UUID) -> None:
        """Shows an account the payments of an order, too, those to come among them."""


class Leases(Protocol):
    """Who may talk to the provider about a payment, and until when: no transaction is open meanwhile.

    A process that dies leaves a lease that ends by itself.
    """

    def of_attempt(self, order_id: UUID, order_attempt: int) -> AbstractAsyncContextManager[Lease]:
        """The payment of an attempt at an order, nobody else's to ask the provider about until the end.

        Raises:
            PaymentNotFound
            Unavailable: when others take too long.
            TimeoutError: when this one takes five seconds, whatever it is about just then.
        """

    def of_beginning(self, beginning: Beginning) -> AbstractAsyncContextManager[Lease]:
        """The same; an attempt that has no payment gets this one, PENDING.

        Raises:
            AttemptOver
            Unavailable, TimeoutError: as above.
        """

    async def due(self, limit: int) -> Sequence[Lease]:
        """Payments whose provider is to be asked by now; each is to be talked about in a ``conversation``."""

    async def of_payment(self, payment_id: UUID) -> Lease | None:
        """A payment, to be talked about in a ``conversation``; None while somebody else has it."""

    def conversation(self, lease: Lease) -> AbstractAsyncContextManager[Lease]:
        """Ends after five seconds at most, and the lease with it. Raises TimeoutError after that."""


class RefundRepository(Protocol):
    """Refunds that were asked for, and those that failed at the provider.
    Who writes has the payment's lock or lease.
    """

    async def of_key(self, payment_id: UUID, key: str) -> Refund | None:
        """The refund that an earlier attempt with this key began."""

    async def unfinished(self, payment_id: UUID) -> Sequence[Refund]:
        """The refunds that were begun and not finished, the oldest first."""

    async def add(self, payment_id: UUID, refund: Refund) -> None:
        """Begins a refund, or keeps that there was nothing to refund."""

    async def add_paid_outside(self, payment_id: UUID, paid: PaidOutside, repaid_minor: int) -> Refund:
        """A refund that the shop has paid itself: done at once."""

    async def complete(self, refund_id: UUID, reference: str, repaid_minor: int) -> bool:
        """Records that money was refunded, and how much that makes in all; False when that is recorded already."""

    async def give_up(self, refunds: Sequence[Refund]) -> None:
        """Forgets refunds that were not finished:
        whoever comes with a key of theirs begins anew, with what is left then.
        """

    async def give_up_all(self, payment_id: UUID) -> None:
        """The same for all refunds of a payment."""

    async def failures_among(self, payment_id: UUID, failed: Sequence[ProviderRefund]) -> Sequence[ProviderRefund]:
        """Those of a payment's failed refunds that are news."""

    async def add_failure(self, payment_id: UUID, failed: ProviderRefund) -> None:
        """A refund failed, by whomever it was asked for."""

    async def has_failures(self, payment_id: UUID) -> bool:
        """Whether a refund has ever failed: then an older event may tell of more than was refunded."""

    async def keys_of(self, payment_id: UUID, refunds: Sequence[ProviderRefund]) -> Mapping[str, str]:
        """The idempotency keys of those refunds that are ours, by the provider's reference."""


class DisputeRepository(Protocol):
    """Disputes of captured money. Who writes has locked the payment."""

    async def known(self, payment_id: UUID, reference: str) -> KnownDispute | None:
        """What is known of a dispute, or None when it is new."""

    async def payment_of(self, dispute_id: UUID) -> UUID | None:
        """The payment that a dispute is about."""

    async def told(self, dispute_id: UUID, payment: Payment) -> Dispute:
        """A dispute of a payment as the provider told it last."""

    async def save(self, payment_id: UUID, told: Dispute, known: KnownDispute) -> None:
        """Writes what is known of a dispute by now."""

    async def has_open(self, payment_id: UUID) -> bool:
        """Whether a bank has yet to decide about a payment."""


class NoticeRepository(Protocol):
    """Webhook events as they came."""

    async def add(self, notice: Notice) -> bool:
        """Keeps an event, of which nothing has come yet; False when it was kept before."""

    async def is_repeated(self, notice: Notice) -> bool:
        """Whether the event that was kept by this id says the same as this one."""

    async def set_outcome(self, notice: Notice, outcome: NoticeOutcome) -> None:
        """Records what came of an event."""


class Looks(Protocol):
    """Until when providers' lists were read."""

    async def until(self, provider: str) -> datetime | None:
        """None when they never were."""

    async def note(self, provider: str, until: datetime) -> None:
        """They were read until then."""


class MethodRepository(Protocol):
    """Buyers' cards, and how providers know buyers. Those of one user change one at a time."""

    async def lock(self, user_id: UUID) -> None:
        """Makes the user's cards this unit of work's alone until its end."""

    async def of_user(self, user_id: UUID, method_id: UUID) -> SavedMethod | None:
        """A card of the user's, or None when it is nobody's or somebody else's."""

    async def by_reference(self, provider: str, reference: str) -> SavedMethod | None:
        """The card that the provider knows by this reference, whosever it is."""

    async def by_fingerprint(self, user_id: UUID, provider: str, fingerprint: str | None) -> SavedMethod | None:
        """The user's card with this fingerprint; None is nobody's."""

    async def count(self, user_id: UUID) -> int:
        """How many cards the user keeps."""

    async def add(self, user_id: UUID, provider: str, customer_reference: str, card: StoredCard) -> SavedMethod:
        """Keeps a card; one that is kept already stays as it is."""

    async def renew(self, method_id: UUID, card: StoredCard) -> None:
        """A kept card expires when its successor of the same number does."""

    async def remove(self, method_id: UUID) -> bool:
        """Forgets a card; False when it was forgotten before."""

    async def make_default(self, user_id: UUID, method_id: UUID) -> None:
        """The card becomes the user's only default."""

    async def ensure_default(self, user_id: UUID) -> None:
        """When no card of the user's is the default, the one that was added last becomes it."""

    async def customer_reference(self, user_id: UUID, provider: str) -> str | None:
        """How a provider knows a user, or None before they kept a card there."""

    async def keep_customer(self, user_id: UUID, provider: str, reference: str) -> str:
        """Keeps how a provider knows a user; answers what is kept, which an earlier call may have told."""


class Alarms(Protocol):
    """Counts what people are to be told of."""

    def mismatch(self, provider: str) -> None:
        """A provider told of other money than the payment's."""

    def late_success(self) -> None:
        """A payment succeeded at the provider after it was over here."""

    def reused_notice(self, provider: str) -> None:
        """A webhook came with the id of an event that said something else."""

    def refund_failure(self, provider: str) -> None:
        """A refund failed after it was given."""


class PaymentsWork(Protocol):
    """A unit of work of payments. Events travel with the changes that they tell of."""

    @property
    def transaction(self) -> "Transaction[PaymentsWork]": ...

    @property
    def payments(self) -> PaymentRepository: ...

    @property
    def leases(self) -> Leases: ...

    @property
    def refunds(self) -> RefundRepository: ...

    @property
    def disputes(self) -> DisputeRepository: ...

    @property
    def notices(self) -> NoticeRepository: ...

    @property
    def looks(self) -> Looks: ...

    @property
    def methods(self) -> MethodRepository: ...

    @property
    def own_books(self) -> OwnBooks: ...

    @property
    def others_books(self) -> OthersBooks: ...

    @property
    def alarms(self) -> Alarms: ...

    @property
    def providers(self) -> Providers: ...

    @property
    def vault(self) -> CardVault: ...
