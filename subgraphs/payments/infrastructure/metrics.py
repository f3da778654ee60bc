"""What Prometheus reads of payments beyond the chassis' metrics."""

from prometheus_client import Counter, Histogram

PROVIDER_SECONDS = Histogram(
    "mercato_payment_provider_seconds",
    "Duration of calls to a payment provider, by how they ended.",
    ["provider", "operation", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
CONTRADICTIONS = Counter(
    "mercato_payment_contradictions_total", "Payments that are over here and hold or took money at the provider."
)
