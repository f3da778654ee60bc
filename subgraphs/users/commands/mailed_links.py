"""Links that are mailed: how one is made, and what is done by its reader."""

from datetime import UTC, datetime
from uuid import UUID

from shared.security.capability import holder_id
from subgraphs.users.domain.events import email_verified
from subgraphs.users.domain.links import MOST_LINKS_AN_HOUR, Link, Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.rejections import AccountGone, LinkInvalid, TooManyLinks


async def locked_profile(user_id: UUID, work: UsersWork) -> Profile:
    """An account, nobody else's to change until the transaction ends. Raises AccountGone."""
    profile = await work.profiles.lock(user_id)
    if profile is None:
        raise AccountGone(user_id)
    return profile


async def mailed_link(user_id: UUID, purpose: Purpose, email: str, work: UsersWork) -> Link:
    """A new link. An event tells its id, and the mail asks what it holds."""
    link = work.link_tokens.issue(user_id, purpose, email)
    await work.links.add(link)
    return link


async def requested_link(user_id: UUID, purpose: Purpose, email: str, work: UsersWork) -> Link:
    """A new link for a locked account, that somebody asked for. Raises TooManyLinks."""
    if await work.links.made_lately(user_id, purpose) >= MOST_LINKS_AN_HOUR:
        raise TooManyLinks(MOST_LINKS_AN_HOUR)
    return await mailed_link(user_id, purpose, email, work)


async def used_link(token: str, purpose: Purpose, work: UsersWork) -> tuple[Link, Profile]:
    """A link, which can't be used again, with its account, which is locked before: so two at once wait in one order.

    Should the transaction fail, the link was not used.

    Raises:
        LinkInvalid
    """
    holder = holder_id(token)
    owner = await work.links.owner(holder, purpose) if holder else None
    profile = await work.profiles.lock(owner) if owner else None
    link = await work.links.use(holder, purpose) if holder and profile else None
    if link is None or profile is None:
        raise LinkInvalid
    return link, profile


async def used_own_link(token: str, purpose: Purpose, user_id: UUID, work: UsersWork) -> tuple[Link, Profile]:
    """The same for a link that is worth something to its account alone.

    Whoever reads a mail that somebody else's account has caused must not give that one their address by a click.
    """
    link, profile = await used_link(token, purpose, work)
    if link.user_id != user_id:
        raise LinkInvalid
    return link, profile


async def prove_address(profile: Profile, work: UsersWork) -> None:
    """The address of a locked account is its owner's; told once."""
    if await work.profiles.verify(profile.user_id):
        work.events.record(email_verified(profile, datetime.now(UTC)))
