"""Stock and orders for tests without a database, made by hypothesis and by hand."""

from collections import Counter
from uuid import UUID

from hypothesis import strategies as st

from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.stock import Item, Level, Stock

VARIANTS = st.integers(1, 3).map(lambda number: UUID(int=number))
LEVELS = st.lists(
    st.builds(
        lambda variant, warehouse, held, free, priority: Level(
            variant, UUID(int=100 + warehouse), held + free, held, priority
        ),
        VARIANTS,
        st.integers(0, 2),
        st.integers(0, 5),
        st.integers(0, 9),
        st.integers(0, 1),
    ),
    unique_by=lambda level: (level.variant_id, level.warehouse_id),
)
DEMANDS = st.lists(st.tuples(VARIANTS, st.integers(1, 8)), min_size=1, max_size=6).map(
    lambda wanted: [
        Demand(UUID(int=1000 + place), variant, quantity) for place, (variant, quantity) in enumerate(wanted)
    ]
)


STOCKED = LEVELS.filter(lambda levels: any(level.available for level in levels))
SATISFIABLE = st.tuples(DEMANDS, STOCKED).map(lambda drawn: (_within(drawn[0], drawn[1]), drawn[1]))
OF_ONE_WAREHOUSE = st.tuples(DEMANDS, STOCKED).map(
    lambda drawn: (
        _within(drawn[0], [level for level in drawn[1] if level.warehouse_id == drawn[1][0].warehouse_id]),
        drawn[1],
    )
)


def _within(demands: list[Demand], levels: list[Level]) -> list[Demand]:
    """Those of the lines that there are units for, after the lines before them."""
    left: Counter[UUID] = Counter()
    for level in levels:
        left[level.variant_id] += level.available
    within = []
    for demand in demands:
        if demand.quantity <= left[demand.variant_id]:
            left[demand.variant_id] -= demand.quantity
            within.append(demand)
    return within


def stock_of(levels: list[Level], *items: Item) -> Stock:
    """Stock with these levels; variants without an item of their own have the usual one."""
    usual = {level.variant_id: Item(level.variant_id) for level in levels}
    return Stock({**usual, **{item.variant_id: item for item in items}}, levels)
