"""What a check of an access token costs a subgraph: one that it has seen before, and one that is new to it.

Run it by ``python -m tests.load.tokens``; it starts all that it needs, a Valkey with ten thousand revoked sessions too.
"""

import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from shared.ids import new_id
from shared.security.auth import TokenVerifier
from shared.security.revocations import Revocations, RevokedSessions
from tests.identity import Issuer, start_issuer
from tests.load.report import Row, show
from tilt.embedded.backends import Valkey
from tilt.embedded.ports import free_port

_TOKENS = 2_000
_ROUNDS = 5
_MICROSECONDS = 1e6


async def tokens() -> list[Row]:
    """Medians of processor time over some rounds, each with tokens of its own; and of how long Valkey is waited for."""
    issuer, server = start_issuer()
    try:
        async with _revoked() as (revoked, revocations):
            verifier = TokenVerifier(issuer.jwks_url, "mercato", "mercato", revocations=revocations)
            await verifier.verify(issuer.token())
            new, known = zip(*[await _round(verifier, issuer) for _ in range(_ROUNDS)], strict=True)
            asked = await _asked(revocations)
            assert len(await revoked.added_since(0)) == 5 * _TOKENS
    finally:
        server.shutdown()
    return [
        Row("verify a token that was seen before", f"{statistics.median(known):.1f} µs", "< 60 µs"),
        Row("verify a new token", f"{statistics.median(new):.0f} µs", "< 250 µs"),
        Row("ask the list itself, as for money", f"{asked:.0f} µs, waited", "-"),
    ]


@asynccontextmanager
async def _revoked() -> AsyncIterator[tuple[RevokedSessions, Revocations]]:
    """A list of revoked sessions, and what a process knows that follows it."""
    with tempfile.TemporaryDirectory() as folder:
        valkey = Valkey(free_port(), Path(folder) / "valkey", Path(folder) / "valkey.log")
        await valkey.start()
        await valkey.wait_healthy()
        revoked, stop = RevokedSessions(valkey.url), asyncio.Event()
        await revoked.add(new_id() for _ in range(5 * _TOKENS))
        revocations = Revocations(revoked)
        following = asyncio.create_task(revocations.follow(stop))
        yield revoked, revocations
        stop.set()
        await following
        await valkey.stop()


async def _round(verifier: TokenVerifier, issuer: Issuer) -> tuple[float, float]:
    """Microseconds of a token that is new, and of the same once more."""
    made = [issuer.token() for _ in range(_TOKENS)]
    gc.collect()
    return await _each(verifier, made), await _each(verifier, made)


async def _each(verifier: TokenVerifier, made: Sequence[str]) -> float:
    began = time.process_time()
    for token in made:
        await verifier.verify(token)
    return (time.process_time() - began) / len(made) * _MICROSECONDS


async def _asked(revocations: Revocations) -> float:
    taken = []
    for _ in range(_TOKENS):
        began = time.perf_counter()
        await revocations.require_live_now(new_id())
        taken.append((time.perf_counter() - began) * _MICROSECONDS)
    return statistics.median(taken)


if __name__ == "__main__":
    show(asyncio.run(tokens()))
