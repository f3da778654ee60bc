"""What Prometheus reads on ``/metrics``. Labels come from schemas and code, never from what a client sent."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar

from prometheus_client import Counter, Gauge, Histogram

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

OPERATION_SECONDS = Histogram(
    "mercato_operation_seconds",
    "Duration of GraphQL operations, gRPC calls and messages.",
    ["protocol", "operation"],
    buckets=_BUCKETS,
)
OPERATION_ERRORS = Counter(
    "mercato_operation_errors_total", "Failed operations by error code.", ["protocol", "operation", "code"]
)
COMPILED_FALLBACKS = Counter(
    "mercato_compiled_query_fallbacks_total",
    "Compiled queries that graphql-core had to execute for an unexpected reason.",
    ["operation", "reason"],
)
VERSION_SKEW = Counter(
    "mercato_version_skew_total",
    "Requests of the router that this subgraph's version of the schema does not fit, by what of them does not.",
    ["part"],
)
SQL_STATEMENTS = Counter(
    "mercato_sql_statements_total", "SQL statements by the operation that sent them.", ["protocol", "operation"]
)
OUTBOX_UNSENT = Gauge("mercato_outbox_unsent", "Events committed and not yet sent to Kafka.")
OUTBOX_LAG_SECONDS = Gauge("mercato_outbox_lag_seconds", "Age of the oldest event not yet sent to Kafka.")
OUTBOX_SENT = Counter("mercato_outbox_sent_total", "Events sent to Kafka.", ["topic"])
OUTBOX_REJECTED = Counter(
    "mercato_outbox_refused_total", "Events that Kafka refused for good, and were set aside.", ["topic"]
)
OUTBOX_DEAD_LETTERS = Gauge(
    "mercato_outbox_set_aside", "Events set aside: refused by Kafka for good, or behind such a one of their key."
)
KAFKA_COMPLAINTS = Counter(
    "mercato_kafka_complaints_total", "What could not be done while Kafka was away, told to the log or not."
)
CONSUMER_LAG = Gauge("mercato_consumer_lag", "Messages not yet consumed.", ["topic", "partition"])
EVENT_DELAY_SECONDS = Histogram(
    "mercato_event_delay_seconds", "From an event's commit to its effect here.", ["type"], buckets=_BUCKETS
)
DEAD_LETTERS = Counter(
    "mercato_dead_letters_total", "Messages put aside because they could not be processed.", ["topic"]
)
WORKER_RESTARTS = Counter("mercato_worker_restarts_total", "Background workers restarted after a failure.", ["worker"])


class Operation:
    """One operation under way; counts the SQL statements sent for it."""

    __slots__ = ("name", "protocol", "statements")

    def __init__(self, protocol: str, name: str) -> None:
        self.protocol = protocol
        self.name = name
        self.statements = 0

    def failed(self, code: str) -> None:
        """Counts an error of this operation."""
        OPERATION_ERRORS.labels(self.protocol, self.name, code).inc()


_operation: ContextVar[Operation | None] = ContextVar("operation", default=None)


@contextlib.contextmanager
def measured(protocol: str, name: str) -> Iterator[Operation]:
    """Times an operation and attributes its SQL statements to it."""
    operation = Operation(protocol, name)
    token = _operation.set(operation)
    started = time.perf_counter()
    try:
        yield operation
    finally:
        _operation.reset(token)
        OPERATION_SECONDS.labels(protocol, name).observe(time.perf_counter() - started)
        if operation.statements:
            SQL_STATEMENTS.labels(protocol, name).inc(operation.statements)


def count_statement() -> None:
    """Attributes one SQL statement to the operation under way, if there is one."""
    operation = _operation.get()
    if operation is not None:
        operation.statements += 1
