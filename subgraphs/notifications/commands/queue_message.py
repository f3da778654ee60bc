"""Has a message sent."""

from dataclasses import dataclass

from subgraphs.notifications.domain.message import About, Message
from subgraphs.notifications.domain.ports import NotificationsWork


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A message, and where it goes."""

    message: Message
    recipient: str
    about: About


async def queue_message(command: QueueMessage, work: NotificationsWork) -> None:
    """Unless there is one of this kind about this already: an event that comes twice is told once."""
    await work.messages.add(command.message, command.recipient, command.about)
