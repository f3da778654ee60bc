"""Old sessions are forgotten."""

from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.users.domain.registration import Registration
from subgraphs.users.infrastructure.accounts import insert_account
from subgraphs.users.infrastructure.sessions import begin_session, delete_expired, rotate


async def test_expired_tokens_go_and_sessions_that_go_on_stay(users: Subgraph) -> None:
    opened = await insert_account(Registration(f"{new_id()}@example.com", "Ada"), "-")
    assert opened is not None
    kept, gone = await begin_session(opened[0]), await begin_session(opened[0])
    rotated = await rotate(kept.token)
    await db.execute("UPDATE refresh_tokens SET expires_at = now() WHERE used_at IS NOT NULL")
    assert rotated is not None
    await db.execute(
        "UPDATE refresh_tokens SET expires_at = now() WHERE session_id = (SELECT max(id::text)::uuid FROM sessions)"
    )
    await delete_expired()
    assert await db.fetch_value("SELECT count(*) FROM sessions") == 1
    assert await db.fetch_value("SELECT count(*) FROM refresh_tokens") == 1
    assert await rotate(gone.token) is None
    assert await rotate(rotated[1].token) is not None
