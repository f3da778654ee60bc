"""Sets another password for who knows the one of now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.runtime.callers import require_caller
from subgraphs.users.commands.changed_password import change_password_of
from subgraphs.users.commands.known_password import locked_with_hash, with_known_password
from subgraphs.users.commands.revocation import revoked_with
from subgraphs.users.domain.account import check_password
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.tokens import EndedSession, EndReason


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Who asks, in which session, and both passwords as they were typed."""

    user_id: UUID
    session_id: UUID
    current_password: str = field(repr=False)
    new_password: str = field(repr=False)


async def change_password(command: ChangePassword, work: UsersWork) -> int:
    """How many other sessions ended.

    Raises:
        AccountGone, PasswordWrong, TooManyFailures, PasswordLength, PasswordInvisible, PasswordIsAddress,
        PasswordCommon
        RateLimited: when too many wait for a slot.
    """

    async def hashes(profile: Profile, known: str) -> tuple[str, str]:
        check_password(command.new_password, profile.email)
        return known, await work.passwords.hash(command.new_password)

    known, password_hash = await with_known_password(command.user_id, command.current_password, work, hashes)
    require_caller()

    async def change(its: UsersWork) -> Sequence[EndedSession]:
        profile = await locked_with_hash(command.user_id, known, its)
        return await change_password_of(profile, password_hash, command.session_id, its)

    return len(await revoked_with(change, EndReason.PASSWORD_CHANGED, work))
