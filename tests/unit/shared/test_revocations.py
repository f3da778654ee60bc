"""Revoked sessions: what may be a second old, what may not, and what becomes of either without Valkey."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from ariadne import MutationType, QueryType, graphql
from graphql import GraphQLSchema

from shared.errors import Unauthenticated, Unavailable
from shared.graphql.context import RequestContext
from shared.graphql.federation import build_schema
from shared.ids import new_id
from shared.security.auth import Principal
from shared.security.revocations import Revocations
from tests.fakes.revocations import RevokedTwin
from tests.subgraphs import eventually

SDL = """
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes"])
  type Query { read: Int @authenticated }
  type Mutation {
    pay(idempotencyKey: String!): Int @authenticated
    close: Int @requiresScopes(scopes: [["staff"]])
    closeAtOnce: Int @requiresScopes(scopes: [["staff"]])
    rename: Int @authenticated
  }
"""
DELICATE = ['mutation { pay(idempotencyKey: "1") }', "mutation { close }", "mutation { closeAtOnce }"]


@pytest.fixture
def done() -> list[str]:
    """Which mutations were begun."""
    return []


@pytest.fixture
def schema(done: list[str]) -> GraphQLSchema:
    query, mutation = QueryType(), MutationType()
    query.set_field("read", lambda *_: 1)

    async def later(_: object, info: Any, **__: Any) -> int:
        done.append(info.field_name)
        return 1

    def at_once(_: object, info: Any) -> int:
        done.append(info.field_name)
        return 1

    for name in ("pay", "close", "rename"):
        mutation.set_field(name, later)
    mutation.set_field("closeAtOnce", at_once)
    return build_schema(SDL, (query, mutation), ())


@pytest.fixture
def revoked() -> RevokedTwin:
    return RevokedTwin()


def caller(*scopes: str) -> Principal:
    return Principal(new_id(), frozenset(scopes), new_id(), datetime.now(UTC))


async def asked(schema: GraphQLSchema, document: str, principal: Principal | None, revoked: RevokedTwin) -> Any:
    """The type of the error that a document is answered with, or what it is answered."""
    context = RequestContext(principal, revocations=Revocations(revoked))
    errors: list[Any] = []

    def noted(error: Any, _: bool) -> dict[str, Any]:
        errors.append(error.original_error)
        return {}

    _, answer = await graphql(schema, {"query": document}, context_value=context, error_formatter=noted)
    return type(errors[0]) if errors else list(answer["data"].values())


@contextlib.asynccontextmanager
async def followed(revoked: RevokedTwin) -> AsyncIterator[Revocations]:
    """What a process knows that follows the list."""
    revocations, stop = Revocations(revoked), asyncio.Event()
    following = asyncio.create_task(revocations.follow(stop))
    yield revocations
    stop.set()
    await following


def is_refused(revocations: Revocations, principal: Principal) -> bool:
    try:
        revocations.require_live(principal.session_id)
    except Unauthenticated:
        return True
    return False


@pytest.mark.parametrize("document", DELICATE)
async def test_what_moves_money_and_what_staff_do_asks_the_list_itself(
    schema: GraphQLSchema, revoked: RevokedTwin, done: list[str], document: str
) -> None:
    principal = caller("staff")
    assert await asked(schema, document, principal, revoked) == [1]
    await revoked.add([principal.session_id])
    assert await asked(schema, document, principal, revoked) is Unauthenticated
    assert len(done) == 1


@pytest.mark.parametrize("document", DELICATE)
async def test_it_is_not_begun_while_nobody_knows_who_was_revoked(
    schema: GraphQLSchema, revoked: RevokedTwin, done: list[str], document: str
) -> None:
    revoked.is_away = True
    assert await asked(schema, document, caller("staff"), revoked) is Unavailable
    assert done == []


@pytest.mark.parametrize("document", ["{ read }", "mutation { rename }"])
async def test_all_else_goes_on_meanwhile(schema: GraphQLSchema, revoked: RevokedTwin, document: str) -> None:
    revoked.is_away = True
    assert await asked(schema, document, caller(), revoked) == [1]


async def test_who_lacks_a_scope_is_told_that_before_the_list_is_asked(
    schema: GraphQLSchema, revoked: RevokedTwin
) -> None:
    revoked.is_away = True
    assert (await asked(schema, "mutation { close }", caller(), revoked)).__name__ == "Forbidden"
    assert await asked(schema, "mutation { close }", None, revoked) is Unauthenticated


async def test_a_process_that_follows_the_list_refuses_whom_it_learns_of(revoked: RevokedTwin) -> None:
    before, later, other = caller(), caller(), caller()
    await revoked.add([before.session_id])
    async with followed(revoked) as revocations:
        for principal in (before, later):
            await revoked.add([principal.session_id])
            await eventually(lambda its=principal: _soon(is_refused(revocations, its)), "it is refused")  # type: ignore[misc]
        assert not is_refused(revocations, other)
    assert revoked.is_closed


async def test_without_valkey_it_goes_by_what_it_knew_and_learns_the_rest_afterwards(
    revoked: RevokedTwin, caplog: pytest.LogCaptureFixture
) -> None:
    before, meanwhile = caller(), caller()
    await revoked.add([before.session_id])
    async with followed(revoked) as revocations:
        await eventually(lambda: _soon(is_refused(revocations, before)), "it is refused")
        revoked.is_away = True
        await eventually(lambda: _soon("Valkey is away" in caplog.text), "the log says so")
        assert is_refused(revocations, before)
        revoked.is_away = False
        await revoked.add([meanwhile.session_id])
        await eventually(lambda: _soon(is_refused(revocations, meanwhile)), "it is refused")
    assert caplog.text.count("known as of now") == 1


async def test_it_forgets_whose_tokens_have_ended(revoked: RevokedTwin) -> None:
    old, new = caller(), caller()
    revoked.added = {old.session_id: 1_000_000, new.session_id: 662_000_000}
    async with followed(revoked) as revocations:
        await eventually(lambda: _soon(is_refused(revocations, new)), "it is refused")
        assert not is_refused(revocations, old)


async def _soon(found: bool) -> bool:
    return found
