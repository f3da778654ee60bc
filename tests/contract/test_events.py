"""The AsyncAPI contracts against those who consume."""

import jsonschema
import pytest

from shared.events.handlers import EventHandler
from tests.contract.subgraphs import subgraph
from tests.contracts import contract
from tilt.embedded.subgraphs import SUBGRAPHS


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_each_contract_describes_one_topic_of_its_subgraph(name: str) -> None:
    (channel,) = contract(name)["channels"].values()
    assert channel["address"].startswith(f"{name}.")
    assert channel["bindings"]["kafka"]["topic"] == channel["address"]
    assert set(channel["messages"]) == set(contract(name)["components"]["messages"])


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_each_payload_is_a_described_json_schema(name: str) -> None:
    for message in contract(name)["components"]["messages"]:
        schema = contract(name)["components"]["schemas"][message]
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["description"]
        undescribed = [
            field for field, its in schema["properties"].items() if "description" not in its and "pattern" not in its
        ]
        assert undescribed == []


HANDLERS = [(name, handler) for name in SUBGRAPHS for handler in subgraph(name).handlers]


@pytest.mark.parametrize(("name", "handler"), HANDLERS, ids=lambda part: getattr(part, "event_type", part))
def test_each_consumer_reads_what_the_contract_promises(name: str, handler: EventHandler) -> None:
    _, publisher, message = handler.event_type.split(".")
    (channel,) = contract(publisher)["channels"].values()
    assert handler.topic == channel["address"]
    promised = contract(publisher)["components"]["schemas"][message]
    used = {its.alias or field: its for field, its in handler.payload_type.model_fields.items()}
    assert set(used) <= set(promised["properties"])
    assert {field for field, its in used.items() if its.is_required()} <= set(promised["required"])
