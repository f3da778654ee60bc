"""The tree of categories. It is small and seldom changes, so it is read as a whole and remembered for two seconds."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from shared.persistence import db

_FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """A category as the SDL has it, joined to the one above it and to those below, in the shop's order."""

    id: UUID
    slug: str
    name: str
    description: str
    parent: "Category | None" = field(repr=False)
    children: list["Category"] = field(default_factory=list, repr=False)

    def with_descendants(self) -> Iterator["Category"]:
        """This category and all below it, however deep."""
        yield self
        for child in self.children:
            yield from child.with_descendants()


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All categories at one moment; ``top`` are those without a parent."""

    top: Sequence[Category]
    by_id: Mapping[UUID, Category]
    by_slug: Mapping[str, Category]


class Categories:
    """The latest tree.

    What is more than two seconds old is read again, and so is a tree that lacks what is asked for by id.
    """

    def __init__(self) -> None:
        self._tree = CategoryTree((), {}, {})
        self._loaded_at = -_FRESH_SECONDS
        self._loading = asyncio.Lock()

    async def tree(self) -> CategoryTree:
        """The tree as it is, or was two seconds ago."""
        if self._is_stale():
            async with self._loading:
                if self._is_stale():
                    await self._load()
        return self._tree

    async def tree_with(self, ids: Iterable[UUID]) -> CategoryTree:
        """A tree that has these categories, as far as they exist."""
        tree = await self.tree()
        if not all(category_id in tree.by_id for category_id in ids):
            await self._load()
        return self._tree

    def _is_stale(self) -> bool:
        return time.monotonic() - self._loaded_at > _FRESH_SECONDS

    async def _load(self) -> None:
        rows = await db.fetch("SELECT id, slug, name, description, parent_id FROM categories ORDER BY position, slug")
        self._tree = _grown(rows)
        self._loaded_at = time.monotonic()


def _grown(rows: Sequence[asyncpg.Record]) -> CategoryTree:
    """Joins the rows from the top down."""
    below: defaultdict[UUID | None, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        below[row["parent_id"]].append(row)
    top: list[Category] = []
    found: list[Category] = []
    pending: deque[Category | None] = deque([None])
    while pending:
        parent = pending.popleft()
        children = [_category(row, parent) for row in below[parent.id if parent else None]]
        (parent.children if parent else top).extend(children)
        found.extend(children)
        pending.extend(children)
    return CategoryTree(
        top, {category.id: category for category in found}, {category.slug: category for category in found}
    )


def _category(row: asyncpg.Record, parent: Category | None) -> Category:
    return Category(row["id"], row["slug"], row["name"], row["description"], parent)
