"""Remembers that somebody has forgotten a password, and answers it later.

The answer comes before anybody looks whether there is such an account, so that it can't tell.
"""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.email import comparable
from subgraphs.users.commands.mailed_links import locked_profile, requested_link
from subgraphs.users.domain.events import account_told
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import AccountGone, TooManyLinks


@dataclass(frozen=True, slots=True)
class RequestPasswordReset:
    """The address, as it was typed."""

    email: str


@dataclass(frozen=True, slots=True)
class AnswerResetRequests:
    """So many at a time."""

    most: int


async def request_password_reset(command: RequestPasswordReset, work: UsersWork) -> None:
    """The same work for every address. A single statement."""
    await work.reset_requests.add(comparable(command.email))


async def answer_reset_requests(command: AnswerResetRequests, work: UsersWork) -> int:
    """For how many addresses requests were taken, with and without an account."""
    emails = await work.reset_requests.take(command.most)
    for email in sorted(emails):
        with contextlib.suppress(AccountGone, TooManyLinks):
            await _answer(email, work)
    return len(emails)


async def _answer(email: str, work: UsersWork) -> None:
    known = await work.profiles.by_email(email)
    if known is None:
        return
    profile = await locked_profile(known.user_id, work)
    if comparable(profile.email) != email:  # it was changed at this moment
        return
    link = await requested_link(profile.user_id, Purpose.RESET_PASSWORD, profile.email, work)
    work.events.record(account_told("PasswordResetRequested", profile, datetime.now(UTC), linkId=link.id))
