"""Pages of products. A page is one statement, whatever is selected of its products."""

import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg

from shared.graphql.pagination import Edge, PageInfo
from shared.persistence import db
from subgraphs.products.queries.category_tree import Categories, Category, CategoryTree
from subgraphs.products.queries.columns import PRODUCT_COLUMNS, Parts, product_from_row
from subgraphs.products.queries.filters import ProductFilter
from subgraphs.products.queries.sorting import Position, ProductSort, encode_position
from subgraphs.products.queries.statements import COUNT_OF_ROOTS, Shape, count_of_shop, page_of_shop, pages_of_roots
from subgraphs.products.queries.views import Product

# How many rows statements select: a few sizes, so that there are few statements to prepare.
_LIMITS = (6, 11, 21, 31, 51, 101)

Count = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """Which page of a list is asked for, and which parts of its products.

    Requests for the same page of different lists are equal.
    """

    sort: ProductSort
    first: int
    after: Position | None
    parts: Parts
    tag: str = field(compare=False)

    def values(self) -> dict[str, Any]:
        """The parameters that statements take for it."""
        return {} if self.after is None else {"after": self.after[0], "after_id": self.after[1]}

    def shape(self, conditions: Mapping[str, Any]) -> Shape:
        """The statement's shape; one row more than the page tells whether another one follows."""
        limit = next(limit for limit in _LIMITS if limit > self.first)
        return Shape(self.sort, self.after is not None, limit, frozenset(conditions), self.parts)


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A page of products; cursors carry the request's tag. ``count`` finds out how many there are in all."""

    nodes: Sequence[Product]
    has_next_page: bool
    request: ListingRequest
    count: Count

    @property
    def edges(self) -> list[Edge[Product]]:
        """The products with their cursors."""
        return [Edge(encode_position(self.request.tag, self.request.sort, node), node) for node in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        """Where the page stands in its list."""
        tag, sort, nodes = self.request.tag, self.request.sort, self.nodes
        return PageInfo(
            has_next_page=self.has_next_page,
            has_previous_page=self.request.after is not None,
            start_cursor=encode_position(tag, sort, nodes[0]) if nodes else None,
            end_cursor=encode_position(tag, sort, nodes[-1]) if nodes else None,
        )


async def list_products(categories: Categories, request: ListingRequest, wanted: ProductFilter) -> ProductPage:
    """A page of the shop's products that meet a filter."""
    conditions = wanted.values()
    if wanted.category is None:
        return await _page_of_shop(categories, request, conditions)
    category = (await categories.tree()).by_slug.get(wanted.category)
    if category is None:
        return ProductPage((), False, request, _none)
    within = {**conditions, "category_ids": [below.id for below in category.with_descendants()]}
    if wanted.text is not None:
        return await _page_of_shop(categories, request, within)
    pages = await _pages_of_roots(categories, [category], request, conditions)
    return _page(pages[category.id], request, partial(_count_of_shop, within))


async def list_products_of(
    categories: Categories,
    roots: Sequence[Category],
    request: ListingRequest,
    count: Callable[[Category], Awaitable[int]],
) -> Mapping[Category, ProductPage]:
    """The same page of several categories, each with those below it, in one statement."""
    pages = await _pages_of_roots(categories, roots, request, {})
    return {root: _page(pages[root.id], request, partial(count, root)) for root in roots}


async def count_products_of(roots: Sequence[Category]) -> Mapping[Category, int]:
    """How many products several categories have, each with those below it, in one statement."""
    rows = await db.fetch(COUNT_OF_ROOTS, **_pairs(roots))
    counts: dict[UUID, int] = {root_id: count for root_id, count in rows}  # noqa: C416 - a row is no pair to dict()
    return {root: counts.get(root.id, 0) for root in roots}


async def _page_of_shop(categories: Categories, request: ListingRequest, conditions: Mapping[str, Any]) -> ProductPage:
    rows = await db.fetch(page_of_shop(request.shape(conditions)), **conditions, **request.values())
    products = _products(rows, await _tree_of(categories, rows))
    return _page(products, request, partial(_count_of_shop, conditions))


async def _pages_of_roots(
    categories: Categories, roots: Sequence[Category], request: ListingRequest, conditions: Mapping[str, Any]
) -> Mapping[UUID, Sequence[Product]]:
    statement = pages_of_roots(request.shape(conditions))
    rows = await db.fetch(statement, **conditions, **request.values(), **_pairs(roots))
    tree = await _tree_of(categories, rows)
    pages: dict[UUID, Sequence[Product]] = {root.id: () for root in roots}
    for root_id, its_rows in itertools.groupby(rows, lambda row: row[PRODUCT_COLUMNS]):
        pages[root_id] = _products(its_rows, tree)
    return pages


async def _count_of_shop(conditions: Mapping[str, Any]) -> int:
    count: int = await db.fetch_value(count_of_shop(frozenset(conditions)), **conditions)
    return count


async def _none() -> int:
    return 0


def _pairs(roots: Sequence[Category]) -> dict[str, list[UUID]]:
    pairs = [(root.id, member.id) for root in roots for member in root.with_descendants()]
    return {"roots": [root for root, _ in pairs], "members": [member for _, member in pairs]}


async def _tree_of(categories: Categories, rows: Sequence[asyncpg.Record]) -> CategoryTree:
    return await categories.tree_with(row[0] for row in rows)


def _products(rows: Iterable[asyncpg.Record], tree: CategoryTree) -> list[Product]:
    return [product_from_row(row, tree) for row in rows]


def _page(products: Sequence[Product], request: ListingRequest, count: Count) -> ProductPage:
    return ProductPage(products[: request.first], len(products) > request.first, request, count)
