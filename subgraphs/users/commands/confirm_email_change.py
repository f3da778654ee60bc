"""Has a new e-mail address take effect, by the link that was mailed there."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from subgraphs.users.commands.mailed_links import mailed_link, used_own_link
from subgraphs.users.domain.events import account_told, email_verified
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.rejections import EmailTaken


@dataclass(frozen=True, slots=True)
class ConfirmEmailChange:
    """Who asks, and what the link holds."""

    user_id: UUID
    token: str = field(repr=False)


async def confirm_email_change(command: ConfirmEmailChange, work: UsersWork) -> UUID:
    """The account's id.

    Raises:
        LinkInvalid
        EmailTaken: when somebody registered the address meanwhile, or another account can have it back.
    """
    link, former = await used_own_link(command.token, Purpose.CHANGE_EMAIL, command.user_id, work)
    await move_to(former, link.email, work)
    await work.links.end(former.user_id, Purpose.VERIFY_EMAIL, Purpose.RESET_PASSWORD)
    undo = await mailed_link(former.user_id, Purpose.UNDO_EMAIL_CHANGE, former.email, work)
    now, facts = datetime.now(UTC), {"linkId": undo.id, "formerEmail": former.email}
    changed = replace(former, email=link.email)
    work.events.record(account_told("EmailChanged", changed, now, **facts), email_verified(changed, now))
    return former.user_id


async def move_to(profile: Profile, email: str, work: UsersWork) -> None:
    """Gives a locked account another address, which was proved. Nobody registers either of both meanwhile.

    Raises:
        EmailTaken
    """
    await work.profiles.lock_addresses(profile.email, email)
    if await work.links.is_held(email, profile.user_id) or not await work.profiles.move(profile.user_id, email):
        raise EmailTaken
