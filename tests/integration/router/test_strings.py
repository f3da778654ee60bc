"""Documents that a router could misread: strings of odd characters, and several operations."""

import pytest

from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Router


@pytest.mark.parametrize(
    "slug", ['"\\u{1F600}"', '"\\uD83D\\uDE00"', '"""\n  a\n\u3000\n"""', '"""\n    a\n  \u00e9\n"""', '"\\b"']
)
async def test_every_character_may_be_in_a_string(router: Router, slug: str) -> None:
    assert await router.ask(f"{{ product(slug: {slug}) {{ title }} }}") == {"data": {"product": {"title": "Product 1"}}}


@pytest.mark.parametrize("slug", ['"\\uD83D"', '"\\u{110000}"', '"\\u{}"', '"\\u{D800}"', '"\\x"', '"\n"'])
async def test_what_stands_for_no_character_is_a_syntax_error(router: Router, doubles: Doubles, slug: str) -> None:
    answer = await router.ask(f"{{ product(slug: {slug}) {{ title }} }}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert await doubles["products"].received() == []


async def test_the_operation_that_is_named_is_run(router: Router, doubles: Doubles) -> None:
    query = "mutation Buy { cartCreate { errors { code } } } query Look { products(first: 1) { nodes { title } } }"
    response = await router.http.post("/graphql", json={"query": query, "operationName": "Look"})
    assert response.json() == {"data": {"products": {"nodes": [{"title": "Product 0"}]}}}
