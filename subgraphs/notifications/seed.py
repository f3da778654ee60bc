"""Notifications has no demonstration data: it writes what the other subgraphs' events ask for."""


async def seed(products: int) -> None:
    """Changes nothing."""
