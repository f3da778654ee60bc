"""``POST /graphql``: the GraphQL over HTTP specification, for the router alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import ExecutionResult, GraphQLSchema
from graphql.execution.values import VariableValues
from starlette.types import Receive, Scope, Send

from shared.errors import Forbidden, ServiceError
from shared.graphql import limits
from shared.graphql.asked import places_of
from shared.graphql.body import read_body
from shared.graphql.context import RequestContext
from shared.graphql.cost import require_affordable
from shared.graphql.documents import DocumentCache, PreparedOperation
from shared.graphql.errors import document_error, field_errors, request_error
from shared.graphql.execution import executed
from shared.graphql.skew import BeingUpdated, VersionSkewError, note_skew, skew_answer
from shared.graphql.validation import InvalidDocumentError
from shared.graphql.variables import InvalidVariablesError
from shared.json import dumps
from shared.runtime.callers import Caller
from shared.security.auth import TokenVerifier, bearer_token
from shared.security.secrets import Secret
from shared.telemetry.metrics import Operation, measured
from shared.telemetry.tracing import span

ROUTER_SECRET_HEADER = "x-router-secret"  # noqa: S105 - the header's name
_SECRET = ROUTER_SECRET_HEADER.encode()
CAPABILITY_HEADER = "x-order-token"
_CAPABILITY = CAPABILITY_HEADER.encode()

Headers = Mapping[bytes, bytes]  # by their names in small letters


class GraphQLEndpoint:
    """Answers GraphQL requests of the router, told from others by a shared secret."""

    def __init__(self, schema: GraphQLSchema, verifier: TokenVerifier, router_secret: Secret) -> None:
        self._schema = schema
        self._verifier = verifier
        self._router_secret = router_secret
        self._documents = DocumentCache(schema)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Executes the request's operation, or says why not; failures of GraphQL answer with status 200."""
        status, answer = await self._respond(dict(reversed(scope["headers"])), receive)
        content = dumps(answer)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _respond(self, headers: Headers, receive: Receive) -> tuple[int, dict[str, Any]]:
        try:
            self._require_router(headers)
            body = await read_body(receive)
            context = await self._context(headers)
            operation = self._documents.prepare(body.query, body.operation_name)
            variables = _coerced(operation, body.variables)
            require_affordable(operation.cost, variables.coerced)
            return 200, await self._execute(operation, variables, context, receive)
        except Forbidden as error:
            return 403, _rejected([error])
        except InvalidDocumentError as error:
            return 200, {"errors": [document_error(problem) for problem in error.errors]}
        except InvalidVariablesError as error:
            return 200, _rejected(error.mistakes)
        except VersionSkewError as error:
            note_skew(error.part, error.operation, error.differences)
            return 200, skew_answer(error)
        except ServiceError as error:
            return 200, _rejected([error])

    async def _execute(
        self, operation: PreparedOperation, variables: VariableValues, context: RequestContext, receive: Receive
    ) -> dict[str, Any]:
        caller = Caller(receive, limits.QUERY_SECONDS)
        with measured("graphql", operation.label) as measure, span(operation.label):
            try:
                result = await executed(self._schema, operation, variables, context, caller)
            except ServiceError as error:
                measure.failed(error.code)
                raise
            _note_unknown_entities(operation, result)
            return _answer(result, measure)

    async def _context(self, headers: Headers) -> RequestContext:
        token = bearer_token(headers.get(b"authorization", b"").decode("latin-1"))
        return RequestContext(
            await self._verifier.verify(token) if token else None,
            _text(headers, _CAPABILITY),
            _text(headers, b"user-agent"),
            _text(headers, b"x-forwarded-for"),
            self._verifier.revocations,
        )

    def _require_router(self, headers: Headers) -> None:
        if not self._router_secret.accepts(headers.get(_SECRET, b"").decode("latin-1")):
            raise Forbidden("Only the router may ask a subgraph; send the query to the router.")


def _text(headers: Headers, name: bytes) -> str | None:
    content = headers.get(name)
    return content.decode("latin-1") if content else None


def _coerced(operation: PreparedOperation, values: dict[str, Any]) -> VariableValues:
    try:
        return operation.variables.coerced(values)
    except InvalidVariablesError as error:
        if error.mistakes:
            raise
        places = places_of(operation.definition, operation.fragments)
        raise VersionSkewError("variables", operation.label, places, error.differences) from None


def _note_unknown_entities(operation: PreparedOperation, result: ExecutionResult) -> None:
    causes = [error.original_error for error in result.errors or ()]
    if unknown := sorted({cause.difference for cause in causes if isinstance(cause, BeingUpdated)}):
        note_skew("representations", operation.label, unknown[: limits.ERRORS])


def _answer(result: ExecutionResult, measure: Operation) -> dict[str, Any]:
    if not result.errors:
        return {"data": result.data}
    errors = field_errors(result.errors)
    for error in errors:
        measure.failed(error["extensions"]["code"])
    return {"data": result.data, "errors": errors}


def _rejected(errors: Sequence[ServiceError]) -> dict[str, Any]:
    return {"errors": [request_error(error) for error in errors]}
