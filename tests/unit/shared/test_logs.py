"""Log lines are JSON and say what they belong to."""

import asyncio
import gc
import json
import logging
from collections.abc import Iterator

import asyncpg
import pytest
from asyncpg.exceptions._base import DataError
from pydantic import BaseModel, ValidationError

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


SENT = "".join(("ge", "heim"))  # in no line of code, since those are told


class Form(BaseModel):
    """Something that is read from what a caller sent."""

    age: int


def planted() -> list[Exception]:
    """Failures whose texts hold what a caller sent, as our libraries raise them."""
    duplicate = asyncpg.UniqueViolationError("duplicate key value violates unique constraint")
    duplicate.detail = f"Key (email)=({SENT}) already exists."
    try:
        Form.model_validate({"age": SENT})
    except ValidationError as error:
        invalid: Exception = error
    grouped = ExceptionGroup(f"of {SENT}", [ValueError(SENT)])
    argument = DataError(f"invalid input for query argument $1: {SENT!r}")
    return [ValueError(SENT), KeyError(SENT), RuntimeError(f"no {SENT}"), invalid, duplicate, argument, grouped]


@pytest.mark.usefixtures("_json_logs")
@pytest.mark.parametrize("number", range(7))
def test_a_failure_is_told_without_what_a_caller_sent(capsys: pytest.CaptureFixture[str], number: int) -> None:
    configure_logging("inventory", "DEBUG")
    failure = planted()[number]
    try:
        try:
            raise failure
        except Exception as error:
            raise RuntimeError(f"while {SENT} was read") from error
    except RuntimeError:
        logging.getLogger("shop").exception("it failed")
    line = json.loads(capsys.readouterr().out)
    assert SENT not in json.dumps(line)
    assert type(failure).__name__ in line["exc_info"]
    assert "test_logs.py" in line["exc_info"]


@pytest.mark.usefixtures("_json_logs")
async def test_a_task_that_nobody_awaited_is_told_without_its_exceptions_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("inventory", "DEBUG")

    async def fail() -> None:
        raise ValueError(SENT)

    asyncio.create_task(fail())  # noqa: RUF006 - nobody keeps it
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()
    lines = capsys.readouterr().out
    assert "never retrieved" in lines
    assert "ValueError" in lines
    assert SENT not in lines
