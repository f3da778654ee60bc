"""What the commands of the OpenID provider need of the world."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from subgraphs.users.domain.openid import Client, ClientToken, Code, NewClient, NewCode
from subgraphs.users.domain.tokens import EndedSession, Session


class Clients(Protocol):
    """The registered clients."""

    async def add(self, client: NewClient) -> tuple[Client, str | None]:
        """Registers a client; with its secret, which nobody can learn afterwards, or None when it is public."""

    async def by_id(self, client_id: UUID) -> Client | None:
        """A client that was not removed."""

    async def remove(self, client_id: UUID) -> bool:
        """Removes a client; False when there is none."""

    def has_secret(self, client: Client, secret: str) -> bool:
        """Whether it is the client's secret; it takes as long when it is not."""


class Codes(Protocol):
    """Authorization codes. Nobody can learn one of what is kept."""

    async def issue(self, granted: NewCode) -> str:
        """A code that is good once, for CODE_LIFETIME."""

    async def find(self, code: str, client_id: UUID) -> Code | None:
        """What a code of the client is worth; None when it expired unused. One that was used is still found."""

    async def claim(self, code: str, client_id: UUID) -> Code | None:
        """Uses a code up; None when it is not good (any more). Of two at once, one finds it used."""

    async def bind(self, code: str, session_id: UUID) -> None:
        """Remembers the session that a code was exchanged for."""

    async def session_of_used(self, code: str, client_id: UUID) -> tuple[UUID, UUID] | None:
        """The user and the session that a code was exchanged for."""

    async def forget_expired(self) -> None:
        """Forgets codes that nobody has any use for, used ones as soon as their access tokens have ended."""


class ClientTokens(Protocol):
    """What was issued to clients, and whether it is still good."""

    async def of_refresh_token(self, token: str) -> ClientToken | None:
        """What a refresh token of any client is worth."""

    async def is_live(self, session_id: UUID) -> bool:
        """Whether a session, a machine's too, has not ended."""

    async def end_all(self, client_id: UUID) -> Sequence[EndedSession]:
        """Ends all sessions of a client's users; those that went on until then."""

    async def begin_machines(self, client_id: UUID) -> Session:
        """Begins a session of a machine; it lasts as long as an access token."""

    async def end_machines(self, client_id: UUID, session_id: UUID | None = None) -> Sequence[UUID]:
        """Ends one or all sessions of a machine; those that went on until then."""

    async def machines_ended_lately(self) -> Sequence[UUID]:
        """Sessions of machines that ended so lately that access tokens of theirs may still be good."""

    async def forget_machines(self) -> None:
        """Forgets sessions of machines whose tokens have ended."""
