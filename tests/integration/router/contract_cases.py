"""The requests behind each line of docs/frontend/errors.md: what a client does to be answered so."""

import json
import time
from collections.abc import Mapping
from typing import Any

from tests.integration.router.contract_requests import (
    CART,
    MUTATION,
    PRODUCTS,
    Case,
    Request,
    body,
    body_that_never_ends,
    get,
    more_requests_than_three,
    query,
    typed,
    untyped,
    unverifiable_token,
    with_token,
)

PLANTED = "planted-secret"
LOGIN = "mutation ($input: UserLoginInput!) { userLogin(input: $input) { errors { code } } }"
STOCK_LEVELS = "{ products(first: 1) { nodes { defaultVariant { stockLevels { onHand } } } } }"
LATE = '{ product(slug: "late") { defaultVariant { stock { available } } } }'


def nested(depth: int, opening: str = "[", innermost: str = "1", closing: str = "]") -> str:
    """A body so many levels deep: itself, its variables, and one of them."""
    inner = opening * (depth - 2) + innermost + closing * (depth - 2)
    return '{"query":"{__typename}","variables":{"a":' + inner + "}}"


def keyed(keys: Mapping[str, object]) -> Request:
    return query("{ __typename }", variables={"a": keys})


def fields(number: int) -> str:
    return (
        "query { "
        + " ".join("...F" for _ in range(number // 50))
        + " } fragment F on Query { "
        + "__typename " * 50
        + "}"
    )


def doubling(times: int) -> str:
    spread = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(times)]
    return "{ ...F0 } " + " ".join(spread) + f" fragment F{times} on Query {{ __typename }}"


def deep(depth: int) -> str:
    return '{ category(slug: "a") { ' + "parent { " * (depth - 2) + "id" + " }" * (depth - 2) + " } }"


def many(name: str, *numbers: int) -> str:
    """A field under as many aliases as `range(*numbers)` has numbers."""
    return " ".join(f"a{n}: {name}" for n in range(*numbers))


def chained(fragments: int) -> str:
    """A field within so many fragments."""
    spread = [f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(1, fragments)]
    return "{ ...F1 } " + " ".join(spread) + f" fragment F{fragments} on Query {{ __typename }}"


FIFTY_TWO = " fragment F on Query { " + "__typename " * 52 + "}"
DEAR = "{ products(first: 100) { nodes { category { products(first: 100) { nodes { title } } } } } }"
INTROSPECTION_IN_A_ROUND = (
    '{ __type(name: "Query") { fields { type { ...T } } } }'
    " fragment T on __Type { fields { type { fields { name } } } }"
)
SEVERAL = "query A { __typename } query B { __typename } mutation C { cartCreate { errors { code } } }"
FILTER = "query ($filter: ProductFilter, $first: Int) { products(first: $first, filter: $filter) { nodes { id } } }"
HASHED: dict[str, Any] = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
UPGRADE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
}

CASES: dict[str, Mapping[str, Case]] = {
    "all well, or some fields failed": {
        "well": query(PRODUCTS),
        "well by GET": get(query=PRODUCTS),
        "well by GET with a misleading address": Request(
            method="GET", path="/graphql?query=%7B__typename%7D&like=/health"
        ),
        "well with as many fragments within each other as there may be": query(chained(63)),
        "well with all members": query(PRODUCTS, variables=None, operationName=None, extensions=None),
        "a failed field": query('{ product(slug: "missing") { title } products(first: 1) { nodes { title } } }'),
    },
    "a field needs a token and none came": {
        "a query": query("{ me { name } products(first: 1) { nodes { title } } }"),
        "a mutation": query('mutation { addressDelete(input: { id: "1" }) { deletedId } }'),
    },
    "the token lacks a scope": {
        "of a field": with_token(lambda issuer: f"Bearer {issuer.token(scope='orders:read')}", STOCK_LEVELS),
    },
    "the token is malformed, altered, expired or of another issuer": {
        "malformed": with_token(lambda _: "Bearer junk"),
        "of no scheme": with_token(lambda issuer: issuer.token()),
        "of another scheme": with_token(lambda _: "Basic YTpi"),
        "empty": with_token(lambda _: "Bearer"),
        "altered": with_token(lambda issuer: f"Bearer {issuer.token()[:-8]}AAAAAAAA"),
        "just expired": with_token(lambda issuer: f"Bearer {issuer.token(exp=int(time.time()) - 2)}"),
        "of another issuer": with_token(lambda issuer: f"Bearer {issuer.token(iss='somebody')}"),
        "for a field that needs none": with_token(lambda _: "Bearer junk", "{ __typename }"),
    },
    "tokens can't be verified now": {"no keys": unverifiable_token},
    "a subgraph is away or too slow": {
        "a root field": query('{ cart(id: "1") { id } products(first: 1) { nodes { title } } }'),
        "a mutation": query(MUTATION),
        "nonsense": query('{ product(slug: "garbled") { title } }'),
        "silent": query('{ product(slug: "silent") { title } }'),
    },
    "the whole request takes longer than 15 seconds": {"two subgraphs of eight and a half seconds each": query(LATE)},
    "the document has a syntax error or is not valid": {
        "unfinished": query("{ product"),
        "empty": query(""),
        "only a comment": query("# nothing"),
        "unknown field": query("{ product { titel } }"),
        "a thousand unknown fields": query("{ " + " ".join(f"f{n}" for n in range(1_000)) + " }"),
        "unknown argument": query("{ products(frist: 1) { nodes { id } } }"),
        "wrong literal": query('{ products(first: "many") { nodes { id } } }'),
        "unknown directive": query("{ __typename @nothing }"),
        "two names alike": query("query A { __typename } query A { __typename }", operationName="A"),
        "a fragment within itself": query("{ ...Loop } fragment Loop on Query { ...Loop }"),
        "a fragment within itself, by way of fields": query(
            "{ products(first: 1) { nodes { ...F } } }"
            " fragment F on Product { category { products(first: 1) { nodes { ...F } } } }"
        ),
        "a fragment of the schema within itself": query(
            "{ __schema { queryType { ...F } } } fragment F on __Type { fields { type { ...F } } }"
        ),
        "a fragment within itself, twice": query(
            "{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }"
        ),
        "no operation": query("fragment F on Query { __typename }"),
        "unknown variable": query("{ products(first: $first) { nodes { id } } }"),
        "a type system": query("type Query { a: Int }"),
        "by GET": get(query="{ product"),
    },
    "a variable has a value that its type does not take": {
        "missing": query(LOGIN),
        "of another type": query(FILTER, variables={"first": PLANTED}),
        "too large a number": query(FILTER, variables={"first": 2**40}),
        "an unknown key beside a password": query(
            LOGIN, variables={"input": {"email": PLANTED, "password": PLANTED, "tottp": PLANTED}}
        ),
        "a scalar for an object": query(LOGIN, variables={"input": PLANTED}),
        "a list for an object": query(LOGIN, variables={"input": [PLANTED]}),
        "an object for a string": query(LOGIN, variables={"input": {"email": {"a": PLANTED}, "password": PLANTED}}),
        "null within": query(LOGIN, variables={"input": {"email": None, "password": PLANTED}}),
        "many unknown keys": query(FILTER, variables={"filter": {f"k{n}" + "x" * 90: PLANTED for n in range(100)}}),
        "by GET": get(query=FILTER, variables=json.dumps({"first": PLANTED})),
    },
    "several operations and no `operationName`, or one that is not there": {
        "none": query(SEVERAL),
        "null": query(SEVERAL, operationName=None),
        "empty": query(SEVERAL, operationName=""),
        "not there": query(SEVERAL, operationName="D"),
        "another than the only one": query("query A { __typename }", operationName="B"),
        "one of a nameless": query("{ __typename }", operationName="B"),
        "by GET": get(query=SEVERAL),
    },
    "a subscription": {
        "alone": query("subscription { x }"),
        "named": query("query A { __typename } subscription B { x }", operationName="B"),
        "by GET": get(query="subscription { x }"),
    },
    "too many tokens, fields, aliases or mutations, too deep, too dear": {
        "tokens": query("{ " + "__typename " * 5_001 + "}"),
        "tokens of a description": query("{ a(" + ", ".join("b: 1" for _ in range(2_000)) + ") }"),
        "fields": query(fields(5_050)),
        "doubled fields": query(doubling(40)),
        "aliases": query("{ " + many("__typename", 101) + " }"),
        "mutations": query("mutation { " + many(CART, 11) + " }"),
        "mutations in fragments": query(
            "mutation { ...M ...N } fragment M on Mutation { " + many(CART, 6) + " } "
            "fragment N on Mutation { " + many(CART, 6, 11) + " }"
        ),
        "depth": query(deep(16)),
        "far too deep": query(deep(1_000)),
        "fragments within each other": query(chained(64)),
        "brackets of a list": query("{ products(filter: " + "[" * 65 + "]" * 65 + ") { nodes { id } } }"),
        "brackets of an object": query("{ products(filter: " + "{ a: " * 65 + "1" + "}" * 65 + ") { nodes { id } } }"),
        "keys of an object": query(
            "{ products(filter: { " + " ".join(f"k{n}: 1" for n in range(101)) + " }) { nodes { id } } }"
        ),
        "brackets of a type": query("query ($a: " + "[" * 65 + "Int" + "]" * 65 + ") { __typename }"),
        "brackets of fragments": query("... on Query { ".join(["{ "] + [""] * 64) + "__typename" + " }" * 65),
        "brackets without an end": query("{a" * 20_000),
        "brackets behind a text with brackets and a quote": query(
            '{ a(b: "]]]\\"]]]", c: """]] \\""" ]]""", d: ' + "[" * 65
        ),
        "many introspections": query("{ " + many("__schema { queryType { name } }", 5) + " }"),
        "a type five times": query("{ " + many('__type(name: "Query") { name }', 5) + " }"),
        "types of types of types": query(INTROSPECTION_IN_A_ROUND),
        "operations that are not meant": query(
            " ".join(f"query A{n} {{ ...F }}" for n in range(99)) + FIFTY_TWO, operationName="A0"
        ),
        "cost": query(DEAR),
        "cost by a variable": query(
            DEAR.replace("100", "$n", 1).replace("{", "query ($n: Int!) {", 1), variables={"n": 100}
        ),
        "two logins": query(
            "mutation ($input: UserLoginInput!) { a: userLogin(input: $input) { errors { code } } "
            "b: userLogin(input: $input) { errors { code } } }",
            variables={"input": {"email": "ada@example.org", "password": PLANTED}},
        ),
        "by GET": get(query=DEAR),
    },
    "the body's JSON is nested too deeply, or has too many or too long keys": {
        "lists": body(nested(65)),
        "lists without an end": body(nested(20_000).rstrip("1]}")),
        "lists far too deep": body(nested(20_000)),
        "objects": body(nested(65, '{"a":', "1", "}")),
        "lists behind a text with a quote": body(nested(20_000, '["\\"", ')),
        "within extensions": body('{"query":"{__typename}","extensions":' + '{"a":' * 100 + "1" + "}" * 101),
        "keys": keyed({f"k{n}": 1 for n in range(101)}),
        "keys of the body": Request({"query": "{ __typename }", **{f"k{n}": 1 for n in range(100)}}),
        "a long key": keyed({"k" * 101: 1}),
        "a long escaped key": body('{"query":"{__typename}","variables":{"' + "\\u0061" * 101 + '":1}}'),
        "values": query("{ __typename }", variables={"a": [0] * 10_001}),
        "by GET": get(query="{ __typename }", variables="[" * 1_000),
    },
    "the body is larger than 256 KB": {
        "a comment": query("{ __typename } #" + "x" * 262_144),
        "spaces": body('{"query":"{__typename}"' + " " * 262_144 + "}"),
    },
    "the body did not arrive within 15 seconds": {"ten bytes of a hundred": body_that_never_ends},
    "more unfinished requests of one client than it may have": {"a fourth": more_requests_than_three},
    "the body is not JSON, not one object (a batch), has no `query`, or a member of the wrong type": {
        **{
            text or "nothing": body(text)
            for text in ("", " ", "{", "[]", "null", '"text"', "1", "{}", "{'query': 1}", '{"query":"{__typename}"} x')
        },
        "a batch": body('[{"query":"{ __typename }"}]'),
        "no UTF-8": body(b'{"query":"{ __typename } # \xff"}'),
        "no query": Request({"variables": {}}),
        "a null query": Request({"query": None}),
        "a number as query": Request({"query": 1}),
        "a list as query": Request({"query": ["{ __typename }"]}),
        "a list of variables": query(PRODUCTS, variables=[]),
        "a text as variables": query(PRODUCTS, variables="{}"),
        "a number as name": query(PRODUCTS, operationName=1),
        "a list as extensions": query(PRODUCTS, extensions=[]),
        "a text as extensions": query(PRODUCTS, extensions="x"),
        "GET without a query": get(operationName="A"),
        "GET with half a JSON": get(query=PRODUCTS, variables="{"),
        "GET with a list of variables": get(query=PRODUCTS, variables="[]"),
    },
    "a persisted query's hash without the query": {
        "by POST": Request({"extensions": HASHED}),
        "with variables": Request({"operationName": "A", "variables": {"a": 1}, "extensions": HASHED}),
        "by GET": get(extensions=json.dumps(HASHED)),
    },
    "a content type that is not exactly one `application/json`": {
        "none": untyped,
        "text": typed("text/plain"),
        "text with a parameter": typed("text/plain; application/json"),
        "text with a charset": typed("text/plain; charset=application/json"),
        "a form": typed("application/x-www-form-urlencoded"),
        "parts": typed("multipart/form-data; boundary=x"),
        "packed": Request(content=b"\x1f\x8b", headers={"content-encoding": "gzip"}),
        "two": typed("application/json", "text/plain"),
        "two, the right one last": typed("text/plain", "application/json"),
        "longer": typed("application/jsonx"),
        "a query alone": typed("application/graphql"),
        "an answer's": typed("application/graphql-response+json"),
    },
    "an `accept` that allows neither media type": {
        name: Request({"query": MUTATION}, headers={"accept": name})
        for name in ("text/plain", "text/html", "application/xml, image/*", "application/json;q=0", "json", "*/*;q=0")
    },
    "a mutation by GET": {
        "alone": get(query=MUTATION),
        "by its name": get(
            query="query A { __typename } " + MUTATION.replace("mutation", "mutation B"), operationName="B"
        ),
    },
    "any method but GET, POST and OPTIONS": {
        name: Request({"query": PRODUCTS}, method=name) for name in ("PUT", "PATCH", "DELETE")
    },
    "a WebSocket upgrade": {"at /graphql": Request(method="GET", headers=UPGRADE)},
    "any other path": {
        **{
            path: Request({"query": PRODUCTS}, path=path)
            for path in ("/", "/nothing", "/graphql/x", "/graphql2", "/metrics")
        },
        **{
            f"GET {path}": Request(method="GET", path=path)
            for path in ("/", "/metrics", "/x/health", "/graphqlx?query={__typename}")
        },
    },
}
