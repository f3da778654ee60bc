"""Two dozen people register at once where passwords take long, and have little patience.

Nobody has an account unknowingly. They ask users itself, and each kind of
router in front of it, which tells it of those who leave.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.backends import Backends
from tests.integration.router.processes import HIVE, NODE, Kind, router, router_environment
from tests.integration.users.shoppers import PASSWORD, REGISTER, Shop, new_email
from tests.subgraphs import eventually, fresh_environment, running
from tilt.embedded.ports import free_ports

PEOPLE = 24
AT_ONCE = 2
SLOW_PASSWORDS = {
    "USERS_ARGON2_PASSES": "8",
    "USERS_ARGON2_MEMORY_KIB": "65536",
    "USERS_PASSWORDS_AT_ONCE": str(AT_ONCE),
}
PATIENCE_SECONDS = 1.0


@pytest_asyncio.fixture
async def slow_shop(backends: Backends) -> AsyncIterator[Shop]:
    """Users whose passwords take half a second or so each.

    In the five seconds that one may wait, those of many are hashed.
    """
    environment = await fresh_environment(backends, "users", "kafka", "valkey")
    port, grpc_port = free_ports(2)
    own = {"USERS_PORT": str(port), "USERS_GRPC_PORT": str(grpc_port), "USERS_URL": f"http://127.0.0.1:{port}"}
    own["JWKS_URL"] = f"{own['USERS_URL']}/.well-known/jwks.json"
    async with running("users", {**environment, **own, **SLOW_PASSWORDS}, "serve") as process:
        yield Shop(process)


@pytest_asyncio.fixture(params=[None, NODE, HIVE], ids=lambda kind: kind.name if kind else "users itself")
async def entrance(request: pytest.FixtureRequest, slow_shop: Shop) -> AsyncIterator[str]:
    """The address that people ask."""
    kind: Kind | None = request.param
    environment = slow_shop.process.environment
    if kind is None:
        yield environment["USERS_URL"]
        return
    if not kind.command():
        pytest.skip(f"no {kind.name} of ours: router/hive/build makes it")
    own = {name: environment[name] for name in ("USERS_URL", "ROUTER_SECRET")}
    async with router(kind, {**router_environment(environment["JWKS_URL"], {}), **own}) as running_router:
        yield str(running_router.http.base_url)


async def registered(shop: Shop, entrance: str, email: str, seconds: float) -> dict[str, Any] | None:
    """The answer to somebody who hangs up after a time; None when they did."""
    headers = {"x-router-secret": shop.process.environment["ROUTER_SECRET"]}
    given = {"query": REGISTER, "variables": {"input": {"email": email, "password": PASSWORD, "name": "Ada"}}}
    async with httpx.AsyncClient(base_url=entrance, timeout=seconds) as http:
        try:
            answer: dict[str, Any] = (await http.post("/graphql", json=given, headers=headers)).json()
        except httpx.TimeoutException:
            return None
    return answer


def id_in(answer: dict[str, Any] | None) -> str | None:
    """The account that an answer tells of."""
    payload = (answer or {}).get("data") or {}
    user = (payload.get("userRegister") or {}).get("user")
    return user["id"] if user else None


async def test_nobody_has_an_account_that_they_do_not_know_of(slow_shop: Shop, entrance: str) -> None:
    emails = [new_email() for _ in range(PEOPLE)]
    answers = await asyncio.gather(*(registered(slow_shop, entrance, email, PATIENCE_SECONDS) for email in emails))
    told = {email: id_in(answer) for email, answer in zip(emails, answers, strict=True)}
    known = {email: user_id for email, user_id in told.items() if user_id}
    rejected = [answer for answer in answers if answer and id_in(answer) is None]
    assert {error["extensions"]["code"] for answer in rejected for error in answer["errors"]} <= {
        "RATE_LIMITED",
        "UNAVAILABLE",
    }

    async def nobody_is_seen_to() -> bool:
        return id_in(await registered(slow_shop, entrance, new_email(), 30.0)) is not None

    await eventually(nobody_is_seen_to, "those who have left are dropped")
    rows = await slow_shop.sql("SELECT email, id FROM users WHERE email = ANY($1)", emails)
    existing = {row["email"]: str(row["id"]) for row in rows}
    assert known.items() <= existing.items()
    unknown = len(existing) - len(known)
    assert unknown <= 2 * AT_ONCE, (
        "more than those were opened whose callers left as they were seen to, or as that was told"
    )
    for email in emails[:4] + [each for each in existing if each not in known]:
        again = await registered(slow_shop, entrance, email, 30.0)
        assert again
        assert again["data"]["userRegister"]["errors"] == []
        assert id_in(again) == existing.get(email, id_in(again))
