"""Events held against the AsyncAPI contracts."""

import functools
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import yaml
from aiokafka import ConsumerRecord

_CONTRACTS = Path("schema/events")


@functools.cache
def contract(subgraph: str) -> dict[str, Any]:
    """A subgraph's AsyncAPI document."""
    document: dict[str, Any] = yaml.safe_load((_CONTRACTS / f"{subgraph}.yaml").read_text())
    return document


def assert_payload_matches(event_type: str, payload: Any) -> None:
    """Fails unless a payload is what the contract says of the event ``mercato.<subgraph>.<Message>``."""
    _, subgraph, message = event_type.split(".")
    _validate(contract(subgraph)["components"]["schemas"][message], payload)


def assert_matches_contract(subgraph: str, message: ConsumerRecord) -> None:
    """Fails unless a Kafka message's headers and payload are what the subgraph's contract says."""
    headers = {name: value.decode() for name, value in message.headers}
    _validate(contract(subgraph)["components"]["schemas"]["CloudEventHeaders"], headers)
    assert_payload_matches(headers["ce_type"], orjson.loads(message.value))


def _validate(schema: dict[str, Any], instance: Any) -> None:
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(instance)
