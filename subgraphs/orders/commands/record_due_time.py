"""Takes over until when the provider takes evidence on a dispute."""

from dataclasses import dataclass

from subgraphs.orders.commands.holding import hold
from subgraphs.orders.domain.dispute import Dispute
from subgraphs.orders.domain.ports import OrdersWork


@dataclass(frozen=True, slots=True)
class RecordDueTime:
    """A dispute of an attempt's money, which is OPEN."""

    dispute: Dispute
    attempt: int


async def record_due_time(command: RecordDueTime, work: OrdersWork) -> None:
    """Holds the order, too, where the news of the dispute itself did not come yet."""
    due_at = command.dispute.evidence_due_at
    until = f"{due_at:%Y-%m-%d %H:%M} UTC" if due_at else "no certain time"
    news = f"evidence on the dispute of {{}} is taken until {until}"
    await hold(command.dispute, command.attempt, news.format, work)
