"""The Starlette application of a subgraph."""

from collections.abc import Sequence

from graphql import GraphQLSchema
from opentelemetry.trace import SpanKind
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.graphql.endpoint import GraphQLEndpoint
from shared.runtime.health import Health
from shared.security.auth import TokenVerifier
from shared.security.secrets import Secret
from shared.telemetry.context import CORRELATION_HEADER, TRACE_HEADER, continued
from shared.telemetry.tracing import span

_ASKED_EVERY_SECOND = ("/health/", "/metrics")
_FOLLOWED = {header.encode() for header in (TRACE_HEADER, "tracestate", CORRELATION_HEADER)}


class RequestTelemetry:
    """Goes on with the trace and correlation id of each request, but for those of probes and scrapers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_ASKED_EVERY_SECOND):
            return await self._app(scope, receive, send)
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _FOLLOWED}
        with continued(headers), span(f"{scope['method']} {scope['path']}", SpanKind.SERVER):
            return await self._app(scope, receive, send)


def serving_app(
    schema: GraphQLSchema,
    verifier: TokenVerifier,
    router_secret: Secret,
    health: Health | None,
    routes: Sequence[BaseRoute],
) -> ASGIApp:
    """What ``serve`` listens with: GraphQL, the subgraph's own routes, and health and metrics if they belong here."""
    graphql = GraphQLEndpoint(schema, verifier, router_secret)
    route = Route("/graphql", graphql, methods=["POST"])
    others = Starlette(routes=[route, *routes, *(operations_routes(health) if health else ())])

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        # Past routing and its middleware, which would be a tenth of a small query.
        is_graphql = scope["type"] == "http" and scope["path"] == "/graphql" and scope["method"] == "POST"
        await (graphql if is_graphql else others)(scope, receive, send)

    return RequestTelemetry(answer)


def open_app(health: Health, routes: Sequence[BaseRoute]) -> ASGIApp:
    """What the open port answers: health, metrics and the subgraph's own routes, and no GraphQL."""
    return RequestTelemetry(Starlette(routes=[*routes, *operations_routes(health)]))


def operations_app(health: Health) -> ASGIApp:
    """What ``work`` listens with: health and metrics alone."""
    return Starlette(routes=operations_routes(health))


def operations_routes(health: Health) -> list[Route]:
    """What operators and probes ask for."""
    return [*health.routes(), Route("/metrics", _metrics)]


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
