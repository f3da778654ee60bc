"""Products, variants and categories one by one, and as entities that other subgraphs refer to."""

from typing import Any
from uuid import uuid4

import asyncpg

from tests.subgraphs import Running


async def ask(shop: Running, query: str, **variables: Any) -> dict[str, Any]:
    answer = await shop.graphql(query, variables)
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


async def blocks(tables: asyncpg.Connection) -> asyncpg.Record:
    row = await tables.fetchrow("SELECT id, slug, title FROM products WHERE slug = 'city-building-blocks'")
    assert row is not None
    return row


async def test_a_product_shows_all_that_the_catalogue_says_of_it(shop: Running, tables: asyncpg.Connection) -> None:
    query = """query ($slug: String) { product(slug: $slug) {
      title options { name values } priceRange { min { amount } max { amount } }
      variants { title price { amount currency } weightGrams selectedOptions { name value } product { slug } }
      defaultVariant { title } category { slug parent { slug } } } }"""
    product = (await ask(shop, query, slug="city-building-blocks"))["product"]
    assert product["options"] == [{"name": "Set", "values": ["40 blocks", "70 blocks"]}]
    assert product["variants"] == [
        {
            "title": size,
            "price": {"amount": price, "currency": "EUR"},
            "weightGrams": weight,
            "selectedOptions": [{"name": "Set", "value": size}],
            "product": {"slug": "city-building-blocks"},
        }
        for size, price, weight in (("40 blocks", "49.00", 1900), ("70 blocks", "74.00", 3200))
    ]
    assert product["defaultVariant"] == {"title": "40 blocks"}
    assert product["priceRange"] == {"min": {"amount": "49.00"}, "max": {"amount": "74.00"}}
    assert product["category"] == {"slug": "wooden-toys", "parent": {"slug": "play"}}


async def test_both_keys_find_the_same_product(shop: Running, tables: asyncpg.Connection) -> None:
    row = await blocks(tables)
    query = "query ($id: ID, $slug: String) { product(id: $id, slug: $slug) { id slug title } }"
    expected = {"id": str(row["id"]), "slug": row["slug"], "title": row["title"]}
    assert (await ask(shop, query, id=str(row["id"])))["product"] == expected
    assert (await ask(shop, query, slug=row["slug"]))["product"] == expected


async def test_fields_are_found_through_aliases_fragments_and_directives(shop: Running) -> None:
    query = """
      query ($yes: Boolean!) { p: product(slug: "city-building-blocks") { ...All first: defaultVariant { sku } } }
      fragment All on Product { ... on Product @include(if: $yes) { all: variants { sku } } ...More }
      fragment More on Product { media { url } }"""
    product = (await ask(shop, query, yes=True))["p"]
    assert product["all"][0] == product["first"]
    assert len(product["media"]) == 1
    assert set((await ask(shop, query, yes=False))["p"]) == {"first", "media"}


async def test_one_field_asked_for_twice_shows_what_each_selection_wants(shop: Running) -> None:
    query = """{ products(first: 1) { nodes { defaultVariant { sku } } }
      ... on Query { products(first: 1) { nodes { variants { sku } } } }
      again: products(first: 1) { nodes { options { name } } } }"""
    data = await ask(shop, query)
    node = data["products"]["nodes"][0]
    assert node["variants"][0] == node["defaultVariant"]
    assert "variants" not in data["again"]["nodes"][0]


async def test_what_does_not_exist_is_null(shop: Running) -> None:
    query = """query ($id: ID, $slug: String!) {
      product(id: $id) { id } other: product(slug: $slug) { id } category(slug: $slug) { id } }"""
    assert await ask(shop, query, id=str(uuid4()), slug="no-such") == {"product": None, "other": None, "category": None}
    assert await ask(shop, query, id=str(uuid4()), slug="a\0b") == {"product": None, "other": None, "category": None}


async def test_a_product_is_asked_for_by_exactly_one_key(shop: Running, tables: asyncpg.Connection) -> None:
    row = await blocks(tables)
    for arguments in ("", "(id: null)", f'(id: "{row["id"]}", slug: "{row["slug"]}")'):
        answer = await shop.graphql(f"{{ product{arguments} {{ id }} }}")
        assert answer["data"] == {"product": None}
        assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["id", "slug"]}
    malformed = await shop.graphql('{ product(id: "7") { id } }')
    assert malformed["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["id"]}


async def test_the_tree_has_its_order_and_both_directions(shop: Running, tables: asyncpg.Connection) -> None:
    data = await ask(
        shop, "{ categories { slug parent { slug } children { slug parent { slug } children { slug } } } }"
    )
    tops = await tables.fetch("SELECT id, slug FROM categories WHERE parent_id IS NULL ORDER BY position")
    assert [top["slug"] for top in data["categories"]] == [row["slug"] for row in tops]
    for top, row in zip(data["categories"], tops, strict=True):
        below = await tables.fetch("SELECT slug FROM categories WHERE parent_id = $1 ORDER BY position", row["id"])
        assert top["parent"] is None
        assert top["children"] == [
            {"slug": child["slug"], "parent": {"slug": top["slug"]}, "children": []} for child in below
        ]


async def test_a_category_lists_what_the_filter_lists(shop: Running) -> None:
    query = """query ($slug: String!, $after: String) {
      category(slug: $slug) { products(first: 30, after: $after, sort: PRICE_DESC) { ...Page } }
      products(first: 30, after: $after, sort: PRICE_DESC, filter: { category: $slug }) { ...Page } }
      fragment Page on ProductConnection { totalCount nodes { id } pageInfo { endCursor hasNextPage } }"""
    first = await ask(shop, query, slug="home-kitchen")
    assert first["category"]["products"] == first["products"]
    assert first["products"]["pageInfo"]["hasNextPage"]
    second = await ask(shop, query, slug="home-kitchen", after=first["products"]["pageInfo"]["endCursor"])
    assert second["category"]["products"] == second["products"] != first["products"]


async def test_a_cursor_of_another_category_is_rejected_there_alone(shop: Running) -> None:
    query = (
        "query ($after: String) { categories { slug products(first: 1, after: $after) { pageInfo { endCursor } } } }"
    )
    first = (await ask(shop, query.replace("categories", 'category(slug: "play")')))["category"]["products"][
        "pageInfo"
    ]["endCursor"]
    answer = await shop.graphql(query.replace("{ slug", "{ slug name"), {"after": first})
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert all(error["extensions"]["field"] == ["after"] for error in answer["errors"])


async def test_a_bad_page_of_a_category_is_rejected_by_name(shop: Running) -> None:
    answer = await shop.graphql('{ category(slug: "play") { name products(first: 0) { nodes { id } } } }')
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["first"]}


async def test_a_thousand_entities_come_in_the_order_asked_with_null_for_the_unknown(
    shop: Running, tables: asyncpg.Connection
) -> None:
    rows = await tables.fetch(
        "SELECT v.id, v.sku, p.slug FROM variants AS v JOIN products AS p ON p.id = v.product_id LIMIT 500"
    )
    ids = [entity_id for row in rows for entity_id in (str(row["id"]), str(uuid4()))]
    answer = await shop.entities("ProductVariant", ids, "{ id sku product { slug } }")
    expected = [{"id": str(row["id"]), "sku": row["sku"], "product": {"slug": row["slug"]}} for row in rows]
    assert answer["data"]["_entities"][::2] == expected
    assert answer["data"]["_entities"][1::2] == [None] * 500


async def test_products_and_categories_are_entities_too(shop: Running, tables: asyncpg.Connection) -> None:
    row = await blocks(tables)
    product = await shop.entities("Product", [str(row["id"]), "zzz"], "{ title variants { title } }")
    assert product["data"]["_entities"] == [
        {"title": row["title"], "variants": [{"title": "40 blocks"}, {"title": "70 blocks"}]},
        None,
    ]
    category_id = await tables.fetchval("SELECT id FROM categories WHERE slug = 'lighting'")
    category = await shop.entities("Category", [str(uuid4()), str(category_id)], "{ slug parent { slug } }")
    assert category["data"]["_entities"] == [None, {"slug": "lighting", "parent": {"slug": "home-kitchen"}}]
