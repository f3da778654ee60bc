"""Proves by a mailed link that an account's address is its owner's."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.email import comparable
from subgraphs.users.commands.mailed_links import prove_address, used_own_link
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import LinkInvalid


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    """Who asks, and what the link holds."""

    user_id: UUID
    token: str = field(repr=False)


async def verify_email(command: VerifyEmail, work: UsersWork) -> UUID:
    """The account's id. Raises LinkInvalid."""
    link, profile = await used_own_link(command.token, Purpose.VERIFY_EMAIL, command.user_id, work)
    if comparable(link.email) != comparable(profile.email):
        raise LinkInvalid
    await prove_address(profile, work)
    return profile.user_id
