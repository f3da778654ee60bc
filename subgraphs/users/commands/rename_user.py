"""Changes what the shop calls a user."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import new_id
from subgraphs.users.commands.mailed_links import locked_profile
from subgraphs.users.domain.events import account_told
from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class RenameUser:
    """Who, and the new name."""

    user_id: UUID
    name: str


async def rename_user(command: RenameUser, work: UsersWork) -> UUID:
    """The account's id. Whoever has the name already is told nothing. Raises AccountGone."""
    profile = await locked_profile(command.user_id, work)
    if profile.name != command.name:
        await work.profiles.rename(profile.user_id, command.name)
        renamed = replace(profile, name=command.name)
        work.events.record(account_told("UserUpdated", renamed, datetime.now(UTC), changeId=new_id()))
    return profile.user_id
