"""Kafka away: its client says so a thousand times, the log once a minute, and once when it is back."""

import logging
import re
import time

from shared.telemetry.metrics import KAFKA_COMPLAINTS

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 60.0
# What aiokafka says while a broker or the connection to it is away;
# the rest of what it says is about groups and topics.
_OF_OUTAGES = re.compile(
    r"Unable |Cannot send |Could not send |Failed (fetch|to commit)|Got error produce response|Heartbeat (session|send)"
    r"|Marking the coordinator dead|Error sending |Group Coordinator Request|LeaveGroup request failed"
    r"|OffsetCommit failed before"
    r"|No broker metadata"
)


class KafkaOutage:
    """Whether Kafka is away from this process, and what the log was told of it."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._told_at = -_EVERY_SECONDS
        self._untold = 0

    @property
    def is_on(self) -> bool:
        """Whether something failed to reach Kafka since it answered last."""
        return self._since is not None

    def tell(self, what: str) -> None:
        """Tells the log what could not be done, unless it was told of the outage within the last minute."""
        now = time.monotonic()
        KAFKA_COMPLAINTS.inc()
        self._since = now if self._since is None else self._since
        if now - self._told_at < _EVERY_SECONDS:
            self._untold += 1
            return
        more = f" (and {self._untold} more such since the last line)" if self._untold else ""
        self._told_at, self._untold = now, 0
        logger.warning("Kafka can't be reached: %s%s", what, more)

    def end(self) -> None:
        """Tells the log that Kafka is back, if it was told that it was away."""
        if self._since is None:
            return
        seconds, self._since, self._untold = time.monotonic() - self._since, None, 0
        logger.info("Kafka is back after %.0f s", seconds)


KAFKA_OUTAGE = KafkaOutage()


class QuietKafkaClient(logging.Filter):
    """Keeps what aiokafka says of an outage out of the log, and lets each other thing through once a minute."""

    def __init__(self, outage: KafkaOutage = KAFKA_OUTAGE) -> None:
        super().__init__()
        self._outage = outage
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("aiokafka"):
            return True
        if record.exc_info is None and _OF_OUTAGES.match(str(record.msg)):
            self._outage.tell(record.getMessage())
            return False
        return self._is_new(record.getMessage())

    def _is_new(self, message: str) -> bool:
        now = time.monotonic()
        self._told = {text: at for text, at in self._told.items() if now - at < _EVERY_SECONDS}
        is_new = message not in self._told
        self._told.setdefault(message, now)
        return is_new
