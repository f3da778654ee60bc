"""``python -m subgraphs.<name> dead-letters``: the command as an operator types it."""

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from shared.events.cloudevents import encode_headers
from shared.events.dead_letters import dead_letter_topic
from shared.ids import new_id
from tests.backends import Backends
from tests.subgraphs import fresh_environment


async def dead_letters(environment: Mapping[str, str], *arguments: str) -> tuple[int | None, str, str]:
    """Its exit status, output and errors, for notifications."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "subgraphs.notifications", "dead-letters", *arguments, env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    return process.returncode, output.decode(), errors.decode()


async def test_an_operator_lists_and_replays_the_letters_of_a_subgraph(backends: Backends) -> None:
    environment = await fresh_environment(backends, "notifications", "kafka")
    event_id = str(new_id())
    async with AIOKafkaProducer(bootstrap_servers=environment["KAFKA_BOOTSTRAP_SERVERS"]) as producer:
        malformed = encode_headers(new_id(), "mercato.users.UserRegistered", datetime.now(UTC), {})
        headers = [(name, event_id.encode() if name == "ce_id" else value) for name, value in malformed]
        await producer.send_and_wait(dead_letter_topic("notifications"), b"{not json", key=b"a", headers=headers)

    status, output, _ = await dead_letters(environment, "list")
    assert status == 0
    assert event_id in output
    status, output, _ = await dead_letters(environment, "replay", "--event", event_id)
    assert status == 1
    assert "failed again, kept" in output
    assert event_id in (await dead_letters(environment, "list"))[1]

    status, _, errors = await dead_letters(environment, "discard", "--event", event_id, "--by", "ann")
    assert (status, "--reason" in errors) == (2, True)
    status, _, errors = await dead_letters(environment, "discard", "--event", event_id, "--by", "ann", "--reason", " ")
    assert (status, "--reason" in errors) == (2, True)
    status, output, _ = await dead_letters(
        environment, "discard", "--event", event_id, "--by", "ann", "--reason", "no JSON"
    )
    assert (status, event_id in output) == (0, True)
    assert event_id not in (await dead_letters(environment, "list"))[1]
    assert "no JSON" in (await dead_letters(environment, "discarded"))[1]


async def test_a_replay_without_kafka_says_so_in_one_line(backends: Backends) -> None:
    environment = await fresh_environment(backends, "notifications")
    away = {**environment, "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    status, _, errors = await dead_letters(away, "replay")
    assert status == 1
    assert errors.startswith("notifications: Something this needs can't be reached")
    assert errors.count("\n") == 1
