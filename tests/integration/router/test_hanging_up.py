"""Who asks no longer is worked for no longer."""

import asyncio

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Kind, router_environment
from tests.integration.router.processes import router as running_router


async def test_a_client_that_hangs_up_ends_its_requests_to_subgraphs(kind: Kind, doubles: Doubles, issuer: Issuer) -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        asked.set()
        await reader.read()
        gone.set()
        writer.close()

    products = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{products.sockets[0].getsockname()[1]}"
    environment = router_environment(issuer.jwks_url, doubles) | {"PRODUCTS_URL": address}
    async with products, running_router(kind, environment) as router:
        asking = asyncio.create_task(router.ask("{ products(first: 1) { nodes { title } } }"))
        await asyncio.wait_for(asked.wait(), 10)
        asking.cancel()
        await asyncio.wait_for(gone.wait(), 5)
