"""Old sessions are forgotten."""

from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.users.domain.account import NewAccount
from subgraphs.users.domain.tokens import REFRESH_GRACE, UNKNOWN_ORIGIN
from subgraphs.users.infrastructure.accounts import PostgresAccounts
from subgraphs.users.infrastructure.sessions import PostgresSessions


async def test_expired_tokens_go_and_sessions_that_go_on_stay(users: Subgraph) -> None:
    sessions = PostgresSessions()
    opened = await PostgresAccounts().add(NewAccount(f"{new_id()}@example.com", "Ada", "-"))
    assert opened is not None
    kept, gone = [(await sessions.begin(opened.user_id, UNKNOWN_ORIGIN))[1] for _ in range(2)]
    rotated = await sessions.rotate(kept.token, UNKNOWN_ORIGIN)
    await db.execute("UPDATE refresh_tokens SET expires_at = now() WHERE used_at IS NOT NULL")
    assert rotated is not None
    await db.execute(
        "UPDATE refresh_tokens SET expires_at = now() WHERE session_id = (SELECT max(id::text)::uuid FROM sessions)"
    )
    await sessions.forget_expired()
    assert await db.fetch_value("SELECT count(*) FROM sessions") == 1
    assert await db.fetch_value("SELECT count(*) FROM refresh_tokens") == 1
    assert await sessions.rotate(gone.token, UNKNOWN_ORIGIN) is None
    assert await sessions.rotate(rotated[1].token, UNKNOWN_ORIGIN) is not None


async def test_what_is_kept_for_repetitions_goes_when_they_are_answered_no_more(users: Subgraph) -> None:
    sessions = PostgresSessions()
    opened = await PostgresAccounts().add(NewAccount(f"{new_id()}@example.com", "Ada", "-"))
    assert opened is not None
    _, token = await sessions.begin(opened.user_id, UNKNOWN_ORIGIN)
    assert await sessions.rotate(token.token, UNKNOWN_ORIGIN) is not None
    kept = "SELECT count(*) FROM refresh_tokens WHERE sealed_successor IS NOT NULL"
    await sessions.forget_expired()
    assert await db.fetch_value(kept) == 1
    await db.execute(
        "UPDATE refresh_tokens SET used_at = used_at - $1::interval WHERE used_at IS NOT NULL", REFRESH_GRACE
    )
    await sessions.forget_expired()
    assert await db.fetch_value(kept) == 0
