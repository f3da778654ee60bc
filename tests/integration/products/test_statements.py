"""How many statements queries and commands cost: those of queries read from the metrics that production has."""

from typing import Any

from shared.runtime.subgraph import Subgraph
from shared.telemetry.metrics import measured
from tests.integration.products.builders import new_category, new_product
from tests.integration.products.changes import reprice
from tests.subgraphs import Running

PRODUCT = """
  id slug title description createdAt
  category { slug parent { name } children { slug } }
  options { name values }
  variants { id sku title price { amount currency } weightGrams selectedOptions { name value } product { slug } }
  defaultVariant { sku price { amount } }
  media { url altText mediaType }
  priceRange { min { amount } max { amount } }
"""


async def statements(shop: Running, operation: str, query: str, variables: dict[str, Any] | None = None) -> int:
    """The statements that one execution of a query takes.

    The least of three, since the tree of categories is read now and then.
    """
    counts = []
    for _ in range(3):
        before = await shop.metric("mercato_sql_statements_total", operation=operation)
        answer = await shop.graphql(query, variables)
        assert "errors" not in answer, answer
        counts.append(int(await shop.metric("mercato_sql_statements_total", operation=operation) - before))
    return min(counts)


async def test_a_full_listing_takes_one_statement(shop: Running) -> None:
    query = f"{{ products(first: 50) {{ nodes {{ {PRODUCT} }} pageInfo {{ hasNextPage }} }} }}"
    assert await statements(shop, "query products", query) == 1


async def test_a_filtered_listing_takes_one_statement(shop: Running) -> None:
    chosen = '{ category: "play", minPrice: "10", text: "wood" }'
    query = f"{{ products(filter: {chosen}, sort: TITLE) {{ edges {{ cursor node {{ {PRODUCT} }} }} }} }}"
    assert await statements(shop, "query products", query) == 1


async def test_a_total_takes_one_more_and_only_when_it_is_selected(shop: Running) -> None:
    assert await statements(shop, "query products", "{ products { totalCount nodes { id } } }") == 2


async def test_one_product_takes_one_statement_by_either_key(shop: Running) -> None:
    product = (await shop.graphql("{ products(first: 1) { nodes { id slug } } }"))["data"]["products"]["nodes"][0]
    for argument in (f'id: "{product["id"]}"', f'slug: "{product["slug"]}"'):
        assert await statements(shop, "query product", f"{{ product({argument}) {{ {PRODUCT} }} }}") == 1


async def test_a_category_with_its_products_takes_one_statement(shop: Running) -> None:
    query = f'{{ category(slug: "home-kitchen") {{ name products(first: 50) {{ nodes {{ {PRODUCT} }} }} }} }}'
    assert await statements(shop, "query category", query) == 1


async def test_all_categories_with_products_and_totals_take_two_statements(shop: Running) -> None:
    query = """{ categories { slug children { slug parent { slug } products(first: 4, sort: PRICE_ASC) {
      totalCount nodes { title defaultVariant { price { amount } } } } } } }"""
    assert await statements(shop, "query categories", query) == 2


async def test_the_tree_of_categories_is_remembered_between_requests(shop: Running) -> None:
    assert await statements(shop, "query categories", "{ categories { name children { name } } }") == 0


async def test_entities_take_one_statement_a_type(shop: Running) -> None:
    nodes = (await shop.graphql("{ products(first: 20) { nodes { id defaultVariant { id } } } }"))["data"]["products"][
        "nodes"
    ]
    representations = [
        *({"__typename": "Product", "id": node["id"]} for node in nodes),
        *({"__typename": "ProductVariant", "id": node["defaultVariant"]["id"]} for node in nodes),
    ]
    variant = """id sku title price { amount } selectedOptions { name value }
      product { id slug title media { url } category { name } }"""
    query = f"""query ($all: [_Any!]!) {{ _entities(representations: $all) {{
      ... on Product {{ {PRODUCT} }} ... on ProductVariant {{ {variant} }} }} }}"""
    assert await statements(shop, "query _entities(Product|ProductVariant)", query, {"all": representations}) == 2


async def test_all_variants_beside_one_that_was_asked_for_take_one_statement_more(shop: Running) -> None:
    nodes = (await shop.graphql("{ products(first: 50) { nodes { defaultVariant { id } } } }"))["data"]["products"][
        "nodes"
    ]
    representations = [{"__typename": "ProductVariant", "id": node["defaultVariant"]["id"]} for node in nodes]
    query = """query ($all: [_Any!]!) { _entities(representations: $all) {
      ... on ProductVariant { product { variants { sku } defaultVariant { sku } } } } }"""
    assert await statements(shop, "query _entities(ProductVariant)", query, {"all": representations}) == 2


async def test_a_change_takes_six_statements(products: Subgraph) -> None:
    """BEGIN, the lock, the variants, what has changed, its event, COMMIT."""
    slug = await new_product(await new_category("things"), "Thing", 1000, 2000)
    with measured("test", "reprice") as repricing:
        await reprice(f"{slug}-0", 3000)
    assert repricing.statements == 6
