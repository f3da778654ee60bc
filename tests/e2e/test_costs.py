"""What an operation costs: SQL statements and subgraph requests, counted by the subgraphs themselves."""

from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.shopper import LISTING, ORDER_DETAIL, Shopper, offers
from tests.integration.router.processes import Router
from tests.subgraphs import eventually

pytestmark = SESSION_MESH

STATEMENTS = "mercato_sql_statements_total"
REQUESTS = "mercato_operation_seconds_count"


async def difference(mesh: Mesh, before: dict[str, float], metric: str) -> dict[str, float]:
    after = await mesh.total(metric)
    return {name: value - before[name] for name, value in after.items() if value != before[name]}


async def categories_just_read(mesh: Mesh, router: Router) -> bool:
    """Whether this listing was the one that read the categories, which products remembers for two seconds."""
    before = await mesh.total(STATEMENTS)
    await router.ask(LISTING)
    return (await difference(mesh, before, STATEMENTS))["products"] == 2


async def test_a_listing_of_20_products_costs_two_statements(mesh: Mesh, router: Router) -> None:
    first = await router.ask(LISTING)
    cursor = first["data"]["products"]["pageInfo"]["endCursor"]
    await eventually(lambda: categories_just_read(mesh, router), "products reads its categories")
    statements, requests = await mesh.total(STATEMENTS), await mesh.total(REQUESTS)
    answer = await router.ask(LISTING, after=cursor)
    assert len(answer["data"]["products"]["nodes"]) == 20
    assert all(node["defaultVariant"]["stock"] for node in answer["data"]["products"]["nodes"])
    assert await difference(mesh, statements, STATEMENTS) == {"products": 1, "inventory": 1}
    assert await difference(mesh, requests, REQUESTS) == {"products": 1, "inventory": 1}


async def test_an_orders_detail_costs_one_request_and_one_statement_in_each_of_five_subgraphs(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    first, second, *_ = await offers(router)
    cart = await shopper.cart_with((first["id"], 1), (second["id"], 1))
    order = await shopper.settled((await shopper.place(cart["id"]))["order"]["id"])
    await eventually(lambda: categories_just_read(mesh, router), "products reads its categories")
    statements, requests = await mesh.total(STATEMENTS), await mesh.total(REQUESTS)
    await shopper.ask(ORDER_DETAIL, id=order["id"])
    expected = {"orders": 1, "products": 1, "inventory": 1, "payments": 1, "notifications": 1}
    assert await difference(mesh, requests, REQUESTS) == expected
    assert await difference(mesh, statements, STATEMENTS) == expected
