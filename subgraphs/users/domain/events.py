"""What users tells the others; the contract is ``schema/events/users.yaml``."""

from datetime import datetime
from uuid import UUID

from shared.events.event import Event
from subgraphs.users.domain.tokens import EndedSession, EndReason

TOPIC = "users.user.v1"


def user_registered(user_id: UUID, email: str, name: str, occurred_at: datetime) -> Event:
    """Somebody created an account."""
    payload = {"userId": user_id, "email": email, "name": name, "occurredAt": occurred_at}
    return Event(TOPIC, user_id, "mercato.users.UserRegistered", payload)


def session_revoked(ended: EndedSession, reason: EndReason) -> Event:
    """A session ended before its time: whoever comes with an access token of it is to be refused."""
    facts = {"userId": ended.user_id, "sessionId": ended.id, "reason": reason, "occurredAt": ended.ended_at}
    return Event(TOPIC, ended.user_id, "mercato.users.SessionRevoked", facts)
