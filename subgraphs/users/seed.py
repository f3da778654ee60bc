"""Users has no demonstration data.

An account needs a password, and one that everybody can read here would open it everywhere.
"""


async def seed(products: int) -> None:
    """Changes nothing; shoppers register."""
