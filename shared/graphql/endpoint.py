"""``POST /graphql``: the GraphQL over HTTP specification, for the router alone."""

from collections.abc import Sequence
from typing import Any

from graphql import ExecutionResult, GraphQLSchema
from graphql.execution.values import VariableValues
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from shared.auth import TokenVerifier, bearer_token
from shared.callers import Caller
from shared.errors import Forbidden, ServiceError
from shared.graphql import limits
from shared.graphql.body import read_body
from shared.graphql.context import RequestContext
from shared.graphql.cost import require_affordable
from shared.graphql.documents import DocumentCache, InvalidDocument, PreparedOperation
from shared.graphql.errors import document_error, field_errors, refusal
from shared.graphql.execution import executed
from shared.graphql.variables import InvalidVariables
from shared.json import dumps
from shared.secrets import Secret
from shared.telemetry.metrics import Operation, measured
from shared.telemetry.tracing import span

ROUTER_SECRET_HEADER = "x-router-secret"  # noqa: S105 - the header's name
_NOBODY_WAITS = 499  # never seen: who would see it has gone


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
            body = await read_body(request)
            context = await self._context(request)
            operation = self._documents.prepare(body.query, body.operation_name)
            variables = operation.variables.coerced(body.variables)
            require_affordable(operation.cost, variables.coerced)
            return _respond(await self._execute(operation, variables, context, request))
        except Forbidden as error:
            return _refuse([error], status=403)
        except InvalidDocument as error:
            return _respond({"errors": [document_error(problem) for problem in error.errors]})
        except InvalidVariables as error:
            return _refuse(error.mistakes)
        except ServiceError as error:
            return _refuse([error])
        except ClientDisconnect:
            return Response(status_code=_NOBODY_WAITS)

    async def _execute(
        self, operation: PreparedOperation, variables: VariableValues, context: RequestContext, request: Request
    ) -> dict[str, Any]:
        caller = Caller(request.receive, limits.QUERY_SECONDS)
        with measured("graphql", operation.label) as measure, span(operation.label):
            try:
                result = await executed(self._schema, operation, variables, context, caller)
            except ServiceError as error:
                measure.failed(error.code)
                raise
            return _answer(result, measure)

    async def _context(self, request: Request) -> RequestContext:
        token = bearer_token(request.headers.get("authorization"))
        return RequestContext(await self._verifier.verify(token) if token else None)

    def _require_router(self, request: Request) -> None:
        if not self._router_secret.accepts(request.headers.get(ROUTER_SECRET_HEADER, "")):
            raise Forbidden("Only the router may ask a subgraph; send the query to the router.")


def _answer(result: ExecutionResult, measure: Operation) -> dict[str, Any]:
    if not result.errors:
        return {"data": result.data}
    errors = field_errors(result.errors)
    for error in errors:
        measure.failed(error["extensions"]["code"])
    return {"data": result.data, "errors": errors}


def _refuse(errors: Sequence[ServiceError], status: int = 200) -> Response:
    return _respond({"errors": [refusal(error) for error in errors]}, status)


def _respond(answer: dict[str, Any], status: int = 200) -> Response:
    return Response(dumps(answer), status_code=status, media_type="application/json")
