"""Payments on real servers."""

from collections.abc import AsyncIterator

import pytest_asyncio

from shared import db
from shared.subgraph import Subgraph
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.payments.reconciliation import assert_books_agree
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
    """The commands and queries of payments in this process, on a fresh database; tests are kept apart by their orders."""
    async with connected(backends, "payments") as subgraph:
        yield subgraph


@pytest_asyncio.fixture
async def provider(payments: Subgraph, localstripe: Localstripe, account: StripeAccount) -> AsyncIterator[StripeProvider]:
    """Stripe's adapter, connected to localstripe; at the end of the test all books must agree."""
    began_at = await db.fetch_value("SELECT now()")
    async with StripeProvider(localstripe.url, API_KEY) as provider:
        yield provider
    await assert_books_agree(account, began_at)


@pytest_asyncio.fixture(scope="package")
async def payments_process(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    """Payments as it runs in the mesh."""
    environment = await fresh_environment(backends, "payments", "kafka", "localstripe")
    async with running("payments", {**environment, "JWKS_URL": issuer.jwks_url}) as process:
        yield process
