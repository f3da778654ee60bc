"""A shop to which anything may happen, and that must find its way out of wherever it is stopped."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.chaos.buyers import ACTING_CARD, ACTING_IN_VAIN_CARD, DECLINED_CARD, GOOD_CARD, JsonObject
from tests.chaos.shop import Shop
from tests.chaos.ways_out.back_office import ACTIONS, Choice, Desk, actions_of
from tests.chaos.ways_out.known_states import is_known
from tests.chaos.ways_out.quiet import quiet
from tests.chaos.ways_out.states import state_of
from tests.chaos.ways_out.world import World

MOST_ORDERS = 3
MOST_ACTIONS = 15
BUYERS = ("authenticate", "authenticate", "pay elsewhere", "let time pass")
HOLDS = ("end hold", "take there", "take a part there")
TROUBLE = ("refund there", "dispute", "decide", "receive", "refuse refunds", "lose provider", "miscount", "mend")
COMMANDS = st.sampled_from(["place", *["press"] * 10, *BUYERS, *HOLDS, *TROUBLE])
KILLS = st.sampled_from(["", "", "", "orders", "payments", "inventory"])
UNKNOWN_CARD = "pm_nobody_knows"
CARDS = st.sampled_from([*[GOOD_CARD] * 6, *[ACTING_CARD] * 2, ACTING_IN_VAIN_CARD, DECLINED_CARD, UNKNOWN_CARD])
BUTTONS = st.one_of(
    st.sampled_from(ACTIONS), st.integers(0, len(ACTIONS) - 1)
)  # any, or the nth of those that are there
AMOUNTS = st.sampled_from([None, None, None, "0.01", "30.00"])
# What brings an order to its end, by whether the shop means to keep the sale.
KEEPING = ("RETRY", "DELIVER", "SHIP", "CANCEL", "REFUND")
UNDOING = ("RETRY", "CANCEL", "REFUND", "DELIVER", "SHIP")
ENDS = frozenset({"DELIVERED", "CANCELLED", "REFUNDED"})


@dataclass
class Visited:
    """The distinct states in which orders were seen, and how often."""

    states: Counter[str] = field(default_factory=Counter)


def machine_of(shop: Shop, loop: asyncio.AbstractEventLoop, visited: Visited) -> type[RuleBasedStateMachine]:
    """The machine that drives the shop, whose clients live in the loop of the tests."""

    def done(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.journey = Journey(shop, visited)

        @initialize(
            stock=st.sampled_from([6, 6, 3, 1]),
            most_waiting=st.sampled_from([0, 2]),
            keeps=st.booleans(),
            settles=st.booleans(),
            gives=st.booleans(),
        )
        def open_shop(self, stock: int, most_waiting: int, keeps: bool, settles: bool, gives: bool) -> None:
            self.journey.keeps, self.journey.settles = keeps, settles
            done(self.journey.begin(stock, most_waiting, gives))

        # One rule that draws its command: Hypothesis leaves whole rules out of most of its examples.
        @rule(command=COMMANDS, draw=st.data())
        def do(self, command: str, draw: st.DataObject) -> None:
            desks = self.journey.desks
            killed = draw.draw(KILLS, "killed")
            if command == "place" or not desks:
                card, quantity = draw.draw(CARDS, "card"), draw.draw(st.integers(1, 3), "quantity")
                if len(desks) < MOST_ORDERS:
                    done(self.journey.amid_kills(killed, self.journey.place(quantity, card)))
                return
            desk = desks[draw.draw(st.integers(0, len(desks) - 1), "order")]
            if command == "press":
                amount = draw.draw(AMOUNTS, "amount")
                is_all, restocks = draw.draw(st.booleans(), "all"), draw.draw(st.booleans(), "restock")
                choice = Choice(is_all and not amount, amount, restocks, draw.draw(CARDS, "card"))
                button = draw.draw(BUTTONS, "button")
                done(self.journey.amid_kills(killed, self.journey.press(desk, button, choice)))
            else:
                done(
                    self.journey.amid_kills(killed, self.journey.happen(command, desk, draw.draw(st.booleans(), "all")))
                )

        def teardown(self) -> None:
            done(self.journey.find_the_way_out())

    return Machine


class Journey:
    """One example: the orders, what is done to them, and their way out."""

    def __init__(self, shop: Shop, visited: Visited) -> None:
        self.shop = shop
        self.world = World(shop)
        self.desks: list[Desk] = []
        self.keeps, self.settles = (
            True,
            False,
        )  # to keep the sale; to pay another way what the provider does not give back
        self.variant = self.gift = ""
        self._visited = visited

    async def begin(self, stock: int, most_waiting: int, gives: bool) -> None:
        """One variant with so many units, of which so many more may be ordered before they are there.

        There may be a gift, too.
        """
        self.gift = await self.shop.gift(MOST_ORDERS) if gives else ""
        self.variant = await self.shop.variant(stock)
        if most_waiting:
            await self.world.take_backorders(self.variant, most_waiting)

    async def place(self, quantity: int, card: str) -> None:
        """An order, whatever becomes of it."""
        await self.shop.show_stock(self.variant, 999)
        buyer = self.shop.buyer()
        basket = {self.variant: quantity} | ({self.gift: 1} if self.gift else {})
        self.desks.append(Desk(await buyer.placed(basket, card=card), buyer, self.shop.staff()))

    async def press(self, desk: Desk, button: str | int, choice: Choice) -> None:
        """A button, whether it is there or not: what is there works, what is not is refused."""
        order = await desk.order()
        offered = sorted(actions_of(order)) or ACTIONS
        action = offered[button % len(offered)] if isinstance(button, int) else button
        payload = await desk.press(action, order, choice)
        is_listed = action in actions_of(order)
        is_done = payload["errors"] == [] or (is_listed and _asks_too_much(payload, choice))
        assert is_listed == is_done, f"{action} of {_told(order)}: {payload['errors']}"

    async def happen(self, what: str, desk: Desk, is_all: bool) -> None:
        """Something that nobody in the shop has asked for."""
        match what:
            case "authenticate":
                await self.world.authenticate(desk.order_id, succeeds=is_all)
            case "pay elsewhere":
                await self.world.pay_elsewhere(desk.order_id)
            case "let time pass":
                await self.world.let_time_pass(desk.order_id)
            case "end hold":
                await self.world.end_hold(desk.order_id, is_lapsed=is_all)
            case "take there":
                await self.world.capture_at_the_provider(desk.order_id)
            case "take a part there":
                await self.world.capture_a_part_at_the_provider(desk.order_id)
            case "refund there":
                await self.world.refund_at_the_provider(desk.order_id, is_all)
            case "dispute":
                await self.world.open_dispute(desk.order_id, is_all)
            case "decide":
                await self.world.decide_disputes(is_won=is_all)
            case "receive":
                await self.world.receive(self.variant, 5)
            case "refuse refunds":
                await self.world.refuse_refunds()
            case "lose provider":
                await self.world.lose_provider(desk.order_id)
            case "miscount":
                await self.world.miscount_returns(desk.order_id)
            case "mend":
                await self.world.mend()

    async def amid_kills(self, killed: str, work: Coroutine[Any, Any, None]) -> None:
        """Does something while a process dies and comes back, and waits until nothing is under way."""
        asked = asyncio.create_task(work)
        if killed:
            await self.shop.processes[killed].survive()
        await asked
        await quiet(self.shop)
        for desk in self.desks:
            order = await desk.order()
            self._visited.states[state_of(order)] += 1
            assert is_known(order["status"], order["availableActions"]), (
                f"docs/architecture/checkout.md knows no {_told(order)}"
            )

    async def find_the_way_out(self) -> None:
        """Mends what attention names, presses what is offered, and ends with books that agree.

        A shop that settles does without the provider:
        it mends nothing there before all of its orders are at their ends.
        """
        await (self.world.count_right() if self.settles else self.world.mend())
        for desk in self.desks:
            await self._end(desk)
        await self.world.mend()
        await quiet(self.shop)
        await self.shop.assert_reconciled()

    async def _end(self, desk: Desk) -> None:
        order, in_vain = await desk.order(), set[str]()
        for _ in range(MOST_ACTIONS):
            if order["status"] in ENDS and order["attention"] is None:
                return
            action = self._next_action(order, in_vain)
            await self._go_on(desk, order, action)
            after = await desk.order()
            in_vain = {*in_vain, action or ""} if after == order else set()
            order = after
        raise AssertionError(f"after {MOST_ACTIONS} actions there is no end of {_told(order)}")

    def _next_action(self, order: JsonObject, in_vain: set[str]) -> str | None:
        """What is offered and has not just changed nothing; None when only banks or the buyer bring it on."""
        if self.keeps and order["status"] == "AWAITING_PAYMENT_ACTION" and order["attention"] is None:
            return None
        offered = actions_of(order) - in_vain
        wanted = (*(("SETTLE",) if self.settles else ()), *(KEEPING if self.keeps else UNDOING))
        return next((action for action in wanted if action in offered), None)

    async def _go_on(self, desk: Desk, order: JsonObject, action: str | None) -> None:
        if action is None:
            await self.world.decide_disputes(is_won=self.keeps)
            await self.world.authenticate(desk.order_id, succeeds=True)
            if not (self.settles and await self.world.type_in_decisions(desk.order_id)):
                await self.world.mend()
        else:
            payload = await desk.press(action, order, Choice(restocks=True))
            assert payload["errors"] == [], f"{action} of {_told(order)}: {payload['errors']}"
        await quiet(self.shop)


def _asks_too_much(payload: JsonObject, choice: Choice) -> bool:
    """A part may be more than what is left, where all that is left would do.

    That is when somebody refunded money for no units.
    """
    return not choice.is_all and {error["code"] for error in payload["errors"]} == {"EXCEEDS_REMAINING"}


def _told(order: Mapping[str, Any]) -> str:
    return f"{order['status']} ({state_of(order)}), {order['availableActions']}, {order['attention']}"
