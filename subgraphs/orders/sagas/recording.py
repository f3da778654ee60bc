"""What sagas of all kinds record."""

from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.fulfilment import Saga, Step
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.sagas import reports
from subgraphs.orders.sagas.attempts import Attempt
from subgraphs.orders.sagas.following import GoesOn, TakenOver


async def advance(
    saga: Saga, step: Step, cancellation: Cancellation | None, lease_seconds: float, work: OrdersWork
) -> GoesOn | TakenOver:
    """Records the next step, or another one where a person asked to cancel the order meanwhile."""
    advanced = await work.sagas.advance(saga, step, cancellation, lease_seconds)
    return reports.taken_over(saga, work.reports) if advanced is None else GoesOn(advanced)


async def finish(saga: Saga, step: Step, work: OrdersWork) -> bool:
    """Ends a saga; False when another worker has it."""
    if await work.sagas.finish(saga, step):
        return True
    reports.taken_over(saga, work.reports)
    return False


async def park(saga: Saga, attempt: Attempt, work: OrdersWork) -> bool:
    """Records that no rule helps any more; False when another worker has the saga."""
    if not await work.sagas.park(saga, attempt.why):
        reports.taken_over(saga, work.reports)
        return False
    reports.stuck(saga, attempt, work.reports)
    return True
