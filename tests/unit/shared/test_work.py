"""Handlers that are performed without a transaction."""

import pytest

from shared.events.event import Event, Recorder
from shared.ids import new_id
from shared.persistence.work import UnitOfWork

WORK = UnitOfWork(lambda recorder: recorder)


async def test_a_handler_that_is_performed_alone_answers() -> None:
    async def handler(command: int, _: Recorder) -> int:
        return command + 1

    assert await WORK.perform_alone(handler, 41) == 42


async def test_an_event_that_could_be_lost_is_rejected() -> None:
    async def handler(_: None, recorder: Recorder) -> None:
        recorder.record(Event("mercato.tests", new_id(), "mercato.tests.Happened", {}))

    with pytest.raises(RuntimeError, match="recorded in a step"):
        await WORK.perform_alone(handler, None)
