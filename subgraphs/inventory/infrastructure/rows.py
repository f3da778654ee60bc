"""How rows are read, for those who change and those who only look."""

import asyncpg

from subgraphs.inventory.domain.stock import Backorders, Item


def item_of(row: asyncpg.Record) -> Item:
    """An item from a row that has its columns."""
    backorders = Backorders(row["is_backorder_allowed"], row["backorder_from"], row["backorder_limit"])
    return Item(row["variant_id"], row["version"], row["low_stock_threshold"], backorders, row["waiting"])
