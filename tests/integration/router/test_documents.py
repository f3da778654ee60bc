"""An operation is answered by what it means, however it is written.

By aliases, repetitions, conditions, fragments, introspection.
"""

from typing import Any

import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Router, assert_mistake

STOCK = {"stock": {"available": 7}}
VARIANT = {"id": "variant-0", "sku": "SKU-0", "title": "One size"}


def of_variant(selection: str) -> str:
    return f"{{ products(first: 1) {{ nodes {{ defaultVariant {{ {selection} }} }} }} }}"


def variant_in(answer: dict[str, Any]) -> dict[str, Any]:
    assert "errors" not in answer, answer
    variant: dict[str, Any] = answer["data"]["products"]["nodes"][0]["defaultVariant"]
    return variant


ALIASES = {
    "the key's name for another field": ("id: sku stock { available }", {"id": "SKU-0", **STOCK}),
    "the key under another name": ("key: id stock { available }", {"key": "variant-0", **STOCK}),
    "names exchanged": ("id: sku sku: id stock { available }", {"id": "SKU-0", "sku": "variant-0", **STOCK}),
    "the key's name for the type": ("id: __typename stock { available }", {"id": "ProductVariant", **STOCK}),
    "the key's name for an object": ("id: price { amount } stock { available }", {"id": {"amount": "19.90"}, **STOCK}),
    "the key's name for what another subgraph has": (
        "id: stock { available } sku",
        {"id": {"available": 7}, "sku": "SKU-0"},
    ),
    "the other subgraph's field for ours": (
        "stock: sku id: stock { available }",
        {"stock": "SKU-0", "id": {"available": 7}},
    ),
    "one field under two names": (
        "a: stock { available } b: stock { status }",
        {"a": {"available": 7}, "b": {"status": "IN_STOCK"}},
    ),
    "names that a planner could make up": (
        "_internal_qp_alias_0: sku representations: title _e0: stock { available } _entities: id",
        {
            "_internal_qp_alias_0": "SKU-0",
            "representations": "One size",
            "_e0": {"available": 7},
            "_entities": "variant-0",
        },
    ),
    "a name that JavaScript gives a meaning": (
        "__proto__: sku constructor: title",
        {"__proto__": "SKU-0", "constructor": "One size"},
    ),
}


@pytest.mark.parametrize("name", ALIASES)
async def test_an_alias_may_be_any_name(router: Router, name: str) -> None:
    selection, expected = ALIASES[name]
    answered = variant_in(await router.ask(of_variant(selection)))
    assert answered == expected
    assert list(answered) == list(expected)


REPETITIONS = {
    "of a list": "{ products(first: 2) { nodes { slug } nodes { title } } }",
    "of all": "{ products(first: 2) { nodes { slug } } products(first: 2) { nodes { title } } }",
    "in fragments": """{ ...A products(first: 2) { nodes { title } } }
        fragment A on Query { products(first: 2) { nodes { slug } } }""",
    "in a fragment of the type": "{ products(first: 2) { nodes { slug ... on Product { title } ... { slug } } } }",
    "of a field": "{ products(first: 2) { nodes { slug title slug title } } }",
    "with conditions": """{ products(first: 2) {
        nodes { slug } nodes @include(if: true) { title } nodes @skip(if: true) { id } } }""",
    "under its own name as an alias": "{ products(first: 2) { nodes: nodes { slug: slug } nodes { title slug } } }",
}


@pytest.mark.parametrize("repetition", REPETITIONS)
async def test_what_is_asked_for_repeatedly_is_answered_once(router: Router, repetition: str) -> None:
    answer = await router.ask(REPETITIONS[repetition])
    nodes = [{"slug": f"product-{number}", "title": f"Product {number}"} for number in range(2)]
    assert answer == {"data": {"products": {"nodes": nodes}}}


async def test_repetitions_across_subgraphs_are_merged(router: Router, doubles: Doubles) -> None:
    selection = (
        "stock { available } stock { status } ...S } } } } fragment S on ProductVariant { stock { available status }"
    )
    answer = await router.ask(f"{{ products(first: 2) {{ nodes {{ defaultVariant {{ {selection} }} ")
    stock = {"available": 7, "status": "IN_STOCK"}
    assert answer == {"data": {"products": {"nodes": [{"defaultVariant": {"stock": stock}}] * 2}}}
    assert [len(await doubles[name].received()) for name in ("products", "inventory")] == [1, 1]


async def test_one_field_with_other_arguments_is_another_field(router: Router) -> None:
    answer = await router.ask(
        "query ($n: Int!, $o: Int = 4) { products(first: 1) { nodes { slug } } b: products(first: $n) { nodes { id } }"
        " products_2: products(first: $o) { nodes { title } } }",
        n=2,
    )
    assert {key: len(value["nodes"]) for key, value in answer["data"].items()} == {
        "products": 1,
        "b": 2,
        "products_2": 4,
    }


@pytest.mark.parametrize("included", [True, False])
async def test_a_condition_decides_about_an_object_of_several_subgraphs(router: Router, included: bool) -> None:
    query = "query ($t: Boolean!) " + of_variant("stock { available } id: price { ... @include(if: $t) { amount } }")
    answered = variant_in(await router.ask(query, t=included))
    assert answered == {**STOCK, "id": {"amount": "19.90"} if included else {}}


CONDITIONS = {
    "a root field": "query ($f: Boolean!) { products(first: 1) @include(if: $f) { totalCount } }",
    "a fragment": "query ($f: Boolean = true) { ... @include(if: $f) { products(first: 1) { nodes { slug } } } }",
    "a spread": """query ($f: Boolean!) { ...A @include(if: $f) }
        fragment A on Query { products(first: 1) { nodes { slug } } }""",
    "the type's name": "query ($f: Boolean!) { __typename @include(if: $f) }",
    "the schema": "query ($f: Boolean!) { __schema @include(if: $f) { queryType { name } } }",
}


@pytest.mark.parametrize("what", CONDITIONS)
async def test_where_nothing_is_included_the_data_is_empty(router: Router, what: str) -> None:
    assert await router.ask(CONDITIONS[what], f=False) == {"data": {}}


async def test_both_conditions_of_a_field_must_hold(router: Router) -> None:
    query = "query ($a: Boolean!, $b: Boolean!) " + of_variant("sku title @skip(if: $a) @include(if: $b)")
    answers = {(a, b): variant_in(await router.ask(query, a=a, b=b)) for a in (True, False) for b in (True, False)}
    assert [pair for pair, variant in answers.items() if "title" in variant] == [(False, True)]


async def test_introspection_and_data_come_in_one_answer(router: Router) -> None:
    answer = await router.ask(
        "{ a: __typename __schema { queryType { name } } products(first: 1) { nodes { slug } }"
        ' t: __type(name: "Product") { kind } u: __type(name: "Nothing") { kind } }'
    )
    assert answer == {
        "data": {
            "a": "Query",
            "__schema": {"queryType": {"name": "Query"}},
            "products": {"nodes": [{"slug": "product-0"}]},
            "t": {"kind": "OBJECT"},
            "u": None,
        }
    }
    assert list(answer["data"]) == ["a", "__schema", "products", "t", "u"]


async def test_introspection_stands_in_the_answer_where_the_document_has_it_first(router: Router) -> None:
    answer = await router.ask(
        """{ a: __typename ... { b: __typename } ...F c: __typename ... { t: __type(name: "Money") { kind } }
        __schema { queryType { kind } } } fragment F on Query { __schema { queryType { name } } d: __typename }"""
    )
    assert answer["data"]["__schema"] == {"queryType": {"name": "Query", "kind": "OBJECT"}}
    assert list(answer["data"]) == ["a", "b", "__schema", "d", "c", "t"]


ABOUT_THE_SCHEMA = {
    "in braces": "{ __schema { ... { queryType { ... { name } kind } } } }",
    "in braces, with conditions": """query ($yes: Boolean = true) { __schema {
        ... @include(if: true) { queryType { name } } ... @skip(if: $yes) { types { name } }
        ... @include(if: $yes) { queryType { kind } } } }""",
    "in braces within each other": "{ __schema { ... { ... on __Schema { ... { queryType { name kind } } } } } }",
    "in fragments": """{ ...Q ...Q } fragment Q on Query { __schema { ...S } }
        fragment S on __Schema { queryType { ... { name kind } } }""",
    "in fragments, with conditions": """query ($yes: Boolean!) {
        __schema { ...S @include(if: $yes) queryType { name } } }
        fragment S on __Schema { queryType { kind } }""",
    "twice": "{ __schema { queryType { name } ... on __Schema { queryType { kind } } } }",
    "twice, by an alias that is its name": """{ __schema: __schema { queryType: queryType { name } }
        __schema { queryType { kind } } }""",
    "at two places": """{ ... { __schema { queryType { name } } } ...Q }
        fragment Q on Query { __schema { queryType { kind } } }""",
    "at two places, with conditions": """query ($yes: Boolean!) { ... @skip(if: $yes) { __schema { types { name } } }
        ... @include(if: $yes) { __schema { queryType { name } } }
        __schema @include(if: $yes) { queryType { kind } } }""",
}


@pytest.mark.parametrize("how", ABOUT_THE_SCHEMA)
async def test_what_is_asked_about_the_schema_may_be_written_in_any_way(router: Router, how: str) -> None:
    answer = await router.ask(ABOUT_THE_SCHEMA[how], yes=True)
    assert answer == {"data": {"__schema": {"queryType": {"name": "Query", "kind": "OBJECT"}}}}


async def test_what_is_not_asked_about_the_schema_leaves_nothing(router: Router) -> None:
    query = """query ($no: Boolean!) { ... @include(if: $no) { __schema { types { name } } } t: __type(name: "Money") {
        ... @include(if: $no) { name } } products: __type(name: "Nothing") { name } }"""
    assert await router.ask(query, no=False) == {"data": {"t": {}, "products": None}}


async def test_introspection_shows_what_clients_may_use_and_nothing_else(router: Router) -> None:
    schema = (await router.ask("{ __schema { directives { name } types { name } } }"))["data"]["__schema"]
    directives = {each["name"] for each in schema["directives"]}
    assert {"skip", "include", "deprecated"} <= directives
    assert directives <= {"skip", "include", "deprecated", "specifiedBy", "oneOf"}
    assert not [each["name"] for each in schema["types"] if "__" in each["name"].lstrip("_")]


async def test_introspection_is_bounded(router: Router) -> None:
    types = " ".join(f"t{number}: types {{ name fields {{ name args {{ name }} }} }}" for number in range(80))
    answer = await router.ask(f"{{ __schema {{ {types} }} }}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["LIMIT_EXCEEDED"]


STRINGS = {
    r'"\u{62}"': "b",
    r'"\u0062\n\t\"\\\/\b\f"': 'b\n\t"\\/\b\f',
    r'"\uD83D\uDE00\u{1F600}"': "😀😀",
    '"é😀 # { } $x"': "é😀 # { } $x",
    '"""\n    block\n      "quoted" \\""" end\n    """': 'block\n  "quoted" """ end',
    '""': "",
}


@pytest.mark.parametrize("written", STRINGS)
async def test_a_string_reaches_the_subgraph_as_it_was_meant(router: Router, written: str) -> None:
    answer = await router.ask(f"{{ product(slug: {written}) {{ description }} }}")
    assert answer == {"data": {"product": {"description": f"Found as {STRINGS[written]}"}}}


DEFAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "a variable's own": ('query ($slug: String = "own \\u{62}") { product(slug: $slug) { description } }', {}, "own b"),
    "instead of it a null": (
        'query ($slug: String = "own") { product(slug: $slug) { description } }',
        {"slug": None},
        "None",
    ),
    "instead of it a value": (
        'query ($slug: String = "own") { product(slug: $slug) { description } }',
        {"slug": "sent"},
        "sent",
    ),
    "none": ("query ($slug: String) { product(slug: $slug) { description } }", {}, "None"),
    "in an object": (
        'query ($c: String = "tea", $n: Decimal) { products(first: 1, filter: { category: $c, minPrice: $n })'
        " { nodes { description } } }",
        {},
        "{'category': 'tea'}",
    ),
}


@pytest.mark.parametrize("default", DEFAULTS)
async def test_an_argument_is_what_variables_and_their_defaults_make_it(router: Router, default: str) -> None:
    query, variables, found = DEFAULTS[default]
    answer = await router.ask(query, **variables)
    assert "errors" not in answer
    found_as = [
        each["description"]
        for each in answer["data"].get("products", {}).get("nodes", []) or [answer["data"]["product"]]
    ]
    assert found_as == [f"Found as {found}"]


async def test_subscriptions_are_refused_in_words(router: Router) -> None:
    answer = await router.ask("subscription { x }")
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert "subscription" in answer["errors"][0]["message"]


async def test_equal_mutations_run_each(router: Router, doubles: Doubles, issuer: Issuer) -> None:
    mutation = 'addressDelete(input: { id: "7" }) { errors { message } }'
    await router.ask(f"mutation {{ a: {mutation} b: {mutation} }}", issuer.token())
    queries = [request["query"] for request in await doubles["users"].received()]
    assert sum(query.count("addressDelete(") for query in queries) == 2


MISPLACED = {
    "of a mutation": "mutation { __schema { queryType { name } } }",
    "of a mutation, in fragments": """mutation { ...F }
        fragment F on Mutation { ... { __schema { ... { queryType { name } } } } }""",
    "of an object": "{ products(first: 1) { nodes { __schema { queryType { name } } } } }",
    "of an object, in a fragment": """{ products(first: 1) { ...F } }
        fragment F on ProductConnection { __type(name: "A") { name } }""",
    "of the schema": "{ __schema { __schema { queryType { name } } } }",
    "of a type": '{ __schema { types { __type(name: "Query") { name } } } }',
}


@pytest.mark.parametrize("where", MISPLACED)
async def test_the_schema_is_no_field_of_anything_but_a_query(router: Router, where: str) -> None:
    answer = await router.ask(MISPLACED[where])
    assert_mistake(answer)
