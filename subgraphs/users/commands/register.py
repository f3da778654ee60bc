"""Opens an account.

A caller whose answer was lost does not know of the account that it opened, and asks again. So whoever registers an
address a second time soon, with the same password, is answered as the first time; the throttle of log-ins keeps
that from being a way to guess.
"""

from dataclasses import dataclass, field
from uuid import UUID

from shared.runtime.callers import require_caller
from subgraphs.users.commands.attempt import attempt_at
from subgraphs.users.commands.mailed_links import mailed_link
from subgraphs.users.domain.account import Credentials, NewAccount
from subgraphs.users.domain.events import user_registered
from subgraphs.users.domain.links import Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import EmailTaken, TooManyFailures
from subgraphs.users.domain.tokens import UNKNOWN_ORIGIN, LoggedIn, Origin, RefreshToken, Session, TokenPair


@dataclass(frozen=True, slots=True)
class Register:
    """``email`` and ``name`` as they were typed, without blanks around them.

    The password has passed ``check_password``.
    """

    email: str
    name: str
    password: str = field(repr=False)
    origin: Origin = UNKNOWN_ORIGIN


async def register(command: Register, work: UsersWork) -> LoggedIn:
    """Opens an account and logs it in. Nothing is done for a caller who went meanwhile.

    Raises:
        EmailTaken, TooManyFailures
        RateLimited: when too many wait for a slot.
        CallerGone, Unavailable: when the caller goes, or has waited too long, before the account is opened.
    """
    known = await work.accounts.by_email(command.email)
    opened = None if known else await _opened(command, work)
    if opened is None:  # there is one, perhaps since a moment ago
        user_id = await _opened_before(known or await work.accounts.by_email(command.email), command, work)
        opened = await work.sessions.begin(user_id, command.origin)
    session, refresh = opened
    work.reports.begun()
    return LoggedIn(session.user_id, TokenPair(work.access_tokens.issue(session), refresh))


async def _opened(command: Register, work: UsersWork) -> tuple[Session, RefreshToken] | None:
    """A new account with a session, or None when the address has one already."""
    async with work.passwords.slot():
        account = NewAccount(command.email, command.name, await work.passwords.hash(command.password))
    require_caller()
    return await work.transaction(lambda step: _open(account, command.origin, step))


async def _open(account: NewAccount, origin: Origin, work: UsersWork) -> tuple[Session, RefreshToken] | None:
    await work.profiles.lock_addresses(account.email)
    opened = None if await work.links.is_held(account.email, None) else await work.accounts.add(account)
    if opened is None:
        return None
    link = await mailed_link(opened.user_id, Purpose.VERIFY_EMAIL, account.email, work)
    work.events.record(user_registered(opened.user_id, account.email, account.name, link.id, opened.opened_at))
    return await work.sessions.begin(opened.user_id, origin)


async def _opened_before(known: Credentials | None, command: Register, work: UsersWork) -> UUID:
    """The id of the caller's own account, which was opened a moment ago.

    The same work for each other one: how old an account is shows in no time.
    """
    own = known if known is not None and known.is_new else None
    async with work.passwords.slot():
        attempt = await attempt_at(known, command.email, command.origin, work)
        if not await work.throttle.admits(attempt):
            raise TooManyFailures
        matches = await work.passwords.matches(command.password, own.password_hash if own else None)
        if own is None or not matches:
            await work.throttle.count_failure(attempt)
            raise EmailTaken
    require_caller()
    return own.user_id
