"""What Kafka rejects for good: the same message would be rejected again, however often it is sent."""

import re

from aiokafka.errors import (
    InvalidTimestampError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnsupportedForMessageFormatError,
)

_BY_KAFKA = (
    InvalidTimestampError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,  # of one topic; what the whole cluster rejects is an outage, and waits
    UnsupportedForMessageFormatError,
)
# A row that no message can be made of.
_OF_OUR_MAKING = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")


def is_rejected_for_good(error: BaseException) -> bool:
    """Whether the fault is the message's own, and not Kafka's or the connection's."""
    return isinstance(error, (*_BY_KAFKA, *_OF_OUR_MAKING))


def require_topic_name(topic: str) -> None:
    """Raises InvalidTopicError for what no topic can be named: aiokafka would wait for it."""
    if not _TOPIC.fullmatch(topic) or topic in (".", ".."):
        raise InvalidTopicError(f"no topic can be named '{topic}'")


def rejection_text(error: BaseException) -> str:
    """Why a message was rejected, for who decides what becomes of it."""
    text = str(error).splitlines()
    return f"{type(error).__name__}: {text[0]}"[:1000] if text else type(error).__name__
