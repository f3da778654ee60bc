"""The SQL of lists. One statement for each shape of list, put together once and then remembered.

Lists of categories select a page from each category on its own, by the index that begins with the category, and merge
those pages: the cost is that of a page for each category, however many products there are.
"""

import functools
from dataclasses import dataclass

from subgraphs.products.queries.columns import Parts, product_columns
from subgraphs.products.queries.sorting import ORDERS, ProductSort

_REMEMBERED = 1_000
_ON_SALE = "withdrawn_at IS NULL"
_CONDITIONS = {
    "category_ids": "category_id = ANY(:category_ids::uuid[])",
    "min_price": "max_price_minor >= :min_price",
    "max_price": "min_price_minor <= :max_price",
    "text": "search @@ (websearch_to_tsquery('english', :text) || to_tsquery('simple', :title_prefix))",
}
# Neither limit alone needs the variants: the product repeats its lowest and its highest price.
_ONE_VARIANT_BETWEEN = (
    "EXISTS (SELECT FROM variants AS v WHERE v.product_id = products.id"
    " AND v.price_minor BETWEEN :min_price AND :max_price)"
)
# Of most products the lowest or the highest price lies between the limits, which an index alone tells. Only those that
# are cheaper and dearer need a look at their variants.
_COUNT_BETWEEN = " + ".join(
    f"(SELECT count(*) FROM products WHERE {_ON_SALE} AND {between})"  # noqa: S608 - no text of a caller is in it
    for between in (
        "min_price_minor BETWEEN :min_price AND :max_price",
        "min_price_minor < :min_price AND max_price_minor BETWEEN :min_price AND :max_price",
        f"min_price_minor < :min_price AND max_price_minor > :max_price AND {_ONE_VARIANT_BETWEEN}",
    )
)

# How many products each root has that has any; roots and members are those of ``pages_of_roots``.
COUNT_OF_ROOTS = f"""
SELECT pair.root, count(*) FROM unnest(:roots::uuid[], :members::uuid[]) AS pair(root, member)
JOIN products ON products.category_id = pair.member WHERE {_ON_SALE} GROUP BY pair.root
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the text of a page's statement depends on; ``conditions`` are names of parameters.

    The limit is part of the text: with a parameter in its place Postgres would plan the statement for every request.
    """

    sort: ProductSort
    continues: bool
    limit: int
    conditions: frozenset[str]
    parts: Parts


@functools.lru_cache(_REMEMBERED)
def page_of_shop(shape: Shape) -> str:
    """A page of all products that meet the conditions. Parameters: after and after_id, the conditions'."""
    return (
        f"SELECT {product_columns(shape.parts)}"  # noqa: S608 - no text of a caller is in it
        f" FROM (SELECT * FROM {_source(shape)} ORDER BY {_order(shape, 'products')} LIMIT {shape.limit}) AS p"
        f" ORDER BY {_order(shape, 'p')}"
    )


@functools.lru_cache(_REMEMBERED)
def pages_of_roots(shape: Shape) -> str:
    """A page for each root, which is a category that stands for itself and those below it.

    Parameters: roots and members, where one root's id stands beside the id of each of its categories; and those of
    ``page_of_shop``. The root's id is the last column.
    """
    return (
        f"SELECT {product_columns(shape.parts)}, p.root FROM ("  # noqa: S608 - no text of a caller is in it
        "SELECT pair.root, found.*, row_number() OVER"
        f" (PARTITION BY pair.root ORDER BY {_order(shape, 'found')}) AS place"
        " FROM unnest(:roots::uuid[], :members::uuid[]) AS pair(root, member) CROSS JOIN LATERAL"
        f" (SELECT * FROM products WHERE category_id = pair.member AND {_where(shape)}"
        f" ORDER BY {_order(shape, 'products')} LIMIT {shape.limit}) AS found"
        f") AS p WHERE p.place <= {shape.limit} ORDER BY p.root, p.place"
    )


@functools.cache
def count_of_shop(conditions: frozenset[str]) -> str:
    """How many products meet the conditions."""
    if conditions == {"min_price", "max_price"}:
        return f"SELECT {_COUNT_BETWEEN}"
    return f"SELECT count(*) FROM products WHERE {' AND '.join(_conditions(conditions))}"  # noqa: S608


def _source(shape: Shape) -> str:
    """Where a page comes from. Words are looked up in their index, never by walking the list until enough came by."""
    if "text" in shape.conditions:
        return f"(SELECT * FROM products WHERE {_where(shape)} OFFSET 0) AS products"  # noqa: S608
    return f"products WHERE {_where(shape)}"


def _where(shape: Shape) -> str:
    conditions = _conditions(shape.conditions)
    if shape.continues:
        order = ORDERS[shape.sort]
        conditions.append(f"({order.column}, id) {order.follows} ({order.parameter}, :after_id)")
    return " AND ".join(conditions)


def _conditions(names: frozenset[str]) -> list[str]:
    conditions = [_ON_SALE, *(condition for name, condition in _CONDITIONS.items() if name in names)]
    if {"min_price", "max_price"} <= names:
        conditions.append(_ONE_VARIANT_BETWEEN)
    return conditions


def _order(shape: Shape, table: str) -> str:
    order = ORDERS[shape.sort]
    return f"{table}.{order.column} {order.direction}, {table}.id {order.direction}"
