"""One subgraph's trouble leaves the rest of the answer standing, and its inner life stays within."""

import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Kind, Router, double, router_environment
from tests.integration.router.processes import router as running_router

CART = '{ cart(id: "1") { id } products(first: 1) { nodes { title } } }'
STOCK = '{ product(slug: "a") { title defaultVariant { stock { available } } variants { id stock { status } } } }'


async def test_a_subgraph_that_is_down_leaves_its_fields_null(router: Router) -> None:
    answer = await router.ask(CART)
    assert answer["data"] == {"cart": None, "products": {"nodes": [{"title": "Product 0"}]}}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAVAILABLE"]


async def test_a_subgraph_that_is_down_is_told_of_at_the_places_it_left_empty(
    kind: Kind, doubles: Doubles, issuer: Issuer
) -> None:
    up = {name: each for name, each in doubles.items() if name != "inventory"}
    async with running_router(kind, router_environment(issuer.jwks_url, up)) as router:
        answer = await router.ask(STOCK)
    assert answer["data"]["product"] == {
        "title": "Product 1",
        "defaultVariant": {"stock": None},
        "variants": [{"id": "variant-1", "stock": None}],
    }
    places = sorted(".".join(str(key) for key in error["path"]) for error in answer["errors"])
    assert places == ["product.defaultVariant.stock", "product.variants.0.stock"]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAVAILABLE"}


@pytest.mark.parametrize(
    ("query", "data"), [("{ cart(id: 1) { id } }", {"cart": None}), ("mutation { cartCreate { cart { id } } }", None)]
)
async def test_when_nothing_can_be_answered_nulls_go_as_far_as_the_schema_says(
    router: Router, query: str, data: object
) -> None:
    answer = await router.ask(query)
    assert answer["data"] == data
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "UNAVAILABLE"}]


async def test_a_subgraph_that_comes_back_is_asked_again(kind: Kind, doubles: Doubles, issuer: Issuer) -> None:
    async with double("inventory") as inventory:
        environment = router_environment(issuer.jwks_url, {**doubles, "inventory": inventory})
        async with running_router(kind, environment) as router:
            assert "errors" not in await router.ask(STOCK)
            inventory.process.kill()
            await inventory.process.wait()
            assert (await router.ask(STOCK))["data"]["product"]["defaultVariant"] == {"stock": None}
            async with double("inventory", int(inventory.url.rpartition(":")[2])):
                assert "errors" not in await router.ask(STOCK)


async def test_an_error_of_a_subgraph_keeps_its_code_its_message_and_its_place(router: Router) -> None:
    answer = await router.ask('{ product(slug: "missing") { title } }')
    assert answer["data"] == {"product": None}
    [error] = answer["errors"]
    assert error["message"] == "There is no such product."
    assert error["path"] == ["product"]
    assert error["extensions"] == {"code": "NOT_FOUND"}


async def test_nothing_of_a_subgraphs_inner_life_gets_out(router: Router) -> None:
    for query in (CART, '{ product(slug: "broken") { title } }', '{ product(slug: "garbled") { title } }'):
        response = await router.http.post("/graphql", json={"query": query})
        assert response.json()["errors"]
        for inner in ("SELECT", "secret.py", "stacktrace", "127.0.0.1", "http://", "Traceback", "ECONNREFUSED"):
            assert inner not in response.text


@pytest.mark.parametrize("slug", ["garbled", "empty", "broken off", "nothing"])
async def test_an_answer_that_makes_no_sense_counts_as_none(router: Router, slug: str) -> None:
    answer = await router.ask("query ($slug: String) { product(slug: $slug) { title } }", slug=slug)
    assert answer["data"] == {"product": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAVAILABLE"]


async def test_an_error_without_a_code_is_internal(router: Router) -> None:
    answer = await router.ask('{ product(slug: "uncoded") { title } }')
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "INTERNAL"}
    assert "KeyError" not in error["message"]


async def test_mistakes_in_a_query_are_bad_user_input(router: Router) -> None:
    answer = await router.ask("{ product { titel } }")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("query", ["{ product", "query ($first: Int!) { products(first: $first) { nodes { id } } }"])
async def test_mistakes_in_syntax_and_variables_are_bad_user_input(router: Router, query: str) -> None:
    answer = await router.ask(query)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
