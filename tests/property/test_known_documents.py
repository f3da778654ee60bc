"""Documents that routers are known to answer wrong without an error, each the first of its kind."""

import pytest

from tests.property.judge import Judge
from tests.property.request import Document
from tests.property.stocking import People

ALIASES_OF_KEYS = {
    "in a conditional fragment of a type": """query ($t: Boolean! = true) { products { nodes { defaultVariant {
        stock { available } id: price { ... @include(if: $t) { amount } } } } } }""",
    "of a variant": "{ products(first: 1) { nodes { defaultVariant { id: sku stock { available } } } } }",
    "of the caller": "{ me { id: email orders(first: 5) { nodes { id } } } }",
    "of an order": "query ($order: ID!) { order(id: $order) { id: number payments { status } } }",
    "of entities within an order": """query ($order: ID!) { order(id: $order) {
        lines { variant { id: title stock { available } } } customer { id: email } } }""",
    "beside the key": "{ products(first: 2) { nodes { defaultVariant { key: id id: title stock { status } } } } }",
    "twice": """{ products(first: 2) { nodes { defaultVariant {
        id: title id: title stock { status } stock { available } } } } }""",
    "in a list of lists": """{ categories {
        id: slug children { id: name products(first: 1) { nodes { id: title } } } } }""",
    "by __typename": """{ me {
        id: __typename orders(first: 5) { nodes { id: __typename payments { id: __typename } } } } }""",
    "by an object": "{ me { id: defaultAddress { city } paymentMethods { id: brand } } }",
    "in a named fragment": """query {
        products(first: 1) { nodes { defaultVariant { ...V ...V stock { available } } } } }
        fragment V on ProductVariant { id: sku ... @include(if: true) { product { id: title } } }""",
}
SELECTED_TWICE = {
    "a connection's nodes": "{ products(first: 2) { nodes { title } nodes { slug } } }",
    "a list from another subgraph": """query ($order: ID!) { order(id: $order) {
        payments { status } payments { transactions { kind } } } }""",
    "a list of lists": "{ categories { children { slug } children { __typename } } }",
    "by an alias that is its name": "{ categories { parent: parent { id } parent { __typename } } }",
    "twice, where one of them fails": """{ category(slug: "tableware") {
        a: parent { slug } b: parent { products(first: -1) { totalCount } } } }""",
    "in fragments": """{ categories { ...A ...B } } fragment A on Category { children { ...C } }
        fragment B on Category { children { id name ...C } } fragment C on Category { slug parent { id } }""",
    "from two subgraphs": """{ products(first: 2) { nodes { variants { stock { available } } }
        ... { nodes { variants { stock { status } price { amount } } } } } }""",
    "under a condition": "query ($x: Boolean!) { categories { children @include(if: $x) { slug } children { id } } }",
}
LEFT_OUT = {
    "the only field": "query ($x: Boolean!) { me @include(if: $x) { id } }",
    "the only fragment": "query ($x: Boolean!) { ... @include(if: $x) { me { id } } }",
    "all of an object": """query ($x: Boolean!) {
        me { orders(first: 2) { nodes { payments { id @include(if: $x) } } } } }""",
    "all of an entity": """query ($x: Boolean!) { products(first: 2) { nodes {
        defaultVariant { stock @include(if: $x) { status } } } } }""",
}
INTROSPECTION = {
    "beside data": "{ __schema { queryType { name } } products(first: 1) { totalCount } }",
    "of a type beside data": """{
        __type(name: "Money") { name fields { name type { ofType { name } } } } me { id: email } }""",
    "by aliases": """{ a: __type(name: "UserError") { possibleTypes { name } }
        b: __typename c: __schema { mutationType { name } } }""",
    "in a fragment": """{ ...Q categories { id } }
        fragment Q on Query { __typename __schema { queryType { fields { name } } } }""",
    "braces without a type": "{ __schema { ... { queryType { ... @skip(if: false) { name } } } } }",
    "left out": "query ($x: Boolean!) { ... @include(if: $x) { __schema { queryType { name } } } }",
    "__typename by aliases": "{ a: __typename ... on Query { categories { a: __typename ... { b: __typename } } } }",
    "of nothing": '{ __type(name: "NoSuchType") { name } products(first: 1) { nodes { __typename } } }',
}
TEXTS = {
    "braces in a string": r'{ product(slug: "\u{62}\u{1F600}") { id } categories { slug } }',
    "braces in a filter": r'{ products(first: 3, filter: { text: "\u{70}en" }) { nodes { title } } }',
    "a surrogate pair": r'{ products(first: 3, filter: { text: "\ud83d\ude00" }) { totalCount } }',
    "a block": '{ products(first: 3, filter: { text: """\n  pen\n""" }) { nodes { title } } }',
}
ALIASES_OF_LANGUAGES = {
    "of a text": "{ products(first: 1) { nodes { __proto__: title constructor: title x: title toString: id } } }",
    "of a list": """{ products(first: 1) {
        __proto__: nodes { title defaultVariant { then: stock { status } length: sku } } } }""",
    "of a root field": """{ __proto__: categories { hasOwnProperty: slug }
        constructor: products(first: 1) { data: totalCount } }""",
    "of an entity": """{ products(first: 1) { nodes {
        __proto__: defaultVariant { __proto__: stock { __proto__: status } } } } }""",
}
FAILURES = {
    "a field that must not be null": "{ products(first: 0) { totalCount } categories { slug } }",
    "the only field, which must not be null": "{ products(first: 0) { totalCount } }",
    "a field of every item": "{ categories { slug children { products(first: -1) { totalCount } } } }",
    "an alias in the error's path": "{ id: me { orders: orders(first: 101) { nodes { id } } id: email } }",
    "what staff alone may see": """{ products(first: 2) { nodes {
        defaultVariant { id: sku stockLevels { onHand } stock { status } } } } }""",
    "in the place of another field": "{ me { id: orders(first: 101) { nodes { id } } } other: me { id: email } }",
    "of one of two that are the same entity": "{ nodes: me { name } me { orders(first: 0) { nodes { id } } } }",
}
KINDS = {
    "alias of a key": ALIASES_OF_KEYS,
    "selected twice": SELECTED_TWICE,
    "left out": LEFT_OUT,
    "introspection": INTROSPECTION,
    "text": TEXTS,
    "alias of a language": ALIASES_OF_LANGUAGES,
    "failure": FAILURES,
}
CASES = {f"{kind}: {name}": text for kind, documents in KINDS.items() for name, text in documents.items()}


@pytest.mark.parametrize("case", CASES)
def test_a_document_that_is_easily_answered_wrong_is_answered_as_graphql_core_does(
    judge: Judge, people: People, case: str
) -> None:
    text = CASES[case]
    known = {"order": people.shop.known["Query.order(id:)"][0], "x": False}
    for who in people.tokens:
        variables = {name: value for name, value in known.items() if f"${name}:" in text}
        judge.assert_right(Document(text, variables, None), who)
