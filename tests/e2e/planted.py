"""Values that appear nowhere by chance, to be looked for afterwards, and requests of all kinds that carry them."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.shopper import ADD_LINES, CREATE_CART, GOOD_CARD, PLACE, REGISTER

LOGIN = (
    "mutation ($input: UserLoginInput!)"
    " { userLogin(input: $input) { tokens { accessToken refreshToken } errors { code } } }"
)
REFRESH = (
    "mutation ($input: TokenRefreshInput!) { tokenRefresh(input: $input) { tokens { accessToken } errors { code } } }"
)
ADD_ADDRESS = (
    "mutation ($input: AddressCreateInput!) { addressCreate(input: $input) { address { id } errors { code } } }"
)
ADD_CARD = "mutation ($input: PaymentMethodAddInput!) { paymentMethodAdd(input: $input) { errors { code } } }"
PLACE_AS_GUEST = """mutation ($input: CheckoutPlaceOrderInput!, $key: String!) {
  checkoutPlaceOrder(input: $input, idempotencyKey: $key) { order { id } orderToken errors { code } } }"""
CANCEL = """mutation ($input: OrderCancelInput!, $key: String!) {
  orderCancel(input: $input, idempotencyKey: $key) { order { id } errors { code } } }"""
FIND = "query ($text: String!) { products(first: 1, filter: { text: $text }) { totalCount } }"
PRODUCT = "query ($id: ID!) { product(id: $id) { id } }"


@dataclass
class Planted:
    """What was sent, by what it stands for."""

    values: dict[str, str] = field(default_factory=dict)

    def value(self, what: str) -> str:
        """A new value, or the one that stands for this already."""
        return self.values.setdefault(what, f"planted{secrets.token_hex(8)}")

    def learn(self, what: str, token: str) -> None:
        """A token that a subgraph made; the first part of a JWT tells nothing."""
        _, *parts = ["", token] if "." not in token else token.split(".")
        self.values |= {f"{what}, part {number}": part for number, part in enumerate(parts)}

    def found_in(self, file: Path) -> Iterator[str]:
        """What a file holds of them, each with the line that does."""
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1):
            yield from (
                f"{file.name}:{number}: {what}: {line[:300]}" for what, value in self.values.items() if value in line
            )


@dataclass(frozen=True)
class Visitor:
    """Somebody who gets right, and wrong, whatever can be."""

    http: httpx.AsyncClient
    planted: Planted

    async def ask(self, query: str, headers: dict[str, str] | None = None, **variables: Any) -> dict[str, Any]:
        """The answer to a well-formed request."""
        return dict(
            (await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)).json()
        )

    async def account(self) -> dict[str, str]:
        """Registers, logs in, refreshes: the headers of somebody who is logged in."""
        given = {"email": f"{self.planted.value('email')}@example.com", "password": self.planted.value("password")}
        await self.ask(REGISTER, input={**given, "name": self.planted.value("name")})
        await self.ask(REGISTER, input={**given, "name": self.planted.value("name")})  # taken
        await self.ask(LOGIN, input={**given, "password": self.planted.value("wrong password")})
        tokens = (await self.ask(LOGIN, input=given))["data"]["userLogin"]["tokens"]
        refreshed = await self.ask(REFRESH, input={"refreshToken": tokens["refreshToken"]})
        await self.ask(REFRESH, input={"refreshToken": self.planted.value("refresh token of nobody")})
        self.planted.learn("refresh token", tokens["refreshToken"])
        token: str = refreshed["data"]["tokenRefresh"]["tokens"]["accessToken"]
        self.planted.learn("access token", token)
        return {"authorization": f"Bearer {token}"}

    async def buy(self, headers: dict[str, str], variant_id: str) -> list[str]:
        """Places two orders, one with a good card and one with a card that is nobody's; the orders' ids."""
        await self.ask(ADD_LINES, headers, input={"cartId": self.planted.value("cart id"), "lines": []})
        await self.ask(
            ADD_ADDRESS, headers, input={"address": {**self._address(), "phone": self.planted.value("phone")}}
        )
        await self.ask(ADD_CARD, headers, input={"paymentMethodId": self.planted.value("card to keep")})
        return [await self._order(headers, variant_id, card) for card in (GOOD_CARD, self.planted.value("card"))]

    async def _order(self, headers: dict[str, str], variant_id: str, card: str) -> str:
        """The id of an order that was placed after an attempt with an address of no one."""
        cart_id = (await self.ask(CREATE_CART, headers))["data"]["cartCreate"]["cart"]["id"]
        await self.ask(
            ADD_LINES, headers, input={"cartId": cart_id, "lines": [{"variantId": variant_id, "quantity": 1}]}
        )
        given = {"cartId": cart_id, "shippingAddress": self._address(), "paymentMethodId": card}
        keys = [f"{self.planted.value('idempotency key')}-{card}-{number}" for number in range(2)]
        await self.ask(PLACE, headers, input={**given, "email": self.planted.value("no email")}, key=keys[0])
        good = {**given, "email": f"{self.planted.value('email')}@example.com"}
        order_id: str = (await self.ask(PLACE, headers, input=good, key=keys[1]))["data"]["checkoutPlaceOrder"][
            "order"
        ]["id"]
        return order_id

    async def buys_as_guest(self, variant_id: str) -> None:
        """Places an order without an account, and shows its token where it is good and where it is not."""
        cart_id = (await self.ask(CREATE_CART))["data"]["cartCreate"]["cart"]["id"]
        await self.ask(ADD_LINES, input={"cartId": cart_id, "lines": [{"variantId": variant_id, "quantity": 1}]})
        given = {"cartId": cart_id, "shippingAddress": self._address(), "paymentMethodId": GOOD_CARD}
        key, email = self.planted.value("a guest's idempotency key"), f"{self.planted.value('email')}@example.com"
        placed = (await self.ask(PLACE_AS_GUEST, input={**given, "email": email}, key=key))["data"][
            "checkoutPlaceOrder"
        ]
        self.planted.learn("order token", placed["orderToken"])
        for token in (placed["orderToken"], self.planted.value("order token of nothing")):
            await self.ask("{ guestOrder { id payments { id } notifications { id } } }", {"x-order-token": token})
            await self.ask(CANCEL, {"x-order-token": token}, input={"orderId": placed["order"]["id"]}, key=key)

    def _address(self) -> dict[str, str]:
        planted = {name: self.planted.value(name) for name in ("recipient", "line1", "line2", "city")}
        return {**planted, "postalCode": "10827", "country": "DE"}

    async def mistakes(self) -> None:
        """What no router and no subgraph can do anything with, of every kind."""
        for number, body in enumerate(self._bodies()):
            content = body if isinstance(body, str) else json.dumps(body)
            answer = await self.http.post("/graphql", content=content, headers={"content-type": "application/json"})
            assert answer.status_code < 500, f"body {number} is answered {answer.status_code}"
        for name, headers in self._headers().items():
            sent = {"content-type": "application/json", **headers}
            await self.http.post("/graphql", json={"query": "{ me { id } }"}, headers=sent)
            variables = json.dumps({"a": self.planted.value(name)})
            await self.http.get("/graphql", params={"query": "{ me { id } }", "variables": variables})
        await self.http.get(f"/{self.planted.value('path')}", params={"token": self.planted.value("in an address")})

    def _bodies(self) -> Iterator[Any]:
        """A password in every place where it can be wrong; each place has its own."""
        value = self.planted.value
        good = {"email": f"{value('email')}@example.com", "password": value("password")}
        yield {"query": LOGIN, "variables": {"input": {**good, value("unknown key"): value("beside an unknown key")}}}
        yield {"query": LOGIN, "variables": {"input": {**good, "password": {"inner": value("inside of an object")}}}}
        yield {"query": LOGIN, "variables": {"input": {**good, "password": [value("inside of a list")]}}}
        yield {"query": LOGIN, "variables": {"input": value("in the place of an object")}}
        yield {"query": LOGIN, "variables": {"input": good, "other": value("of an unknown variable")}}
        yield {"query": LOGIN, "variables": value("in the place of variables")}
        yield {"query": LOGIN, "variables": {"input": {**good, "password": value("too long") + 300 * "x"}}}
        yield {"query": LOGIN, "variables": {"input": {**good, "password": value("with a NUL") + "\0"}}}
        yield {"query": REGISTER, "variables": {"input": {**good, "email": value("no email"), "name": value("name")}}}
        yield {"query": _literal(value("in a document"))}
        yield {"query": _literal(value("in a document that is not valid"), ", unknown: 1")}
        yield {"query": _literal(value("in a document with a syntax error")) + "}"}
        yield {"query": 'mutation { userLogin(input: { password: "' + value("in a string without an end")}
        yield {"query": _literal('""" + ' + value("after a block string"))}
        yield {"query": value("in the place of a document")}
        yield {"query": 3, "extensions": {"token": value("in extensions")}}
        yield {"query": FIND, "variables": {"text": value("search")}}
        yield {"query": PRODUCT, "variables": {"id": value("id")}}
        yield {"query": PRODUCT, "variables": {"id": value("id with a NUL") + "\0"}}
        yield [{"query": LOGIN, "variables": {"input": {**good, "password": value("in a batch")}}}]
        yield {"query": LOGIN, "variables": {"input": {**good, "password": value("in a large body") + 300_000 * "x"}}}
        yield json.dumps({"query": LOGIN, "variables": {"input": {**good, "password": value("in half a body")}}})[:-2]
        yield '{"query": "{ __typename }", "variables": ' + 500 * "[" + f'"{value("deep inside")}"' + 500 * "]" + "}"

    def _headers(self) -> dict[str, dict[str, str]]:
        """Credentials in headers that no one takes."""
        names = (
            "token without a form",
            "token of three parts",
            "basic credentials",
            "cookie",
            "router secret",
            "content type",
        )
        value = {name: self.planted.value(name) for name in names}
        return {
            "token without a form": {"authorization": f"Bearer {value['token without a form']}"},
            "token of three parts": {
                "authorization": f"Bearer eyJhbGciOiJFUzI1NiJ9.{value['token of three parts']}.c2lnbmF0dXJl"
            },
            "basic credentials": {"authorization": f"Basic {value['basic credentials']}"},
            "cookie": {"cookie": f"session={value['cookie']}"},
            "router secret": {"x-router-secret": value["router secret"]},
            "content type": {"content-type": f"text/{value['content type']}"},
        }


def _literal(password: str, more: str = "") -> str:
    given = f'{{ email: "nobody@example.com", password: "{password}"{more} }}'
    return f"mutation {{ userLogin(input: {given}) {{ errors {{ code }} }} }}"
