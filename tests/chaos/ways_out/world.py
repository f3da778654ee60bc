"""What happens to orders outside of the shop: at the provider, at banks, in the warehouse, and what breaks."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from subgraphs.inventory.domain.stock import Backorders
from subgraphs.orders.domain.fulfilment import Step
from tests.chaos.buyers import GOOD_CARD
from tests.chaos.shop import Shop
from tests.command_line import command
from tests.stock import set_policy
from tilt.embedded.backends.localstripe import API_KEY

_COUNT_AS_RETURNED = """
UPDATE reservation_lines AS line SET returned = line.quantity - line.waiting - line.dropped
FROM reservation_lines AS old
WHERE line.order_id = $1 AND old.id = line.id AND old.returned < old.quantity - old.waiting - old.dropped
  AND EXISTS (SELECT FROM reservations WHERE reservations.order_id = $1 AND state = 'COMMITTED')
RETURNING line.id, line.returned - old.returned AS more
"""
_ASKING = "requires_action"  # the bank wants to hear from the buyer
_TIME_PASSES = f"""
UPDATE sagas SET deadline_at = clock_timestamp(), due_at = clock_timestamp()
WHERE order_id = $1 AND step = '{Step.AWAIT_ACTION}'
"""
# A provider that is back is asked what happened since it was asked last;
# in the model it was never away from others' payments.
_BRING_BACK = "UPDATE payments SET provider = 'stripe', follow_at = clock_timestamp() WHERE provider = $1"
_UNHEARD = """
SELECT dispute.id, dispute.provider_reference FROM disputes AS dispute
JOIN payments AS payment ON payment.id = dispute.payment_id
WHERE payment.order_id = $1 AND payment.provider = $2 AND dispute.outcome = 'OPENED'
"""
GONE = "gone"  # a provider that the shop has no settings of any more


@dataclass
class World:
    """The outside of one shop, and how to mend what was broken."""

    shop: Shop
    disputes: list[str] = field(default_factory=list)
    miscounted: dict[int, int] = field(default_factory=dict)

    async def authenticate(self, order_id: str, succeeds: bool) -> None:
        """The buyer does what the bank asks for, or fails to; nothing where no bank asks."""
        reference = await self._payment_that(order_id, _ASKING)
        if reference:
            await self.shop.stripe.buyer_acts(reference, succeeds)

    async def pay_elsewhere(self, order_id: str) -> None:
        """The buyer fails to authenticate, and pays by another card in the same window before that is barred."""
        reference = await self._payment_that(order_id, _ASKING)
        if reference:
            await self.shop.stripe.buyer_acts(reference, False)
            await self._do(reference, "confirm", payment_method=GOOD_CARD)

    async def let_time_pass(self, order_id: str) -> None:
        """The time is over in which the buyer could have authenticated."""
        await self._fetch("ORDERS", _TIME_PASSES, UUID(order_id))

    async def end_hold(self, order_id: str, is_lapsed: bool) -> None:
        """What is not captured yet can never be.

        The bank's time for it is over, or somebody cancels it in the provider's pages.
        """
        reference = await self._payment_that(
            order_id, *(("requires_capture",) if is_lapsed else ("requires_capture", _ASKING))
        )
        if reference and is_lapsed:
            await self.shop.stripe.expire(reference)
        elif reference:
            await self._do(reference, "cancel")

    async def capture_at_the_provider(self, order_id: str) -> None:
        """Somebody takes what is held in the provider's pages."""
        reference = await self._payment_that(order_id, "requires_capture")
        if reference:
            await self._do(reference, "capture")

    async def capture_a_part_at_the_provider(self, order_id: str) -> None:
        """Somebody takes a cent of what is held in the provider's pages, which lets go the rest."""
        reference = await self._payment_that(order_id, "requires_capture")
        if reference:
            await self._do(reference, "capture", amount_to_capture="1")

    async def refund_at_the_provider(self, order_id: str, is_all: bool) -> None:
        """Somebody gives money back in the provider's own pages: a cent, or all that is left."""
        payment = await self._payment(order_id)
        if payment is None:
            return
        amount = {} if is_all else {"amount": "1"}
        async with self._api() as api:
            await api.post(
                "/v1/refunds", data={"payment_intent": payment["reference"], **amount}
            )  # may be refused: nothing left

    async def open_dispute(self, order_id: str, is_all: bool) -> None:
        """The buyer's bank takes money back: a cent of it, or all that is left."""
        payment = await self._payment(order_id)
        left = payment["captured"] - payment["refunded"] - payment["disputed"] if payment else 0
        if payment and left > 0:
            self.disputes.append(await self.shop.stripe.dispute(payment["reference"], amount=left if is_all else 1))

    async def decide_disputes(self, is_won: bool) -> None:
        """Banks decide all that they have before them."""
        for dispute in self.disputes:
            await self.shop.stripe.decide(dispute, "won" if is_won else "lost")
        self.disputes.clear()

    async def type_in_decisions(self, order_id: str) -> bool:
        """Somebody types in what banks decided and no provider tells any more, as their letters say.

        False when there is nothing.
        """
        unheard = await self._fetch("PAYMENTS", _UNHEARD, UUID(order_id), GONE)
        for dispute in unheard:
            async with self._api() as api:
                letter = (await api.get(f"/v1/disputes/{dispute['provider_reference']}")).raise_for_status().json()
            words = ("--dispute", str(dispute["id"]), "--outcome", letter["status"])
            status, output = await command(self.shop.environment, "payments", "decide-dispute", *words)
            assert status == 0, output
        return bool(unheard)

    async def take_backorders(self, variant_id: str, most: int) -> None:
        """So many units may be ordered before they are there."""
        rules = Backorders(is_allowed=True, limit=most)
        async with self.shop.inventory():
            await set_policy(UUID(variant_id), None, rules)

    async def receive(self, variant_id: str, units: int) -> None:
        """Units arrive."""
        await self.shop.set_stock(UUID(variant_id), units)

    async def refuse_refunds(self) -> None:
        """The provider refuses whatever is to be given back, until it is mended."""
        await self.shop.stripe.on_requests("fail", "/v1/refunds", method="POST", status=400, times=None)

    async def lose_provider(self, order_id: str) -> None:
        """The shop is not set up for the order's provider any more."""
        await self._fetch("PAYMENTS", "UPDATE payments SET provider = $2 WHERE order_id = $1", UUID(order_id), GONE)

    async def miscount_returns(self, order_id: str) -> None:
        """A hand in inventory's database has all units of an order come back already,
        so that it takes none any more.
        """
        for line in await self._fetch("INVENTORY", _COUNT_AS_RETURNED, UUID(order_id)):
            self.miscounted[line["id"]] = self.miscounted.get(line["id"], 0) + line["more"]

    async def mend(self) -> None:
        """Whatever stands in the way is mended, as a person would who has read what an order needs."""
        await self.shop.stripe.reset()
        await self._fetch("PAYMENTS", _BRING_BACK, GONE)
        await self.count_right()

    async def count_right(self) -> None:
        """The units are counted anew, and inventory has what is there."""
        for line_id, more in self.miscounted.items():
            await self._fetch(
                "INVENTORY", "UPDATE reservation_lines SET returned = returned - $2 WHERE id = $1", line_id, more
            )
        self.miscounted.clear()

    async def _payment(self, order_id: str) -> dict[str, Any] | None:
        """The order's payment in the provider's books of which money was taken."""
        return next((each for each in await self._payments(order_id) if each["captured"]), None)

    async def _payment_that(self, order_id: str, *statuses: str) -> str | None:
        """The provider's id of the order's payment that it has in one of some statuses."""
        async with self._api() as api:
            for payment in await self._payments(order_id):
                intent = (await api.get(f"/v1/payment_intents/{payment['reference']}")).raise_for_status().json()
                if intent["status"] in statuses:
                    return str(payment["reference"])
        return None

    async def _do(self, reference: str, step: str, **details: str) -> None:
        """A step of a payment in the provider's pages, which may come too late."""
        async with self._api() as api:
            await api.post(f"/v1/payment_intents/{reference}/{step}", data=details)

    async def _payments(self, order_id: str) -> list[dict[str, Any]]:
        """All of the order's payments in the provider's books."""
        return [each for each in await self.shop.stripe.ledger() if each["ours"].get("order_id") == order_id]

    def _api(self) -> httpx.AsyncClient:
        """The provider's own interface, as its pages use it."""
        return httpx.AsyncClient(base_url=self.shop.stripe.url, auth=(API_KEY, ""))

    async def _fetch(self, subgraph: str, sql: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.shop.environment[f"{subgraph}_DATABASE_URL"])
        try:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
            return rows
        finally:
            await connection.close()
