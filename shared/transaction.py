"""What belongs together: a step of a handler that is done in one transaction, whole or not at all."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

Work = TypeVar("Work", covariant=True)
Outcome = TypeVar("Outcome")


class Transaction(Protocol[Work]):
    """For handlers that are performed without a transaction, since most of their time they wait for others."""

    async def __call__(self, step: Callable[[Work], Awaitable[Outcome]]) -> Outcome:
        """What the step answers; its changes and events are written together.

        Raises:
            Rejection: what the domain rejects; then nothing was changed.
        """
