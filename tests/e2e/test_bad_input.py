"""What a client gets wrong is answered by a typed error that names the field, and writes nothing."""

from typing import Any

import pytest

from tests.e2e.mesh import SESSION_MESH
from tests.e2e.shopper import ADD_LINES, CREATE_CART, REMOVE_LINES, UPDATE_LINES, Shopper, offers
from tests.integration.router.processes import Router
from tests.subgraphs import NO_SUCH_ID

pytestmark = SESSION_MESH


@pytest.fixture
async def variant_id(router: Router) -> str:
    """A variant that can be bought."""
    found: str = (await offers(router))[0]["id"]
    return found


async def refused(shopper: Shopper, mutation: str, cart: dict[str, Any], **given: Any) -> tuple[str, list[str]]:
    """The code and field of a refusal, after looking that the cart is as it was."""
    payload = await shopper.mutate(mutation, input={"cartId": cart["id"], **given})
    fields = "id lines { id quantity }"
    (now,) = (await shopper.ask(f"query ($id: ID!) {{ cart(id: $id) {{ {fields} }} }}", id=cart["id"])).values()
    assert [line["quantity"] for line in now["lines"]] == [line["quantity"] for line in cart["lines"]]
    (error,) = payload["errors"]
    return error["code"], error["field"]


@pytest.mark.parametrize("quantity", [0, -1, 1000, 2**31 - 1])
async def test_a_quantity_out_of_range_is_refused(shopper: Shopper, variant_id: str, quantity: int) -> None:
    cart = await shopper.cart_with((variant_id, 1))
    wanted = [{"variantId": variant_id, "quantity": quantity}]
    assert await refused(shopper, ADD_LINES, cart, lines=wanted) == (
        "QUANTITY_OUT_OF_RANGE",
        ["lines", "0", "quantity"],
    )
    changed = [{"lineId": cart["lines"][0]["id"], "quantity": quantity}]
    assert await refused(shopper, UPDATE_LINES, cart, lines=changed) == (
        "QUANTITY_OUT_OF_RANGE",
        ["lines", "0", "quantity"],
    )


async def test_a_quantity_that_is_no_int_is_refused_by_the_type(
    router: Router, shopper: Shopper, variant_id: str
) -> None:
    cart = await shopper.cart_with((variant_id, 1))
    wanted = [{"variantId": variant_id, "quantity": 2**31}]
    answer = await router.ask(ADD_LINES, shopper.token, input={"cartId": cart["id"], "lines": wanted})
    assert answer["errors"]
    assert not answer.get("data")


@pytest.mark.parametrize("unknown", [NO_SUCH_ID, "nonsense", ""])
async def test_an_unknown_variant_is_refused(shopper: Shopper, variant_id: str, unknown: str) -> None:
    cart = await shopper.cart_with((variant_id, 1))
    wanted = [{"variantId": variant_id, "quantity": 1}, {"variantId": unknown, "quantity": 1}]
    assert await refused(shopper, ADD_LINES, cart, lines=wanted) == ("VARIANT_NOT_FOUND", ["lines", "1", "variantId"])


@pytest.mark.parametrize("unknown", [NO_SUCH_ID, "nonsense"])
async def test_an_unknown_line_is_refused(shopper: Shopper, variant_id: str, unknown: str) -> None:
    cart = await shopper.cart_with((variant_id, 1))
    assert (await refused(shopper, REMOVE_LINES, cart, lineIds=[unknown]))[0] == "LINE_NOT_FOUND"


async def test_a_price_cannot_be_sent(router: Router, shopper: Shopper, variant_id: str) -> None:
    cart = await shopper.cart_with((variant_id, 1))
    wanted = [{"variantId": variant_id, "quantity": 1, "unitPrice": "0.01"}]
    answer = await router.ask(ADD_LINES, shopper.token, input={"cartId": cart["id"], "lines": wanted})
    assert "unitPrice" in answer["errors"][0]["message"]


async def test_an_empty_cart_cannot_be_ordered(shopper: Shopper) -> None:
    cart_id = (await shopper.mutate(CREATE_CART))["cart"]["id"]
    (error,) = (await shopper.place(cart_id))["errors"]
    assert (error["code"], error["field"]) == ("CART_EMPTY", ["cartId"])


async def test_an_ordered_cart_cannot_be_ordered_or_changed(shopper: Shopper, variant_id: str) -> None:
    cart = await shopper.cart_with((variant_id, 1))
    await shopper.place(cart["id"])
    (error,) = (await shopper.place(cart["id"]))["errors"]
    assert (error["code"], error["field"]) == ("CART_ALREADY_ORDERED", ["cartId"])
    wanted = [{"variantId": variant_id, "quantity": 1}]
    assert (await refused(shopper, ADD_LINES, cart, lines=wanted))[0] == "CART_ALREADY_ORDERED"


@pytest.mark.parametrize("unknown", [NO_SUCH_ID, "nonsense"])
async def test_an_unknown_cart_is_refused(shopper: Shopper, variant_id: str, unknown: str) -> None:
    wanted = [{"variantId": variant_id, "quantity": 1}]
    payload = await shopper.mutate(ADD_LINES, input={"cartId": unknown, "lines": wanted})
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("CART_NOT_FOUND", ["cartId"])]
    assert [error["code"] for error in (await shopper.place(unknown))["errors"]] == ["CART_NOT_FOUND"]


GOOD_ADDRESS = {
    "recipient": "Ada",
    "line1": "Hauptstraße 1",
    "postalCode": "10827",
    "city": "Berlin",
    "country": "DE",
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"shippingAddress": {**GOOD_ADDRESS, "country": ""}}, ["shippingAddress", "country"]),
        ({"shippingAddress": {**GOOD_ADDRESS, "country": "Atlantis"}}, ["shippingAddress", "country"]),
        ({"shippingAddress": {**GOOD_ADDRESS, "city": "  "}}, ["shippingAddress", "city"]),
        ({"shippingAddress": {**GOOD_ADDRESS, "postalCode": None}}, ["shippingAddress", "postalCode"]),
        ({"shippingAddress": {**GOOD_ADDRESS, "postalCode": "N1 9GU"}}, ["shippingAddress", "postalCode"]),
        (
            {"shippingAddress": {**GOOD_ADDRESS, "country": "CO", "postalCode": None}},
            ["shippingAddress", "countryArea"],
        ),
        ({"billingAddress": {**GOOD_ADDRESS, "country": "US", "countryArea": "CA"}}, ["billingAddress", "postalCode"]),
        ({"shippingAddress": {**GOOD_ADDRESS, "recipient": "x" * 201}}, ["shippingAddress", "recipient"]),
        ({"email": "nobody"}, ["email"]),
        ({"paymentMethodId": ""}, ["paymentMethodId"]),
    ],
)
async def test_a_checkout_with_a_bad_field_is_refused(
    shopper: Shopper, variant_id: str, changes: dict[str, Any], field: list[str]
) -> None:
    cart = await shopper.cart_with((variant_id, 1))
    payload = await shopper.place(cart["id"], **changes)
    assert payload["order"] is None
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", field)]
    assert (await shopper.place(cart["id"]))["errors"] == []


async def test_a_malformed_id_in_a_query_is_named(router: Router, shopper: Shopper) -> None:
    answer = await router.ask('{ product(id: "nonsense") { title } }', shopper.token)
    assert answer["data"] == {"product": None}
    assert "nonsense" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "arguments",
    ["first: 0", "first: 101", 'after: "nonsense"', 'filter: { minPrice: "-1" }', 'filter: { text: "\u200b" }'],
)
async def test_a_bad_page_or_filter_is_refused(router: Router, arguments: str) -> None:
    answer = await router.ask(f"{{ products({arguments}) {{ nodes {{ id }} }} }}")
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
