"""What Prometheus reads of payments beyond the chassis' metrics."""

from prometheus_client import Counter, Gauge, Histogram

PROVIDER_SECONDS = Histogram(
    "mercato_payment_provider_seconds",
    "Duration of calls to a payment provider, by how they ended.",
    ["provider", "operation", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
LATE_SUCCESSES = Counter(
    "mercato_payment_late_successes_total",
    "Payments that succeeded at the provider after they were over here; what they moved is given back by itself.",
)
MISMATCHES = Counter(
    "mercato_payment_mismatches_total",
    "Times that a provider told another amount or currency than the payment has, which was not applied: alert on any.",
    ["provider"],
)
REUSED_NOTICES = Counter(
    "mercato_payment_reused_notices_total",
    "Webhooks with the id of an event that said something else, which were not applied; the log names them.",
    ["provider"],
)
REFUND_FAILURES = Counter(
    "mercato_payment_refund_failures_total",
    "Refunds that failed at the buyer's bank after they were given, so that the buyer is owed the money: alert on any.",
    ["provider"],
)
WITHOUT_PROVIDER = Gauge(
    "mercato_payments_without_provider",
    "Payments that may have money at a provider that is not configured here, by its name and their status; counted when"
    " books are compared.",
    ["provider", "status"],
)
DIFFERENCES = Gauge(
    "mercato_reconciliation_differences",
    "Where books differ, as the last comparison found: alert when it is not 0.",
    ["kind"],
)
RECONCILED_AT = Gauge(
    "mercato_reconciliation_timestamp_seconds",
    "When books were last compared, in seconds since the Unix epoch; 0 when not yet.",
)
