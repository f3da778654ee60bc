"""The demonstration shop begins without payments."""


async def seed(products: int) -> None:
    """Nothing: payments come from orders."""
