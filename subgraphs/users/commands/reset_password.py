"""Sets another password by a mailed link."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.email import comparable
from shared.runtime.callers import require_caller
from shared.security.capability import holder_id
from subgraphs.users.commands.changed_password import change_password_of
from subgraphs.users.commands.mailed_links import prove_address, used_link
from subgraphs.users.commands.revocation import revoked_with
from subgraphs.users.domain.account import check_password
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.rejections import LinkInvalid
from subgraphs.users.domain.tokens import EndedSession, EndReason


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """What the link holds, and the new password as it was typed."""

    token: str = field(repr=False)
    password: str = field(repr=False)


async def reset_password(command: ResetPassword, work: UsersWork) -> None:
    """Also proves the address, since the link was mailed there. Nothing is hashed for a link that is not good.

    Raises:
        LinkInvalid, PasswordLength, PasswordInvisible, PasswordIsAddress, PasswordCommon
        RateLimited: when too many wait for a slot.
    """
    check_password(command.password, (await _owner(command, work)).email)
    async with work.passwords.slot():
        password_hash = await work.passwords.hash(command.password)
    require_caller()

    async def change(its: UsersWork) -> Sequence[EndedSession]:
        link, profile = await used_link(command.token, Purpose.RESET_PASSWORD, its)
        if comparable(link.email) != comparable(profile.email):
            raise LinkInvalid
        await prove_address(profile, its)
        return await change_password_of(profile, password_hash, None, its)

    await revoked_with(change, EndReason.PASSWORD_CHANGED, work)


async def _owner(command: ResetPassword, work: UsersWork) -> Profile:
    holder = holder_id(command.token)
    owner = await work.links.owner(holder, Purpose.RESET_PASSWORD) if holder else None
    profile = await work.profiles.of(owner) if owner else None
    if profile is None:
        raise LinkInvalid
    return profile
