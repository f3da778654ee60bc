"""What operators see of stock."""

from prometheus_client import Gauge

LATE = Gauge(
    "mercato_inventory_late_backorders",
    "Pieces that orders wait for though the day on which they were expected is over: alert when it is not 0.",
)
