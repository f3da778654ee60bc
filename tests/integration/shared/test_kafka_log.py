"""Kafka away is one line a minute in the log of whoever needs it, and one when it is back."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.backends import Backends
from tests.subgraphs import Running, eventually, fresh_environment, running
from tilt.embedded.backends import Kafka
from tilt.embedded.ports import free_ports
from tilt.embedded.topics import all_topics

MANY = 40  # complaints: each was a line once


@pytest_asyncio.fixture
async def kafka(backends: Backends, tmp_path: Path) -> AsyncIterator[Kafka]:
    """A Kafka of this test's own, which it may stop."""
    port, controller = free_ports(2)
    kafka = Kafka(port, controller, tmp_path / "kafka", tmp_path / "kafka.log", backends.settings.mercato_jars_dir)
    await kafka.start()
    await kafka.wait_healthy()
    await kafka.create_topics(all_topics())
    yield kafka
    await kafka.stop()


def lines(log: Path, level: str) -> list[str]:
    """What was said on this level, but for readiness, which is told whenever it changes."""
    said = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line["message"] for line in said if line["level"] == level and line["logger"] != "shared.runtime.health"]


def of_outages(said: list[str]) -> list[str]:
    return [message for message in said if message.startswith("Kafka can't be reached: ")]


def of_ends(said: list[str]) -> list[str]:
    return [message for message in said if message.startswith("Kafka is back after")]


async def test_kafka_away_is_one_line_a_minute_and_one_when_it_is_back(
    backends: Backends, kafka: Kafka, tmp_path: Path
) -> None:
    """A minute is counted from the process's start.

    The new Kafka's first answer may be that it can't tell the coordinator yet.
    """
    environment = await fresh_environment(backends, "orders")
    environment["KAFKA_BOOTSTRAP_SERVERS"] = kafka.bootstrap_servers
    log, started = tmp_path / "orders.log", time.monotonic()
    async with running("orders", environment, "work", log) as orders:
        warnings, ends = lines(log, "WARNING"), of_ends(lines(log, "INFO"))
        await kafka.stop()
        await eventually(lambda: _complained(orders), "its clients complained much", 120)
        assert 1 <= len(of_outages(lines(log, "WARNING"))) <= _minutes_begun(started)

        await kafka.start()
        await eventually(lambda: _has_come_back(log, len(ends)), "the log has that it is back", 120)
        assert len(of_ends(lines(log, "INFO"))) == len(ends) + 1
        said = lines(log, "WARNING")
        assert len(of_outages(said)) <= _minutes_begun(started)
        assert said[len(warnings) :] == of_outages(said[len(warnings) :])
        assert lines(log, "ERROR") == []


def _minutes_begun(started: float) -> float:
    return 1 + (time.monotonic() - started) // 60


async def _complained(orders: Running) -> bool:
    return await orders.metric("mercato_kafka_complaints_total") >= MANY


async def _has_come_back(log: Path, ends: int) -> bool:
    return len(of_ends(lines(log, "INFO"))) > ends
