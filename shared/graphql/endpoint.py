"""``POST /graphql``: the GraphQL over HTTP specification, for the router alone."""

import logging
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute
from starlette.requests import Request
from starlette.responses import Response

from shared.auth import TokenVerifier, bearer_token
from shared.errors import BadUserInput, Forbidden, LimitExceeded, ServiceError
from shared.graphql.context import RequestContext
from shared.graphql.documents import DocumentCache, InvalidDocument, PreparedOperation
from shared.graphql.errors import format_error
from shared.json import dumps
from shared.secrets import Secret
from shared.telemetry.metrics import Operation, measured
from shared.telemetry.tracing import span

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 512 * 1024
ROUTER_SECRET_HEADER = "x-router-secret"  # noqa: S105 - the header's name


class GraphQLEndpoint:
    """Answers GraphQL requests of the router, told from others by a shared secret."""

    def __init__(self, schema: GraphQLSchema, verifier: TokenVerifier, router_secret: Secret) -> None:
        self._schema = schema
        self._verifier = verifier
        self._router_secret = router_secret
        self._documents = DocumentCache(schema)

    async def respond(self, request: Request) -> Response:
        """Executes the request's operation, or says why not; failures of GraphQL answer with status 200."""
        try:
            self._require_router(request)
            body = _parse_body(await _read_body(request))
            context = await self._context(request)
            operation = self._documents.prepare(body["query"], body.get("operationName"))
        except Forbidden as error:
            return _respond({"errors": [_formatted(error)]}, status=403)
        except InvalidDocument as error:
            return _respond({"errors": [format_error(problem) for problem in error.errors]})
        except ServiceError as error:
            return _respond({"errors": [_formatted(error)]})
        return _respond(await self._execute(operation, body.get("variables"), context))

    async def _execute(
        self, operation: PreparedOperation, variables: dict[str, Any] | None, context: RequestContext
    ) -> dict[str, Any]:
        with measured("graphql", operation.label) as measure, span(operation.label):
            if operation.compiled is not None:
                try:
                    return {"data": await operation.compiled.execute(context, variables)}
                except Exception:
                    logger.debug("a compiled query did not go well; graphql-core says how", exc_info=True)
            return _answer(await self._execute_by_specification(operation, variables, context), measure)

    async def _execute_by_specification(
        self, operation: PreparedOperation, variables: dict[str, Any] | None, context: RequestContext
    ) -> ExecutionResult:
        name = operation.definition.name.value if operation.definition.name else None
        outcome = execute(self._schema, operation.document, None, context, variables, name)
        return outcome if isinstance(outcome, ExecutionResult) else await outcome

    async def _context(self, request: Request) -> RequestContext:
        token = bearer_token(request.headers.get("authorization"))
        return RequestContext(await self._verifier.verify(token) if token else None)

    def _require_router(self, request: Request) -> None:
        if not self._router_secret.accepts(request.headers.get(ROUTER_SECRET_HEADER, "")):
            raise Forbidden("Only the router may ask a subgraph; send the query to the router.")


async def _read_body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise LimitExceeded(f"The request is larger than {MAX_BODY_BYTES} bytes.")
        parts.append(part)
    return b"".join(parts)


def _parse_body(body: bytes) -> dict[str, Any]:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadUserInput("The request's body is not JSON.") from error
    if not isinstance(parsed, dict) or not isinstance(parsed.get("query"), str):
        raise BadUserInput("The request's body is not an object with a text named query.", ("query",))
    if not isinstance(parsed.get("operationName"), str | None):
        raise BadUserInput("operationName is not a text.", ("operationName",))
    if not isinstance(parsed.get("variables"), dict | None):
        raise BadUserInput("variables is not an object.", ("variables",))
    return parsed


def _answer(result: ExecutionResult, measure: Operation) -> dict[str, Any]:
    if not result.errors:
        return {"data": result.data}
    errors = [format_error(error) for error in result.errors]
    for error in errors:
        measure.failed(error["extensions"]["code"])
    return {"data": result.data, "errors": errors}


def _formatted(error: ServiceError) -> dict[str, Any]:
    return format_error(GraphQLError(error.message, original_error=error))


def _respond(answer: dict[str, Any], status: int = 200) -> Response:
    return Response(dumps(answer), status_code=status, media_type="application/json")
