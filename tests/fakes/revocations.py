"""The list of revoked sessions in memory."""

from collections.abc import Iterable
from itertools import count
from uuid import UUID

from shared.security.revocations import RevokedSessions


class RevokedTwin(RevokedSessions):
    """Its clock goes on by a microsecond with each session; ``is_away`` is as Valkey is then."""

    def __init__(self) -> None:
        self.added: dict[UUID, int] = {}
        self.is_away = False
        self.is_closed = False
        self._clock = count(1_000_000_000)

    async def add(self, session_ids: Iterable[UUID]) -> None:
        self._require_there()
        for session_id in session_ids:
            self.added.setdefault(session_id, next(self._clock))

    async def holds(self, session_id: UUID) -> bool:
        self._require_there()
        return session_id in self.added

    async def added_since(self, microseconds: int) -> list[tuple[UUID, int]]:
        self._require_there()
        return [(session_id, at) for session_id, at in self.added.items() if at >= microseconds]

    async def close(self) -> None:
        self.is_closed = True

    def _require_there(self) -> None:
        if self.is_away:
            raise ConnectionError("Valkey is away")
