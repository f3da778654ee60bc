"""What our Stripe adapter sends fits Stripe's own description of its API, and so does what our double answers.

The description is checked by Stripe's stripe-mock, where it is on the PATH.
"""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import stripe

from shared.ids import new_id
from shared.security.secrets import Secret
from subgraphs.payments.domain.provider import StepRejectedError
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.contract.providers.steps import AMOUNT, new_payment
from tests.doubles.running import Double, double_of_stripe
from tilt.embedded.backends.localstripe import API_KEY
from tilt.embedded.ports import LOOPBACK, free_port
from tilt.embedded.process import Process
from tilt.embedded.service import Service

STRIPE_MOCK = "github.com/stripe/stripe-mock@v0.203.0"  # as .ci/tools installs it


class StripeMock(Service):
    """Refuses what Stripe's description does not have, and answers its examples."""

    def __init__(self, program: Path, log: Path) -> None:
        self.address = f"{LOOPBACK}:{free_port()}"
        self.process: Process = Process(name="stripe-mock", log=log, command=[str(program), "-http-addr", self.address])

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    async def start(self) -> None:
        self.process.start()

    async def check(self) -> None:
        async with httpx.AsyncClient() as client:
            await client.get(self.url)


@pytest.fixture(scope="session")
def program() -> Path:
    """stripe-mock, where it is installed."""
    found = shutil.which("stripe-mock")
    if found is None:
        pytest.skip(f"stripe-mock is not on the PATH (go install {STRIPE_MOCK})")
    return Path(found)


@pytest_asyncio.fixture(scope="module")
async def described(program: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a server that knows Stripe's description."""
    mock = StripeMock(program, tmp_path_factory.mktemp("stripe-mock") / "stripe-mock.log")
    await mock.start()
    await mock.wait_healthy()
    yield mock.url
    await mock.stop()


@pytest_asyncio.fixture
async def provider(described: str) -> AsyncIterator[StripeProvider]:
    async with StripeProvider(described, Secret(API_KEY)) as provider:
        yield provider


async def test_the_description_is_enforced(described: str) -> None:
    client = stripe.StripeClient(API_KEY, base_addresses={"api": described}, http_client=stripe.HTTPXClient())
    unknown: Any = {"amount": 1990, "currency": "eur", "colour": "red"}
    with pytest.raises(stripe.InvalidRequestError, match="additional properties"):
        await client.v1.payment_intents.create_async(unknown)


async def test_every_call_of_the_adapter_is_in_stripes_description(provider: StripeProvider) -> None:
    await make_every_call(provider)


async def test_every_call_of_the_adapter_names_one_version_of_the_api(double: Double) -> None:
    async with StripeProvider(double.url, Secret(API_KEY)) as provider:
        await make_every_call(
            provider, StepRejectedError
        )  # other than stripe-mock, the double knows what was done before
    requests = await double.requests()
    (version,) = {request["headers"].get("stripe-version") for request in requests}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.\w+", version)
    steps = {request["path"].rpartition("/")[2] for request in requests}
    assert {"payment_intents", "confirm", "capture", "cancel", "refunds", "customers", "attach", "detach"} <= steps


async def make_every_call(provider: StripeProvider, *rejections: type[Exception]) -> None:
    """Makes each call of the port once; ``refusals`` are overlooked."""
    payment, customer = new_payment("pm_card_visa"), await provider.cards.customer(new_id(), "ada@example.com")
    card = await provider.cards.add(customer, "pm_card_visa")
    reference = (await provider.begin(replace(payment, method=card.reference, customer_reference=customer))).reference
    calls: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: provider.retrieve(reference),
        lambda: provider.confirm(reference, payment.payment_id),
        lambda: provider.capture(reference, payment.payment_id),
        lambda: provider.cancel(reference, payment.payment_id),
        lambda: provider.refund(reference, new_id(), AMOUNT),
        lambda: provider.find_refund(reference, new_id()),
        lambda: provider.refunds(reference),
        lambda: provider.cards.renew(card.reference, 5, 2041),
        lambda: provider.cards.remove(card.reference),
    )
    for call in calls:
        with contextlib.suppress(*rejections):
            await call()
    _ = [record async for record in provider.records(datetime(2026, 1, 1, tzinfo=UTC))]


@pytest_asyncio.fixture(scope="module")
async def double(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Double]:
    double = await double_of_stripe(tmp_path_factory.mktemp("double"), None, "")
    yield double
    await double.stop()


async def an_object_of_each_kind(double: Double) -> dict[str, str]:
    """The id of one object of each kind that the double has."""
    async with httpx.AsyncClient(base_url=double.url, auth=(API_KEY, "")) as api:
        form = {"amount": "1990", "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true"}
        intent = (await api.post("/v1/payment_intents", data=form)).json()
        customer = (await api.post("/v1/customers", data={"email": "ada@example.com"})).json()
        refund = (await api.post("/v1/refunds", data={"payment_intent": intent["id"], "amount": "90"})).json()
        event = (await api.get("/v1/events")).json()["data"][0]
    dispute = await double.dispute(intent["id"])
    return {
        "payment_intents": intent["id"],
        "charges": intent["latest_charge"],
        "payment_methods": intent["payment_method"],
        "refunds": refund["id"],
        "balance_transactions": refund["balance_transaction"],
        "customers": customer["id"],
        "disputes": dispute,
        "events": event["id"],
    }


async def test_the_doubles_answers_have_no_field_that_stripes_lack(described: str, double: Double) -> None:
    for kind, reference in (await an_object_of_each_kind(double)).items():
        names = [await fields_of(server, f"/v1/{kind}/{reference}") for server in (double.url, described)]
        assert names[0] - names[1] == set(), kind


async def fields_of(server: str, path: str) -> set[str]:
    async with httpx.AsyncClient(base_url=server, auth=(API_KEY, "")) as api:
        return set((await api.get(path)).raise_for_status().json())
