"""Access tokens, refresh tokens, and who is rejected."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from joserfc.jwk import ECKey

from subgraphs.users.domain.tokens import REFRESH_GRACE
from subgraphs.users.infrastructure.access_tokens import SignedTokens
from subgraphs.users.infrastructure.signing_keys import SigningKeys, load_signing_keys
from tests.fakes.users import a_session
from tests.identity import Issuer
from tests.integration.users.shoppers import CREATE, HOME, ME, REFRESH, Shop, Shopper, codes


def issuer(shop: Shop) -> SignedTokens:
    return issuer_of(load_signing_keys(Path(shop.process.environment["USERS_SIGNING_KEY_FILE"])))


def issuer_of(keys: SigningKeys) -> SignedTokens:
    return SignedTokens(lambda: keys, "mercato", "mercato")


async def code_for(shop: Shop, token: str | None) -> str | None:
    """The code of the error that a token is answered with, or None."""
    answer = await shop.process.graphql("{ me { id } }", token=token)
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


async def passes(shop: Shop, time: timedelta) -> None:
    """Time passes for the refresh tokens that were used."""
    await shop.sql("UPDATE refresh_tokens SET used_at = used_at - $1::interval", time)


async def refresh(shop: Shop, token: str) -> dict[str, Any]:
    return await shop.mutate(REFRESH, refreshToken=token)


async def test_the_keys_are_published_to_be_kept_for_a_while(shop: Shop) -> None:
    response = await shop.process.http.get("/.well-known/jwks.json")
    (key,) = response.json()["keys"]
    assert (key["alg"], key["use"], key["crv"]) == ("ES256", "sig", "P-256")
    assert "d" not in key
    assert response.headers["cache-control"] == "public, max-age=300"


async def test_a_token_altered_by_any_one_byte_is_rejected(shop: Shop) -> None:
    token = (await shop.shopper()).token
    for position, character in enumerate(token):
        altered = f"{token[:position]}{'A' if character != 'A' else 'Q'}{token[position + 1 :]}"
        assert await code_for(shop, altered) == "UNAUTHENTICATED", f"byte {position}"
    assert await code_for(shop, token) is None


async def test_an_expired_token_is_rejected(shop: Shop) -> None:
    session = a_session(UUID((await shop.shopper()).id))
    assert await code_for(shop, issuer(shop).issue(session).token) is None
    expired = issuer(shop).issue(session, lifetime=timedelta(seconds=-10))
    assert await code_for(shop, expired.token) == "UNAUTHENTICATED"


async def test_a_token_signed_with_another_key_is_rejected(shop: Shop) -> None:
    ada = UUID((await shop.shopper()).id)
    own = load_signing_keys(Path(shop.process.environment["USERS_SIGNING_KEY_FILE"])).signer
    stranger = ECKey.generate_key("P-256")
    for kid in (own.kid, stranger.thumbprint()):
        forged = SigningKeys((ECKey.import_key(stranger.as_pem(private=True), {"kid": str(kid)}),))
        assert await code_for(shop, issuer_of(forged).issue(a_session(ada)).token) == "UNAUTHENTICATED"


async def test_a_token_for_somebody_else_is_rejected(shop: Shop) -> None:
    ada = UUID((await shop.shopper()).id)
    keys = load_signing_keys(Path(shop.process.environment["USERS_SIGNING_KEY_FILE"]))
    for issued_by, audience in (("elsewhere", "mercato"), ("mercato", "elsewhere")):
        token = SignedTokens(lambda: keys, issued_by, audience).issue(a_session(ada)).token
        assert await code_for(shop, token) == "UNAUTHENTICATED"


@pytest.mark.parametrize("typ", [None, "JWT", "id+jwt", "at+jwt2"])
async def test_what_is_no_access_token_is_rejected(shop: Shop, typ: str | None) -> None:
    key = load_signing_keys(Path(shop.process.environment["USERS_SIGNING_KEY_FILE"])).signer
    assert await code_for(shop, Issuer(key, "").token(typ=typ)) == "UNAUTHENTICATED"
    assert await code_for(shop, Issuer(key, "").token(typ="application/AT+jwt")) is None


@pytest.mark.parametrize(
    "claims",
    [
        {"sid": None},
        {"sid": "1"},
        {"sid": 7},
        {"auth_time": None},
        {"auth_time": "now"},
        {"auth_time": 1e17},
        {"auth_time": 1e20},
    ],
)
async def test_a_token_of_no_session_is_rejected(shop: Shop, claims: dict[str, Any]) -> None:
    key = load_signing_keys(Path(shop.process.environment["USERS_SIGNING_KEY_FILE"])).signer
    assert await code_for(shop, Issuer(key, "").token(**claims)) == "UNAUTHENTICATED"


async def test_me_and_the_address_book_need_a_token(shop: Shop) -> None:
    assert await code_for(shop, None) == "UNAUTHENTICATED"
    answer = await shop.process.graphql(CREATE, {"input": {"address": HOME}})
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_refresh_token_is_exchanged_for_new_tokens(shop: Shop) -> None:
    ada = await shop.shopper()
    first = (await refresh(shop, ada.refresh_token))["tokens"]
    second = (await refresh(shop, first["refreshToken"]))["tokens"]
    assert len({ada.refresh_token, first["refreshToken"], second["refreshToken"]}) == 3
    assert (await shop.process.graphql(ME, token=second["accessToken"]))["data"]["me"]["id"] == ada.id


async def test_a_refresh_token_used_again_later_ends_its_session_and_no_other(shop: Shop) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    following = (await refresh(shop, ada.refresh_token))["tokens"]["refreshToken"]
    await passes(shop, REFRESH_GRACE)
    assert codes(await refresh(shop, ada.refresh_token)) == ["REFRESH_TOKEN_INVALID"]
    assert codes(await refresh(shop, following)) == ["REFRESH_TOKEN_INVALID"]
    assert codes(await refresh(shop, bob.refresh_token)) == []


async def test_one_refresh_token_sent_twenty_times_at_once_is_exchanged_for_one(shop: Shop) -> None:
    ada = await shop.shopper()
    answers = await asyncio.gather(*(refresh(shop, ada.refresh_token) for _ in range(20)))
    fields = ("refreshToken", "refreshTokenExpiresAt")
    (following,) = {tuple(answer["tokens"][field] for field in fields) for answer in answers}
    assert codes(await refresh(shop, following[0])) == []
    unused = await shop.sql(
        "SELECT 1 FROM refresh_tokens AS token JOIN sessions AS session ON session.id = token.session_id"
        " WHERE session.user_id = $1 AND token.used_at IS NULL",
        UUID(ada.id),
    )
    assert len(unused) == 1


@pytest.mark.parametrize("token", ["", "unknown", "x" * 100_000, "\x00"])
async def test_an_unknown_refresh_token_is_rejected(shop: Shop, token: str) -> None:
    answer = await refresh(shop, token)
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [
        ("REFRESH_TOKEN_INVALID", ["refreshToken"])
    ]


async def test_an_expired_refresh_token_is_rejected_and_ends_nothing(shop: Shop) -> None:
    ada = await shop.shopper()
    await expire(shop, ada)
    assert codes(await refresh(shop, ada.refresh_token)) == ["REFRESH_TOKEN_INVALID"]
    assert await shop.sql("SELECT 1 FROM sessions WHERE user_id = $1 AND ended_at IS NULL", UUID(ada.id)) != []


async def test_refresh_tokens_are_not_stored(shop: Shop) -> None:
    ada = await shop.shopper()
    rows = await shop.sql(
        "SELECT token::text || session::text AS everything FROM refresh_tokens AS token"
        " JOIN sessions AS session ON session.id = token.session_id WHERE session.user_id = $1",
        UUID(ada.id),
    )
    assert len(rows) == 1
    assert ada.refresh_token not in rows[0]["everything"]


async def test_a_developer_gets_a_token_with_any_scope(shop: Shop) -> None:
    ada = await shop.shopper()
    status, output, _ = await users_command(shop, "token", "--email", ada.email.upper(), "--scope", "orders:refund")
    assert status == 0
    assert (await shop.process.graphql(ME, token=output.strip()))["data"]["me"]["id"] == ada.id


async def test_there_is_no_token_for_nobody(shop: Shop) -> None:
    status, output, complaint = await users_command(shop, "token", "--email", "nobody@example.com")
    assert (status, output) == (1, "")
    assert complaint.strip() == "no account has the address nobody@example.com; register it first"


async def test_a_start_without_a_signing_key_says_so_in_one_line(shop: Shop, tmp_path: Path) -> None:
    status, _, complaint = await users_command(shop, "serve", USERS_SIGNING_KEY_FILE=str(tmp_path / "missing.pem"))
    assert status == 78
    assert complaint.strip() == "setting USERS_SIGNING_KEY_FILE: the file can't be read: No such file or directory"


async def users_command(shop: Shop, *arguments: str, **environment: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "subgraphs.users", *arguments,
        env={**shop.process.environment, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, complaint = await process.communicate()
    return process.returncode, output.decode(), complaint.decode()


async def expire(shop: Shop, shopper: Shopper) -> None:
    await shop.sql(
        "UPDATE refresh_tokens SET expires_at = clock_timestamp() FROM sessions AS session"
        " WHERE session.id = session_id AND session.user_id = $1",
        UUID(shopper.id),
    )
