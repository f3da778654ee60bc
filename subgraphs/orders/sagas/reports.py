"""What operators see and read of sagas."""

import logging

from shared.errors import ServiceError
from subgraphs.orders.domain.fulfilment import Saga, Step
from subgraphs.orders.domain.saga_ports import Reports
from subgraphs.orders.domain.transition import Transitioned
from subgraphs.orders.sagas.attempts import Attempt
from subgraphs.orders.sagas.following import TakenOver

logger = logging.getLogger(__name__)


def taken_over(saga: Saga, reports: Reports) -> TakenOver:
    """Another worker has the saga now, and this one's answer is dropped."""
    reports.fenced()
    logger.warning(
        "order %s: another worker took it over; this one's answer to %s is dropped", saga.order.number, saga.step
    )
    return TakenOver()


def stuck(saga: Saga, attempt: Attempt, reports: Reports) -> None:
    """No rule helps any more."""
    reports.stuck(saga.kind)
    logger.error("order %s requires intervention: %s", saga.order.number, attempt.why)


def retried(saga: Saga, error: ServiceError, pause: float, reports: Reports) -> None:
    """The outcome of a step is unknown."""
    reports.retried(saga.step)
    logger.warning(
        "order %s: %s failed and is tried again in %.1f s: %s", saga.order.number, saga.step, pause, error.message
    )


def failed(saga: Saga, attempt: Attempt, step: Step) -> None:
    """A step went wrong in a way that a person may want to know of."""
    if attempt.error:
        logger.warning("order %s: %s; %s follows", saga.order.number, attempt.error, step)


def ended(transitioned: Transitioned, reports: Reports) -> None:
    """An order is confirmed or cancelled."""
    saga = transitioned.saga
    if not saga.is_cancel_requested and saga.order.attempt == 1:  # a later attempt begins long after the placing
        reports.ended(saga.step, (transitioned.changed_at - transitioned.placed_at).total_seconds())
    logger.info("order %s ended: %s", saga.order.number, saga.step)
