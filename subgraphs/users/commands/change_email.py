"""Asks for another e-mail address, which takes effect when it is confirmed by a link that is mailed there."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from shared.email import comparable
from shared.runtime.callers import require_caller
from subgraphs.users.commands.known_password import locked_with_hash, with_known_password
from subgraphs.users.commands.mailed_links import requested_link
from subgraphs.users.domain.events import account_told
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.rejections import EmailUnchanged


@dataclass(frozen=True, slots=True)
class ChangeEmail:
    """Who asks, the new address without blanks around it, and the password as it was typed."""

    user_id: UUID
    new_email: str
    current_password: str = field(repr=False)


async def change_email(command: ChangeEmail, work: UsersWork) -> str:
    """The new address. Whether it has an account is not told before its mailbox is proved.

    Raises:
        AccountGone, EmailUnchanged, PasswordWrong, TooManyFailures, TooManyLinks
        RateLimited: when too many wait for a slot.
    """

    async def hash_of_now(profile: Profile, known: str) -> str:
        if comparable(profile.email) == comparable(command.new_email):
            raise EmailUnchanged
        return known

    known = await with_known_password(command.user_id, command.current_password, work, hash_of_now)
    require_caller()
    await work.transaction(lambda its: _request(command, known, its))
    return command.new_email


async def _request(command: ChangeEmail, known: str, work: UsersWork) -> None:
    """Of two changes, the one that was asked for last can be confirmed."""
    profile = await locked_with_hash(command.user_id, known, work)
    await work.links.end(profile.user_id, Purpose.CHANGE_EMAIL)
    link = await requested_link(profile.user_id, Purpose.CHANGE_EMAIL, command.new_email, work)
    facts = {"linkId": link.id, "newEmail": command.new_email}
    work.events.record(account_told("EmailChangeRequested", profile, datetime.now(UTC), **facts))
