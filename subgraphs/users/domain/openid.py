"""Clients that sign people in here, and what they are given (OpenID Connect Core 1.0, RFC 6749)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

CODE_LIFETIME = timedelta(seconds=60)
# What a client may learn of whoever signs in. What else it may do is a permission, and those are the shop's own.
SIGN_IN_SCOPES = ("openid", "profile", "email", "offline_access")


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client to register.

    One with ``redirect_uris`` signs people in; a machine has none, and ``scopes``: the permissions of its own.
    A public one, such as an app on a phone, can keep no secret and has none.
    """

    name: str
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Client(NewClient):
    """A registered client; of its secret there is a hash alone."""

    id: UUID = field(kw_only=True)
    secret_hash: str | None = field(kw_only=True, repr=False)

    @property
    def is_machine(self) -> bool:
        """Whether it comes for itself, and never for a person."""
        return not self.redirect_uris


@dataclass(frozen=True, slots=True)
class NewCode:
    """What somebody granted to a client, to be had for an authorization code and the verifier of its challenge."""

    client_id: UUID
    user_id: UUID
    redirect_uri: str
    scope: str
    code_challenge: str
    nonce: str | None


@dataclass(frozen=True, slots=True)
class Code(NewCode):
    """An authorization code that was issued; ``authenticated_at`` is when the password was given."""

    authenticated_at: datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """Which client a session is of, what was granted to it, and when whoever granted it had given the password."""

    client_id: UUID
    scope: str
    authenticated_at: datetime


@dataclass(frozen=True, slots=True)
class ClientToken:
    """A refresh token of a client, and its session; ``is_good`` as long as it can be exchanged."""

    session_id: UUID
    user_id: UUID
    client_id: UUID
    scope: str
    expires_at: datetime
    is_good: bool
