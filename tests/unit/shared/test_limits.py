"""What a subgraph does not begin to work on, however the request for it is written."""

import contextlib
import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import GraphQLSchema

from shared.errors import BadUserInput, LimitExceeded
from shared.graphql import limits
from shared.graphql.body import require_bounded
from shared.graphql.documents import DocumentCache
from shared.graphql.errors import document_error
from shared.graphql.federation import build_schema
from shared.graphql.skew import VersionSkewError
from shared.graphql.validation import InvalidDocumentError
from shared.graphql.variables import InvalidVariablesError, coerced
from tests.contract.subgraphs import subgraph


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    products = subgraph("products")
    return build_schema(products.sdl, products.bindables, products.entities)


@pytest.fixture
def documents(schema: GraphQLSchema) -> DocumentCache:
    return DocumentCache(schema)


def nested(depth: int, innermost: Any = None) -> Any:
    value: Any = innermost
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.parametrize(
    "value",
    [
        nested(limits.NESTING + 1),
        {str(number): 1 for number in range(limits.OBJECT_KEYS + 1)},
        {"a": [{"k" * (limits.KEY_CHARACTERS + 1): 1}]},
        [1] * (limits.VALUES + 1),
        [[1] * 200] * 200,
    ],
    ids=["too deep", "too many keys", "too long a key", "too long a list", "too many values"],
)
def test_json_beyond_the_limits_is_rejected(value: Any) -> None:
    with pytest.raises(LimitExceeded):
        require_bounded(value)


@pytest.mark.parametrize(
    "value",
    [
        nested(limits.NESTING),
        {"k" * limits.KEY_CHARACTERS: "x" * 500_000},
        [{"__typename": "Product", "id": "1"}] * 1000,
        1,
    ],
)
def test_json_within_the_limits_passes(value: Any) -> None:
    require_bounded(value)


def doubling(levels: int, innermost: str) -> Iterator[str]:
    """Fragments of which each spreads the next one twice."""
    for level in range(levels):
        yield f"fragment F{level} on Category {{ ...F{level + 1} ...F{level + 1} }}"
    yield f"fragment F{levels} on Category {{ {innermost} }}"


FRAGMENTS = " ".join(f"fragment F{number} on Category {{ id }}" for number in range(150))
SPREADS = " ".join(f"...F{number}" for number in range(150))
EXCESSIVE = {
    "characters": "#" + "x" * limits.DOCUMENT_CHARACTERS + "\n{ __typename }",
    "tokens": "{ categories {" + " id" * limits.TOKENS + "} }",
    "depth": "{ categories {" + " children {" * limits.DEPTH + " id" + " }" * limits.DEPTH + "} }",
    "aliases": "{ categories {" + " ".join(f"a{number}: id" for number in range(limits.ALIASES + 1)) + "} }",
    "operations": " ".join(f"query Q{number} {{ __typename }}" for number in range(limits.OPERATIONS + 1)),
    "fields by fragments": "{ categories { ...F0 } } " + " ".join(doubling(13, "id name")),
    "fields by fields": "{ categories { ...F0 } } "
    + " ".join(
        f"fragment F{level} on Category {{ parent {{ ...F{level + 1} }} children {{ ...F{level + 1} }} }}"
        for level in range(13)
    )
    + " fragment F13 on Category { id }",
    "spreads of nothing": "{ categories { id ...F0 } } " + " ".join(doubling(25, "...Missing")),
    "fragments that nothing spreads": "{ categories { id } } " + " ".join(doubling(25, "id")),
    "fields of an object": "{ products(filter: {"
    + " ".join(f"k{number}: 1" for number in range(101))
    + "}) { totalCount } }",
    "repeated fields": "{ categories {" + " id" * 300 + "} }",
    "repeated objects": "{" + " categories { id }" * 300 + "}",
    "repeated below": "{" + " categories { children { id name } }" * 150 + "}",
    "fragments beside each other": f"{{ categories {{ {SPREADS} }} }} {FRAGMENTS}",
}


@pytest.mark.parametrize("excess", EXCESSIVE)
def test_a_document_beyond_the_limits_is_rejected(documents: DocumentCache, excess: str) -> None:
    for _ in range(2):  # the second time as it is remembered
        with pytest.raises(LimitExceeded):
            documents.prepare(EXCESSIVE[excess], "Q1" if excess == "operations" else None)


def test_more_mutations_than_ten_are_rejected_by_fragments_too() -> None:
    orders = subgraph("orders")
    documents = DocumentCache(build_schema(orders.sdl, orders.bindables, orders.entities))
    fields = " ".join(f"a{number}: cartCreate {{ __typename }}" for number in range(6))
    assert documents.prepare(f"mutation {{ {fields} }}", None).definition
    with pytest.raises(LimitExceeded, match="10 mutations"):
        documents.prepare(
            f"mutation {{ ...F b: cartCreate {{ __typename }} ...F }} fragment F on Mutation {{ {fields} }}", None
        )


@pytest.mark.parametrize(
    "query",
    [
        "{ categories { ...A } }"
        " fragment A on Category { children { ...B } }"
        " fragment B on Category { parent { ...A } }",
        "{ categories { ...A } } fragment A on Category { ...A }",
        "{ categories { ...Missing } }",
        "subscription { products }",
    ],
)
def test_a_document_that_can_not_be_executed_is_rejected(documents: DocumentCache, query: str) -> None:
    with pytest.raises((BadUserInput, VersionSkewError)):
        documents.prepare(query, None)


def test_a_syntax_error_is_told_without_the_text_that_it_is_about(documents: DocumentCache) -> None:
    with pytest.raises(InvalidDocumentError) as rejected:
        documents.prepare('{ products("geheim") { id } }', None)
    (told,) = [document_error(error) for error in rejected.value.errors]
    assert "Syntax Error" in told["message"]
    assert "geheim" not in str(told)


PARTS = (
    "id slug title description createdAt options { name values } media { url altText mediaType }"
    " priceRange { min { amount currency } } category { id slug name }"
    " defaultVariant { id sku title price { amount currency } selectedOptions { name value } }"
)


def many_products(number: int, part: str = PARTS) -> str:
    """A document as large as it may be, and another one for each number."""
    return f"query Q{number} {{" + " ".join(f'a{alias}: product(slug: "a") {{ {part} }}' for alias in range(44)) + "}"


LARGE: dict[str, Callable[[int], str]] = {
    "fields": many_products,
    "fragments": lambda number: many_products(number, "...F") + f" fragment F on Product {{ {PARTS} }}",
    "counts": lambda number: (
        f"query Q{number} {{" + " ".join(f"a{alias}: products(first: 1) {{ totalCount }}" for alias in range(190)) + "}"
    ),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_remembered_document_takes_no_more_memory_than_is_reckoned(documents: DocumentCache, kind: str) -> None:
    prepare(documents, LARGE[kind](1))  # what the schema itself remembers
    gc.collect()
    reckoned = documents._bytes
    tracemalloc.start()
    try:
        prepare(documents, LARGE[kind](2))
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] <= documents._bytes - reckoned <= 2_200_000
    finally:
        tracemalloc.stop()


def test_what_is_remembered_of_documents_is_bounded(documents: DocumentCache) -> None:
    for number in range(20):
        prepare(documents, LARGE["fields"](number))
    assert documents._bytes <= 24_000_000
    assert 1 < len(documents._outcomes) < 20


def prepare(documents: DocumentCache, query: str) -> None:
    with contextlib.suppress(VersionSkewError):
        documents.prepare(query, None)


def test_at_most_five_errors_are_told_of_a_document_and_no_value(documents: DocumentCache) -> None:
    fields = " ".join(
        f'a{number}: products(first: "geheim", filter: {{minPrice: "geheim"}}) {{ nope }}' for number in range(20)
    )
    with pytest.raises(InvalidDocumentError) as rejected:
        documents.prepare(f"{{ {fields} }}", None)
    errors = [document_error(error) for error in rejected.value.errors]
    assert len(errors) == limits.ERRORS
    assert "geheim" not in str(errors)


def test_at_most_five_differences_are_told_of_a_document_and_no_value(documents: DocumentCache) -> None:
    fields = " ".join(
        f'a{number}: products(sort: "geheim", filter: {{tex: "geheim"}}) {{ nope }}' for number in range(20)
    )
    with pytest.raises(VersionSkewError) as rejected:
        documents.prepare(f"{{ {fields} }}", None)
    assert len(rejected.value.differences) == limits.ERRORS
    assert "geheim" not in str(rejected.value)


EVERY_KIND = """query ($first: Int, $sort: ProductSort, $filter: ProductFilter, $slug: String! = "x") {
  products(first: $first, sort: $sort, filter: $filter) { totalCount }
  category(slug: $slug) { id }
}"""
VARIABLES: dict[str, tuple[dict[str, Any], str]] = {
    "a text for a number": ({"first": "geheim"}, "$first has a value that is no Int."),
    "an object for a number": ({"first": {"geheim": 1}}, "$first has a value that is no Int."),
    "no value of an enum": ({"sort": "geheim"}, "$sort has a value that is no ProductSort."),
    "a text for an object": ({"filter": "geheim"}, "$filter has a value that is no ProductFilter."),
    "a malformed decimal": (
        {"filter": {"minPrice": "geheim"}},
        "$filter.minPrice has a value that is no Decimal: write a string",
    ),
    "an endless decimal": ({"filter": {"minPrice": "1e999999"}}, "$filter.minPrice has a value that is no Decimal"),
    "an unknown key": ({"filter": {"tex": "geheim"}}, "$filter has a field that ProductFilter does not take: tex."),
    "null where a value is needed": ({"slug": None}, "$slug is missing: it has the type String!."),
}


@pytest.mark.parametrize("mistake", VARIABLES)
def test_what_is_wrong_with_a_variable_is_told_without_its_value(
    documents: DocumentCache, schema: GraphQLSchema, mistake: str
) -> None:
    values, message = VARIABLES[mistake]
    definitions = documents.prepare(EVERY_KIND, None).definition.variable_definitions or ()
    with pytest.raises(InvalidVariablesError) as rejected:
        coerced(schema, definitions, values)
    (told,) = [mistake.message for mistake in rejected.value.mistakes] + rejected.value.differences
    assert told.startswith(message)
    assert "geheim" not in told


def test_a_thousand_unknown_keys_are_five_differences(documents: DocumentCache, schema: GraphQLSchema) -> None:
    definitions = documents.prepare(
        "query ($f: ProductFilter) { products(filter: $f) { totalCount } }", None
    ).definition.variable_definitions
    with pytest.raises(InvalidVariablesError) as rejected:
        coerced(schema, definitions or (), {"f": {f"key{number}": number for number in range(1000)}})
    assert len(rejected.value.differences) == limits.ERRORS


@pytest.mark.parametrize("spread", ["NAMES", "...schemas } fragment schemas on Query { NAMES"])
def test_the_schema_is_asked_for_a_few_times_in_one_operation(documents: DocumentCache, spread: str) -> None:
    names = " ".join(f"a{number}: __schema {{ description }}" for number in range(limits.SCHEMAS + 1))
    with pytest.raises(LimitExceeded, match="asks for the schema more than 3 times"):
        documents.prepare(f"{{ {spread.replace('NAMES', names)} }}", None)
    few = " ".join(f"a{number}: __schema {{ description }}" for number in range(limits.SCHEMAS))
    documents.prepare(f"{{ {spread.replace('NAMES', few)} }}", None)
