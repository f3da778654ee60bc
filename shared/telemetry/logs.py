"""JSON log lines, one object a line, each with the trace and correlation ids of what it belongs to."""

import logging
import sys
from typing import Any

from opentelemetry import trace
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.orjson import OrjsonFormatter

from shared.telemetry.context import correlation_id
from shared.telemetry.failures import told
from shared.telemetry.kafka_outage import QuietKafkaClient


class _RequestFields(logging.Filter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def filter(self, record: logging.LogRecord) -> bool:
        span_context = trace.get_current_span().get_span_context()
        record.service = self._service
        record.trace_id = f"{span_context.trace_id:032x}" if span_context.is_valid else None
        record.correlation_id = correlation_id() or None
        return True


class _Formatter(OrjsonFormatter):
    """Tells of failures without their texts, wherever those may hold what a caller sent."""

    # The arguments are those of logging, whose own types leave them open.
    def formatException(self, ei: Any) -> str:
        return told(ei[1]) if ei[1] is not None else ""


class _OneLine(logging.Filter):
    """Of what asyncio says of a task, the first line: the others hold its exception's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return True


def configure_logging(service: str, level: str) -> None:
    """Sends all loggers of this process to standard output as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        _Formatter(
            "{levelname}{name}{message}{service}{trace_id}{correlation_id}",
            style="{",
            timestamp=True,
            reserved_attrs=[*RESERVED_ATTRS, "color_message"],
            rename_fields={"levelname": "level", "name": "logger"},
        )
    )
    handler.addFilter(QuietKafkaClient())
    handler.addFilter(_RequestFields(service))
    logging.getLogger("asyncio").addFilter(_OneLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("aiokafka", "httpx", "httpcore", "stripe", "asyncio", "tortoise"):
        logging.getLogger(noisy).setLevel("WARNING")
