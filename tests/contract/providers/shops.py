"""The adapters that the contract holds for, each with the server that it talks to.

A further one is a class that derives from ``Shop``, and a line in ``SHOPS``.
"""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from shared.security.secrets import Secret
from subgraphs.payments.domain.provider import CardVault, PaymentProvider
from subgraphs.payments.infrastructure.paypal_api import TIMEOUT_SECONDS, PayPalApi
from subgraphs.payments.infrastructure.paypal_provider import METHOD, PayPalProvider
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.backends import Backends
from tests.doubles.paypal.__main__ import CLIENT_ID, CLIENT_SECRET
from tests.doubles.running import Double, double_of_paypal, double_of_stripe
from tilt.embedded.backends.localstripe import API_KEY

Connection = contextlib.AbstractAsyncContextManager[PaymentProvider]


@dataclass(frozen=True)
class Books:
    """What the provider itself says of one payment: minor units, and how often each movement happened."""

    held: int
    captured: int
    refunded: int
    authorizations: int
    captures: int
    refunds: int


class Shop(ABC):
    """An adapter, connected, and what a test must know of its provider."""

    provider: PaymentProvider
    good_method: str
    acting_method: str
    """A method that has the buyer act first."""

    @abstractmethod
    async def declining_method(self) -> str:
        """A method that the buyer's bank refuses: tells the provider so, if the method alone does not."""

    @abstractmethod
    async def buyer_acts(self, reference: str, client_secret: str, approves: bool) -> None:
        """The buyer does what the provider asks for, or gives up."""

    @abstractmethod
    async def books(self, reference: str) -> Books:
        """What the provider itself says of one payment."""


class DoubleShop(Shop):
    """An adapter whose provider is a double, which can be told to fail."""

    double: Double
    page_size: int
    """How many payments one answer of the provider lists at most."""
    paths: Mapping[str, str]
    """The path at the provider of each operation of the port that moves money."""

    @abstractmethod
    def connect(
        self, url: str | None = None, key: str | None = None, timeout_seconds: float | None = None
    ) -> Connection:
        """Another adapter: at another address, with a key that is not ours, or with less patience."""

    async def buyer_acts(self, reference: str, client_secret: str, approves: bool) -> None:
        await self.double.buyer_acts(reference, approves)

    async def books(self, reference: str) -> Books:
        payment = await self.double.payment(reference)
        sums = {name: payment[name] for name in ("held", "captured", "refunded")}
        counts = payment["counts"]
        return Books(
            **sums, authorizations=counts["authorization"], captures=counts["capture"], refunds=counts["refund"]
        )


class StripeShop(DoubleShop):
    """Stripe's adapter at Stripe's double."""

    vault: CardVault
    good_method = "pm_card_visa"
    acting_method = "pm_card_authenticationRequired"
    page_size = 100
    paths = {
        "begin": "/v1/payment_intents",
        "capture": "/v1/payment_intents/*/capture",
        "cancel": "/v1/payment_intents/*/cancel",
        "refund": "/v1/refunds",
    }

    def __init__(self, double: Double) -> None:
        self.double = double

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, backends: Backends) -> AsyncIterator["StripeShop"]:
        shop = cls(await double_of_stripe(backends.settings.mercato_data_dir, None, ""))
        try:
            async with StripeProvider(shop.double.url, Secret(API_KEY)) as provider:
                shop.provider, shop.vault = provider, provider.cards
                yield shop
        finally:
            await shop.double.stop()

    def connect(
        self, url: str | None = None, key: str | None = None, timeout_seconds: float | None = None
    ) -> Connection:
        patience = {} if timeout_seconds is None else {"timeout_seconds": timeout_seconds}
        return StripeProvider(url or self.double.url, Secret(key or API_KEY), **patience)

    async def declining_method(self) -> str:
        return "pm_card_chargeDeclinedInsufficientFunds"

    async def customers_with(self, email: str) -> list[str]:
        """The references of the buyers that the provider knows with this address."""
        async with httpx.AsyncClient(base_url=self.double.url, auth=(API_KEY, "")) as api:
            answer = (await api.get("/v1/customers", params={"email": email})).raise_for_status()
        return [each["id"] for each in answer.json()["data"]]


class PayPalShop(DoubleShop):
    """PayPal's adapter at PayPal's double."""

    good_method = METHOD
    acting_method = METHOD
    page_size = 100  # what the adapter asks for
    paths = {
        "begin": "/v2/checkout/orders",
        "capture": "/v2/payments/authorizations/*/capture",
        "cancel": "/v2/payments/authorizations/*/void",
        "refund": "/v2/payments/captures/*/refund",
    }

    def __init__(self, double: Double) -> None:
        self.double = double

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, backends: Backends) -> AsyncIterator["PayPalShop"]:
        double, _ = await double_of_paypal(backends.settings.mercato_data_dir, None)
        shop = cls(double)
        try:
            async with shop.connect() as shop.provider:
                yield shop
        finally:
            await shop.double.stop()

    def connect(
        self, url: str | None = None, key: str | None = None, timeout_seconds: float | None = None
    ) -> Connection:
        api = PayPalApi(
            url or self.double.url, CLIENT_ID, Secret(key or CLIENT_SECRET), timeout_seconds or TIMEOUT_SECONDS
        )
        return PayPalProvider(api, "https://shop.example/paid/{order_id}", "https://shop.example/given-up/{order_id}")

    async def declining_method(self) -> str:
        await self.double.decline_next_buyer("INSTRUMENT_DECLINED")
        return METHOD


class LocalstripeShop(Shop):
    """Stripe's adapter at localstripe, which `make up` runs."""

    good_method = "pm_card_visa"

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, auth=(API_KEY, ""), timeout=30)

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, backends: Backends) -> AsyncIterator["LocalstripeShop"]:
        url = (await backends.localstripe()).url
        shop = cls(url)
        async with shop._http, StripeProvider(url, Secret(API_KEY)) as shop.provider:
            shop.acting_method = await shop._card("4000002500003155")
            yield shop

    async def declining_method(self) -> str:
        return await self._card("4000000000000341")

    async def buyer_acts(self, reference: str, client_secret: str, approves: bool) -> None:
        form = {"client_secret": client_secret, "success": str(approves).lower()}
        (await self._http.post(f"/v1/payment_intents/{reference}/_authenticate", data=form)).raise_for_status()

    async def books(self, reference: str) -> Books:
        intent = (await self._http.get(f"/v1/payment_intents/{reference}")).raise_for_status().json()
        charges = [each for each in await self._all("charges") if each["payment_intent"] == reference]
        refunds = [
            each["amount"]
            for each in await self._all("refunds")
            if each["charge"] in {charge["id"] for charge in charges}
        ]
        captured = [each["amount"] for each in charges if each["captured"] and each["status"] == "succeeded"]
        authorized = [each for each in charges if each["status"] == "succeeded"]
        held = intent["amount"] if intent["status"] == "requires_capture" else 0
        return Books(held, sum(captured), sum(refunds), len(authorized), len(captured), len(refunds))

    async def _card(self, number: str) -> str:
        card = {"number": number, "exp_month": "12", "exp_year": "2030", "cvc": "123"}
        form = {"type": "card", **{f"card[{name}]": value for name, value in card.items()}}
        return str((await self._http.post("/v1/payment_methods", data=form)).raise_for_status().json()["id"])

    async def _all(self, kind: str) -> list[dict[str, Any]]:
        answer = (await self._http.get(f"/v1/{kind}", params={"limit": 100_000})).raise_for_status()
        objects: list[dict[str, Any]] = answer.json()["data"]
        return objects


Opening = Callable[[Backends], contextlib.AbstractAsyncContextManager[Any]]

DOUBLE_SHOPS: Mapping[str, Opening] = {"stripe": StripeShop.running, "paypal": PayPalShop.running}
SHOPS: Mapping[str, Opening] = {**DOUBLE_SHOPS, "stripe-at-localstripe": LocalstripeShop.running}
