"""The tokens of a session, as the SDL has them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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
    """One log-in, and all that follows from it until it ends; ``authenticated_at`` is when the password was given."""

    id: UUID
    user_id: UUID
    authenticated_at: datetime


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that has begun, and whose it is."""

    user_id: UUID
    tokens: TokenPair
