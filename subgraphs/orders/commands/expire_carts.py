"""Removes carts whose time is over."""

from dataclasses import dataclass

from subgraphs.orders.domain.cart_ports import CartWork


@dataclass(frozen=True, slots=True)
class ExpireCarts:
    """``limit`` at most."""

    limit: int


async def expire_carts(command: ExpireCarts, work: CartWork) -> int:
    """How many were removed. Those that somebody is changing or ordering stay. A single statement."""
    return await work.carts.remove_expired(command.limit)
