"""The model of sessions against Postgres, where two refresh at once indeed."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from shared.ids import new_id
from shared.persistence import db
from shared.persistence.migration import tortoise_config
from shared.security.secrets import Secret
from subgraphs.users.bootstrap import unit_of_work
from subgraphs.users.domain.account import NewAccount
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.infrastructure.link_tokens import SecretLinkTokens
from tests.backends import Backends
from tests.fakes.users import PasswordsTwin, RevocationsTwin, ThrottleTwin, TokensTwin
from tests.session_model import Sessions
from tests.subgraphs import built, fresh_environment

Answer = TypeVar("Answer")

_PASSES = """
UPDATE refresh_tokens SET used_at = used_at - $1::interval, expires_at = expires_at - $1::interval;
"""
_LIVE = """
SELECT session.id, count(*) AS live
FROM refresh_tokens AS token JOIN sessions AS session ON session.id = token.session_id
WHERE session.user_id = ANY($1::uuid[]) AND session.ended_at IS NULL AND token.used_at IS NULL GROUP BY session.id
"""


class Postgres:
    """Users on a database; ``loop`` is where its connections are."""

    def __init__(self, loop: asyncio.Runner, work: UsersWork, revocations: RevocationsTwin) -> None:
        self._loop = loop
        self.work = work
        self._revocations = revocations

    def do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self._loop.run(work)

    def do_at_once(self, first: Coroutine[Any, Any, Answer], second: Coroutine[Any, Any, Answer]) -> list[Answer]:
        async def both() -> list[Answer]:
            return list(await asyncio.gather(first, second))

        return self.do(both())

    def person(self) -> UUID:
        opened = self.do(self.work.accounts.add(NewAccount(f"{new_id()}@example.com", "Ada", "-")))
        assert opened is not None
        return opened.user_id

    def passes(self, time: timedelta) -> None:
        self.do(db.execute(_PASSES, time))

    def live_tokens(self, people: tuple[UUID, ...]) -> Mapping[UUID, int]:
        return {row["id"]: row["live"] for row in self.do(db.fetch(_LIVE, people))}

    def refused(self) -> set[UUID]:
        return self._revocations.refused


@pytest.fixture
async def environment(backends: Backends) -> dict[str, str]:
    return await fresh_environment(backends, "users")


@contextmanager
def world_of(environment: Mapping[str, str]) -> Iterator[Postgres]:
    """Users on a fresh database, with an event loop that goes on between the steps of an example."""
    revocations = RevocationsTwin()
    work = unit_of_work(PasswordsTwin(), ThrottleTwin(), TokensTwin(), revocations, SecretLinkTokens(Secret("secret")))

    async def taken(_: None, its: UsersWork) -> UsersWork:
        return its

    with asyncio.Runner() as loop:
        connected = db.connected(tortoise_config(built("users", environment)))
        loop.run(connected.__aenter__())
        try:
            yield Postgres(loop, loop.run(work.perform_alone(taken, None)), revocations)
        finally:
            loop.run(connected.__aexit__(None, None, None))


def test_no_log_in_has_two_live_families_and_none_that_ended_has_one(environment: dict[str, str]) -> None:
    with world_of(environment) as postgres:

        class SessionsInPostgres(Sessions):
            world = postgres

        quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
        run_state_machine_as_test(
            SessionsInPostgres,
            settings=settings(max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=quiet),
        )
