"""The orders in which products are listed, and the cursors that mark a place in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.graphql.pagination import PageRequest, encode_cursor, no_cursor
from shared.ids import try_parse_id
from subgraphs.products.queries.views import Product

CURSOR_LENGTH = 3  # the sort, the sort key, and the id that tells equal keys apart
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST_MICROSECOND = 4_102_444_800_000_000  # the year 2100
_LARGEST_PRICE = 2**53

Position = tuple[Any, UUID]


class ProductSort(StrEnum):
    """As the SDL has it."""

    NEWEST = "NEWEST"
    PRICE_ASC = "PRICE_ASC"
    PRICE_DESC = "PRICE_DESC"
    TITLE = "TITLE"


@dataclass(frozen=True, slots=True)
class Order:
    """How one sort works.

    ``column`` is sorted by, then the id; ``parameter`` is a place's key in SQL; ``key`` is what a cursor holds of a
    product, and ``read`` makes the parameter's value of it, or None when it is no such key.
    """

    column: str
    direction: str
    parameter: str
    key: Callable[[Product], Any]
    read: Callable[[Any], Any]

    @property
    def follows(self) -> str:
        """The operator between a row and the place it comes after."""
        return "<" if self.direction == "DESC" else ">"


def _to_microseconds(product: Product) -> int:
    return (product.created_at - _EPOCH) // _MICROSECOND


def _read_microseconds(key: Any) -> datetime | None:
    return _EPOCH + timedelta(microseconds=key) if type(key) is int and 0 <= key <= _LATEST_MICROSECOND else None


def _lowest_price(product: Product) -> int:
    return product.min_price_minor


def _read_price(key: Any) -> int | None:
    return key if type(key) is int and 0 <= key <= _LARGEST_PRICE else None


def _title(product: Product) -> str:
    return product.title


def _read_title(key: Any) -> str | None:
    return key if isinstance(key, str) and "\0" not in key else None


# Postgres folds the title's letters itself: Python does it differently for some, and the index must agree with the
# cursor.
_FOLDED = 'lower(:after COLLATE "pg_c_utf8") COLLATE "C"'

ORDERS = {
    ProductSort.NEWEST: Order("created_at", "DESC", ":after", _to_microseconds, _read_microseconds),
    ProductSort.PRICE_ASC: Order("min_price_minor", "ASC", ":after", _lowest_price, _read_price),
    ProductSort.PRICE_DESC: Order("min_price_minor", "DESC", ":after", _lowest_price, _read_price),
    ProductSort.TITLE: Order("title_key", "ASC", _FOLDED, _title, _read_title),
}


def encode_position(tag: str, sort: ProductSort, product: Product) -> str:
    """The cursor of a product in a list of this tag, sorted so."""
    return encode_cursor(tag, (sort.value, ORDERS[sort].key(product), str(product.id)))


def decode_position(sort: ProductSort, page: PageRequest) -> Position | None:
    """The place after which a page begins; None for the first page.

    Raises:
        BadUserInput: when the cursor is of another sort, or was tampered with.
    """
    if page.after is None:
        return None
    cursor_sort, key, product_id = page.after
    position = (ORDERS[sort].read(key), try_parse_id(product_id))
    if cursor_sort != sort or position[0] is None or position[1] is None:
        raise no_cursor()
    return position[0], position[1]
