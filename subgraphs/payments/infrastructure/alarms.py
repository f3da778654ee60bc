"""What people are to be told of, as Prometheus counts it."""

from subgraphs.payments.infrastructure.metrics import LATE_SUCCESSES, MISMATCHES, REFUND_FAILURES, REUSED_NOTICES


class PrometheusAlarms:
    """The port Alarms."""

    def mismatch(self, provider: str) -> None:
        MISMATCHES.labels(provider).inc()

    def late_success(self) -> None:
        LATE_SUCCESSES.inc()

    def reused_notice(self, provider: str) -> None:
        REUSED_NOTICES.labels(provider).inc()

    def refund_failure(self, provider: str) -> None:
        REFUND_FAILURES.labels(provider).inc()
