"""The tokens of a session, as the SDL has them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_network
from uuid import UUID

ACCESS_TOKEN_LIFETIME = timedelta(minutes=10)
REFRESH_TOKEN_LIFETIME = timedelta(days=30)
# Two tabs refresh at once, or an answer is lost: so long, a used token is answered as the first time.
REFRESH_GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token that says who asks."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A secret that is exchanged, once, for new tokens."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a client needs to stay logged in."""

    access: AccessToken
    refresh: RefreshToken

    @property
    def access_token(self) -> str:
        """What goes into the Authorization header."""
        return self.access.token

    @property
    def access_token_expires_at(self) -> datetime:
        """When the access token ends."""
        return self.access.expires_at

    @property
    def refresh_token(self) -> str:
        """What ``tokenRefresh`` takes."""
        return self.refresh.token

    @property
    def refresh_token_expires_at(self) -> datetime:
        """When the refresh token ends."""
        return self.refresh.expires_at


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in, and all that follows from it until it ends; ``authenticated_at`` is when the password was given.

    One that a client has by OpenID is limited to a ``scope``; a machine's is of nobody but the client itself.
    """

    id: UUID
    user_id: UUID
    authenticated_at: datetime
    client_id: UUID | None = None
    scope: str = ""


class EndReason(StrEnum):
    """Why a session ended before its time, as ``SessionRevoked`` tells it."""

    LOGGED_OUT = "LOGGED_OUT"
    LOGGED_OUT_EVERYWHERE = "LOGGED_OUT_EVERYWHERE"
    REVOKED = "REVOKED"
    REUSED = "REUSED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - a reason
    EMAIL_CHANGE_UNDONE = "EMAIL_CHANGE_UNDONE"


@dataclass(frozen=True, slots=True)
class EndedSession:
    """A session that was ended before its time."""

    id: UUID
    user_id: UUID
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a log-in or a refresh came from, as far as is known: the program's own name, and its address."""

    device: str | None = None
    place: str | None = None

    @property
    def network(self) -> str | None:
        """Whoever has this address has all of it: an address of IPv6 is one of a household's 64 bits of them."""
        if self.place is None:
            return None
        return str(ip_network(f"{self.place}/{64 if ':' in self.place else 32}", strict=False))


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries a password of an account: from where, if that is known, and whether its owner was there before."""

    email: str
    network: str | None = None
    is_from_home: bool = False


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that has begun, and whose it is."""

    user_id: UUID
    tokens: TokenPair
