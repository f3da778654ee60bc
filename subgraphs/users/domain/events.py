"""What users tells the others; the contract is ``schema/events/users.yaml``."""

from datetime import datetime
from uuid import UUID

from shared.events.event import Event

TOPIC = "users.user.v1"


def user_registered(user_id: UUID, email: str, name: str, occurred_at: datetime) -> Event:
    """Somebody created an account."""
    payload = {"userId": user_id, "email": email, "name": name, "occurredAt": occurred_at}
    return Event(TOPIC, user_id, "mercato.users.UserRegistered", payload)
