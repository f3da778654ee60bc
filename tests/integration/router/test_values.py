"""Values of arguments reach the subgraphs as they were meant, or the request is refused before anything is executed."""

import json
from typing import Any

import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Router

A = 'a: product(slug: "a") { description }'
BY_NAMES = {
    "a default before": f'query ($value_1: String = "b") {{ b: product(slug: $value_1) {{ description }} {A} }}',
    "a default behind": f'query ($value_1: String = "b") {{ {A} b: product(slug: $value_1) {{ description }} }}',
    "a value": f"query ($value_2: String) {{ {A} b: product(slug: $value_2) {{ description }} }}",
    "two": f"""query ($value_1: ID, $value_2: String = "b") {{ {A} b: product(slug: $value_2) {{ description }}
        c: product(slug: "c", id: $value_1) {{ description }} }}""",
    "an absent one": """query ($value_1: ID) { a: product(slug: "a", id: $value_1) { description }
        b: product(slug: "b") { description } }""",
}


@pytest.mark.parametrize("case", BY_NAMES)
async def test_a_variable_may_have_a_name_that_a_router_could_make_up(router: Router, case: str) -> None:
    answer = await router.ask(BY_NAMES[case], value_2="b")
    assert "errors" not in answer, answer
    assert {key: value["description"] for key, value in answer["data"].items() if key != "c"} == {
        "a": "Found as a",
        "b": "Found as b",
    }


NAMES_OF_PLANS = ("representations", "__batch_reps_0", "_representations", "id")


@pytest.mark.parametrize("name", NAMES_OF_PLANS)
async def test_a_variable_may_have_a_name_that_plans_bring_along(router: Router, name: str) -> None:
    entity = "defaultVariant { stock { available } }"
    given: dict[str, Any] = {name: 2}
    answer = await router.ask(
        f"query (${name}: Int!) {{ products(first: ${name}) {{ nodes {{ {entity} }} }} }}", **given
    )
    assert answer == {"data": {"products": {"nodes": [{"defaultVariant": {"stock": {"available": 7}}}] * 2}}}


async def test_a_variable_of_an_entitys_field_may_be_called_as_plans_call_theirs(
    router: Router, doubles: Doubles, issuer: Issuer
) -> None:
    movements = "stockMovements(first: $representations) { nodes { kind } } stock { available }"
    query = f"query ($representations: Int) {{ products(first: 1) {{ nodes {{ defaultVariant {{ {movements} }} }} }} }}"
    answer = await router.ask(query, issuer.token(scope="inventory:read"), representations=3)
    (asked,) = await doubles["inventory"].received()
    assert 3 in asked["variables"].values()
    assert "only one variable" not in json.dumps(answer)


NO_DECIMALS = ("5", '"x"', '"1e3"', '""', "1.5", "true", "{}", '["x"]', "1e999", "-1e400", "EUR", '"""x"""')
FILTERED = "query ($f: ProductFilter, $d: Decimal) { products(first: 1, filter: $f) { totalCount } %s }"


async def assert_refused(router: Router, doubles: Doubles, body: str) -> None:
    """For a value, with nothing executed."""
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    response = await router.http.post("/graphql", content=body, headers=headers)
    answer = response.json()
    assert response.status_code == 400, answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert "data" not in answer
    assert [await double.received() for double in doubles.values()] == [[], [], []]


@pytest.mark.parametrize("literal", NO_DECIMALS)
async def test_what_is_no_decimal_is_refused_as_a_literal(router: Router, doubles: Doubles, literal: str) -> None:
    for filtered in (f"{{ minPrice: {literal} }}", f"{{ minPrice: {literal}, maxPrice: 1e999 }}"):
        document = f"{{ products(first: 1, filter: {filtered}) {{ totalCount }} }}"
        await assert_refused(router, doubles, json.dumps({"query": document}))


@pytest.mark.parametrize("value", [*NO_DECIMALS[:8], "1e400", "-1e400", '"\\ud800"', '"1\\ud800"'])
async def test_what_is_no_decimal_is_refused_as_a_variable(router: Router, doubles: Doubles, value: str) -> None:
    query = json.dumps("query ($f: ProductFilter) { products(first: 1, filter: $f) { totalCount } }")
    await assert_refused(router, doubles, f'{{"query": {query}, "variables": {{"f": {{"minPrice": {value}}}}}}}')
    query = json.dumps("query ($d: Decimal) { products(first: 1, filter: { minPrice: $d }) { totalCount } }")
    await assert_refused(router, doubles, f'{{"query": {query}, "variables": {{"d": {value}}}}}')


WRONG_DAYS = ("5", '"x"', '"2026-02-29"', '"2026-W47-7"', '"20261122"', '"2026-11-22T18:00:00Z"', "1e999")


@pytest.mark.parametrize("day", WRONG_DAYS)
async def test_what_is_no_day_stops_no_mutation_half_way(router: Router, doubles: Doubles, day: str) -> None:
    backorder = f"backorder: {{ isAllowed: true, availableFrom: {day} }}"
    policy = f'stockSetPolicy(input: {{ variantId: "V", {backorder} }}) {{ errors {{ code }} }}'
    document = f'mutation {{ addressDelete(input: {{ id: "7" }}) {{ errors {{ code }} }} {policy} }}'
    await assert_refused(router, doubles, json.dumps({"query": document}))


async def test_a_default_of_a_variable_that_its_type_does_not_take_is_refused(router: Router, doubles: Doubles) -> None:
    document = "query ($d: Decimal = 5) { products(first: 1, filter: { minPrice: $d }) { totalCount } }"
    await assert_refused(router, doubles, json.dumps({"query": document}))


async def test_values_that_the_scalars_take_reach_the_subgraph(router: Router) -> None:
    document = """query ($d: Decimal = "0.50", $f: ProductFilter) {
        products(first: 1, filter: { minPrice: $d, maxPrice: "+19.90" }) { nodes { description } }
        b: products(first: 1, filter: $f) { nodes { description } } }"""
    answer = await router.ask(document, f={"minPrice": "-1"})
    found = [each["nodes"][0]["description"] for each in answer["data"].values()]
    assert found == ["Found as {'minPrice': '0.50', 'maxPrice': '+19.90'}", "Found as {'minPrice': '-1'}"]


SURROGATES: dict[str, tuple[str, str]] = {
    "a text": ("query ($v: String) { product(slug: $v) { title } }", '"\\ud800"'),
    "a text with more": ("query ($v: String) { product(slug: $v) { title } }", '"a\\udc00b"'),
    "an id": ("query ($v: ID) { product(id: $v) { title } }", '"\\ud800"'),
    "within an object": (
        "query ($v: ProductFilter) { products(first: 1, filter: $v) { totalCount } }",
        '{"text": "\\udfff\\ud800"}',
    ),
}


@pytest.mark.parametrize("where", SURROGATES)
async def test_half_a_character_is_no_value(router: Router, doubles: Doubles, where: str) -> None:
    query, value = SURROGATES[where]
    await assert_refused(router, doubles, f'{{"query": {json.dumps(query)}, "variables": {{"v": {value}}}}}')


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**53 + 1, 12345678901234567890, 10**29])
async def test_a_number_of_more_digits_than_the_router_can_hold_is_no_id(
    router: Router, doubles: Doubles, number: int
) -> None:
    query = json.dumps("query ($v: ID) { product(id: $v) { title } }")
    await assert_refused(router, doubles, f'{{"query": {query}, "variables": {{"v": {number}}}}}')


@pytest.mark.parametrize(
    ("number", "told"), [(2**53 - 1, "9007199254740991"), (-7, "-7"), ("18446744073709551616", "18446744073709551616")]
)
async def test_an_id_may_be_a_number(router: Router, doubles: Doubles, number: Any, told: str) -> None:
    await router.ask("query ($v: ID) { product(id: $v) { title } }", v=number)
    (asked,) = await doubles["products"].received()
    assert told in map(str, asked["variables"].values())


async def test_a_field_fails_alone_whose_argument_does_not_take_the_null_of_a_variable(node_router: Router) -> None:
    query = 'query ($s: String = "games") { category(slug: $s) { name } products(first: 1) { nodes { title } } }'
    answer = await node_router.ask(query, s=None)
    assert answer["data"] == {"category": None, "products": {"nodes": [{"title": "Product 0"}]}}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["category"], "BAD_USER_INPUT")
    ]


async def test_a_condition_that_is_null_does_not_hold(router: Router) -> None:
    selection = (
        "nodes { slug @include(if: $a) title @skip(if: $a)"
        " defaultVariant { stock @include(if: $a) { available } sku } }"
    )
    answer = await router.ask(f"query ($a: Boolean = true) {{ products(first: 1) {{ {selection} }} }}", a=None)
    assert answer == {"data": {"products": {"nodes": [{"title": "Product 0", "defaultVariant": {"sku": "SKU-0"}}]}}}
