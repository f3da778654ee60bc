"""Compiled queries that did not go well: what is to be expected is left to graphql-core in silence.

All else is counted and told.

Nobody else would notice: graphql-core answers the query rightly, and slowly.
"""

import logging

import asyncpg
from graphql import ExecutionResult, GraphQLError

from shared.errors import ServiceError
from shared.graphql.compiled import CompiledQuery
from shared.graphql.completion import UnanswerableError
from shared.runtime.outages import OUTAGES
from shared.telemetry.failures import described
from shared.telemetry.metrics import COMPILED_FALLBACKS

logger = logging.getLogger(__name__)

# What a query comes to by its caller's values or by an outage: the answer has it as an error.
_EXPECTED = (ServiceError, GraphQLError, UnanswerableError, *OUTAGES)
_VALUES = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError, asyncpg.DataError)


def note_fallback(label: str, compiled: CompiledQuery, error: Exception, answer: ExecutionResult) -> None:
    """Counts a fallback that should not be, by its reason, and tells the log once of each document.

    ``error`` is what the compiled query raised, ``answer`` what graphql-core made of it. That the compiled query found
    no answer where graphql-core finds one without an error is a fault of the compiler, too.
    """
    is_wrong = isinstance(error, UnanswerableError) and not answer.errors
    if isinstance(error, (*_EXPECTED, *_VALUES)) and not is_wrong:
        return
    reason = type(error).__name__
    COMPILED_FALLBACKS.labels(label, reason).inc()
    if not compiled.is_told:
        compiled.is_told = True
        logger.error("a compiled query of %s falls back to graphql-core: %s", label, described(error), exc_info=error)
