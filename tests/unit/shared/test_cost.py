"""What operations cost, by the table that routers and subgraphs have in common."""

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, get_operation_ast, parse
from graphql.execution.values import VariableValues, get_variable_values
from graphql.language import FragmentDefinitionNode

from shared.graphql import limits
from shared.graphql.cost import CostLimitExceeded, CostModel, reckoned, require_affordable
from shared.graphql.federation import build_schema as build_subgraph
from tests.contract.subgraphs import subgraph

REPOSITORY = Path(__file__).parents[3]
TABLE: list[dict[str, Any]] = json.loads((REPOSITORY / "tests/contract/costs.json").read_text())
SUPERGRAPH = build_schema(
    (REPOSITORY / "schema/supergraph.graphql").read_text(), assume_valid=True, assume_valid_sdl=True
)
ENTITIES = """
query ($r: [_Any!]!) {
  _entities(representations: $r) {
    ... on Product { id variants { id } }
    ... on Category { id }
  }
}
"""


def cost(schema: GraphQLSchema, query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> int:
    document = parse(query)
    operation = get_operation_ast(document, name)
    assert operation is not None
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    values = get_variable_values(schema, operation.variable_definitions or (), variables or {})
    assert isinstance(values, VariableValues)
    return reckoned(CostModel(schema).cost(operation, fragments), values.coerced)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_an_operation_costs_what_the_common_table_says(row: dict[str, Any]) -> None:
    assert cost(SUPERGRAPH, row["query"], row.get("variables"), row.get("operationName")) == row["cost"]


def test_entities_cost_as_many_as_are_asked_for() -> None:
    products = subgraph("products")
    schema = build_subgraph(products.sdl, products.bindables, products.entities)
    representations = [{"__typename": "Product", "id": str(number)} for number in range(30)]
    assert cost(schema, ENTITIES, {"r": representations}) == 30 * (1 + 10)
    literal = """{
      _entities(representations: [{__typename: "Product", id: "1"}, {__typename: "Product", id: "2"}]) { __typename }
    }"""
    assert cost(schema, literal) == 2


def test_what_costs_more_than_it_may_is_rejected_with_both_numbers() -> None:
    require_affordable(limits.COST, {})
    with pytest.raises(CostLimitExceeded) as rejected:
        require_affordable(lambda variables: variables["first"] * 100, {"first": limits.COST})
    assert (rejected.value.estimated, rejected.value.maximum) == (limits.COST * 100, limits.COST)


def test_two_credential_mutations_cost_more_than_one_request_may() -> None:
    refresh = 'tokenRefresh(input: {refreshToken: "x"}) { __typename }'
    assert (
        cost(SUPERGRAPH, f"mutation {{ a: {refresh} }}")
        <= limits.COST
        < cost(SUPERGRAPH, f"mutation {{ a: {refresh} b: {refresh} }}")
    )


def test_a_dozen_filters_cost_as_much_as_one_request_may() -> None:
    filters = [
        f'a{number}: products(first: 1, filter: {{ maxPrice: "{number}" }}) {{ totalCount }}' for number in range(13)
    ]
    most = json.loads((REPOSITORY / "router/limits.json").read_text())["cost"]
    assert cost(SUPERGRAPH, f"{{ {' '.join(filters[:12])} }}") <= most < cost(SUPERGRAPH, f"{{ {' '.join(filters)} }}")


def test_a_cart_costs_as_much_as_the_lines_that_are_read_for_its_totals() -> None:
    assert cost(SUPERGRAPH, '{ cart(id: "x") { total { amount } } }') == 102
    assert cost(SUPERGRAPH, "{ myCart { totalQuantity } }") == 101
