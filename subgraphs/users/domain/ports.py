"""What the commands of users need of the world."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from shared.events.event import Recorder
from shared.postal.address import PostalAddress
from shared.transaction import Transaction
from subgraphs.users.domain.account import Credentials, NewAccount, Opened
from subgraphs.users.domain.address import Address
from subgraphs.users.domain.links import Links, LinkTokens, ResetRequests
from subgraphs.users.domain.openid import Delegation
from subgraphs.users.domain.openid_ports import Clients, ClientTokens, Codes
from subgraphs.users.domain.profile import Profiles
from subgraphs.users.domain.tokens import AccessToken, Attempt, EndedSession, EndReason, Origin, RefreshToken, Session


class Accounts(Protocol):
    """Who has an account."""

    async def add(self, account: NewAccount) -> Opened | None:
        """Opens an account; None when the address has one already."""

    async def by_email(self, email: str) -> Credentials | None:
        """The account that has this address, whatever its case and the blanks around it."""

    async def replace_hash(self, credentials: Credentials, password_hash: str) -> None:
        """Stores another hash of the same password, unless the password was changed meanwhile."""


class Sessions(Protocol):
    """Sessions and their refresh tokens. Nobody can learn a token of what is kept."""

    async def begin(
        self, user_id: UUID, origin: Origin, delegation: Delegation | None = None
    ) -> tuple[Session, RefreshToken]:
        """Begins a session, a client's if it was delegated, and answers it with its first refresh token."""

    async def rotate(
        self, token: str, origin: Origin, client_id: UUID | None = None
    ) -> tuple[Session, RefreshToken] | None:
        """Uses a token up and answers its session with the next one; None when it is not good (any more).

        A token of a client is good for that client alone.
        Of two that come with the same token at once, one finds it used. What is not known of the origin stays.
        """

    async def repeated(self, token: str, client_id: UUID | None = None) -> tuple[Session, RefreshToken] | None:
        """What a token was exchanged for within REFRESH_GRACE before; None when it was not, or its session ended."""

    async def end_of_used(self, token: str) -> EndedSession | None:
        """Ends the session of a token that was used longer before; answers the session if this ended it."""

    async def end(self, user_id: UUID, session_id: UUID) -> EndedSession | None:
        """Ends a session; None when the user has none such that goes on."""

    async def end_all(self, user_id: UUID, but: UUID | None) -> Sequence[EndedSession]:
        """Ends all sessions of a user but this one; those that went on until then."""

    async def were_at(self, user_id: UUID, network: str) -> bool:
        """Whether a session of the user was begun or last used from a network, such as 192.0.2.7/32."""

    async def ended_lately(self) -> Sequence[UUID]:
        """Those that ended so lately that access tokens of theirs may still be good."""

    async def forget_expired(self) -> None:
        """Forgets expired tokens, and sessions that have no others."""


class AddressBooks(Protocol):
    """The postal addresses of users. Each has one default at most, and one for invoices."""

    async def lock(self, user_id: UUID) -> bool:
        """Makes a book this unit of work's alone until its end; False when the account is gone."""

    async def count(self, user_id: UUID) -> int:
        """How many addresses a book holds."""

    async def add(self, user_id: UUID, address: PostalAddress, *, is_default: bool) -> Address:
        """Adds an address to a locked book."""

    async def replace(self, user_id: UUID, address_id: UUID, address: PostalAddress) -> Address | None:
        """Gives an address other content; None when the user has no such address."""

    async def remove(self, user_id: UUID, address_id: UUID) -> bool | None:
        """Removes from a locked book, and answers whether it was the default; None when there is no such address."""

    async def promote_oldest(self, user_id: UUID) -> None:
        """Makes the oldest address of a locked book without a default the default."""

    async def make_default(self, user_id: UUID, address_id: UUID) -> Address | None:
        """Makes an address of a locked book the default; None, and the default stays, when there is no such address."""

    async def make_default_billing(self, user_id: UUID, address_id: UUID) -> Address | None:
        """The same for the default of invoices."""


class Passwords(Protocol):
    """Makes and checks password hashes. Each takes long, so that its methods are called in a ``slot``."""

    def slot(self) -> AbstractAsyncContextManager[None]:
        """Waits for one of the few slots, as long as the request's caller does.

        Raises:
            RateLimited: when too many wait already, or the wait takes too long.
            CallerGone, Unavailable: when the caller goes, or has waited too long.
        """

    async def hash(self, password: str) -> str:
        """A new hash."""

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether a password is the one of a hash. Without a hash it takes as long, and is not."""

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made at another cost than today's."""

    def hash_of_nothing(self) -> str:
        """A hash that no password has. It takes no time, and no slot."""


class Throttle(Protocol):
    """Slows down who guesses passwords."""

    async def admits(self, attempt: Attempt) -> bool:
        """Whether another attempt is allowed: for the address, and from where it comes."""

    async def count_failure(self, attempt: Attempt) -> None:
        """Remembers that one failed."""


class AccessTokens(Protocol):
    """The issuer of access tokens."""

    def issue(self, session: Session) -> AccessToken:
        """A token of a session."""


class Revocations(Protocol):
    """What refuses the access tokens of sessions that have ended, in all subgraphs."""

    async def tell(self, session_ids: Sequence[UUID]) -> None:
        """Has them refused within a second. What can't be told now is told later: it never fails."""


class Reports(Protocol):
    """What operators see of sessions."""

    def begun(self) -> None:
        """Somebody registered or logged in."""

    def refreshed(self, *, is_repeated: bool) -> None:
        """A refresh token was exchanged, the first time or once more within REFRESH_GRACE."""

    def revoked(self, reason: EndReason, sessions: int) -> None:
        """So many sessions ended before their time."""


class UsersWork(Protocol):
    """A unit of work of users."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def address_books(self) -> AddressBooks: ...

    @property
    def passwords(self) -> Passwords: ...

    @property
    def throttle(self) -> Throttle: ...

    @property
    def access_tokens(self) -> AccessTokens: ...

    @property
    def revocations(self) -> Revocations: ...

    @property
    def reports(self) -> Reports: ...

    @property
    def profiles(self) -> Profiles: ...

    @property
    def links(self) -> Links: ...

    @property
    def link_tokens(self) -> LinkTokens: ...

    @property
    def reset_requests(self) -> ResetRequests: ...

    @property
    def clients(self) -> Clients: ...

    @property
    def codes(self) -> Codes: ...

    @property
    def client_tokens(self) -> ClientTokens: ...

    @property
    def events(self) -> Recorder: ...

    @property
    def transaction(self) -> "Transaction[UsersWork]": ...
