"""Where the seeded goods lie: two warehouses, and how many of each variant are in either."""

from uuid import UUID

from seeds.catalogue import OPENING_DAY
from seeds.determinism import Draws, uuid7
from seeds.model import SeedVariant, SeedWarehouse

HAMBURG = SeedWarehouse(uuid7(OPENING_DAY, 1, "warehouse:HAM"), "HAM", "Hamburg Hafen", "Hamburg", "DE")
LYON = SeedWarehouse(uuid7(OPENING_DAY, 2, "warehouse:LYS"), "LYS", "Lyon Confluence", "Lyon", "FR")

PERCENT_SOLD_OUT = 2
PERCENT_LOW = 5
LOWEST_LEFT, HIGHEST_LEFT = 1, 5
FEWEST, MOST = 20, 180


def warehouses() -> list[SeedWarehouse]:
    return [HAMBURG, LYON]


def stock_of(variant: SeedVariant) -> tuple[tuple[UUID, int], ...]:
    """The quantity of the variant in each warehouse; the same at every call."""
    first, second = _quantities(Draws(f"stock:{variant.sku}"))
    return (HAMBURG.id, first), (LYON.id, second)


def _quantities(draws: Draws) -> tuple[int, int]:
    percentile = draws.number(0, 99)
    if percentile < PERCENT_SOLD_OUT:
        return 0, 0
    if percentile < PERCENT_SOLD_OUT + PERCENT_LOW:
        # The last few lie in one place, as they do in life.
        left = draws.number(LOWEST_LEFT, HIGHEST_LEFT)
        return draws.pick([(left, 0), (0, left)])
    return draws.number(FEWEST, MOST), draws.number(FEWEST, MOST)
