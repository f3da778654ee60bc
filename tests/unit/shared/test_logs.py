"""Log lines are JSON and say what they belong to."""

import json
import logging
from collections.abc import Iterator

import pytest

from shared.telemetry.context import continued, correlation_id, propagation_headers
from shared.telemetry.logs import configure_logging


@pytest.fixture
def _json_logs() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    configure_logging("inventory", "INFO")
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.mark.usefixtures("_json_logs")
def test_a_line_carries_service_trace_and_correlation_ids(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("inventory", "INFO")
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    with continued({"traceparent": f"00-{trace_id}-b7ad6b7169203331-01", "x-correlation-id": "basket-7"}):
        logging.getLogger("shop").info("sold %d", 2, extra={"order": "M-1"})
    line = json.loads(capsys.readouterr().out)
    assert (line["service"], line["message"], line["level"], line["order"]) == ("inventory", "sold 2", "INFO", "M-1")
    assert (line["trace_id"], line["correlation_id"]) == (trace_id, "basket-7")


def test_a_request_without_a_trace_begins_one_that_the_next_process_continues() -> None:
    with continued({}):
        headers = propagation_headers()
        assert headers["x-correlation-id"] == correlation_id() != ""
        with continued(headers):
            assert propagation_headers()["traceparent"].split("-")[1] == headers["traceparent"].split("-")[1]
    assert correlation_id() == ""
