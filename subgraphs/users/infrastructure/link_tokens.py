"""What mailed links hold, made of a secret that nobody but this mesh has."""

from datetime import UTC, datetime
from uuid import UUID

from shared.ids import new_id
from shared.security.capability import capability, holder_id
from shared.security.secrets import Secret
from subgraphs.users.domain.links import LIFETIMES, Link, Purpose


class SecretLinkTokens:
    """The port LinkTokens. While the secret changes it has two lines: new tokens are of the first, known ones of both.

    A token whose line is gone still is good, but can't be made again: no more mail carries it.
    """

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def issue(self, user_id: UUID, purpose: Purpose, email: str) -> Link:
        """A new link, which lives as long as its purpose has it."""
        link_id, expires_at = new_id(), datetime.now(UTC).replace(microsecond=0) + LIFETIMES[purpose]
        holder = holder_id(_token(self._secret.current(), purpose, link_id, expires_at))
        assert holder is not None, "a token that is made now is good now"
        return Link(link_id, user_id, purpose, email, holder, expires_at)

    def of(self, link: Link) -> str | None:
        """What a link holds; None when it is expired, or was made with a key that is gone."""
        made = (_token(line, link.purpose, link.id, link.expires_at) for line in self._secret.all())
        return next((token for token in made if holder_id(token) == link.holder), None)


def _token(key: str, purpose: Purpose, link_id: UUID, expires_at: datetime) -> str:
    return capability(key, f"mercato.users.link.{purpose}", link_id, expires_at)
