"""What Prometheus reads of payments beyond the chassis' metrics."""

from prometheus_client import Counter, Gauge, Histogram

PROVIDER_SECONDS = Histogram(
    "mercato_payment_provider_seconds",
    "Duration of calls to a payment provider, by how they ended.",
    ["provider", "operation", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
CONTRADICTIONS = Counter(
    "mercato_payment_contradictions_total", "Payments that are over here and hold or took money at the provider."
)
DIFFERENCES = Gauge(
    "mercato_reconciliation_differences", "Where books differ, as the last comparison found: alert when it is not 0.", ["kind"]
)
RECONCILED_AT = Gauge(
    "mercato_reconciliation_timestamp_seconds", "When books were last compared, in seconds since the Unix epoch; 0 when not yet."
)
