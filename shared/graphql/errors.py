"""How failures look in a GraphQL answer: a message, a path and ``extensions.code``; no stack trace, no SQL."""

import logging
import re
from collections.abc import Sequence
from typing import Any

import asyncpg
from graphql import FieldNode, GraphQLError

from shared.errors import BadUserInput, Internal, ServiceError
from shared.graphql import limits
from shared.graphql.cost import CostLimitExceeded
from shared.runtime.outages import OUTAGES, outage_error
from shared.telemetry.context import correlation_id

logger = logging.getLogger(__name__)

# Where graphql-core tells the value that it does not like. It may be a password, and as long as a request.
_VALUE = re.compile(
    r"(?:,? but encountered|[,;]? [Ff]ound:? | cannot represent |(?<= String) '|(?<= BlockString) ').*", re.DOTALL
)
_ENUM_VALUE = re.compile(r"^Value .* does not exist in", re.DOTALL)


def request_error(error: ServiceError) -> dict[str, Any]:
    """Why a whole request is not executed."""
    formatted: dict[str, Any] = {"message": error.message, "extensions": {"code": error.code}}
    if error.field is not None:
        formatted["extensions"]["field"] = error.field
    if isinstance(error, CostLimitExceeded):
        formatted["extensions"]["cost"] = {"estimated": error.estimated, "maximum": error.maximum}
    return formatted


def document_error(error: GraphQLError) -> dict[str, Any]:
    """What is wrong with a document, and where."""
    formatted = request_error(BadUserInput(_without_value(error.message)))
    if error.locations:
        formatted["locations"] = [
            {"line": place.line, "column": place.column} for place in error.locations[: limits.ERRORS]
        ]
    return formatted


def field_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Why fields of an answer are null. A failure that many fields have in common is told to the log once."""
    known: dict[int, ServiceError] = {}
    return [_field_error(error, known) for error in errors]


def _field_error(error: GraphQLError, known: dict[int, ServiceError]) -> dict[str, Any]:
    cause = id(error.original_error or error)
    if cause not in known:
        known[cause] = to_service_error(error)
    formatted = request_error(known[cause])
    if error.path:
        formatted["path"] = error.path
    return formatted


def _without_value(message: str) -> str:
    named = _ENUM_VALUE.sub("A value does not exist in", message)
    return _VALUE.sub(" has another value.", named)[: limits.ERROR_CHARACTERS]


def to_service_error(error: GraphQLError) -> ServiceError:
    """What the caller may know of an error. What it may not know goes to the log, with the same correlation id."""
    cause = error.original_error
    if isinstance(cause, ServiceError):
        return cause
    if _is_of_an_argument(error):
        return BadUserInput(_without_value(error.message))
    if isinstance(cause, asyncpg.InterfaceError) and isinstance(cause, ValueError):
        return BadUserInput("An argument has a value that nothing can have.")  # which asyncpg could not send
    if isinstance(cause, OUTAGES):
        return outage_error(cause)
    if isinstance(cause, asyncpg.CharacterNotInRepertoireError | asyncpg.UntranslatableCharacterError):
        return BadUserInput("A text holds a character that can't be stored, such as U+0000.")
    return _internal(error)


def _internal(error: GraphQLError) -> Internal:
    if isinstance(error.original_error, GraphQLError):
        what = _without_value(error.message)
        logger.error("a value of the answer has no place in our schema, at %s: %s", error.path, what)
    else:
        logger.error("unexpected failure at %s", error.path, exc_info=error.original_error)
    return Internal(f"Something went wrong on our side; tell us this id: {correlation_id()}")


def _is_of_an_argument(error: GraphQLError) -> bool:
    """Whether graphql-core does not take a value of the caller's; what it says of ours, it says of the whole field."""
    is_its_own = error.original_error is None or isinstance(error.original_error, GraphQLError)
    return is_its_own and not any(isinstance(node, FieldNode) for node in error.nodes or ())
