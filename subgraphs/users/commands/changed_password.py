"""What belongs to each change of a password, however it comes about."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import new_id
from subgraphs.users.domain.events import account_told
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.tokens import EndedSession


async def change_password_of(
    profile: Profile, password_hash: str, kept: UUID | None, work: UsersWork
) -> Sequence[EndedSession]:
    """Gives a locked account another password, and answers the sessions that end by it: all but the one ``kept``.

    Whoever knew the former one may have asked for links: those that give anything are worth nothing any more.
    """
    await work.profiles.set_password(profile.user_id, password_hash)
    await work.links.end(profile.user_id, Purpose.RESET_PASSWORD, Purpose.CHANGE_EMAIL)
    work.events.record(account_told("PasswordChanged", profile, datetime.now(UTC), changeId=new_id()))
    return await work.sessions.end_all(profile.user_id, kept)
