"""A pure model of stock and money, and the real shop beside it.

Random commands, kills and clock jumps change neither's mind.

Every command is followed until nothing is under way, so that the model can foretell its end;
kills come in the middle of it.
"""

import asyncio
import os
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.chaos.buyers import DECLINED_CARD, GOOD_CARD, Buyer
from tests.chaos.shop import RECOVERY_SECONDS, Shop
from tests.subgraphs import eventually

VARIANTS = 2
EXAMPLES = int(os.environ.get("CHAOS_EXAMPLES", "4"))
STEPS = int(os.environ.get("CHAOS_STEPS", "12"))
COMMANDS = st.sampled_from(["place", "place", "place", "cancel", "refund", "refund", "jump"])
KILLS = st.sampled_from(["", "", "orders", "payments", "inventory"])


@dataclass
class ModelOrder:
    """An order as the model has it."""

    variant: int
    quantity: int
    status: str
    buyer: Buyer
    refunded: int = 0


@dataclass
class Model:
    """What there must be."""

    stock: list[int] = field(default_factory=list)
    orders: dict[str, ModelOrder] = field(default_factory=dict)

    def place(self, order_id: str, variant: int, quantity: int, card: str, buyer: Buyer) -> None:
        """An order is confirmed when there are enough units and the card is good; then the units are gone."""
        is_bought = card == GOOD_CARD and quantity <= self.stock[variant]
        if is_bought:
            self.stock[variant] -= quantity
        self.orders[order_id] = ModelOrder(variant, quantity, "CONFIRMED" if is_bought else "CANCELLED", buyer)

    def cancel(self, order_id: str) -> bool:
        """Only a confirmed order is sure to be cancelled; those of its units come back that no refund was for."""
        order = self.orders[order_id]
        if order.status != "CONFIRMED":
            return False
        order.status = "CANCELLED"
        self.stock[order.variant] += order.quantity - order.refunded
        return True

    def refund(self, order_id: str, quantity: int, restock: bool) -> bool:
        """Units of a confirmed order that were not refunded yet."""
        order = self.orders[order_id]
        if order.status != "CONFIRMED" or quantity > order.quantity - order.refunded:
            return False
        order.refunded += quantity
        if restock:
            self.stock[order.variant] += quantity
        if order.refunded == order.quantity:
            order.status = "REFUNDED"
        return True


def machine_of(shop: Shop, loop: asyncio.AbstractEventLoop) -> type[RuleBasedStateMachine]:
    """The machine that drives the shop, whose clients live in the loop of the tests."""

    def done(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model()
            self.variants: list[str] = []

        @initialize(stock=st.lists(st.integers(0, 6), min_size=VARIANTS, max_size=VARIANTS))
        def open_shop(self, stock: list[int]) -> None:
            self.model.stock = list(stock)
            self.variants = [done(shop.variant(units)) for units in stock]

        # One rule that draws its command: Hypothesis leaves whole rules out of most of its examples.
        @rule(command=COMMANDS, draw=st.data())
        def do(self, command: str, draw: st.DataObject) -> None:
            if command == "place" or not self.model.orders:
                self.place(draw)
            elif command == "jump":
                done(_jump(shop))  # leases, holds and pauses are long over
            else:
                order_id = draw.draw(st.sampled_from(sorted(self.model.orders)), "order")
                (self.cancel if command == "cancel" else self.refund)(order_id, draw)

        def place(self, draw: st.DataObject) -> None:
            variant, quantity = (
                draw.draw(st.integers(0, VARIANTS - 1), "variant"),
                draw.draw(st.integers(1, 4), "quantity"),
            )
            card, killed = (
                draw.draw(st.sampled_from([GOOD_CARD, GOOD_CARD, DECLINED_CARD]), "card"),
                draw.draw(KILLS, "killed"),
            )
            buyer = shop.buyer()
            done(shop.show_stock(self.variants[variant], 999))
            order_id = done(self._amid_kills(killed, buyer.placed({self.variants[variant]: quantity}, card=card)))
            self.model.place(order_id, variant, quantity, card, buyer)

        def cancel(self, order_id: str, draw: st.DataObject) -> None:
            killed = draw.draw(KILLS, "killed")
            payload = done(self._amid_kills(killed, self.model.orders[order_id].buyer.cancel(order_id)))
            assert (payload["errors"] == []) == self.model.cancel(order_id), payload

        def refund(self, order_id: str, draw: st.DataObject) -> None:
            quantity, restock = draw.draw(st.integers(1, 4), "quantity"), draw.draw(st.booleans(), "restock")
            killed = draw.draw(KILLS, "killed")
            lines = [{"lineId": done(shop.first_line(order_id)), "quantity": quantity}]
            payload = done(self._amid_kills(killed, shop.staff().refund(order_id, lines=lines, restock=restock)))
            assert (payload["errors"] == []) == self.model.refund(order_id, quantity, restock), payload

        @precondition(lambda self: self.model.orders)
        @invariant()
        def the_shop_is_as_foretold(self) -> None:
            done(shop.settled())
            done(eventually(lambda: shop.nothing_is_under_way(), "all sagas are at their end", RECOVERY_SECONDS))
            statuses = done(shop.statuses())  # only now: a refund that was under way may have moved its order
            assert {order_id: statuses[order_id] for order_id in self.model.orders} == {
                order_id: order.status for order_id, order in self.model.orders.items()
            }
            assert [done(shop.available(variant)) for variant in self.variants] == self.model.stock

        def teardown(self) -> None:
            done(shop.assert_reconciled())

        async def _amid_kills(self, killed: str, work: Coroutine[Any, Any, Any]) -> Any:
            asked = asyncio.create_task(work)
            if killed:
                await shop.processes[killed].survive()
            answer = await asked
            await shop.settled()
            return answer

    return Machine


async def _jump(shop: Shop) -> None:
    jumps = {
        "ORDERS_DATABASE_URL": "UPDATE sagas SET due_at = due_at - interval '1 day' WHERE due_at IS NOT NULL",
        "INVENTORY_DATABASE_URL": "UPDATE reservations SET expires_at = expires_at - interval '1 day'",
        "PAYMENTS_DATABASE_URL": (
            "UPDATE payments SET leased_until = leased_until - interval '1 day' WHERE lease IS NOT NULL"
        ),
    }
    for database, statement in jumps.items():
        connection = await asyncpg.connect(shop.environment[database])
        await connection.execute(statement)
        await connection.close()


@pytest.mark.slow
@pytest.mark.longest
async def test_the_shop_keeps_to_a_model_of_stock_and_money(shop: Shop) -> None:
    loop = asyncio.get_running_loop()
    bounds = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        phases=(Phase.generate,),  # a failure is told with its steps, which is quicker than looking for fewer
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, machine_of(shop, loop), settings=bounds)
