"""What an operation costs is reckoned before it is executed, told on request, and bounded."""

import json
from typing import Any

import pytest

from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import REPOSITORY, Router

COSTS = json.loads((REPOSITORY / "tests" / "contract" / "costs.json").read_text())
MAXIMUM = json.loads((REPOSITORY / "router" / "limits.json").read_text())["cost"]


@pytest.mark.parametrize("operation", COSTS, ids=lambda operation: operation["name"])
async def test_an_operation_costs_what_the_table_says(
    router: Router, doubles: Doubles, operation: dict[str, Any]
) -> None:
    answer = await ask(router, operation, {"cost": True})
    cost = {"estimated": operation["cost"], "maximum": MAXIMUM}
    if operation["cost"] <= MAXIMUM:
        assert answer["extensions"] == {"cost": cost}
        return
    assert "data" not in answer
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "LIMIT_EXCEEDED", "cost": cost}
    assert [await each.received() for each in doubles.values()] == [[], [], []]


async def test_the_cost_is_told_to_those_who_ask_alone(router: Router) -> None:
    for extensions in (None, {}, {"cost": False}, {"cost": "yes"}, {"other": True}):
        assert "extensions" not in await ask(router, COSTS[1], extensions)


async def test_the_cost_is_told_of_a_cached_document_with_other_variables(router: Router) -> None:
    document = "query ($n: Int) { products(first: $n) { nodes { slug } } }"
    for number in (1, 30, 2, 100):
        answer = await ask(router, {"query": document, "variables": {"n": number}}, {"cost": True})
        assert answer["extensions"]["cost"]["estimated"] == 1 + number


async def test_an_operation_at_the_very_limit_is_answered(router: Router) -> None:
    """49 times a page of a hundred, and what is left of the limit."""
    pages = [f"p{n}: products(first: 100) {{ nodes {{ id }} }}" for n in range(49)]
    rest = MAXIMUM - 49 * 101
    within = "{ " + " ".join(pages) + f" rest: products(first: {rest - 1}) {{ nodes {{ id }} }} }}"
    beyond = within.replace(f"(first: {rest - 1})", f"(first: {rest})")
    assert (await ask(router, {"query": within}, {"cost": True}))["extensions"]["cost"]["estimated"] == MAXIMUM
    assert (await ask(router, {"query": beyond}, None))["errors"][0]["extensions"]["cost"]["estimated"] == MAXIMUM + 1


async def ask(router: Router, operation: dict[str, Any], extensions: object) -> dict[str, Any]:
    body = {name: operation[name] for name in ("query", "variables", "operationName") if name in operation}
    response = await router.http.post("/graphql", json={**body, "extensions": extensions})
    answer: dict[str, Any] = response.json()
    return answer
