"""What is done at the provider itself: on its page, by its API, and by the buyers' banks behind it."""

from typing import Any

import httpx

from tests.chaos.buyers import Buyer, JsonObject
from tests.chaos.shop import Shop
from tests.subgraphs import eventually
from tilt.embedded.backends.localstripe import API_KEY

_SEEN = """query ($id: ID!) { order(id: $id) { status refunded { amount } refunds { source status amount { amount } }
  attention hold { reason message evidenceDueAt disputed { amount } } availableActions { action by }
  history { from to reason actor } } }"""


async def reference_of(shop: Shop, order_id: str) -> str:
    """The provider's id of an order's payment."""
    payments = await shop.stripe.ledger()
    return next(str(payment["reference"]) for payment in payments if payment["ours"]["order_id"] == order_id)


async def give_back(shop: Shop, order_id: str, minor: int | None = None) -> None:
    """Somebody gives money back at the provider: so much, or all that is there."""
    given: dict[str, Any] = {"payment_intent": await reference_of(shop, order_id)}
    if minor is not None:
        given["amount"] = minor
    async with httpx.AsyncClient(base_url=shop.stripe.url, auth=(API_KEY, "")) as api:
        (await api.post("/v1/refunds", data=given)).raise_for_status()


async def dispute(shop: Shop, order_id: str, **details: Any) -> str:
    """The buyer's bank takes the money back; the dispute's id."""
    return await shop.stripe.dispute(await reference_of(shop, order_id), **details)


async def seen(staff: Buyer, order_id: str) -> JsonObject:
    """An order as staff see it."""
    order: JsonObject = (await staff.ask(_SEEN, {"id": order_id}))["order"]
    return order


async def becomes(
    staff: Buyer, order_id: str, status: str, *, is_held: bool = False, refunds: int | None = None, seconds: float = 60
) -> JsonObject:
    """An order, once it has a status, is held or not, and has so many refunds that are DONE."""

    async def look() -> JsonObject | None:
        order = await seen(staff, order_id)
        done = sum(refund["status"] == "DONE" for refund in order["refunds"])
        is_so = (order["status"], order["hold"] is not None) == (status, is_held)
        return order if is_so and refunds in (None, done) else None

    return await eventually(look, f"order {order_id} is {status}{', held' if is_held else ''}", seconds)
