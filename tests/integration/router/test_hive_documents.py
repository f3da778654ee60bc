"""What a document costs, and documents that Hive Router by itself misreads."""

import pytest

from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Router


@pytest.mark.parametrize(
    "slug", ['"\\u{1F600}"', '"\\uD83D\\uDE00"', '"""\n  a\n\u3000\n"""', '"""\n    a\n  \u00e9\n"""', '"\\b"']
)
async def test_every_character_may_be_in_a_string(hive_router: Router, slug: str) -> None:
    assert await hive_router.ask(f"{{ product(slug: {slug}) {{ title }} }}") == {"data": {"product": {"title": "Product 1"}}}


@pytest.mark.parametrize("slug", ['"\\uD83D"', '"\\u{110000}"', '"\\u{}"', '"\\u{D800}"', '"\\x"', '"\n"'])
async def test_what_stands_for_no_character_is_a_syntax_error(hive_router: Router, doubles: Doubles, slug: str) -> None:
    answer = await hive_router.ask(f"{{ product(slug: {slug}) {{ title }} }}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert await doubles["products"].received() == []


async def test_the_operation_that_is_named_is_run(hive_router: Router, doubles: Doubles) -> None:
    query = "mutation Buy { cartCreate { errors { code } } } query Look { products(first: 1) { nodes { title } } }"
    response = await hive_router.http.post("/graphql", json={"query": query, "operationName": "Look"})
    assert response.json() == {"data": {"products": {"nodes": [{"title": "Product 0"}]}}}


async def test_the_cost_is_told_to_who_asks(hive_router: Router) -> None:
    query = "query ($n: Int!) { products(first: $n) { nodes { title defaultVariant { id } } } }"
    request = {"query": query, "variables": {"n": 5}, "extensions": {"cost": True}}
    answer = (await hive_router.http.post("/graphql", json=request)).json()
    assert answer["extensions"] == {"cost": {"estimated": 1 + 5 * 2, "maximum": 5000}}
    assert len(answer["data"]["products"]["nodes"]) == 5
    assert "extensions" not in (await hive_router.http.post("/graphql", json={**request, "extensions": {}})).json()


async def test_what_costs_too_much_is_refused_with_its_cost(hive_router: Router, doubles: Doubles) -> None:
    query = "{ products(first: 100) { nodes { category { products(first: 100) { nodes { title } } } } } }"
    answer = await hive_router.ask(query)
    assert [error["extensions"] for error in answer["errors"]] == [
        {"code": "LIMIT_EXCEEDED", "cost": {"estimated": 1 + 100 * (1 + 1 + 1 + 100), "maximum": 5000}}
    ]
    assert await doubles["products"].received() == []
