"""An alias may be called like anything.

That is an entity's key, another field, `__typename`, or a name that the planner makes itself.
"""

from typing import Any

import pytest

from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Router

STOCK = {"available": 7}
LISTED = {
    "a key": (
        "{ products(first: 1) { nodes { defaultVariant { id: sku stock { available } } } } }",
        {"id": "SKU-0", "stock": STOCK},
    ),
    "a key, the key beside it": (
        "{ products(first: 1) { nodes { defaultVariant { id: sku key: id stock { available } } } } }",
        {"id": "SKU-0", "key": "variant-0", "stock": STOCK},
    ),
    "the type's name": (
        "{ products(first: 1) { nodes { defaultVariant { __typename: sku id: __typename stock { available } } } } }",
        {"__typename": "SKU-0", "id": "ProductVariant", "stock": STOCK},
    ),
    "fields that change places": (
        "{ products(first: 1) { nodes { defaultVariant { sku: id id: title title: sku stock { available } } } } }",
        {"sku": "variant-0", "id": "One size", "title": "SKU-0", "stock": STOCK},
    ),
    "a field of another subgraph": (
        "{ products(first: 1) { nodes { defaultVariant { stock: sku id: stock { available: status } } } } }",
        {"stock": "SKU-0", "id": {"available": "IN_STOCK"}},
    ),
    "a key, in fragments": (
        """
        query {
          products(first: 1) { nodes { defaultVariant { ...Named ... on ProductVariant { stock { available } } } } }
        }
        fragment Named on ProductVariant { id: title }
        """,
        {"id": "One size", "stock": STOCK},
    ),
    "names of the planner": (
        """
        { products(first: 1) { nodes { defaultVariant {
          _e0: sku _internal_qp_alias_0: id _entities: stock { available }
        } } } }
        """,
        {"_e0": "SKU-0", "_internal_qp_alias_0": "variant-0", "_entities": STOCK},
    ),
    "a key, where one is left out": (
        """
        query ($t: Boolean!) {
          products(first: 1) {
            nodes { defaultVariant { stock { available } id: price { ... @include(if: $t) { amount } } } }
          }
        }
        """,
        {"stock": STOCK, "id": {}},
    ),
}


@pytest.mark.parametrize("case", LISTED)
async def test_an_alias_changes_the_key_and_nothing_else(router: Router, case: str) -> None:
    query, variant = LISTED[case]
    answer = await router.ask(query, t=False)
    assert answer == {"data": {"products": {"nodes": [{"defaultVariant": variant}]}}}


async def test_roots_and_lists_may_be_called_like_each_other(router: Router) -> None:
    answer = await router.ask(
        "{ product: products(first: 2) { id: nodes { nodes: title } }"
        ' products: product(slug: "a") { edges: id id: slug } }'
    )
    assert answer == {
        "data": {
            "product": {"id": [{"nodes": "Product 0"}, {"nodes": "Product 1"}]},
            "products": {"edges": "product-1", "id": "product-1"},
        }
    }


async def test_the_path_of_an_error_has_the_clients_alias(router: Router) -> None:
    answer = await router.ask('{ id: product(slug: "missing") { title } title: product(slug: "a") { id } }')
    assert answer["data"] == {"id": None, "title": {"id": "product-1"}}
    assert [error["path"] for error in answer["errors"]] == [["id"]]


async def test_a_denied_field_has_the_clients_alias(router: Router) -> None:
    answer = await router.ask("{ products(first: 1) { nodes { defaultVariant { id: stockLevels { onHand } sku } } } }")
    assert answer["data"] == {"products": {"nodes": [{"defaultVariant": {"id": None, "sku": "SKU-0"}}]}}
    assert [error["path"] for error in answer["errors"]] == [["products", "nodes", 0, "defaultVariant", "id"]]


@pytest.mark.parametrize(
    "query", ["{ product { id: title id } }", "{ product { id title: slug ...F } } fragment F on Product { title }"]
)
async def test_an_alias_that_contradicts_a_field_is_refused(router: Router, doubles: Doubles, query: str) -> None:
    answer = await router.ask(query)
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert await doubles["products"].received() == []


async def test_an_unknown_field_under_such_an_alias_is_told_with_its_place(router: Router) -> None:
    answer: dict[str, Any] = await router.ask("{ product {\n  id: titel } }")
    assert "titel" in answer["errors"][0]["message"]
    assert answer["errors"][0]["locations"] == [{"line": 2, "column": 3}]
