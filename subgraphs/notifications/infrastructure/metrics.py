"""What is counted of messages, by their kind."""

from prometheus_client import Counter

SENT = Counter("mercato_notifications_sent_total", "Messages handed to the mail server.", ["kind"])
POSTPONED = Counter(
    "mercato_notifications_postponed_total", "Attempts to send that failed and are repeated later.", ["kind"]
)
GIVEN_UP = Counter("mercato_notifications_given_up_total", "Messages that are not tried any more.", ["kind"])
