"""What is not valid is rejected before anything is executed.

Names, values, and what else parsers may read in two ways.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Router

FIRST = "products(first: 1) { nodes { title } }"
MUTATION = "cartCreate { errors { code } }"
POLICY = (
    'stockSetPolicy(input: { variantId: "1", backorder: { isAllowed: true, availableFrom: %s } }) { errors { code } }'
)
FILTER = (
    "query ($f: ProductFilter) { a: products(first: 1) { totalCount } products(first: 1, filter: $f) { totalCount } }"
)

NAMES = {
    "of no field": "{ __foo }",
    "of no field beside data": "{ products(first: 1) { nodes { __foo title } } }",
    "of no field in a mutation": f"mutation {{ {MUTATION} __x }}",
    "of no field of a payload": "mutation { cartCreate { __x errors { code } } }",
    "of no field of the schema": "{ __schema { __x types { name } } }",
    "of the schema in a mutation": f"mutation {{ __schema {{ types {{ name }} }} {MUTATION} }}",
    "of the schema within an object": "{ me { __schema { queryType { name } } id } }",
    "of the schema within the schema": "{ __schema { __schema { types { name } } } }",
    "of the schema within a list": "{ products(first: 1) { nodes { __schema { types { name } } } } }",
    "of a type within a payload": """mutation { cartCreate {
        errors { code } cart { id __type(name: "Int") { name } } } }""",
    "of the type with fields": "{ __typename { a } }",
    "of the type with an argument": "{ products(first: 1) { nodes { __typename(a: 1) } } }",
    "of no field in a fragment": f"{{ {FIRST} ...F }} fragment F on Query {{ __foo }}",
}
VALUES = {
    "an object for a string": f"""mutation {{ {MUTATION}
        userLogin(input: {{ email: {{}}, password: "x" }}) {{ errors {{ code }} }} }}""",
    "an object for a number": "{ products(first: {}) { totalCount } }",
    "an object for a text": f"{{ {FIRST} product(slug: {{ a: 1 }}) {{ slug }} }}",
    "an object for an id": f"{{ {FIRST} product(id: {{}}) {{ slug }} }}",
    "an object for an enum": "{ products(first: 1, sort: {}) { totalCount } }",
    "an object with a variable": "query ($x: Int) { products(first: { a: $x }) { totalCount } }",
    "an object for a condition": "{ products(first: 1) @skip(if: { a: true }) { totalCount } }",
    "an object for an inclusion": f"{{ {FIRST} ... @include(if: {{}}) {{ {FIRST} }} }}",
    "an object for a type's name": f"{{ {FIRST} __type(name: {{}}) {{ name }} }}",
    "an object for whether": '{ __type(name: "Query") { fields(includeDeprecated: {}) { name } } }',
    "an object for a default": "query A { __typename } query B($n: String! = {}) { product(slug: $n) { slug } }",
    "a number without an end": f"{{ {FIRST} product(slug: 1e999) {{ slug }} }}",
    "a number for a day": f"mutation {{ {MUTATION} {POLICY % '5'} }}",
    "no day": f"""mutation {{ {MUTATION} {POLICY % '"2026-02-30"'} }}""",
    "a number for an amount": f"{{ {FIRST} a: products(first: 1, filter: {{ minPrice: 5 }}) {{ totalCount }} }}",
    "an infinite amount": f"{{ {FIRST} a: products(first: 1, filter: {{ minPrice: 1e999 }}) {{ totalCount }} }}",
    "an exponent in an amount": f'{{ {FIRST} a: products(first: 1, filter: {{ minPrice: "1e3" }}) {{ totalCount }} }}',
    "an exponent by default": """query ($d: Decimal = "1e3") {
        products(first: 1, filter: { minPrice: $d }) { totalCount } }""",
}
VARIABLES: Mapping[str, tuple[str, str]] = {
    "a number for an amount": (FILTER, '{"f": {"minPrice": 5}}'),
    "a text for an amount": (FILTER, '{"f": {"minPrice": "x"}}'),
    "an infinite amount": (FILTER, '{"f": {"minPrice": 1e400}}'),
    "an infinite value": ("query ($f: Int) { products(first: $f) { totalCount } }", '{"f": -1e400}'),
    "a half character": ("query ($s: String) { product(slug: $s) { slug } }", '{"s": "\\ud800"}'),
    "an id of more digits than JSON has": (
        "query ($i: ID) { product(id: $i) { slug } }",
        '{"i": 12345678901234567890}',
    ),
    "a fraction": ("query ($i: Int) { products(first: $i) { totalCount } }", '{"i": 1.5}'),
}


async def assert_refused(router: Router, doubles: Doubles, body: str) -> None:
    for media_type, status in (("application/json", 200), ("application/graphql-response+json", 400)):
        headers = {"content-type": "application/json", "accept": media_type}
        response = await router.http.post("/graphql", content=body, headers=headers)
        answer: dict[str, Any] = response.json()
        assert "data" not in answer, answer
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}, answer
        assert response.status_code == status, answer
    assert [await double.received() for double in doubles.values()] == [[], [], []]


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_of_the_specification_is_a_field_only_where_it_says(
    router: Router, doubles: Doubles, name: str
) -> None:
    await assert_refused(router, doubles, json.dumps({"query": NAMES[name]}))


@pytest.mark.parametrize("name", VALUES)
async def test_a_value_has_its_type(router: Router, doubles: Doubles, name: str) -> None:
    await assert_refused(router, doubles, json.dumps({"query": VALUES[name]}))


@pytest.mark.parametrize("name", VARIABLES)
async def test_a_variables_value_has_its_type(router: Router, doubles: Doubles, name: str) -> None:
    query, variables = VARIABLES[name]
    await assert_refused(router, doubles, f'{{"query": {json.dumps(query)}, "variables": {variables}}}')
