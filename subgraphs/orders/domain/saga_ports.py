"""What is kept of sagas, and what operators see of them."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.fulfilment import Kind, Saga, Settlement, Step
from subgraphs.orders.domain.undertaking import Undertaking


class Sagas(Protocol):
    """What is under way with orders. What a worker writes counts only while nobody else has claimed the saga since."""

    async def claim_due(self, worker: str, limit: int, lease_seconds: float) -> Sequence[Saga]:
        """Claims up to ``limit`` sagas that are due. Recorded before it is tried: the step, and that it is tried once
        more.
        """

    async def advance(
        self, saga: Saga, step: Step, cancellation: Cancellation | None, lease_seconds: float
    ) -> Saga | None:
        """Records the next step, before it is tried, and keeps the lease; None when somebody else has the saga now.

        The step is another one when a person asked to cancel the order meanwhile.
        """

    async def postpone(self, saga: Saga, pause_seconds: float, error: str | None) -> bool:
        """Ends the lease, and the step is tried again after a pause; False when somebody else has the saga now."""

    async def finish(self, saga: Saga, step: Step) -> bool:
        """Ends a saga whose effects on its order are recorded apart; False when somebody else has it now."""

    async def park(self, saga: Saga, error: str) -> bool:
        """Makes a saga STUCK; False when somebody else has it now."""

    async def start(self, saga_id: UUID, kind: Kind, order_id: UUID) -> None:
        """Starts a saga at its first step. One that has ended starts again; one that is under way goes on."""

    async def restart(self, saga_id: UUID, kind: Kind, order_id: UUID, step: Step) -> None:
        """Has a saga, if there is one or not, go on at this step; whoever still works on what it was at is fenced."""

    async def leave_owed(self, refund_id: UUID, order_id: UUID, error: str) -> None:
        """Makes the saga of a refund whose money came back STUCK; one that is settling its units does that first."""

    async def is_open(self, saga_id: UUID) -> bool:
        """Whether there is such a saga, and a worker has it, or will."""

    async def wake(self, order_id: UUID) -> None:
        """Has an order that waits for its buyer looked at now."""

    async def undertakings(self, order_id: UUID) -> Sequence[Undertaking]:
        """The sagas of an order, those that have ended among them."""

    async def resume_stuck(self, order_id: UUID) -> Sequence[str]:
        """Resumes all STUCK sagas of an order, and answers the kind and the step of each."""

    async def ask_again(self, order_id: UUID) -> None:
        """Has all sagas of an order that refund money, or were rejected, ask the provider once more."""

    async def settle(self, order_id: UUID, settlement: Settlement, instead: Sequence[UUID]) -> None:
        """Has all sagas of an order whose refund was rejected go on with it paid outside of the provider.

        ``instead`` are those just begun in the place of such ones; what each refund is about is known, the sum is that
        of the rest.
        """

    async def resume_without_money(self, order_id: UUID) -> None:
        """Resumes the saga of an order that was STUCK refunding money which somebody else has refunded."""


class Reports(Protocol):
    """What operators see of orders."""

    def placed(self) -> None:
        """An order was placed."""

    def ended(self, step: Step, seconds: float) -> None:
        """An order came to its end, so many seconds after it was placed."""

    def retried(self, step: Step) -> None:
        """A step has to be tried again."""

    def stuck(self, kind: Kind) -> None:
        """A saga requires intervention."""

    def fenced(self) -> None:
        """A worker found that another one has its saga."""
