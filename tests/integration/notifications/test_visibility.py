"""Who sees which messages, and how many statements that takes."""

from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from tests.identity import Issuer
from tests.integration.notifications.post import CANCELLED, CONFIRMED, REGISTERED, Inboxes, Publisher, new_email
from tests.subgraphs import Running, eventually
from tests.unit.notifications.builders import cancelled, confirmed, registered

NODE = "{ id kind channel recipient subject sentAt createdAt }"
PAGE = f"""{{
  nodes {NODE}
  edges {{ cursor node {{ id }} }}
  pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
}}"""


class Buyer:
    """Somebody who registered, and bought twice, the second time in vain."""

    def __init__(self) -> None:
        self.id = new_id()
        self.email = new_email()
        self.first_order, self.second_order = str(new_id()), str(new_id())


@pytest.fixture(scope="package")
async def buyer(publisher: Publisher, inboxes: Inboxes) -> Buyer:
    """A buyer whose three messages were sent."""
    ada = Buyer()
    common = {"email": ada.email, "customerId": str(ada.id)}
    await publisher.publish(REGISTERED, registered(userId=str(ada.id), email=ada.email))
    await arrived(inboxes, ada, 1)
    await publisher.publish(CONFIRMED, confirmed(orderId=ada.first_order, **common))
    await arrived(inboxes, ada, 2)
    await publisher.publish(CANCELLED, cancelled(orderId=ada.second_order, **common))
    await arrived(inboxes, ada, 3)
    return ada


async def arrived(inboxes: Inboxes, buyer: Buyer, count: int) -> None:
    async def all_mails() -> bool:
        return len(await inboxes.mails_to(buyer.email)) == count

    await eventually(all_mails, f"{count} mails")


async def page_of(process: Running, user_id: UUID, token: str | None, arguments: str = "") -> dict[str, Any]:
    return await process.entities("User", [str(user_id)], f"{{ id notifications{arguments} {PAGE} }}", token)


async def orders(process: Running, ids: list[str], token: str | None) -> dict[str, Any]:
    return await process.entities("Order", ids, f"{{ id notifications {NODE} }}", token)


async def test_a_user_sees_its_messages_latest_first(process: Running, issuer: Issuer, buyer: Buyer) -> None:
    answer = await page_of(process, buyer.id, issuer.token(buyer.id))
    nodes = answer["data"]["_entities"][0]["notifications"]["nodes"]
    assert [node["kind"] for node in nodes] == ["ORDER_CANCELLED", "ORDER_CONFIRMED", "WELCOME"]
    assert {(node["channel"], node["recipient"]) for node in nodes} == {("EMAIL", buyer.email)}
    assert nodes[0]["subject"] == "Your order M-1001 was cancelled"


async def test_a_message_that_was_sent_says_when(process: Running, issuer: Issuer, buyer: Buyer) -> None:
    async def all_recorded() -> bool:
        answer = await page_of(process, buyer.id, issuer.token(buyer.id))
        nodes = answer["data"]["_entities"][0]["notifications"]["nodes"]
        return all(node["sentAt"] and node["sentAt"] >= node["createdAt"] for node in nodes)

    await eventually(all_recorded, "all messages are recorded as sent")


async def test_pages_follow_each_other_without_gap_or_repetition(
    process: Running, issuer: Issuer, buyer: Buyer
) -> None:
    token, cursor, seen = issuer.token(buyer.id), "", []
    while True:
        answer = await page_of(
            process, buyer.id, token, f"(first: 1{cursor and f', after: {cursor!r}'})".replace("'", '"')
        )
        page = answer["data"]["_entities"][0]["notifications"]
        seen += [node["kind"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is bool(cursor)
        if not page["pageInfo"]["hasNextPage"]:
            break
        cursor = page["pageInfo"]["endCursor"]
    assert seen == ["ORDER_CANCELLED", "ORDER_CONFIRMED", "WELCOME"]


@pytest.mark.parametrize(
    "arguments", ["(first: 0)", "(first: 101)", '(after: "x")', '(after: "WzFd")', '(after: "WyJ4Il0")']
)
async def test_a_page_that_cannot_be_is_rejected(
    process: Running, issuer: Issuer, buyer: Buyer, arguments: str
) -> None:
    answer = await page_of(process, buyer.id, issuer.token(buyer.id), arguments)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert answer["errors"][0]["extensions"]["field"] == [arguments[1:].partition(":")[0]]


async def test_nobody_sees_the_messages_of_another_user(process: Running, issuer: Issuer, buyer: Buyer) -> None:
    answer = await page_of(process, buyer.id, issuer.token())
    assert answer == {"data": {"_entities": [{"id": str(buyer.id), "notifications": None}]}}
    anonymous = await page_of(process, buyer.id, None)
    assert anonymous["data"]["_entities"][0]["notifications"] is None
    assert anonymous["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_messages_of_an_order_are_its_buyers(process: Running, issuer: Issuer, buyer: Buyer) -> None:
    ids = [buyer.first_order, buyer.second_order, str(new_id())]
    own = await orders(process, ids, issuer.token(buyer.id))
    kinds = [[node["kind"] for node in order["notifications"]] for order in own["data"]["_entities"]]
    assert kinds == [["ORDER_CONFIRMED"], ["ORDER_CANCELLED"], []]
    others = await orders(process, ids, issuer.token())
    assert [order["notifications"] for order in others["data"]["_entities"]] == [[], [], []]
    anonymous = await orders(process, ids, None)
    assert [order["notifications"] for order in anonymous["data"]["_entities"]] == [None, None, None]


async def test_a_message_is_its_recipients(process: Running, issuer: Issuer, buyer: Buyer) -> None:
    page = await page_of(process, buyer.id, issuer.token(buyer.id))
    ids = [node["id"] for node in page["data"]["_entities"][0]["notifications"]["nodes"]]
    own = await process.entities("Notification", ids, "{ id subject }", issuer.token(buyer.id))
    assert [message["id"] for message in own["data"]["_entities"]] == ids
    for token in (issuer.token(), None):
        others = await process.entities("Notification", ids, "{ id subject }", token)
        assert others["data"]["_entities"] == [None, None, None]


async def test_a_page_and_three_hundred_orders_take_one_statement_each(
    process: Running, issuer: Issuer, buyer: Buyer
) -> None:
    token = issuer.token(buyer.id)
    assert await statements(process, "User", page_of(process, buyer.id, token)) == 1
    ids = [buyer.first_order, *(str(new_id()) for _ in range(299))]
    assert await statements(process, "Order", orders(process, ids, token)) == 1
    assert await statements(process, "Notification", process.entities("Notification", ids, "{ id }", token)) == 1


async def statements(process: Running, typename: str, asked: Any) -> float:
    """How many statements a question for entities takes."""
    operation = f"query _entities({typename})"
    before = await process.metric("mercato_sql_statements_total", operation=operation)
    assert "errors" not in await asked
    return await process.metric("mercato_sql_statements_total", operation=operation) - before
