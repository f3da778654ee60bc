"""A client asks one endpoint; the router asks the subgraphs that know, as few times as can be."""

from graphql import get_introspection_query

from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import SECRET, Router

LISTING = "{ products(first: 20) { nodes { title defaultVariant { id price { amount } stock { available } } } } }"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def test_a_listing_joins_products_and_inventory_with_one_request_each(router: Router, doubles: Doubles) -> None:
    answer = await router.ask(LISTING)
    variants = [node["defaultVariant"] for node in answer["data"]["products"]["nodes"]]
    assert [variant["stock"]["available"] for variant in variants] == [7] * 20
    assert [len(await doubles[name].received()) for name in ("products", "inventory", "users")] == [1, 1, 0]


async def test_shipping_is_estimated_of_the_catalogues_weight_in_the_same_request_as_the_stock(
    router: Router, doubles: Doubles
) -> None:
    fields = "stock { available } shippingEstimate(quantity: 3) { weightGrams parcels }"
    answer = await router.ask(f"{{ products(first: 20) {{ nodes {{ defaultVariant {{ {fields} }} }} }} }}")
    variants = [node["defaultVariant"] for node in answer["data"]["products"]["nodes"]]
    expected = {"stock": {"available": 7}, "shippingEstimate": {"weightGrams": 300, "parcels": None}}
    assert variants == [expected] * 20
    assert [len(await doubles[name].received()) for name in ("products", "inventory")] == [1, 1]


async def test_subgraphs_get_the_secret_the_correlation_id_and_the_trace(router: Router, doubles: Doubles) -> None:
    sent = {"x-correlation-id": "checkout-7", "traceparent": TRACE, "x-router-secret": "forged", "cookie": "a=b"}
    await router.http.post("/graphql", json={"query": LISTING}, headers=sent)
    for name in ("products", "inventory"):
        headers = (await doubles[name].received())[0]["headers"]
        assert headers["x-router-secret"] == SECRET
        assert headers["x-correlation-id"] == "checkout-7"
        assert headers["traceparent"] == TRACE
        assert "cookie" not in headers


async def test_a_request_without_correlation_id_and_trace_begins_them(router: Router, doubles: Doubles) -> None:
    response = await router.http.post("/graphql", json={"query": LISTING}, headers={"traceparent": "not a trace"})
    headers = [(await doubles[name].received())[0]["headers"] for name in ("products", "inventory")]
    assert headers[0]["x-correlation-id"] == headers[1]["x-correlation-id"] == response.headers["x-correlation-id"]
    assert headers[0]["traceparent"] == headers[1]["traceparent"]
    assert len(headers[0]["traceparent"]) == len(TRACE)


async def test_introspection_as_graphiql_does_it_is_within_the_limits(router: Router) -> None:
    answer = await router.ask(get_introspection_query(input_value_deprecation=True, specified_by_url=True))
    names = {each["name"] for each in answer["data"]["__schema"]["types"]}
    assert {"Product", "Order", "CheckoutPlaceOrderInput"} <= names
    assert not [name for name in names if name.startswith(("join__", "link__", "_Any", "_Entity"))]
