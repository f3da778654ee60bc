"""The ports of users in memory: what its handlers are tested with.

One contract suite holds for these and for Postgres.
"""

import contextlib
import copy
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from shared.email import comparable
from shared.events.event import Recorder
from shared.ids import new_id
from shared.postal.address import PostalAddress
from shared.security.secrets import Secret
from subgraphs.users.domain.account import Credentials, NewAccount, Opened
from subgraphs.users.domain.address import Address
from subgraphs.users.domain.openid import Delegation
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.tokens import (
    ACCESS_TOKEN_LIFETIME,
    REFRESH_GRACE,
    REFRESH_TOKEN_LIFETIME,
    UNKNOWN_ORIGIN,
    AccessToken,
    Attempt,
    EndedSession,
    EndReason,
    Origin,
    RefreshToken,
    Session,
)
from subgraphs.users.infrastructure.link_tokens import SecretLinkTokens
from tests.fakes.account_links import LinksTwin, ResetRequestsTwin
from tests.fakes.openid import ClientsTwin, ClientTokensTwin, CodesTwin

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")
NEW = timedelta(minutes=15)
FAILURES = 10
FAILURES_OF_A_NETWORK = 30


@dataclass
class AccountsTwin:
    """Accounts by their address."""

    known: dict[str, tuple[Credentials, datetime]] = field(default_factory=dict)
    profiles: dict[UUID, Profile] = field(default_factory=dict)

    async def add(self, account: NewAccount) -> Opened | None:
        address = comparable(account.email)
        if address in self.known:
            return None
        opened = Opened(new_id(), datetime.now(UTC))
        self.known[address] = Credentials(opened.user_id, account.password_hash, is_new=True), opened.opened_at
        self.profiles[opened.user_id] = Profile(opened.user_id, account.email, account.name, is_verified=False)
        return opened

    async def by_email(self, email: str) -> Credentials | None:
        credentials, opened_at = self.known.get(comparable(email), (None, None))
        return replace(credentials, is_new=datetime.now(UTC) - opened_at < NEW) if credentials and opened_at else None

    async def replace_hash(self, credentials: Credentials, password_hash: str) -> None:
        for address, (known, opened_at) in self.known.items():
            if (known.user_id, known.password_hash) == (credentials.user_id, credentials.password_hash):
                self.known[address] = replace(known, password_hash=password_hash), opened_at

    def age(self, email: str) -> None:
        """An account is not new any more."""
        credentials, opened_at = self.known[comparable(email)]
        self.known[comparable(email)] = credentials, opened_at - NEW

    def has(self, user_id: UUID) -> bool:
        """Whether there is such an account."""
        return any(credentials.user_id == user_id for credentials, _ in self.known.values())


@dataclass
class ProfilesTwin:
    """The same accounts, as their owners change them."""

    accounts: AccountsTwin

    async def of(self, user_id: UUID) -> Profile | None:
        return self.accounts.profiles.get(user_id)

    async def lock(self, user_id: UUID) -> Profile | None:
        return await self.of(user_id)

    async def by_email(self, email: str) -> Profile | None:
        credentials = await self.accounts.by_email(email)
        return await self.of(credentials.user_id) if credentials else None

    async def rename(self, user_id: UUID, name: str) -> None:
        self.accounts.profiles[user_id] = replace(self.accounts.profiles[user_id], name=name)

    async def password_hash(self, user_id: UUID) -> str | None:
        profile = await self.of(user_id)
        return self.accounts.known[comparable(profile.email)][0].password_hash if profile else None

    async def set_password(self, user_id: UUID, password_hash: str) -> None:
        address = comparable(self.accounts.profiles[user_id].email)
        credentials, opened_at = self.accounts.known[address]
        self.accounts.known[address] = replace(credentials, password_hash=password_hash), opened_at

    async def verify(self, user_id: UUID) -> bool:
        profile = self.accounts.profiles[user_id]
        self.accounts.profiles[user_id] = replace(profile, is_verified=True)
        return not profile.is_verified

    async def lock_addresses(self, *emails: str) -> None:
        """One thing at a time happens here anyway."""

    async def move(self, user_id: UUID, email: str) -> bool:
        profile, address = self.accounts.profiles[user_id], comparable(email)
        if address in self.accounts.known and self.accounts.known[address][0].user_id != user_id:
            return False
        self.accounts.known[address] = self.accounts.known.pop(comparable(profile.email))
        self.accounts.profiles[user_id] = replace(profile, email=email, is_verified=True)
        return True


def a_session(user_id: UUID | None = None) -> Session:
    """One that has just begun, and that nobody keeps."""
    return Session(new_id(), user_id or new_id(), datetime.now(UTC))


@dataclass
class KnownSession:
    """A session; ``tokens`` tells of each when it expires, ``exchanged`` of each that was used when, and for which."""

    session: Session
    tokens: dict[str, RefreshToken]
    exchanged: dict[str, tuple[datetime, RefreshToken]] = field(default_factory=dict)
    origin: Origin = UNKNOWN_ORIGIN
    ended_at: datetime | None = None

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None


@dataclass
class SessionsTwin:
    """Sessions with their tokens, by a clock that tests set."""

    known: dict[UUID, KnownSession] = field(default_factory=dict)
    passed: timedelta = timedelta()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.passed

    async def begin(
        self, user_id: UUID, origin: Origin, delegation: Delegation | None = None
    ) -> tuple[Session, RefreshToken]:
        session, token = Session(new_id(), user_id, self.now), self._token()
        if delegation:
            client_id, scope, at = delegation.client_id, delegation.scope, delegation.authenticated_at
            session = replace(session, authenticated_at=at, client_id=client_id, scope=scope)
        self.known[session.id] = KnownSession(session, {token.token: token}, origin=origin)
        return session, token

    async def rotate(
        self, token: str, origin: Origin, client_id: UUID | None = None
    ) -> tuple[Session, RefreshToken] | None:
        known = self._of(token)
        if known is None or known.session.client_id != client_id:
            return None
        if known.is_ended or token in known.exchanged or known.tokens[token].expires_at <= self.now:
            return None
        following = self._token()
        known.tokens[following.token] = following
        known.exchanged[token] = self.now, following
        known.origin = Origin(origin.device or known.origin.device, origin.place or known.origin.place)
        return known.session, following

    async def repeated(self, token: str, client_id: UUID | None = None) -> tuple[Session, RefreshToken] | None:
        known = self._of(token)
        if known is None or known.session.client_id != client_id:
            return None
        if known.is_ended or token not in known.exchanged:
            return None
        used_at, following = known.exchanged[token]
        return (known.session, following) if used_at > self.now - REFRESH_GRACE else None

    async def end_of_used(self, token: str) -> EndedSession | None:
        known = self._of(token)
        if known is None or token not in known.exchanged or known.exchanged[token][0] > self.now - REFRESH_GRACE:
            return None
        return await self.end(known.session.user_id, known.session.id)

    async def end(self, user_id: UUID, session_id: UUID) -> EndedSession | None:
        known = self.known.get(session_id)
        if known is None or known.is_ended or known.session.user_id != user_id:
            return None
        known.ended_at = self.now
        return EndedSession(session_id, user_id, known.ended_at)

    async def end_all(self, user_id: UUID, but: UUID | None) -> Sequence[EndedSession]:
        ended = [await self.end(user_id, session_id) for session_id in self.known if session_id != but]
        return [each for each in ended if each]

    async def were_at(self, user_id: UUID, network: str) -> bool:
        origins = (known.origin for known in self.known.values() if known.session.user_id == user_id)
        return any(origin.network == network for origin in origins)

    async def ended_lately(self) -> Sequence[UUID]:
        since = self.now - ACCESS_TOKEN_LIFETIME
        return [session_id for session_id, known in self.known.items() if known.ended_at and known.ended_at > since]

    async def forget_expired(self) -> None:
        now = self.now
        for known in self.known.values():
            known.tokens = {text: token for text, token in known.tokens.items() if token.expires_at > now}
        self.known = {session_id: known for session_id, known in self.known.items() if known.tokens}

    def _of(self, token: str) -> KnownSession | None:
        return next((known for known in self.known.values() if token in known.tokens), None)

    def _token(self) -> RefreshToken:
        return RefreshToken(str(new_id()), self.now + REFRESH_TOKEN_LIFETIME)


@dataclass
class AddressBooksTwin:
    """Address books, the oldest address first."""

    accounts: AccountsTwin
    books: dict[UUID, list[Address]] = field(default_factory=dict)

    async def lock(self, user_id: UUID) -> bool:
        return self.accounts.has(user_id)

    async def count(self, user_id: UUID) -> int:
        return len(self.books.get(user_id, []))

    async def add(self, user_id: UUID, address: PostalAddress, *, is_default: bool) -> Address:
        added = Address(**asdict(address), id=new_id(), is_default=is_default)
        self.books.setdefault(user_id, []).append(added)
        return added

    async def replace(self, user_id: UUID, address_id: UUID, address: PostalAddress) -> Address | None:
        return self._changed(
            user_id, lambda old: replace(old, **asdict(address)) if old.id == address_id else old, address_id
        )

    async def remove(self, user_id: UUID, address_id: UUID) -> bool | None:
        removed = self._address(user_id, address_id)
        if removed is None:
            return None
        self.books[user_id].remove(removed)
        return removed.is_default

    async def promote_oldest(self, user_id: UUID) -> None:
        for oldest in self.books[user_id][:1]:
            await self.make_default(user_id, oldest.id)

    async def make_default(self, user_id: UUID, address_id: UUID) -> Address | None:
        return self._changed(user_id, lambda old: replace(old, is_default=old.id == address_id), address_id)

    async def make_default_billing(self, user_id: UUID, address_id: UUID) -> Address | None:
        return self._changed(user_id, lambda old: replace(old, is_default_billing=old.id == address_id), address_id)

    def _changed(self, user_id: UUID, change: Callable[[Address], Address], address_id: UUID) -> Address | None:
        if self._address(user_id, address_id) is None:
            return None
        self.books[user_id] = [change(address) for address in self.books[user_id]]
        return self._address(user_id, address_id)

    def _address(self, user_id: UUID, address_id: UUID) -> Address | None:
        return next((address for address in self.books.get(user_id, []) if address.id == address_id), None)


@dataclass
class PasswordsTwin:
    """Hashes that show their password; ``checked`` is what was compared.

    A hash begins with the ``cost`` of its time.
    """

    cost: str = "today"
    checked: list[str] = field(default_factory=list)
    in_slots: int = 0

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        self.in_slots += 1
        try:
            yield
        finally:
            self.in_slots -= 1

    async def hash(self, password: str) -> str:
        assert self.in_slots, "a hash is made in a slot"
        return f"{self.cost}:{password}"

    async def matches(self, password: str, password_hash: str | None) -> bool:
        assert self.in_slots, "a hash is checked in a slot"
        self.checked.append(password)
        return password_hash is not None and password_hash.partition(":")[2] == password

    def is_outdated(self, password_hash: str) -> bool:
        return not password_hash.startswith(self.cost)

    def hash_of_nothing(self) -> str:
        return f"{self.cost}:nothing that anybody typed"


@dataclass
class ThrottleTwin:
    """Failures by what they count for, of one minute that never ends."""

    failures: Counter[str] = field(default_factory=Counter)

    async def admits(self, attempt: Attempt) -> bool:
        return all(self.failures[counted] < most for counted, most in self._counted(attempt))

    async def count_failure(self, attempt: Attempt) -> None:
        self.failures.update(counted for counted, _ in self._counted(attempt))

    def _counted(self, attempt: Attempt) -> Sequence[tuple[str, int]]:
        account = comparable(attempt.email)
        if attempt.network is None:
            return ((account, FAILURES),)
        if attempt.is_from_home:
            return ((f"{account} {attempt.network}", FAILURES),)
        return (account, FAILURES), (attempt.network, FAILURES_OF_A_NETWORK)


class TokensTwin:
    """Tokens that show whose they are."""

    def issue(self, session: Session) -> AccessToken:
        return AccessToken(f"token of {session.user_id}", datetime.now(UTC) + ACCESS_TOKEN_LIFETIME)


@dataclass
class RevocationsTwin:
    """Whose access tokens are refused; ``is_away`` forgets what it is told."""

    refused: set[UUID] = field(default_factory=set)
    is_away: bool = False

    async def tell(self, session_ids: Sequence[UUID]) -> None:
        if not self.is_away:
            self.refused.update(session_ids)


@dataclass
class ReportsTwin:
    """How often each was reported."""

    counted: Counter[str] = field(default_factory=Counter)

    def begun(self) -> None:
        self.counted["begun"] += 1

    def refreshed(self, *, is_repeated: bool) -> None:
        self.counted["in grace" if is_repeated else "refreshed"] += 1

    def revoked(self, reason: EndReason, sessions: int) -> None:
        self.counted[reason] += sessions


@dataclass
class UsersTwin:
    """Users in memory. What fails within a transaction changes nothing."""

    events: Recorder = field(default_factory=Recorder)
    accounts: AccountsTwin = field(default_factory=AccountsTwin)
    sessions: SessionsTwin = field(default_factory=SessionsTwin)
    passwords: PasswordsTwin = field(default_factory=PasswordsTwin)
    throttle: ThrottleTwin = field(default_factory=ThrottleTwin)
    access_tokens: TokensTwin = field(default_factory=TokensTwin)
    revocations: RevocationsTwin = field(default_factory=RevocationsTwin)
    reports: ReportsTwin = field(default_factory=ReportsTwin)
    links: LinksTwin = field(default_factory=LinksTwin)
    link_tokens: SecretLinkTokens = field(default_factory=lambda: SecretLinkTokens(Secret("secret")))
    reset_requests: ResetRequestsTwin = field(default_factory=ResetRequestsTwin)
    address_books: AddressBooksTwin = field(init=False)
    profiles: ProfilesTwin = field(init=False)
    clients: ClientsTwin = field(default_factory=ClientsTwin)
    codes: CodesTwin = field(init=False)
    client_tokens: ClientTokensTwin = field(init=False)

    def __post_init__(self) -> None:
        self.codes = CodesTwin(self.clients)
        self.client_tokens = ClientTokensTwin(self.sessions)
        self.address_books = AddressBooksTwin(self.accounts)
        self.profiles = ProfilesTwin(self.accounts)

    async def perform(self, handler: Callable[[Command, UsersWork], Awaitable[Outcome]], command: Command) -> Outcome:
        """What the handler answers."""
        return await self.transaction(lambda work: handler(command, work))

    async def perform_alone(
        self, handler: Callable[[Command, UsersWork], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """The same without a transaction: what was done before a failure counts."""
        return await handler(command, self)

    async def transaction(self, step: Callable[[UsersWork], Awaitable[Outcome]]) -> Outcome:
        """What the step answers; all or nothing."""
        before = copy.deepcopy((self.events.events, self.accounts.known, self.sessions.known, self.address_books.books))
        mailed = copy.deepcopy((self.accounts.profiles, self.links.known, self.links.ended, self.reset_requests.emails))
        try:
            return await step(self)
        except BaseException:
            self.events.events, self.accounts.known, self.sessions.known, self.address_books.books = before
            self.accounts.profiles, self.links.known, self.links.ended, self.reset_requests.emails = mailed
            raise
