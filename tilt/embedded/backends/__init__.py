"""Real servers as child processes, for `make up` and for the tests: start(), wait_healthy(), stop()."""

from tilt.embedded.backends.kafka import Kafka
from tilt.embedded.backends.localstripe import Localstripe
from tilt.embedded.backends.mailbox import Mailbox
from tilt.embedded.backends.postgres import Postgres
from tilt.embedded.backends.valkey import Valkey

__all__ = ["Kafka", "Localstripe", "Mailbox", "Postgres", "Valkey"]
