"""The model of sessions against the handlers, with twins."""

from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import settings

from shared.ids import new_id
from tests.fakes.users import UsersTwin
from tests.session_model import Sessions

Answer = TypeVar("Answer")


class Memory:
    """Users in memory; of two at once, one is first."""

    def __init__(self) -> None:
        self.work = UsersTwin()

    def do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """What comes of work that waits for nothing; with an event loop, each step takes ten times as long."""
        try:
            work.send(None)
        except StopIteration as ended:
            answer: Answer = ended.value
            return answer
        raise AssertionError("it waits")

    def do_at_once(self, first: Coroutine[Any, Any, Answer], second: Coroutine[Any, Any, Answer]) -> list[Answer]:
        return [self.do(first), self.do(second)]

    def person(self) -> UUID:
        return new_id()

    def passes(self, time: timedelta) -> None:
        self.work.sessions.passed += time

    def live_tokens(self, people: tuple[UUID, ...]) -> Mapping[UUID, int]:
        known = self.work.sessions.known
        return {key: len(its.tokens.keys() - its.exchanged.keys()) for key, its in known.items() if not its.is_ended}

    def refused(self) -> set[UUID]:
        return self.work.revocations.refused


class SessionsInMemory(Sessions):
    """Each example has users of its own."""

    def __init__(self) -> None:
        self.world = Memory()
        super().__init__()


TestSessions = SessionsInMemory.TestCase
TestSessions.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
