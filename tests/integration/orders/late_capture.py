"""A shop that takes the money with the first shipment, as staff sees it."""

from tests.integration.orders.shipping import shipper
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import eventually

SEEN = "status attention shipments { id status }"


async def shipment_becomes(shop: Shop, order_id: str, status: str) -> None:
    """Waits until an order's first shipment has a status."""

    async def look() -> bool:
        seen = await shipper(shop).asked(order_id, SEEN)
        return bool(seen["shipments"][0]["status"] == status)

    await eventually(look, f"the shipment is {status}")


async def actions(shop: Shop, order_id: str) -> list[str]:
    """What may be done with an order, by whomever."""
    seen = await shipper(shop).asked(order_id, "availableActions { action by }")
    return [action["action"] for action in seen["availableActions"]]


async def retried(shop: Shop, order_id: str) -> JsonObject:
    """What comes of orderRetry."""
    answer: JsonObject = (await shop.staff("orders:retry").act("orderRetry", {"orderId": order_id}))["data"]["it"]
    return answer


async def needing_attention(staff: Buyer) -> list[str]:
    """The orders that need a person."""
    answer = await staff.ask("{ ordersNeedingAttention(first: 100) { nodes { id } } }")
    return [order["id"] for order in answer["ordersNeedingAttention"]["nodes"]]
