"""Lists of products as the router meets them: complete, in order, each product once, and few statements."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import asyncpg
import pytest

from tests.subgraphs import OF_ANOTHER_SHAPE, Running

PAGES = """query ($first: Int, $after: String, $filter: ProductFilter, $sort: ProductSort) {
  products(first: $first, after: $after, filter: $filter, sort: $sort) {
    edges { cursor node { id } }
    nodes { id title createdAt priceRange { min { amount } max { amount } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  } }"""
ALL = """SELECT p.id, p.title, p.created_at, p.min_price_minor, p.max_price_minor,
    c.slug AS category, parent.slug AS department, p.description, array_agg(v.price_minor) AS prices
  FROM products AS p JOIN categories AS c ON c.id = p.category_id JOIN categories AS parent ON parent.id = c.parent_id
  JOIN variants AS v ON v.product_id = p.id WHERE p.withdrawn_at IS NULL GROUP BY p.id, c.slug, parent.slug"""

Row = Mapping[str, Any]
ORDERS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "NEWEST": lambda rows: sorted(rows, key=lambda row: (row["created_at"], row["id"]), reverse=True),
    "PRICE_ASC": lambda rows: sorted(rows, key=lambda row: (row["min_price_minor"], row["id"])),
    "PRICE_DESC": lambda rows: sorted(rows, key=lambda row: (row["min_price_minor"], row["id"]), reverse=True),
    "TITLE": lambda rows: sorted(rows, key=lambda row: (row["title"].lower(), row["id"])),
}


def mentions_lamps(row: Row) -> bool:
    """Whether the words of title and description, or the beginning of a word of the title, say so."""
    return bool(
        re.search(r"\blamps?\b", row["description"], re.IGNORECASE) or re.search(r"\blamp", row["title"], re.IGNORECASE)
    )


FILTERS: list[tuple[dict[str, str], Callable[[Row], bool]]] = [
    ({}, lambda row: True),
    ({"category": "lighting"}, lambda row: row["category"] == "lighting"),
    ({"category": "home-kitchen"}, lambda row: row["department"] == "home-kitchen"),
    ({"minPrice": "40"}, lambda row: max(row["prices"]) >= 4000),
    ({"maxPrice": "24.90"}, lambda row: min(row["prices"]) <= 2490),
    ({"minPrice": "40", "maxPrice": "60"}, lambda row: any(4000 <= price <= 6000 for price in row["prices"])),
    ({"minPrice": "40", "maxPrice": "40.99"}, lambda row: any(4000 <= price <= 4099 for price in row["prices"])),
    ({"minPrice": "1", "maxPrice": "900"}, lambda row: any(100 <= price <= 90000 for price in row["prices"])),
    (
        {"category": "home-kitchen", "minPrice": "40", "maxPrice": "60"},
        lambda row: row["department"] == "home-kitchen" and any(4000 <= price <= 6000 for price in row["prices"]),
    ),
    ({"text": "lamp"}, mentions_lamps),
    ({"text": "lamp", "category": "lighting"}, lambda row: row["category"] == "lighting" and mentions_lamps(row)),
    ({"text": "no product has these words"}, lambda row: False),
    ({"category": "no-such-category"}, lambda row: False),
]


async def page(shop: Running, **variables: Any) -> dict[str, Any]:
    answer = await shop.graphql(PAGES, variables)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["products"]
    return found


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize(("chosen", "matches"), FILTERS, ids=[str(chosen) for chosen, _ in FILTERS])
async def test_pages_hold_all_that_match_once_and_in_order(
    shop: Running, tables: asyncpg.Connection, sort: str, chosen: dict[str, str], matches: Callable[[Row], bool]
) -> None:
    rows = [dict(row) for row in await tables.fetch(ALL)]
    expected = [str(row["id"]) for row in ORDERS[sort]([row for row in rows if matches(row)])]
    found: list[str] = []
    after = None
    while True:
        current = await page(shop, first=17, after=after, filter=chosen, sort=sort)
        found += [node["id"] for node in current["nodes"]]
        assert current["totalCount"] == len(expected)
        assert current["pageInfo"]["hasPreviousPage"] == (after is not None)
        assert [edge["node"]["id"] for edge in current["edges"]] == [node["id"] for node in current["nodes"]]
        after = current["pageInfo"]["endCursor"]
        if not current["pageInfo"]["hasNextPage"]:
            break
    assert found == expected


async def test_each_edges_cursor_continues_behind_it(shop: Running) -> None:
    whole = await page(shop, first=6, sort="PRICE_ASC")
    for number, edge in enumerate(whole["edges"][:-1]):
        following = await page(shop, first=1, after=edge["cursor"], sort="PRICE_ASC")
        assert following["nodes"][0]["id"] == whole["nodes"][number + 1]["id"]
    assert whole["pageInfo"]["startCursor"] == whole["edges"][0]["cursor"]
    assert whole["pageInfo"]["endCursor"] == whole["edges"][-1]["cursor"]


@pytest.mark.parametrize(
    "other", [{"sort": "PRICE_DESC"}, {"filter": {"minPrice": "1"}}, {"filter": {"category": "play"}}]
)
async def test_a_cursor_of_another_sort_or_filter_is_rejected(shop: Running, other: dict[str, Any]) -> None:
    cursor = (await page(shop, first=1, sort="PRICE_ASC"))["pageInfo"]["endCursor"]
    answer = await shop.graphql(PAGES, {"first": 1, "sort": "PRICE_ASC", **other, "after": cursor})
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "BAD_USER_INPUT", "field": ["after"]}]


async def test_an_empty_page_has_no_cursors(shop: Running) -> None:
    empty = await page(shop, filter={"category": "no-such-category"})
    nothing = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert (empty["nodes"], empty["totalCount"], empty["pageInfo"]) == ([], 0, nothing)


async def test_what_is_left_out_or_null_has_its_default(shop: Running) -> None:
    usual = await page(shop)
    assert len(usual["nodes"]) == 20
    assert await page(shop, first=None, after=None, filter=None, sort=None) == usual
    assert await page(shop, filter={"category": None, "minPrice": None, "maxPrice": None, "text": None}) == usual


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"first": 0}, ["first"]),
        ({"first": -1}, ["first"]),
        ({"first": 101}, ["first"]),
        ({"after": "x"}, ["after"]),
        ({"after": ""}, ["after"]),
        ({"after": "ÄÖ\n"}, ["after"]),
        ({"after": "WyJORVdFU1QiLDFd"}, ["after"]),
        ({"filter": {"minPrice": "-1"}}, ["filter", "minPrice"]),
        ({"filter": {"maxPrice": "0.001"}}, ["filter", "maxPrice"]),
        ({"filter": {"minPrice": "2", "maxPrice": "1"}}, ["filter", "minPrice"]),
        ({"filter": {"text": "\u200b"}}, ["filter", "text"]),
        ({"filter": {"text": "x" * 201}}, ["filter", "text"]),
        ({"filter": {"text": "a\0b"}}, ["filter", "text"]),
    ],
)
async def test_a_bad_argument_is_rejected_by_its_name(
    shop: Running, variables: dict[str, Any], field: list[str]
) -> None:
    answer = await shop.graphql(PAGES, variables)
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "BAD_USER_INPUT", "field": field}]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"filter": {"minPrice": 5}}, "BAD_USER_INPUT"),
        ({"filter": {"minPrice": "NaN"}}, "BAD_USER_INPUT"),
        ({"sort": "RANDOM"}, OF_ANOTHER_SHAPE),
    ],
)
async def test_a_value_of_another_type_is_rejected(shop: Running, variables: dict[str, Any], code: str) -> None:
    answer = await shop.graphql(PAGES, variables)
    assert answer["errors"][0]["extensions"]["code"] == code


async def test_a_cursor_altered_by_one_character_never_breaks_anything(shop: Running) -> None:
    cursor = (await page(shop, sort="TITLE"))["pageInfo"]["endCursor"]
    for position in range(0, len(cursor), 3):
        altered = f"{cursor[:position]}{'A' if cursor[position] != 'A' else 'B'}{cursor[position + 1 :]}"
        answer = await shop.graphql(PAGES, {"after": altered, "sort": "TITLE"})
        if "errors" in answer:
            assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["after"]}


@pytest.mark.parametrize(
    "text",
    ["'", '"', "\\", "a & b | !c", ":*", "a:*B", "()", "<->", "%_", "-", "- -", "or", "the", "🪔", "x" * 200, "ǆ ß İ"],
)
async def test_any_text_can_be_searched_for(shop: Running, text: str) -> None:
    assert (await page(shop, filter={"text": text}))["totalCount"] >= 0


async def test_a_category_that_no_database_could_hold_is_no_category(shop: Running) -> None:
    assert (await page(shop, filter={"category": "a\0b"}))["nodes"] == []
