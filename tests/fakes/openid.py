"""The ports of the OpenID provider in memory; one contract suite holds for these and for Postgres."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared.ids import new_id
from subgraphs.users.domain.openid import CODE_LIFETIME, Client, ClientToken, Code, NewClient, NewCode
from subgraphs.users.domain.tokens import EndedSession, Session

if TYPE_CHECKING:
    from tests.fakes.users import SessionsTwin


@dataclass
class ClientsTwin:
    """Clients whose hash shows their secret."""

    known: dict[UUID, Client] = field(default_factory=dict)

    async def add(self, client: NewClient) -> tuple[Client, str | None]:
        secret = None if client.is_public else str(new_id())
        values = {name: getattr(client, name) for name in NewClient.__slots__}
        added = Client(**values, id=new_id(), secret_hash=secret and f"hash of {secret}")
        self.known[added.id] = added
        return added, secret

    async def by_id(self, client_id: UUID) -> Client | None:
        return self.known.get(client_id)

    async def remove(self, client_id: UUID) -> bool:
        return self.known.pop(client_id, None) is not None

    def has_secret(self, client: Client, secret: str) -> bool:
        return client.secret_hash == f"hash of {secret}"


@dataclass
class CodesTwin:
    """Codes, by a clock that tests set."""

    clients: ClientsTwin
    known: dict[str, Code] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    sessions: dict[str, UUID] = field(default_factory=dict)
    passed: timedelta = timedelta()

    async def issue(self, granted: NewCode) -> str:
        code = str(new_id())
        values = {name: getattr(granted, name) for name in NewCode.__slots__}
        self.known[code] = Code(**values, authenticated_at=self._now())
        return code

    async def find(self, code: str, client_id: UUID) -> Code | None:
        known = self.known.get(code)
        if known is None or known.client_id != client_id:
            return None
        return known if code in self.used or known.authenticated_at > self._now() - CODE_LIFETIME else None

    async def claim(self, code: str, client_id: UUID) -> Code | None:
        found = await self.find(code, client_id)
        if found is None or code in self.used or client_id not in self.clients.known:
            return None
        self.used.add(code)
        return found

    async def bind(self, code: str, session_id: UUID) -> None:
        self.sessions[code] = session_id

    async def session_of_used(self, code: str, client_id: UUID) -> tuple[UUID, UUID] | None:
        found = await self.find(code, client_id)
        return (found.user_id, self.sessions[code]) if found and code in self.sessions else None

    async def forget_expired(self) -> None:
        kept = self._now() - timedelta(hours=1)
        self.known = {code: known for code, known in self.known.items() if known.authenticated_at > kept}

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.passed


@dataclass
class ClientTokensTwin:
    """What clients hold; ``machines`` tells of each session whose it is, ``ended`` which of them have ended."""

    sessions: "SessionsTwin"
    machines: dict[UUID, UUID] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)

    async def of_refresh_token(self, token: str) -> ClientToken | None:
        known = next((each for each in self.sessions.known.values() if token in each.tokens), None)
        if known is None or known.session.client_id is None:
            return None
        session, expires_at = known.session, known.tokens[token].expires_at
        is_good = not known.is_ended and token not in known.exchanged and expires_at > self.sessions.now
        assert session.client_id is not None
        return ClientToken(session.id, session.user_id, session.client_id, session.scope, expires_at, is_good)

    async def is_live(self, session_id: UUID) -> bool:
        known = self.sessions.known.get(session_id)
        return not known.is_ended if known else session_id in self.machines and session_id not in self.ended

    async def end_all(self, client_id: UUID) -> Sequence[EndedSession]:
        of_client = [each.session for each in self.sessions.known.values() if each.session.client_id == client_id]
        ended = [await self.sessions.end(session.user_id, session.id) for session in of_client]
        return [each for each in ended if each]

    async def begin_machines(self, client_id: UUID) -> Session:
        session = Session(new_id(), client_id, self.sessions.now, client_id)
        self.machines[session.id] = client_id
        return session

    async def end_machines(self, client_id: UUID, session_id: UUID | None = None) -> Sequence[UUID]:
        own = {each for each, whose in self.machines.items() if whose == client_id and session_id in (None, each)}
        ended = own - self.ended
        self.ended |= ended
        return sorted(ended)

    async def machines_ended_lately(self) -> Sequence[UUID]:
        return sorted(self.ended)

    async def forget_machines(self) -> None:
        """Nothing: no time passes for machines."""
