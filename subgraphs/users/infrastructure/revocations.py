"""Has the access tokens of sessions that ended refused, by the list that all subgraphs read."""

import logging
from collections.abc import Sequence
from uuid import UUID

from shared.security.revocations import OUTAGES, RevokedSessions
from shared.telemetry.failures import described

logger = logging.getLogger(__name__)


class ValkeyRevocations:
    """Writes the list. Without Valkey a session ends all the same, and a worker tells of it when Valkey is back."""

    def __init__(self, revoked: RevokedSessions) -> None:
        self._revoked = revoked

    async def tell(self, session_ids: Sequence[UUID]) -> None:
        """Has them refused within a second, or later when Valkey is away."""
        try:
            await self._revoked.add(session_ids)
        except OUTAGES as error:
            logger.warning("of %d sessions it is told later that they ended: %s", len(session_ids), described(error))
