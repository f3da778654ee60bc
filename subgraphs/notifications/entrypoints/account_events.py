"""What notifications receives of accounts, and whom it tells of it."""

from collections.abc import Sequence
from uuid import UUID

from shared.events.handlers import EventHandler
from shared.persistence.work import UnitOfWork
from subgraphs.notifications.commands.queue_message import QueueMessage, queue_message
from subgraphs.notifications.domain.message import About, Kind, Message
from subgraphs.notifications.domain.ports import NotificationsWork
from subgraphs.notifications.entrypoints.account_messages import about_account, about_address
from subgraphs.notifications.entrypoints.account_payloads import (
    Account,
    Changed,
    EmailChanged,
    EmailChangeRequested,
    LinkRequested,
)

_TOPIC = "users.user.v1"


class AccountEvents:
    """Has a message sent about each change of an account, and each link that somebody asked for."""

    def __init__(self, work: UnitOfWork[NotificationsWork]) -> None:
        self._work = work

    def handlers(self) -> Sequence[EventHandler]:
        """What is done by each type of event."""
        return (
            EventHandler(_TOPIC, "mercato.users.EmailVerificationRequested", LinkRequested, self._verification),
            EventHandler(_TOPIC, "mercato.users.PasswordResetRequested", LinkRequested, self._reset),
            EventHandler(_TOPIC, "mercato.users.PasswordChanged", Changed, self._password_changed),
            EventHandler(_TOPIC, "mercato.users.UserUpdated", Changed, self._updated),
            EventHandler(_TOPIC, "mercato.users.EmailChangeRequested", EmailChangeRequested, self._requested),
            EventHandler(_TOPIC, "mercato.users.EmailChanged", EmailChanged, self._changed),
            EventHandler(_TOPIC, "mercato.users.EmailChangeUndone", LinkRequested, self._undone),
        )

    async def _verification(self, account: LinkRequested) -> None:
        message = about_account(Kind.EMAIL_VERIFICATION, account)
        await self._queue(message, account.email, account, account.link_id, account.link_id)

    async def _reset(self, account: LinkRequested) -> None:
        message = about_account(Kind.PASSWORD_RESET, account)
        await self._queue(message, account.email, account, account.link_id, account.link_id)

    async def _password_changed(self, account: Changed) -> None:
        await self._queue(about_account(Kind.PASSWORD_CHANGED, account), account.email, account, account.change_id)

    async def _updated(self, account: Changed) -> None:
        await self._queue(about_account(Kind.NAME_CHANGED, account), account.email, account, account.change_id)

    async def _requested(self, change: EmailChangeRequested) -> None:
        """The new address is asked, the present one told."""
        asked = about_address(Kind.EMAIL_CHANGE_CONFIRMATION, change)
        await self._queue(asked, change.new_email, change, change.link_id, change.link_id)
        await self._queue(about_address(Kind.EMAIL_CHANGE_REQUESTED, change), change.email, change, change.link_id)

    async def _changed(self, change: EmailChanged) -> None:
        """The former address can undo it."""
        told = about_address(Kind.EMAIL_CHANGE_UNDO, change)
        await self._queue(told, change.former_email, change, change.link_id, change.link_id)
        await self._queue(about_address(Kind.EMAIL_CHANGED, change), change.email, change, change.link_id)

    async def _undone(self, account: LinkRequested) -> None:
        message = about_account(Kind.EMAIL_CHANGE_UNDONE, account)
        await self._queue(message, account.email, account, account.link_id, account.link_id)

    async def _queue(
        self, message: Message, recipient: str, account: Account, source_id: UUID, link_id: UUID | None = None
    ) -> None:
        about = About(source_id, account.user_id, link_id=link_id)
        await self._work.perform(queue_message, QueueMessage(message, recipient, about))
