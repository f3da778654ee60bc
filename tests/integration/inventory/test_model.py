"""Random commands drive inventory and a pure model of it.

Both must say the same after each, and the books agree at the end.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any
from uuid import UUID

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.errors import Rejection
from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.inventory.commands.adjust_stock import AdjustStock, adjust_stock
from subgraphs.inventory.commands.transfer_stock import TransferStock, transfer_stock
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import Reserved, WaitingLine
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import Backorders
from subgraphs.inventory.queries.stock import stock_by_variant
from tests.integration.inventory.builders import (
    assert_books_agree,
    commit,
    committed,
    drop,
    end_hold,
    put_back,
    receive,
    release,
    reserved_lines,
    stock,
    stocked_variant,
    warehouse,
)
from tests.integration.inventory.model import Model, ModelVariant
from tests.stock import STAFF, WORK, set_policy, sweep_overdue

VARIANTS = st.integers(0, 1)
NUMBERS = st.integers(0, 29)
UNITS = st.integers(1, 5)
CODES = st.sampled_from(["ONE", "TWO"])
# One rule that draws its command, since hypothesis leaves whole rules out of most examples,
# and then few of their orders are tried.
COMMANDS = st.one_of(
    st.tuples(st.just("reserve"), st.lists(st.tuples(VARIANTS, UNITS), min_size=1, max_size=3)),
    st.tuples(st.just("commit"), NUMBERS),
    st.tuples(st.just("commit"), NUMBERS),
    st.tuples(st.just("release"), NUMBERS),
    st.tuples(st.just("expire"), NUMBERS),
    st.tuples(st.just("put_back"), NUMBERS, NUMBERS, st.integers(1, 3)),
    st.tuples(st.just("drop"), NUMBERS, NUMBERS, st.integers(1, 3)),
    st.tuples(st.just("receive"), VARIANTS, UNITS, CODES),
    st.tuples(st.just("adjust"), VARIANTS, st.integers(-4, 4).filter(bool), CODES),
    st.tuples(st.just("transfer"), VARIANTS, UNITS, CODES),
    st.tuples(st.just("set_rules"), VARIANTS, st.sampled_from([True, True, False]), st.none() | st.integers(1, 5)),
)
SOMETIMES = 24  # of thirty
USUAL = {
    "commit": ("HELD", "EXPIRED"),
    "release": ("HELD", "EXPIRED"),
    "expire": ("HELD",),
    "put_back": ("COMMITTED",),
    "drop": ("COMMITTED",),
}
_LINES = """
SELECT line.line_id, coalesce(sum(hold.quantity), 0), coalesce(sum(hold.returned), 0), line.waiting,
  line.returned + line.dropped - coalesce(sum(hold.returned), 0)
FROM reservation_lines AS line LEFT JOIN holds AS hold USING (order_id, line_id)
WHERE line.order_id = ANY($1::uuid[]) GROUP BY line.id
"""


async def is_done(work: Coroutine[Any, Any, Any]) -> bool:
    """Whether a command was carried out, and not rejected."""
    try:
        await work
    except Rejection:
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
            self.told: dict[UUID, tuple[int, int]] = {}  # of each line the latest version, and what it waits for

        @initialize(units=st.lists(st.integers(0, 5), min_size=2, max_size=2))
        def open_shop(self, units: list[int]) -> None:
            """One variant can be bought beyond what is there, the other one can't; commands may change that."""
            self.model.variants = [ModelVariant(its) for its in units]
            self.variants = [done(stocked_variant(its)) for its in units]
            self._set_rules(0, True, None)

        @rule(command=COMMANDS)
        def act(self, command: tuple[Any, ...]) -> None:
            name, *arguments = command
            if name in USUAL:
                if not self.orders:
                    return
                arguments[0] = self._chosen(arguments[0], USUAL[name])
            getattr(self, f"_{name}")(*arguments)

        def _chosen(self, number: int, states: tuple[str, ...]) -> int:
            """An order for which a command makes sense as a rule, sometimes any."""
            usual = [its for its, order in enumerate(self.model.orders) if order.state in states]
            return usual[number % len(usual)] if usual and number < SOMETIMES else number % len(self.orders)

        def _reserve(self, wanted: list[tuple[int, int]]) -> None:
            lines = [Demand(new_id(), self.variants[variant], quantity) for variant, quantity in wanted]
            self.orders.append((new_id(), lines))
            outcome = done(reserved_lines(*self.orders[-1]))
            assert isinstance(outcome, Reserved) == self.model.reserve(wanted)
            if isinstance(outcome, Reserved):
                self._hear(outcome.waiting)

        def _commit(self, number: int) -> None:
            expected = self.model.commit(number)
            if expected is None:
                assert not done(is_done(commit(self.orders[number][0])))
                return
            waiting = done(committed(self.orders[number][0]))
            assert (waiting is not None) == expected
            self._hear(waiting or ())

        def _release(self, number: int) -> None:
            assert done(is_done(release(self.orders[number][0]))) == self.model.end(number, "RELEASED")

        def _expire(self, number: int) -> None:
            done(end_hold(self.orders[number][0]))
            is_held = self.model.orders[number].state == "HELD"
            self.model.end(number, "EXPIRED")
            assert done(sweep_overdue()) == is_held

        def _put_back(self, number: int, place: int, quantity: int) -> None:
            order_id, lines = self.orders[number]
            place %= len(lines)
            work = put_back(order_id, Wanted(lines[place].line_id, quantity))
            assert done(is_done(work)) == self.model.put_back(number, place, quantity)

        def _drop(self, number: int, place: int, quantity: int) -> None:
            order_id, lines = self.orders[number]
            place %= len(lines)
            work = drop(order_id, Wanted(lines[place].line_id, quantity))
            assert done(is_done(work)) == self.model.drop(number, place, quantity)

        def _receive(self, variant: int, units: int, code: str) -> None:
            done(receive(self.variants[variant], units, code))
            self.model.come(variant, units)

        def _adjust(self, variant: int, delta: int, code: str) -> None:
            is_possible = done(self._free(variant, code)) + delta >= 0
            adjustment = AdjustStock(self.variants[variant], done(warehouse(code)), delta, "counted", STAFF)
            assert done(is_done(WORK.perform(adjust_stock, adjustment))) == is_possible
            if is_possible:
                self.model.come(variant, delta)

        def _transfer(self, variant: int, units: int, code: str) -> None:
            is_possible = done(self._free(variant, code)) >= units
            origin, target = done(warehouse(code)), done(warehouse("TWO" if code == "ONE" else "ONE"))
            command = TransferStock(self.variants[variant], origin, target, units, "moved", STAFF)
            work = WORK.perform(transfer_stock, command)
            assert done(is_done(work)) == is_possible

        def _set_rules(self, variant: int, is_allowed: bool, limit: int | None) -> None:
            rules = Backorders(is_allowed, None, limit if is_allowed else None)
            done(set_policy(self.variants[variant], None, rules))
            its = self.model.variants[variant]
            its.is_backorder_allowed, its.limit = is_allowed, rules.limit

        @precondition(lambda self: self.variants)
        @invariant()
        def inventory_is_as_foretold(self) -> None:
            views = done(stock_by_variant(self.variants))
            found = [(views[its].stock.available, views[its].stock_policy.backorder.waiting) for its in self.variants]
            assert found == [
                (self.model.available(variant), self.model.waiting(variant)) for variant in range(len(self.variants))
            ]
            lines = done(self._lines())
            for (_, demands), order in zip(self.orders, self.model.orders, strict=True):
                foretold = [(line.had, line.restocked, line.waiting, line.unwaited) for line in order.lines]
                assert [lines.get(demand.line_id, (0, 0, 0, 0)) for demand in demands] == foretold

        @precondition(lambda self: self.variants)
        @invariant()
        def whoever_keeps_the_latest_word_knows_what_each_line_waits_for(self) -> None:
            self._hear(done(self._events()))
            for (_, demands), order in zip(self.orders, self.model.orders, strict=True):
                known = [self.told.get(demand.line_id, (0, 0))[1] for demand in demands]
                assert known == [line.waiting for line in order.lines]

        def _hear(self, lines: Sequence[WaitingLine]) -> None:
            """Takes over what is told, in whatever order: an answer may arrive before events that are older."""
            for line in lines:
                if line.version > self.told.get(line.line_id, (0, 0))[0]:
                    self.told[line.line_id] = line.version, line.quantity

        async def _events(self) -> list[WaitingLine]:
            rows = await db.fetch(
                "SELECT payload FROM outbox WHERE key = ANY($1::text[])", [str(its) for its, _ in self.orders]
            )
            payloads = [orjson.loads(row["payload"]) for row in rows]
            return [
                WaitingLine(
                    UUID(its["orderId"]),
                    UUID(line["lineId"]),
                    UUID(line["variantId"]),
                    line["waiting"],
                    line["version"],
                )
                for its in payloads
                for line in its["lines"]
            ]

        def teardown(self) -> None:
            done(assert_books_agree())

        async def _lines(self) -> dict[UUID, tuple[int, ...]]:
            """What each line has, has put back of that, waits for, and waits for no longer."""
            rows = await db.fetch(_LINES, [order_id for order_id, _ in self.orders])
            return {line_id: tuple(units) for line_id, *units in rows}

        async def _free(self, variant: int, code: str) -> int:
            levels = (await stock(self.variants[variant])).stock_levels
            return sum(level.available for level in levels if level.warehouse.code == code)

    return Machine


async def test_inventory_keeps_to_a_model_of_stock(inventory: Subgraph) -> None:
    loop = asyncio.get_running_loop()
    bounds = settings(
        max_examples=120,
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, machine_in(loop), settings=bounds)
