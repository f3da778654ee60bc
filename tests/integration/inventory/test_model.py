"""Random commands drive inventory and a pure model of it: both must say the same, and the books agree after every step."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from shared.errors import FailedPrecondition, NotFound, UserErrors
from shared.ids import new_id
from shared.subgraph import Subgraph
from subgraphs.inventory.commands.change_stock import adjust_stock, transfer_stock
from subgraphs.inventory.commands.expire_reservations import sweep_overdue
from subgraphs.inventory.commands.set_policy import set_policy
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.requests import Adjustment, PolicyChange, Transfer
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import Backorders
from tests.integration.inventory.builders import (
    STAFF,
    assert_books_agree,
    commit,
    end_hold,
    put_back,
    receive,
    release,
    reserve_lines,
    stock,
    stocked_variant,
    warehouse,
)
from tests.integration.inventory.model import Model, ModelVariant

VARIANTS = st.integers(0, 1)
NUMBERS = st.integers(0, 30)
CODES = st.sampled_from(["ONE", "TWO"])
LINES = st.lists(st.tuples(VARIANTS, st.integers(1, 5)), min_size=1, max_size=3)


async def is_done(work: Coroutine[Any, Any, Any]) -> bool:
    """Whether a command was carried out, and not refused."""
    try:
        await work
    except (FailedPrecondition, NotFound, UserErrors):
        return False
    return True


def machine_in(loop: asyncio.AbstractEventLoop) -> type[RuleBasedStateMachine]:
    """The machine that drives inventory, whose database lives in the loop of the tests."""

    def done(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model([])
            self.variants: list[UUID] = []
            self.orders: list[tuple[UUID, list[Demand]]] = []

        @initialize(pieces=st.lists(st.integers(0, 8), min_size=2, max_size=2))
        def open_shop(self, pieces: list[int]) -> None:
            self.model.variants = [ModelVariant(its) for its in pieces]
            self.variants = [done(stocked_variant(its)) for its in pieces]

        @rule(wanted=LINES)
        def reserve(self, wanted: list[tuple[int, int]]) -> None:
            lines = [Demand(new_id(), self.variants[variant], quantity) for variant, quantity in wanted]
            self.orders.append((new_id(), lines))
            outcome = done(reserve_lines(*self.orders[-1]))
            assert isinstance(outcome, datetime) == self.model.reserve(wanted)

        @precondition(lambda self: self.orders)
        @rule(number=NUMBERS)
        def commit(self, number: int) -> None:
            number %= len(self.orders)
            expected = self.model.commit(number)
            if expected is None:
                assert not done(is_done(commit(self.orders[number][0])))
            else:
                assert done(commit(self.orders[number][0])) == expected

        @precondition(lambda self: self.orders)
        @rule(number=NUMBERS)
        def release(self, number: int) -> None:
            number %= len(self.orders)
            assert done(is_done(release(self.orders[number][0]))) == self.model.end(number, "RELEASED")

        @precondition(lambda self: self.orders)
        @rule(number=NUMBERS)
        def expire(self, number: int) -> None:
            number %= len(self.orders)
            done(end_hold(self.orders[number][0]))
            is_held = self.model.orders[number].state == "HELD"
            self.model.end(number, "EXPIRED")
            assert done(sweep_overdue()) == is_held

        @precondition(lambda self: self.orders)
        @rule(number=NUMBERS, place=NUMBERS, quantity=st.integers(1, 4))
        def put_back(self, number: int, place: int, quantity: int) -> None:
            number %= len(self.orders)
            order_id, lines = self.orders[number]
            place %= len(lines)
            work = put_back(order_id, Wanted(lines[place].line_id, quantity))
            assert done(is_done(work)) == self.model.put_back(number, place, quantity)

        @rule(variant=VARIANTS, pieces=st.integers(1, 6), code=CODES)
        def receive(self, variant: int, pieces: int, code: str) -> None:
            done(receive(self.variants[variant], pieces, code))
            self.model.come(variant, pieces)

        @rule(variant=VARIANTS, delta=st.integers(-4, 4).filter(bool), code=CODES)
        def adjust(self, variant: int, delta: int, code: str) -> None:
            is_possible = done(self._free(variant, code)) + delta >= 0
            adjustment = Adjustment(self.variants[variant], done(warehouse(code)), delta, "counted")
            assert done(is_done(adjust_stock(adjustment, STAFF, str(new_id())))) == is_possible
            if is_possible:
                self.model.come(variant, delta)

        @rule(variant=VARIANTS, pieces=st.integers(1, 4), code=CODES)
        def transfer(self, variant: int, pieces: int, code: str) -> None:
            is_possible = done(self._free(variant, code)) >= pieces
            origin, target = done(warehouse(code)), done(warehouse("TWO" if code == "ONE" else "ONE"))
            work = transfer_stock(Transfer(self.variants[variant], origin, target, pieces, "moved"), STAFF, str(new_id()))
            assert done(is_done(work)) == is_possible

        @rule(variant=VARIANTS, is_allowed=st.booleans(), limit=st.none() | st.integers(1, 6))
        def set_rules(self, variant: int, is_allowed: bool, limit: int | None) -> None:
            rules = Backorders(is_allowed, None, limit if is_allowed else None)
            done(set_policy(PolicyChange(self.variants[variant], None, rules), STAFF))
            its = self.model.variants[variant]
            its.is_backorder_allowed, its.limit = is_allowed, rules.limit

        @precondition(lambda self: self.variants)
        @invariant()
        def inventory_is_as_foretold(self) -> None:
            for variant, variant_id in enumerate(self.variants):
                view = done(stock(variant_id))
                found = view.stock.available, view.stock_policy.backorder.waiting
                assert found == (self.model.available(variant), self.model.waiting(variant))
            done(assert_books_agree())

        async def _free(self, variant: int, code: str) -> int:
            levels = (await stock(self.variants[variant])).stock_levels
            return sum(level.available for level in levels if level.warehouse.code == code)

    return Machine


async def test_inventory_keeps_to_a_model_of_stock(inventory: Subgraph) -> None:
    loop = asyncio.get_running_loop()
    bounds = settings(
        max_examples=25,
        stateful_step_count=30,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, machine_in(loop), settings=bounds)
