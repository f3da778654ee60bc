"""What the log is told of a Kafka that is away, and of what else its client says."""

import logging

import pytest

from shared.telemetry import kafka_outage
from shared.telemetry.kafka_outage import KafkaOutage, QuietKafkaClient


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Clock:
    clock = Clock()
    monkeypatch.setattr(kafka_outage, "time", clock)
    caplog.set_level("INFO", "shared.telemetry.kafka_outage")
    return clock


@pytest.fixture
def quiet() -> QuietKafkaClient:
    return QuietKafkaClient(KafkaOutage())


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("aiokafka.client", logging.ERROR, __file__, 1, message, arguments, None)


def test_an_outage_is_told_once_a_minute_and_its_end_once(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    outage = KafkaOutage()
    for _ in range(121):
        outage.tell("no broker")
        clock.now += 1
    outage.end()
    outage.end()
    assert caplog.messages == [
        "Kafka can't be reached: no broker",
        "Kafka can't be reached: no broker (and 59 more such since the last line)",
        "Kafka can't be reached: no broker (and 59 more such since the last line)",
        "Kafka is back after 121 s",
    ]


@pytest.mark.usefixtures("clock")
def test_what_the_client_says_of_an_outage_is_told_in_that_line_alone(
    quiet: QuietKafkaClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert not quiet.filter(record("Unable connect to node with id %s: %s", 1, "refused"))
    assert not quiet.filter(record("Failed fetch messages from %s: %s", 1, "gone"))
    assert caplog.messages == ["Kafka can't be reached: Unable connect to node with id 1: refused"]


def test_what_else_the_client_says_is_let_through_once_a_minute(clock: Clock, quiet: QuietKafkaClient) -> None:
    missing = record("Topic %s not found in cluster metadata", "a")
    assert [quiet.filter(missing), quiet.filter(missing)] == [True, False]
    assert quiet.filter(record("Topic %s not found in cluster metadata", "b"))
    clock.now += 61
    assert quiet.filter(missing)


def test_others_are_let_through(quiet: QuietKafkaClient) -> None:
    ours = logging.LogRecord("shared.persistence.db", logging.ERROR, __file__, 1, "Unable to do", (), None)
    assert [quiet.filter(ours), quiet.filter(ours)] == [True, True]
