"""Gives an account the address back that it had, by the link that was mailed there.

Who changed it knew the password and has a session, and may be a thief: neither is worth anything afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from subgraphs.users.commands.confirm_email_change import move_to
from subgraphs.users.commands.mailed_links import mailed_link, used_link
from subgraphs.users.commands.revocation import revoked_with
from subgraphs.users.domain.events import account_told, email_verified
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.tokens import EndedSession, EndReason


@dataclass(frozen=True, slots=True)
class UndoEmailChange:
    """What the link holds."""

    token: str = field(repr=False)


async def undo_email_change(command: UndoEmailChange, work: UsersWork) -> None:
    """A link to set another password is mailed to the address that counts again.

    Links that undo earlier changes stay good: they are those of an owner who lost more than one address to a thief.

    Raises:
        LinkInvalid
        EmailTaken: when another account has the address.
    """

    async def change(its: UsersWork) -> Sequence[EndedSession]:
        link, changed = await used_link(command.token, Purpose.UNDO_EMAIL_CHANGE, its)
        await move_to(changed, link.email, its)
        await its.profiles.set_password(changed.user_id, its.passwords.hash_of_nothing())
        await its.links.end(changed.user_id, Purpose.VERIFY_EMAIL, Purpose.RESET_PASSWORD, Purpose.CHANGE_EMAIL)
        await its.links.end_later_undos(link)
        reset = await mailed_link(changed.user_id, Purpose.RESET_PASSWORD, link.email, its)
        now, restored = datetime.now(UTC), replace(changed, email=link.email)
        undone = account_told("EmailChangeUndone", restored, now, linkId=reset.id)
        its.events.record(undone, email_verified(restored, now))
        return await its.sessions.end_all(changed.user_id, None)

    await revoked_with(change, EndReason.EMAIL_CHANGE_UNDONE, work)
