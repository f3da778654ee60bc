"""A client that hangs up: nothing more is asked for it, and the subgraph that is being asked hears of it.

What it does then with a mutation that it has begun is tested where it is done:
tests/integration/shared/test_callers.py.
"""

import asyncio
import contextlib
from typing import Any

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Double, Router
from tests.subgraphs import eventually

HELD = '{ product(slug: "held") { title defaultVariant { stock { available } } } }'
HELD_CHANGE = 'addressDelete(input: { id: "held" }) { errors { message } }'
RECEIPT = '{ variantId: "v", warehouseId: "w", quantity: 1 }'
LATER_CHANGE = f'stockReceive(idempotencyKey: "key", input: {RECEIPT}) {{ errors {{ message }} }}'


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


async def test_a_subgraph_hears_that_the_client_of_a_mutation_has_gone(
    router: Router, doubles: Doubles, issuer: Issuer
) -> None:
    users = doubles["users"]
    mutating = asyncio.create_task(router.ask(f"mutation {{ {HELD_CHANGE} }}", issuer.token()))
    await eventually(lambda: has(users, ["open"]), "users is asked")
    await hang_up(mutating)
    await eventually(lambda: has(users, ["left"]), "the router has closed its connection to users")
    await users.release()


async def test_no_other_subgraph_begins_its_part_of_a_mutation_whose_client_has_gone(
    router: Router, doubles: Doubles, issuer: Issuer
) -> None:
    users, inventory, token = doubles["users"], doubles["inventory"], issuer.token(scope="inventory:write")
    mutating = asyncio.create_task(router.ask(f"mutation {{ {HELD_CHANGE} {LATER_CHANGE} }}", token))
    await eventually(lambda: has(users, ["open"]), "users is asked")
    await hang_up(mutating)
    await eventually(lambda: has(users, ["left"]), "the router has closed its connection to users")
    await users.release()
    await router.ask("{ warehouses { code } }", token)
    assert [request["query"] for request in await inventory.received() if "stockReceive" in request["query"]] == []


async def has(subgraph: Double, expected: list[str]) -> bool:
    return await outcomes(subgraph) == expected
