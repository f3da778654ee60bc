"""OpenTelemetry spans. Without an OTLP endpoint they cost next to nothing and only carry the trace id on."""

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

_tracer = trace.get_tracer("mercato")
_exporting = False
_UNRECORDED: AbstractContextManager[None] = contextlib.nullcontext()


def start_exporting(service: str, endpoint: str) -> None:
    """Has spans exported to an OTLP endpoint over HTTP. The SDK is imported only here: most processes never need it."""
    global _exporting
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": service, "service.namespace": "mercato"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)
    _exporting = True


def span(name: str, kind: SpanKind = SpanKind.INTERNAL, **attributes: AttributeValue) -> AbstractContextManager[None]:
    """Times work as a span below the current one; an exception marks it as failed.

    It does nothing when nothing is exported.
    """
    return _recorded(name, kind, attributes) if _exporting else _UNRECORDED


def span_within(name: str, kind: SpanKind, **attributes: AttributeValue) -> AbstractContextManager[None]:
    """As ``span``, where there is something to be within.

    What a process asks of itself every second would bury the rest.
    """
    within = _exporting and trace.get_current_span().get_span_context().is_valid
    return _recorded(name, kind, attributes) if within else _UNRECORDED


@contextlib.contextmanager
def _recorded(name: str, kind: SpanKind, attributes: Mapping[str, AttributeValue]) -> Iterator[None]:
    with _tracer.start_as_current_span(name, kind=kind, attributes=attributes, record_exception=False) as current:
        try:
            yield
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
