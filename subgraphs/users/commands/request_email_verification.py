"""Mails another link to verify the address of an account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from subgraphs.users.commands.mailed_links import locked_profile, requested_link
from subgraphs.users.domain.events import account_told
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import EmailVerifiedBefore


@dataclass(frozen=True, slots=True)
class RequestEmailVerification:
    """For whom."""

    user_id: UUID


async def request_email_verification(command: RequestEmailVerification, work: UsersWork) -> str:
    """The address that it goes to.

    Raises:
        AccountGone, EmailVerifiedBefore, TooManyLinks
    """
    profile = await locked_profile(command.user_id, work)
    if profile.is_verified:
        raise EmailVerifiedBefore
    link = await requested_link(profile.user_id, Purpose.VERIFY_EMAIL, profile.email, work)
    work.events.record(account_told("EmailVerificationRequested", profile, datetime.now(UTC), linkId=link.id))
    return profile.email
