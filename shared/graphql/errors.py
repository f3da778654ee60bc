"""How failures look in a GraphQL answer: a message, a path and ``extensions.code``; no stack trace, no SQL."""

import logging
from typing import Any

import asyncpg
from graphql import GraphQLError

from shared.errors import BadUserInput, Internal, ServiceError
from shared.outages import OUTAGES, outage_error
from shared.telemetry.context import correlation_id

logger = logging.getLogger(__name__)


def format_error(error: GraphQLError) -> dict[str, Any]:
    """An error as the GraphQL specification's response format has it."""
    failure = to_service_error(error)
    formatted: dict[str, Any] = {"message": failure.message, "extensions": {"code": failure.code}}
    if failure.field is not None:
        formatted["extensions"]["field"] = failure.field
    if error.path:
        formatted["path"] = error.path
    if error.locations:
        formatted["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return formatted


def to_service_error(error: GraphQLError) -> ServiceError:
    """What the caller may know of an error. What it may not know goes to the log, with the same correlation id."""
    cause = error.original_error
    if isinstance(cause, ServiceError):
        return cause
    if cause is None or isinstance(cause, GraphQLError):
        return BadUserInput(error.message)
    if isinstance(cause, OUTAGES):
        return outage_error(cause)
    if isinstance(cause, asyncpg.CharacterNotInRepertoireError | asyncpg.UntranslatableCharacterError):
        return BadUserInput("A text holds a character that can't be stored, such as U+0000.")
    logger.error("unexpected failure at %s", error.path, exc_info=cause)
    return Internal(f"Something went wrong on our side; tell us this id: {correlation_id()}")
