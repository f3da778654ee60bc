"""A client that hangs up: what was only to be read is no longer asked for, what changes something is finished."""

import asyncio
import contextlib
from typing import Any

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Double, Router
from tests.subgraphs import eventually

HELD = '{ product(slug: "held") { title defaultVariant { stock { available } } } }'
HELD_MUTATION = 'mutation { addressDelete(input: { id: "held" }) { errors { message } } }'


async def outcomes(subgraph: Double) -> list[str]:
    return [request["outcome"] for request in await subgraph.received()]


async def hang_up(asking: asyncio.Task[Any]) -> None:
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking


async def test_a_query_whose_client_hangs_up_is_no_longer_asked_for(router: Router, doubles: Doubles) -> None:
    products = doubles["products"]
    asking = asyncio.create_task(router.ask(HELD))
    await eventually(lambda: has(products, ["open"]), "products is asked")
    await hang_up(asking)
    await eventually(lambda: has(products, ["left"]), "the router has closed its connection to products")
    await products.release()
    assert await doubles["inventory"].received() == []


async def test_a_mutation_whose_client_hangs_up_is_finished(router: Router, doubles: Doubles, issuer: Issuer) -> None:
    users, products = doubles["users"], doubles["products"]
    mutating = asyncio.create_task(router.ask(HELD_MUTATION, issuer.token()))
    await eventually(lambda: has(users, ["open"]), "users is asked")
    await hang_up(mutating)
    # One who hangs up later has been noticed: so has the first.
    asking = asyncio.create_task(router.ask(HELD))
    await eventually(lambda: has(products, ["open"]), "products is asked")
    await hang_up(asking)
    await eventually(lambda: has(products, ["left"]), "the router has closed its connection to products")
    assert await outcomes(users) == ["open"]
    await users.release()
    await products.release()
    await eventually(lambda: has(users, ["answered"]), "users has answered")


async def has(subgraph: Double, expected: list[str]) -> bool:
    return await outcomes(subgraph) == expected
