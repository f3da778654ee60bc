"""What documents ask about: the ids, slugs and cursors that a seeded shop has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.property.arguments import LEFT_OUT, Enum
from tests.subgraphs import NO_SUCH_ID


@dataclass(frozen=True)
class Shop:
    """Values that lead somewhere, by the coordinate of the argument that takes them.

    One is ``Query.product(slug:)``.
    """

    known: Mapping[str, Sequence[Any]]
    cursors: Sequence[str]

    def argument(self, coordinate: str) -> st.SearchStrategy[Any]:
        """Values of an argument, most of which find something; LEFT_OUT among them where it may be left out."""
        if coordinate in self.known:
            return st.sampled_from(self.known[coordinate])
        name = coordinate.partition("(")[2].rstrip(":)")
        if coordinate in _BY_COORDINATE:
            return _BY_COORDINATE[coordinate]
        if name == "filter":
            return st.one_of(st.just(LEFT_OUT), self._filters())
        is_root = coordinate.startswith("Query.")
        if name == "first":
            # Deeper, a page too long by one would often cost more than an operation may.
            return st.one_of(_BY_NAME["first"], st.sampled_from([0, -1, 101] if is_root else [0, -1]))
        if name in _BY_NAME:
            return _BY_NAME[name]
        return st.sampled_from([LEFT_OUT, LEFT_OUT, None, *self.cursors]) if is_root else _NO_CURSOR

    def _filters(self) -> st.SearchStrategy[dict[str, Any]]:
        price = st.sampled_from(["1.00", "20.00", "90", None])
        parts = {
            "category": st.sampled_from([*self.known["Query.category(slug:)"], None]),
            "minPrice": price,
            "maxPrice": price,
            "text": st.sampled_from(["pen", "a", None, '\u00fcb\U0001f600"\\']),
        }
        return st.fixed_dictionaries({}, optional=parts)


_ORDER_FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "statuses": st.sampled_from([[Enum("CONFIRMED")], [Enum("CANCELLED"), Enum("SHIPPED")], [], None]),
        "placedFrom": st.sampled_from(["2024-02-28T20:00:00Z", None]),
        "placedBefore": st.sampled_from(["2124-02-28T20:00:00Z", "2024-02-28T20:00:00Z"]),
    },
)
_BY_COORDINATE: Mapping[str, st.SearchStrategy[Any]] = {
    "Query.orders(filter:)": st.one_of(st.just(LEFT_OUT), _ORDER_FILTERS),
    "User.orders(filter:)": st.one_of(st.just(LEFT_OUT), _ORDER_FILTERS),
    "Query.orders(sort:)": st.sampled_from([LEFT_OUT, *map(Enum, ("NEWEST", "OLDEST", "UPDATED", "TOTAL_ASC")), None]),
    "Query.orders(search:)": st.sampled_from([LEFT_OUT, "nobody@example.com", "", None]),
    "Query.addressForm(country:)": st.sampled_from(["DE", "us", "JP", "XK", "XX", ""]),
}
_NO_CURSOR = st.sampled_from([LEFT_OUT, LEFT_OUT, None])
_BY_NAME: Mapping[str, st.SearchStrategy[Any]] = {
    "first": st.sampled_from([1, 2, 3, 2, 1, 4, LEFT_OUT, LEFT_OUT, 2, 3, None]),
    "sort": st.sampled_from(
        [LEFT_OUT, *(Enum(value) for value in ("NEWEST", "PRICE_ASC", "PRICE_DESC", "TITLE")), None]
    ),
    "name": st.sampled_from(
        ["Product", "ProductVariant", "UserError", "ProductFilter", "StockStatus", "Decimal", "Query", "Nothing"]
    ),
    "includeDeprecated": st.sampled_from([LEFT_OUT, True, False]),
    "idempotencyKey": st.just(NO_SUCH_ID),
}
