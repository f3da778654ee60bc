"""Documents against this subgraph's schema.

The router has validated them against its supergraph before, and its clients' mistakes were answered there. What our
schema does not have is therefore a difference between the two: version skew. Only a value that a scalar does not take
is still the client's, since the rules of scalars are code that each side has for itself.
"""

import re
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    ValidationRule,
    ValueNode,
    ValuesOfCorrectTypeRule,
    get_named_type,
    is_scalar_type,
    specified_rules,
    validate,
)
from graphql.utilities import validate_input_literal

from shared.graphql import limits

# Where graphql-core quotes what a client wrote.
_VALUE = re.compile(r", found: .*|(?<= cannot represent ).*", re.DOTALL)


class InvalidDocumentError(Exception):
    """A document that is no GraphQL, or has values that its scalars do not take."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors[: limits.ERRORS]


def differences(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    """What a document asks for and the schema does not have, a line each, without the client's values.

    Raises:
        InvalidDocumentError: when it has values that its scalars do not take.
    """
    errors = _errors(schema, document, _RULES)
    if any(isinstance(error, _UnfitValueError) for error in errors):
        _require_values_of_scalars(schema, document)
    return [_VALUE.sub(_replacement, error.message)[: limits.ERROR_CHARACTERS] for error in errors]


def _require_values_of_scalars(schema: GraphQLSchema, document: DocumentNode) -> None:
    if mistakes := _errors(schema, document, [_ScalarsTakeTheirValues]):
        raise InvalidDocumentError([GraphQLError(error.message) for error in mistakes])  # which keeps no nodes


def _errors(schema: GraphQLSchema, document: DocumentNode, rules: list[type[Any]]) -> list[GraphQLError]:
    # The one after the last says that there are more.
    return validate(schema, document, rules, max_errors=limits.ERRORS, hide_suggestions=True)[: limits.ERRORS]


def _replacement(found: re.Match[str]) -> str:
    return "." if found[0].startswith(",") else "the value."


class _UnfitValueError(GraphQLError):
    """A value that is not of its type, whether a scalar or not."""


class _ValuesOfCorrectType(ValuesOfCorrectTypeRule):
    def report_error(self, error: GraphQLError) -> None:
        super().report_error(_UnfitValueError(error.message))


class _ScalarsTakeTheirValues(ValidationRule):
    """Looks at the values of scalars alone."""

    def enter_string_value(self, node: ValueNode, *_: Any) -> None:
        scalar = get_named_type(self.context.get_input_type())
        if is_scalar_type(scalar):
            validate_input_literal(node, scalar, lambda error, _: self.report_error(error))

    enter_int_value = enter_float_value = enter_boolean_value = enter_enum_value = enter_string_value


# Our schemas have neither @defer nor @stream, which is a mistake by itself.
_OTHERS = [rule for rule in specified_rules if "Stream" not in rule.__name__ and rule is not ValuesOfCorrectTypeRule]
_RULES = [*_OTHERS, _ValuesOfCorrectType]
