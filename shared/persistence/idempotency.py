"""One rule for every request that carries an idempotency key: the first answer is kept for 24 hours and replayed.

``replayable`` is for effects that are one transaction of ours, ``replayable_at_provider`` for effects elsewhere.
Both answer

- the same key and request: with the first answer;
- the same key and another request: with ``Conflict``, since repeating it can never succeed;
- a key still in flight: after four seconds of waiting with ``Unavailable``, since repeating it soon will succeed.
    Clients and sagas retry that code by themselves, and ``Conflict`` never.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from shared.errors import BadUserInput, Conflict, Unavailable, UserErrors
from shared.persistence import db
from shared.runtime.outages import OUTAGES
from shared.text import text_mistake, trimmed

KEPT_HOURS = 24
WAIT_SECONDS = 4.0  # less than the deadline of our gRPC calls, so that a waiting caller is told why
LEASE_SECONDS = 10.0  # longer than a call to a provider; a process that dies in one blocks its key for as long
_MAX_KEY_LENGTH = 200
_LOOK_AGAIN_SECONDS = 0.05
_FIELD = ("idempotencyKey",)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an effect at a provider.

    One that is not final, such as "ask the buyer first", is given and not kept.
    """

    text: str
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out the request of a key, until it ends or is kept or released."""

    scope: str
    key: str
    leased_until: datetime


async def replayable(
    scope: str, key: str, request: bytes, effect: Callable[[], Awaitable[str]], *, as_before: bytes | None = None
) -> str:
    """Runs ``effect`` in a transaction and keeps its answer, or replays the answer that the same key got before.

    ``scope`` is who asks for what, such as ``checkoutPlaceOrder:<user id>``: keys of different scopes never meet. A
    second request with the same key waits for the first one to end. When ``effect`` raises, nothing is kept and the key
    can be used again. ``as_before`` is the request as older keys are bound to it.

    Raises:
        BadUserInput: when the key is no text of 1 to 200 characters, as ``shared.text`` has it.
        Conflict: when the key came with another request before.
        Unavailable: when a request with the key is still being carried out after four seconds.
    """
    key, hashes = _checked(key), _hashes(request, as_before)
    async with db.transaction():
        if await _insert(scope, key, hashes[0]):
            response = await effect()
            await db.execute("UPDATE idempotency SET response = $3 WHERE scope = $1 AND key = $2", scope, key, response)
            return response
        earlier = await _recall(scope, key, hashes)
    if earlier is None:
        raise _in_flight()
    return earlier


async def replayable_at_provider(
    scope: str, key: str, request: bytes, effect: Callable[[], Awaitable[Answer]], *, as_before: bytes | None = None
) -> str:
    """Runs ``effect`` and keeps its answer, or replays the answer that the same key got before.

    No transaction is open meanwhile.

    A process that dies in ``effect`` leaves a key that can be repeated after ten seconds. So ``effect`` may run again
    after it had its effect: it must go on from what it finds, or give the provider an idempotency key of its own. When
    ``effect`` raises, the same request may be repeated at once. Only ``UserErrors``, which say that nothing was
    changed, free the key for another one: after any other failure nobody knows what the provider did. What a provider
    rejected for good, so that it would reject the same key again, is to be answered and not to be raised.

    Raises:
        BadUserInput: when the key is no text of 1 to 200 characters, as ``shared.text`` has it.
        Conflict: when the key came with another request before.
        Unavailable: when a request with the key is still being carried out after four seconds.
    """
    claimed = await claim(scope, key, request, as_before)
    if isinstance(claimed, str):
        return claimed
    try:
        answer = await effect()
        if answer.is_final:
            return await keep(claimed, answer.text)
    except UserErrors:
        await _free(claimed)
        raise
    except BaseException:  # a caller that went away, too
        await release(claimed)
        raise
    await release(claimed)
    return answer.text


async def claim(scope: str, key: str, request: bytes, as_before: bytes | None = None) -> Claim | str:
    """The key's claim, to be kept or released, or the answer that the key got before. Waits for another's claim to end.

    Raises:
        BadUserInput, Conflict, Unavailable: as ``replayable_at_provider`` does.
    """
    key, hashes = _checked(key), _hashes(request, as_before)
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while True:
        claimed = await _take(scope, key, hashes) or await _recall(scope, key, hashes)
        if claimed is not None:
            return claimed
        if asyncio.get_running_loop().time() > deadline:
            raise _in_flight()
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def keep(claim: Claim, answer: str) -> str:
    """Keeps the answer, and answers what is kept.

    When a claim ended too early and two were carried out, that is the first one's answer.
    """
    kept: str | None = await db.fetch_value(
        "UPDATE idempotency SET response = coalesce(response, $3), leased_until = NULL WHERE scope = $1 AND key = $2"
        " RETURNING response",
        claim.scope,
        claim.key,
        answer,
    )
    return answer if kept is None else kept


async def release(claim: Claim) -> None:
    """Lets the next request with the key go on at once. In an outage the claim ends by itself."""
    with contextlib.suppress(*OUTAGES):
        await db.execute(
            "UPDATE idempotency SET leased_until = NULL WHERE scope = $1 AND key = $2 AND leased_until = $3",
            claim.scope,
            claim.key,
            claim.leased_until,
        )


async def _free(claim: Claim) -> None:
    """Lets the key be used for any request. In an outage, and when the claim was overtaken, it stays bound."""
    with contextlib.suppress(*OUTAGES):
        await db.execute(
            "DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND leased_until = $3 AND response IS NULL",
            claim.scope,
            claim.key,
            claim.leased_until,
        )


def hashed_key(key: str) -> str:
    """The same key as nobody can tell it who reads what is kept.

    Raises:
        BadUserInput: when the key is no text of 1 to 200 characters, as ``shared.text`` has it.
    """
    return hashlib.sha256(_checked(key).encode()).hexdigest()


def _checked(key: str) -> str:
    trimmed_key = trimmed(key)
    mistake = text_mistake("The idempotencyKey", trimmed_key, _MAX_KEY_LENGTH)
    if mistake is not None:
        raise BadUserInput(mistake, _FIELD)
    return trimmed_key


def _hashes(*forms: bytes | None) -> list[str]:
    """Those of a request's forms: the first is what a new key is bound to."""
    return [hashlib.sha256(form).hexdigest() for form in forms if form is not None]


async def _insert(scope: str, key: str, request_hash: str) -> bool:
    """Whether the key is new.

    Waits for a transaction that inserts the same key; the effect may then wait for its locks as ever.
    """
    try:
        inserted = await db.execute(
            "INSERT INTO idempotency (scope, key, request_hash)"
            " SELECT $1, $2, $3 WHERE set_config('lock_timeout', $4, true) <> ''"
            " ON CONFLICT (scope, key) DO NOTHING RETURNING set_config('lock_timeout', '0', true)",
            scope,
            key,
            request_hash,
            f"{WAIT_SECONDS * 1000:.0f}ms",
        )
    except asyncpg.LockNotAvailableError as error:
        raise _in_flight() from error
    return inserted == 1


async def _take(scope: str, key: str, hashes: list[str]) -> Claim | None:
    leased_until: datetime | None = await db.fetch_value(
        "INSERT INTO idempotency AS kept (scope, key, request_hash, leased_until)"
        " VALUES ($1, $2, ($3::text[])[1], clock_timestamp() + $4)"
        " ON CONFLICT (scope, key) DO UPDATE SET leased_until = excluded.leased_until"
        " WHERE kept.request_hash = ANY($3::text[]) AND kept.response IS NULL"
        " AND (kept.leased_until IS NULL OR kept.leased_until < clock_timestamp())"
        " RETURNING leased_until",
        scope,
        key,
        hashes,
        timedelta(seconds=LEASE_SECONDS),
    )
    return Claim(scope, key, leased_until) if leased_until else None


async def _recall(scope: str, key: str, hashes: list[str]) -> str | None:
    """The answer that the key got, or None while there is none (any more, when it was swept a moment ago)."""
    row = await db.fetch_row("SELECT request_hash, response FROM idempotency WHERE scope = $1 AND key = $2", scope, key)
    if row is None:
        return None
    if row["request_hash"] not in hashes:
        raise Conflict("This idempotencyKey came with another request before; use a new key for a new request.", _FIELD)
    response: str | None = row["response"]
    return response


def _in_flight() -> Unavailable:
    return Unavailable("A request with this idempotencyKey is still being carried out; repeat it in a moment.", _FIELD)
