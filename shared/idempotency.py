"""One rule for every request that carries an idempotency key: the first answer is kept and replayed."""

import hashlib
from collections.abc import Awaitable, Callable

from shared import db
from shared.errors import BadUserInput, Conflict

KEPT_HOURS = 24
_MAX_KEY_LENGTH = 200


async def replayable(scope: str, key: str, request: bytes, effect: Callable[[], Awaitable[str]]) -> str:
    """Runs ``effect`` in a transaction and keeps its answer, or replays the answer that the same key got before.

    ``scope`` is who asks for what, such as ``placeOrder:<user id>``: keys of different scopes never meet. A second request with the
    same key waits for the first one to end. When ``effect`` raises, nothing is kept and the key can be used again.

    Raises:
        BadUserInput: when the key is not 1 to 200 printable characters.
        Conflict: when the key came with another request before.
    """
    if not 1 <= len(key) <= _MAX_KEY_LENGTH or not key.isprintable():
        raise BadUserInput(f"An idempotencyKey has 1 to {_MAX_KEY_LENGTH} printable characters.", ("idempotencyKey",))
    request_hash = hashlib.sha256(request).hexdigest()
    async with db.transaction():
        if await _claim(scope, key, request_hash):
            response = await effect()
            await db.execute("UPDATE idempotency SET response = $3 WHERE scope = $1 AND key = $2", scope, key, response)
            return response
        return await _recall(scope, key, request_hash)


async def _claim(scope: str, key: str, request_hash: str) -> bool:
    inserted = await db.execute(
        "INSERT INTO idempotency (scope, key, request_hash) VALUES ($1, $2, $3) ON CONFLICT (scope, key) DO NOTHING",
        scope,
        key,
        request_hash,
    )
    return inserted == 1


async def _recall(scope: str, key: str, request_hash: str) -> str:
    row = await db.fetch_row("SELECT request_hash, response FROM idempotency WHERE scope = $1 AND key = $2", scope, key)
    if row is None or row["request_hash"] != request_hash:
        raise Conflict(
            "This idempotencyKey came with another request before; use a new key for a new request.",
            ("idempotencyKey",),
        )
    response: str = row["response"]
    return response
