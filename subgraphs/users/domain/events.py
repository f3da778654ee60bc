"""What users tells the others; the contract is ``schema/events/users.yaml``."""

from datetime import datetime
from uuid import UUID

from shared.events.event import Event
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.tokens import EndedSession, EndReason

TOPIC = "users.user.v1"


def user_registered(user_id: UUID, email: str, name: str, link_id: UUID, occurred_at: datetime) -> Event:
    """Somebody created an account, and verifies its address by the link."""
    payload = {"userId": user_id, "email": email, "name": name, "linkId": link_id, "occurredAt": occurred_at}
    return Event(TOPIC, user_id, "mercato.users.UserRegistered", payload)


def session_revoked(ended: EndedSession, reason: EndReason) -> Event:
    """A session ended before its time: whoever comes with an access token of it is to be refused."""
    facts = {"userId": ended.user_id, "sessionId": ended.id, "reason": reason, "occurredAt": ended.ended_at}
    return Event(TOPIC, ended.user_id, "mercato.users.SessionRevoked", facts)


def email_verified(profile: Profile, occurred_at: datetime) -> Event:
    """Somebody has proved that an account's address is theirs."""
    facts = {"userId": profile.user_id, "email": profile.email, "occurredAt": occurred_at}
    return Event(TOPIC, profile.user_id, "mercato.users.EmailVerified", facts)


def account_told(name: str, profile: Profile, occurred_at: datetime, **facts: object) -> Event:
    """Something of an account that its owner is told by mail; ``facts`` are those of this kind of event alone."""
    told = {"userId": profile.user_id, "email": profile.email, "name": profile.name, "occurredAt": occurred_at}
    return Event(TOPIC, profile.user_id, f"mercato.users.{name}", {**told, **facts})
