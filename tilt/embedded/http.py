"""A client for health checks of plain HTTP."""

import ssl

import httpx

# httpx by default reads all certificate authorities for each client: 25 ms of work that plain HTTP has no use for.
TRUSTING_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def plain_client(auth: tuple[str, str] | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=2, auth=auth, verify=TRUSTING_NOBODY)


async def expect_ok(url: str, auth: tuple[str, str] | None = None) -> None:
    """It answers, and with success."""
    async with plain_client(auth) as client:
        (await client.get(url)).raise_for_status()
