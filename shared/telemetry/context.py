"""What is known of the request, call or message under way: its trace and its correlation id."""

import contextlib
import random
from collections.abc import Iterator, Mapping
from contextvars import ContextVar

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

CORRELATION_HEADER = "x-correlation-id"
TRACE_HEADER = "traceparent"
_MAX_CORRELATION_LENGTH = 128

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
_propagator = TraceContextTextMapPropagator()


def correlation_id() -> str:
    """The id that joins all log lines of what a client began, or an empty text outside of any request."""
    return _correlation_id.get()


@contextlib.contextmanager
def continued(headers: Mapping[str, str]) -> Iterator[None]:
    """Goes on with the trace and the correlation id that the caller sent, or begins new ones."""
    context = _propagator.extract(headers)
    if not trace.get_current_span(context).get_span_context().is_valid:
        context = trace.set_span_in_context(_root_span(), context)
    span_context = trace.get_current_span(context).get_span_context()
    correlation = headers.get(CORRELATION_HEADER, "")[:_MAX_CORRELATION_LENGTH] or f"{span_context.trace_id:032x}"
    trace_token = otel_context.attach(context)
    correlation_token = _correlation_id.set(correlation)
    try:
        yield
    finally:
        _correlation_id.reset(correlation_token)
        otel_context.detach(trace_token)


def propagation_headers() -> dict[str, str]:
    """The headers that let the next process go on with the trace and the correlation id."""
    headers: dict[str, str] = {}
    _propagator.inject(headers)
    if correlation := _correlation_id.get():
        headers[CORRELATION_HEADER] = correlation
    return headers


def _root_span() -> NonRecordingSpan:
    return NonRecordingSpan(
        SpanContext(
            trace_id=random.getrandbits(128)
            or 1,  # as OpenTelemetry's own generator: it names something, and is no secret
            span_id=random.getrandbits(64) or 1,
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )
    )
