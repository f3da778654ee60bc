"""The arguments of queries: what is read here can be relied on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.errors import BadUserInput
from shared.graphql.context import Info
from shared.graphql.pagination import page_request
from shared.ids import parse_id
from shared.money import parse_minor
from shared.text import optional_text, text_mistake
from subgraphs.products.entrypoints.graphql.selection import names_below
from subgraphs.products.queries.columns import parts_of
from subgraphs.products.queries.filters import CURRENCY, ProductFilter
from subgraphs.products.queries.listing import ListingRequest
from subgraphs.products.queries.sorting import CURSOR_LENGTH, ProductSort, decode_position

LONGEST_TEXT = 200

Input = Mapping[str, Any]


def product_key(id: str | None, slug: str | None) -> UUID | str:
    """The one of a product's two keys that is given: its id, or its slug as a text.

    Raises:
        BadUserInput: when it is not exactly one, or the id is none.
    """
    if id is not None and slug is None:
        return parse_id(id, "id")
    if slug is not None and id is None:
        return slug
    raise BadUserInput("Give exactly one of id and slug.", ("id", "slug"))


def listing(
    info: Info, first: int | None, after: str | None, sort: str | None, wanted: ProductFilter
) -> ListingRequest:
    """The page of a list that a field is asked for.

    Raises:
        BadUserInput: when ``first`` is out of range, or ``after`` is no cursor of this list.
    """
    order = ProductSort(sort or ProductSort.NEWEST)
    page = page_request(first, after, CURSOR_LENGTH, "products", wanted)
    return ListingRequest(order, page.first, decode_position(order, page), parts_of(names_below(info)), page.tag)


def product_filter(input: Input | None) -> ProductFilter:
    """The SDL's ``ProductFilter``.

    Raises:
        BadUserInput: when a price or the text is out of range, naming the field.
    """
    if not input:
        return ProductFilter()
    low = _price(input.get("min_price"), "minPrice")
    high = _price(input.get("max_price"), "maxPrice")
    if low is not None and high is not None and low > high:
        raise BadUserInput("minPrice is above maxPrice.", ("filter", "minPrice"))
    return ProductFilter(input.get("category"), low, high, _words(input.get("text")))


def _price(typed: str | None, name: str) -> int | None:
    try:
        return None if typed is None else parse_minor(typed, CURRENCY, ("filter", name))
    except BadUserInput as error:
        raise BadUserInput(f"{name}: {error.message}", error.field) from error


def _words(typed: str | None) -> str | None:
    words = optional_text(typed)
    if words is None:
        return None
    mistake = text_mistake("The text", words, LONGEST_TEXT)
    if mistake is not None:
        raise BadUserInput(mistake, ("filter", "text"))
    return words
