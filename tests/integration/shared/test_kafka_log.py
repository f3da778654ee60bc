"""Kafka away is one line a minute in the log of whoever needs it, and one when it is back."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

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


def lines(log: Path, level: str) -> list[dict[str, Any]]:
    """What was said on this level or above, but for readiness, which is told whenever it changes."""
    levels = ("WARNING", "ERROR", "CRITICAL") if level == "WARNING" else (level,)
    said = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in said if line["level"] in levels and line["logger"] != "shared.health"]


async def test_kafka_away_is_one_line_a_minute_and_one_when_it_is_back(backends: Backends, kafka: Kafka, tmp_path: Path) -> None:
    environment = await fresh_environment(backends, "orders")
    environment["KAFKA_BOOTSTRAP_SERVERS"] = kafka.bootstrap_servers
    log = tmp_path / "orders.log"
    async with running("orders", environment, "work", log) as orders:
        before, started = len(lines(log, "WARNING")), time.monotonic()
        await kafka.stop()
        await eventually(lambda: _complained(orders), "its clients complained much", 120)
        said = lines(log, "WARNING")[before:]
        assert 1 <= len(said) <= 1 + (time.monotonic() - started) // 60, said
        assert said[0]["message"].startswith("Kafka can't be reached: ")

        await kafka.start()
        await eventually(lambda: _is_back(log), "the log has that it is back", 120)
        assert len([line for line in lines(log, "INFO") if line["message"].startswith("Kafka is back after")]) == 1
        assert len(lines(log, "WARNING")[before:]) <= 1 + (time.monotonic() - started) // 60


async def _complained(orders: Running) -> bool:
    return await orders.metric("mercato_kafka_complaints_total") >= MANY


async def _is_back(log: Path) -> bool:
    return any(line["message"].startswith("Kafka is back after") for line in lines(log, "INFO"))
