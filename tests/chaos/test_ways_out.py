"""From whatever state it stops in, a bounded number of actions that the shop names brings an order to its end."""

import asyncio
import os

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos.shop import Shop
from tests.chaos.ways_out.machine import Visited, machine_of

EXAMPLES = int(os.environ.get("CHAOS_EXAMPLES", "4"))
STEPS = int(os.environ.get("CHAOS_STEPS", "12"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))


@pytest.mark.slow
async def test_every_state_has_a_way_out(shop: Shop) -> None:
    visited = Visited()
    loop = asyncio.get_running_loop()
    bounds = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        phases=(Phase.generate,),  # a failure is told with its steps, which is quicker than looking for fewer
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = seed(SEED)(machine_of(shop, loop, visited))
    try:
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=bounds)
    finally:
        await shop.stripe.reset()
        print(f"\n{len(visited.states)} distinct states:")
        print("\n".join(f"{count:5} {state}" for state, count in sorted(visited.states.items())))
