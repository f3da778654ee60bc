"""What notifications tells the others; the contract is ``schema/events/notifications.yaml``."""

from shared.events.event import Event
from subgraphs.notifications.domain.message import Sent

TOPIC = "notifications.notification.v1"


def notification_sent(sent: Sent) -> Event:
    """The mail server has a message."""
    payload = {"notificationId": sent.id, "kind": sent.kind, "userId": sent.user_id, "occurredAt": sent.sent_at}
    return Event(TOPIC, sent.id, "mercato.notifications.NotificationSent", payload)
