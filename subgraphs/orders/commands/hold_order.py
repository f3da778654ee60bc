"""Holds an order whose money its buyer's bank took back, until the bank has decided."""

from dataclasses import dataclass

from subgraphs.orders.commands.holding import hold
from subgraphs.orders.domain.dispute import Dispute
from subgraphs.orders.domain.ports import OrdersWork


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """A dispute of an attempt's money, which is OPEN."""

    dispute: Dispute
    attempt: int


async def hold_order(command: HoldOrder, work: OrdersWork) -> None:
    """Nothing of the order leaves from now on."""
    await hold(command.dispute, command.attempt, lambda what: f"the buyer's bank disputes {what}", work)
