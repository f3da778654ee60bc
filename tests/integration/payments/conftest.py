"""Payments on real servers."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from shared.security.secrets import Secret
from subgraphs.payments.bootstrap import unit_of_work
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.infrastructure import leases
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.backends import Backends
from tests.doubles.running import Double, double_of_stripe
from tests.fakes.payment_work import PaymentsWorkTwin
from tests.identity import Issuer
from tests.integration.payments.doubled import DoubledShop
from tests.integration.payments.performed import NOT_USED
from tests.integration.payments.reconciliation import assert_books_agree, assert_double_agrees
from tests.integration.payments.stripe_account import StripeAccount
from tests.subgraphs import Running, connected, fresh_environment, running
from tilt.embedded.backends import Localstripe
from tilt.embedded.backends.localstripe import API_KEY


@pytest_asyncio.fixture(scope="package")
async def account(localstripe: Localstripe) -> AsyncIterator[StripeAccount]:
    """The shop's account as the provider has it."""
    account = StripeAccount(localstripe.url)
    yield account
    await account.close()


@pytest_asyncio.fixture(scope="module")
async def payments(backends: Backends) -> AsyncIterator[Subgraph]:
    """The commands and queries of payments in this process, on a fresh database;
    tests are kept apart by their orders.
    """
    async with connected(backends, "payments") as subgraph:
        yield subgraph


@pytest_asyncio.fixture
async def provider(
    payments: Subgraph, localstripe: Localstripe, account: StripeAccount
) -> AsyncIterator[StripeProvider]:
    """Stripe's adapter, connected to localstripe; at the end of the test all books must agree."""
    began_at = await db.fetch_value("SELECT now()")
    async with StripeProvider(localstripe.url, Secret(API_KEY)) as provider:
        yield provider
    await assert_books_agree(account, began_at)


@pytest_asyncio.fixture(scope="package")
async def running_double(backends: Backends) -> AsyncIterator[Double]:
    """A double of Stripe that sends nothing by itself."""
    double = await double_of_stripe(backends.settings.mercato_data_dir, None, "")
    yield double
    await double.stop()


@pytest_asyncio.fixture
async def shop(payments: Subgraph, backends: Backends, running_double: Double) -> AsyncIterator[DoubledShop]:
    """Payments, connected to a double of Stripe whose rules end with the test; at its end all books must agree."""
    began_at = await db.fetch_value("SELECT now()")
    transport = httpx.ASGITransport(Starlette(routes=list(payments.routes)))
    async with (
        StripeProvider(running_double.url, Secret(API_KEY), timeout_seconds=3.0) as provider,
        httpx.AsyncClient(transport=transport, base_url="http://payments") as routes,
    ):
        yield DoubledShop(running_double, provider, routes, backends.credentials.stripe_webhook_secret)
        await running_double.reset()
        await assert_double_agrees(running_double, began_at)


@pytest_asyncio.fixture(scope="package")
async def payments_process(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    """Payments as it runs in the mesh."""
    environment = await fresh_environment(backends, "payments", "kafka", "localstripe")
    async with running("payments", {**environment, "JWKS_URL": issuer.jwks_url}) as process:
        yield process


@pytest.fixture
def in_memory() -> PaymentsWork:
    return PaymentsWorkTwin()


@pytest_asyncio.fixture
async def in_postgres(payments: Subgraph, monkeypatch: pytest.MonkeyPatch) -> PaymentsWork:
    """Tests share a database, and are kept apart by their orders: nothing of another one is due."""
    monkeypatch.setattr(leases, "_WAIT_SECONDS", 0.1)
    await db.execute("UPDATE payments SET follow_at = NULL")

    async def taken(_: None, work: PaymentsWork) -> PaymentsWork:
        return work

    return await unit_of_work(NOT_USED, NOT_USED, NOT_USED).perform_alone(taken, None)


@pytest.fixture(params=["in_memory", "in_postgres"])
def work(request: pytest.FixtureRequest) -> PaymentsWork:
    found: PaymentsWork = request.getfixturevalue(request.param)
    return found
