"""The tokens of guests' orders, made of a secret that nobody but this mesh has."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.security.capability import capability, holder_id
from shared.security.secrets import Secret
from subgraphs.orders.domain.guest import Guest

_PURPOSE = "mercato.orders.order"


class SecretOrderTokens:
    """The port OrderTokens. While the secret changes it has two lines: new tokens are of the first, known ones of both.

    A token whose line is gone still opens its order, but can't be made again: no more mail carries it.
    """

    def __init__(self, secret: Secret, days: int) -> None:
        self._secret = secret
        self._days = days

    def issue(self, order_id: UUID) -> Guest:
        expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=self._days)
        holder = holder_id(capability(self._secret.current(), _PURPOSE, order_id, expires_at))
        assert holder is not None, "a token that is made now is good now"
        return Guest(holder, expires_at)

    def of(self, order_id: UUID, guest: Guest) -> str | None:
        made = (capability(line, _PURPOSE, order_id, guest.token_expires_at) for line in self._secret.all())
        return next((token for token in made if holder_id(token) == guest.id), None)
