"""Which attempt at an order a command is for. What the first one sends is what it sent when there was but one."""

from uuid import UUID


def key_of(order_id: UUID, step: str, attempt: int) -> str:
    """The idempotency key of a step, such as "<order id>:reserve" or, of the second attempt, "<order id>:reserve:2"."""
    return f"{order_id}:{step}" if attempt == 1 else f"{order_id}:{step}:{attempt}"


def told(attempt: int) -> int:
    """The attempt as requests have it: 0 stands for the first, so that a request of before is the same today."""
    return 0 if attempt == 1 else attempt
