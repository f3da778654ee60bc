"""The first answer to a command is kept in the chassis' table and replayed.

``shared.rpc.idempotency`` does the same in one transaction with the effect. Here the effect is the provider's: the key is claimed
before it and the answer kept after it, each by itself. A command that failed in between has no answer, is carried out again and
goes on from where the payment stands.
"""

import base64
import hashlib

from google.protobuf.message import Message

from shared import db
from shared.errors import BadUserInput, Conflict

_MAX_KEY_LENGTH = 200


async def earlier_answer(key: str, request: Message) -> bytes | None:
    """What the key was answered before, or None, and then the key is this request's.

    Raises:
        BadUserInput: when the key is empty or too long.
        Conflict: when the key came with another request before.
    """
    if not 1 <= len(key) <= _MAX_KEY_LENGTH:
        raise BadUserInput(f"An idempotency_key has 1 to {_MAX_KEY_LENGTH} characters.", ("idempotency_key",))
    request_hash = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()
    row = await db.fetch_row(
        "INSERT INTO idempotency AS kept (scope, key, request_hash) VALUES ($1, $2, $3)"
        " ON CONFLICT (scope, key) DO UPDATE SET key = kept.key RETURNING request_hash, response",
        _scope(request),
        key,
        request_hash,
    )
    assert row is not None, "an upsert returns its row"
    if row["request_hash"] != request_hash:
        raise Conflict("This idempotency_key came with another request before; use a new key.", ("idempotency_key",))
    return base64.b64decode(row["response"]) if row["response"] is not None else None


async def keep_answer(key: str, request: Message, answer: Message) -> None:
    """Keeps the answer for the next request with the key; when two were carried out at once, the first one's stays."""
    await db.execute(
        "UPDATE idempotency SET response = $3 WHERE scope = $1 AND key = $2 AND response IS NULL",
        _scope(request),
        key,
        base64.b64encode(answer.SerializeToString()).decode(),
    )


def _scope(request: Message) -> str:
    return f"rpc:{type(request).__name__}"
