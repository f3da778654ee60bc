"""What of docs/frontend/limits.md the generator does not keep by itself."""

import json
from functools import cache

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    MaxIntrospectionDepthRule,
    build_schema,
    get_operation_ast,
    parse,
    validate,
    value_from_ast_untyped,
)

from shared.graphql.cost import CostModel, reckoned
from shared.graphql.measure import Fragments, size_of
from tests.integration.router.processes import ROUTER, SUPERGRAPH
from tests.property.mutations import asked_mutations
from tests.property.request import Document
from tests.property.schema import public_schema

LIMITS = json.loads((ROUTER / "limits.json").read_text())


def is_within_limits(document: Document) -> bool:
    """Whether routers answer the document. One that asks for a page that is too large costs what it asks for."""
    is_too_deep = bool(validate(_schema(), parse(document.text), [MaxIntrospectionDepthRule]))
    is_small = asked_mutations(document) <= LIMITS["mutations"] and _cost(document) <= LIMITS["cost"]
    return is_small and _has_few_names(document) and not is_too_deep


def _has_few_names(document: Document) -> bool:
    parsed = parse(document.text)
    operation = get_operation_ast(parsed, document.operation_name)
    assert operation is not None
    size = size_of(operation, _fragments(parsed))
    return bool(size.aliases <= LIMITS["aliases"] and size.fields <= LIMITS["fields"])


def _cost(document: Document) -> int:
    parsed = parse(document.text)
    operation = get_operation_ast(parsed, document.operation_name)
    assert operation is not None
    definitions = operation.variable_definitions or ()
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in definitions
        if each.default_value
    }
    return reckoned(_model().cost(operation, _fragments(parsed)), {**defaults, **document.variables})


def _fragments(parsed: DocumentNode) -> Fragments:
    return {node.name.value: node for node in parsed.definitions if isinstance(node, FragmentDefinitionNode)}


@cache
def _model() -> CostModel:
    return CostModel(build_schema(SUPERGRAPH.read_text(), assume_valid=True, assume_valid_sdl=True))


@cache
def _schema() -> GraphQLSchema:
    return public_schema()
