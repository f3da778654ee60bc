"""From whatever state it stops in, a bounded number of actions that the shop names brings an order to its end."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from subgraphs.orders.domain.fulfilment import CaptureTime
from tests.chaos.shop import Shop
from tests.chaos.ways_out.machine import Visited, machine_of

EXAMPLES = int(os.environ.get("CHAOS_EXAMPLES", "4"))
STEPS = int(os.environ.get("CHAOS_STEPS", "12"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))  # another one tries other things


@contextlib.asynccontextmanager
async def taking_money_at(shop: Shop, capture: CaptureTime) -> AsyncIterator[None]:
    """The shop takes the money then, until the end."""
    orders = shop.processes["orders"]
    await orders.restart(ORDERS_CAPTURE=capture)
    try:
        yield
    finally:
        await orders.restart()


@pytest.mark.slow
@pytest.mark.longest
@pytest.mark.parametrize("capture", list(CaptureTime))
async def test_every_state_has_a_way_out(shop: Shop, capture: CaptureTime) -> None:
    visited = Visited()
    loop = asyncio.get_running_loop()
    bounds = settings(
        max_examples=max(EXAMPLES // len(CaptureTime), 1),
        stateful_step_count=STEPS,
        phases=(Phase.generate,),  # a failure is told with its steps, which is quicker than looking for fewer
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = seed(f"{capture} {SEED}")(machine_of(shop, loop, visited))
    try:
        async with taking_money_at(shop, capture):
            await asyncio.to_thread(run_state_machine_as_test, machine, settings=bounds)
    finally:
        await shop.stripe.reset()
        print(f"\n{len(visited.states)} distinct states:")
        print("\n".join(f"{count:5} {state}" for state, count in sorted(visited.states.items())))
