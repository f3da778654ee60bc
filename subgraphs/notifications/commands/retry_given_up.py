"""Has messages tried again that were given up."""

from dataclasses import dataclass

from subgraphs.notifications.domain.ports import NotificationsWork


@dataclass(frozen=True, slots=True)
class RetryGivenUp:
    """All of them."""


async def retry_given_up(_: RetryGivenUp, work: NotificationsWork) -> int:
    """How many they are. A single statement."""
    return await work.messages.retry_given_up()
