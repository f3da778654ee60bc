"""What the demonstration shop needs of orders: nothing."""


async def seed(products: int) -> None:
    """Adds no row: carts and orders are their buyers' doing,
    and names, prices and stock come as the events of those who own them.

    Seeding copies here would only give them a second source, which could differ from the first.
    """
