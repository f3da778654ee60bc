"""Traces: one request is one trace, from the caller's header to the last SQL statement, at a real OTLP endpoint."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import NotFound
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from shared.telemetry.context import continued
from tests.backends import Backends
from tests.subgraphs import Running, eventually, fresh_environment, running

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = {"traceparent": f"00-{TRACE_ID}-b7ad6b7169203331-01"}


@dataclass
class Collector:
    """Keeps the spans that it is sent."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of the spans of our trace."""
        return {span.name for span in self.spans if span.trace_id.hex() == TRACE_ID}


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A real OTLP endpoint over HTTP."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                collector.spans.extend(span for scope in resource.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keeps the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    collector.url = f"http://127.0.0.1:{server.server_port}"
    yield collector
    server.shutdown()


@pytest_asyncio.fixture
async def environment(backends: Backends, collector: Collector) -> dict[str, str]:
    """Of an inventory that sends its spans at once."""
    fresh = await fresh_environment(backends, "inventory", "kafka")
    return {**fresh, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}


async def ask(process: Running, **more: str) -> dict[str, Any]:
    """The answer to a query of ours, as the router would send it, with more headers."""
    headers = {"x-router-secret": process.environment["ROUTER_SECRET"], **TRACEPARENT, **more}
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on ProductVariant { stock { available } } } }"
    variables = {"r": [{"__typename": "ProductVariant", "id": str(new_id())}]}
    response = await process.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_request_is_one_trace_from_the_callers_header_to_the_sql(
    environment: dict[str, str], collector: Collector
) -> None:
    async with running("inventory", environment, "serve") as process:
        await ask(process)
        rpc = RpcClient(environment["INVENTORY_RPC_ADDRESS"], Secret(environment["RPC_SECRET"]))
        request = pb.CommitRequest(idempotency_key="commit", order_id=str(new_id()))
        with continued(TRACEPARENT), pytest.raises(NotFound):
            await rpc.call(pb_grpc.InventoryStub(rpc.channel).Commit, request)
        expected = {"POST /graphql", "query _entities(ProductVariant)", "sql", "/mercato.inventory.v1.Inventory/Commit"}

        async def complete() -> bool:
            return expected <= collector.names()

        await eventually(complete, f"spans {expected} arrive; there are {collector.names()}")


async def test_a_router_that_asks_for_an_apollo_trace_gets_its_answer_and_our_spans(
    environment: dict[str, str], collector: Collector
) -> None:
    async with running("inventory", environment, "serve") as process:
        answer = await ask(process, **{"apollo-federation-include-trace": "ftv1"})
        assert answer == {"data": {"_entities": [None]}}

        async def complete() -> bool:
            return {"POST /graphql", "query _entities(ProductVariant)", "sql"} <= collector.names()

        await eventually(complete, "the spans of the query arrive")


async def test_what_a_process_asks_by_itself_and_probes_ask_of_it_is_in_no_trace(
    environment: dict[str, str], collector: Collector
) -> None:
    async with running("inventory", environment, "serve") as process, running("inventory", environment, "work"):
        for path in ("/health/live", "/health/started", "/health/ready", "/metrics"):
            assert (await process.http.get(path)).status_code == 200
        await ask(process)

        async def arrived() -> bool:
            return "sql" in collector.names()

        await eventually(arrived, "the spans of the query arrive")
    assert {span.name for span in collector.spans if span.trace_id.hex() != TRACE_ID} == set()
