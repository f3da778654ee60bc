"""A state of an order, as far as its ways out differ."""

from collections.abc import Mapping
from typing import Any


def state_of(order: Mapping[str, Any]) -> str:
    """In one line: its status, what left, what money is back, whether it requires intervention, what may be done."""
    actions = " ".join(sorted(f"{each['action']}:{each['by']}" for each in order["availableActions"]))
    return f"{order['status']}, {', '.join(_marks(order))} -> {actions or 'nothing'}"


def _marks(order: Mapping[str, Any]) -> list[str]:
    lines = order["lines"]
    units = sum(line["quantity"] for line in lines)
    marks = [
        f"{_part(sum(line['shippedQuantity'] for line in lines), units)} shipped",
        f"{_part(float(order['refunded']['amount']), float(order['total']['amount']))} refunded",
        f"{_part(sum(line['waitingQuantity'] for line in lines), units)} waiting",
    ]
    if any(refund["status"] == "FAILED" for refund in order["refunds"]):
        marks.append("a refund failed")
    if order["attention"]:
        marks.append("needs a person")
    return marks


def _part(some: float, of_all: float) -> str:
    return "none" if some == 0 else "all" if some == of_all else "part"
