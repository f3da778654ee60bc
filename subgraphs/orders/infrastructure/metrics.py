"""What operators see of fulfilment."""

from prometheus_client import Counter, Gauge, Histogram

from subgraphs.orders.domain.fulfilment import Kind, Step

PLACED = Counter("mercato_orders_placed_total", "Orders placed, each once.")
OPEN = Gauge(
    "mercato_orders_fulfilments_open",
    "What is under way or stuck with orders, refunds and shipments,"
    " by what is being tried and whether its deadline has passed.",
    ["kind", "step", "overdue"],
)
ENDED_SECONDS = Histogram(
    "mercato_orders_fulfilment_seconds",
    "From an order's placing to its end.",
    ["end"],
    buckets=(0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 30, 60, 120, 300),
)
HELD = Gauge(
    "mercato_orders_disputes_open",
    "Disputes that hold orders, by whether evidence is due later, soon (within three days), or over.",
    ["due"],
)
RETRIES = Counter("mercato_orders_fulfilment_retries_total", "Steps that had to be tried again.", ["step"])
STUCK = Counter(
    "mercato_orders_fulfilments_stuck_total", "Orders, refunds and shipments that were left to a person.", ["kind"]
)
FENCED = Counter(
    "mercato_orders_fulfilments_fenced_total", "Times a worker found that another one had taken its order over."
)


class PrometheusReports:
    """The port Reports."""

    def placed(self) -> None:
        PLACED.inc()

    def ended(self, step: Step, seconds: float) -> None:
        ENDED_SECONDS.labels(step).observe(seconds)

    def retried(self, step: Step) -> None:
        RETRIES.labels(step).inc()

    def stuck(self, kind: Kind) -> None:
        STUCK.labels(kind).inc()

    def fenced(self) -> None:
        FENCED.inc()
