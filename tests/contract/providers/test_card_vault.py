"""The contract of ``CardVault``, which Stripe's adapter keeps."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from shared.errors import Unavailable
from shared.ids import new_id
from subgraphs.payments.domain.provider import CardVault, DeclinedError, NewPayment
from subgraphs.payments.domain.status import PaymentStatus
from tests.backends import Backends
from tests.contract.providers.shops import StripeShop
from tests.contract.providers.steps import AMOUNT


@pytest_asyncio.fixture(scope="module")
async def running_shop(backends: Backends) -> AsyncIterator[StripeShop]:
    async with StripeShop.running(backends) as shop:
        yield shop


@pytest_asyncio.fixture
async def shop(running_shop: StripeShop) -> AsyncIterator[StripeShop]:
    yield running_shop
    await running_shop.double.reset()


@pytest.fixture
def vault(shop: StripeShop) -> CardVault:
    return shop.vault


@pytest_asyncio.fixture
async def buyer(vault: CardVault) -> str:
    """The provider's reference of a new buyer."""
    return await vault.customer(new_id(), "ada@example.com")


def payment_with(method: str, customer: str | None) -> NewPayment:
    return NewPayment(new_id(), new_id(), AMOUNT, method, customer_reference=customer)


async def test_a_buyer_is_made_once(vault: CardVault) -> None:
    user_id = new_id()
    first = await vault.customer(user_id, "ada@example.com")
    assert await vault.customer(user_id, "ada@example.com") == first
    assert await vault.customer(new_id(), "ada@example.com") != first


async def test_a_buyer_needs_no_address(vault: CardVault) -> None:
    assert await vault.customer(new_id(), None)


async def test_a_buyer_is_made_once_though_the_answer_is_lost(shop: StripeShop, vault: CardVault) -> None:
    user_id = new_id()
    await shop.double.on_requests("drop", "/v1/customers", method="POST", when="after")
    with pytest.raises(Unavailable):
        await vault.customer(user_id, "grace@example.com")
    reference = await vault.customer(user_id, "grace@example.com")
    assert await shop.customers_with("grace@example.com") == [reference]


async def test_a_kept_card_shows_what_people_know_it_by(vault: CardVault, buyer: str) -> None:
    card = await vault.add(buyer, "pm_card_visa")
    assert (card.brand, card.last_digits, card.expires_month, card.expires_year) == ("visa", "4242", 12, 2034)


async def test_two_cards_of_one_number_have_one_fingerprint(vault: CardVault, buyer: str) -> None:
    first, second, other = [await vault.add(buyer, name) for name in ("pm_card_visa", "pm_card_visa", "pm_card_amex")]
    assert first.reference != second.reference
    assert first.fingerprint == second.fingerprint != other.fingerprint
    assert first.fingerprint


async def test_a_renewed_card_expires_later_and_goes_on_paying(shop: StripeShop, vault: CardVault, buyer: str) -> None:
    card = await vault.add(buyer, "pm_card_visa")
    await vault.renew(card.reference, 5, 2041)
    renewed = await vault.add(buyer, card.reference)
    assert (renewed.expires_month, renewed.expires_year) == (5, 2041)
    assert (await shop.provider.begin(payment_with(card.reference, buyer))).status is PaymentStatus.AUTHORIZED


async def test_a_kept_card_pays_again_and_again(shop: StripeShop, vault: CardVault, buyer: str) -> None:
    card = await vault.add(buyer, "pm_card_visa")
    for _ in range(2):
        intent = await shop.provider.begin(payment_with(card.reference, buyer))
        assert intent.status is PaymentStatus.AUTHORIZED


async def test_a_card_that_is_kept_already_stays_the_same(vault: CardVault, buyer: str) -> None:
    card = await vault.add(buyer, "pm_card_mastercard")
    assert await vault.add(buyer, card.reference) == card


@pytest.mark.parametrize("method", ["pm_card_chargeDeclined", "pm_card_chargeDeclinedExpiredCard", "pm_unknown"])
async def test_a_card_that_can_not_be_used_is_not_kept(vault: CardVault, buyer: str, method: str) -> None:
    with pytest.raises(DeclinedError):
        await vault.add(buyer, method)


async def test_somebody_elses_card_is_not_kept(vault: CardVault, buyer: str) -> None:
    card = await vault.add(buyer, "pm_card_visa")
    other = await vault.customer(new_id(), "grace@example.com")
    with pytest.raises(DeclinedError):
        await vault.add(other, card.reference)


async def test_somebody_elses_card_does_not_pay(shop: StripeShop, vault: CardVault, buyer: str) -> None:
    card = await vault.add(buyer, "pm_card_visa")
    for customer in (await vault.customer(new_id(), "grace@example.com"), None):
        with pytest.raises(DeclinedError):
            await shop.provider.begin(payment_with(card.reference, customer))


async def test_a_forgotten_card_pays_no_more_and_stays_forgotten(
    shop: StripeShop, vault: CardVault, buyer: str
) -> None:
    card = await vault.add(buyer, "pm_card_visa")
    for _ in range(2):
        await vault.remove(card.reference)
    with pytest.raises(DeclinedError):
        await shop.provider.begin(payment_with(card.reference, buyer))


@pytest.mark.parametrize("operation", ["customer", "add", "renew", "remove"])
@pytest.mark.parametrize("fault", ["drop", "fail"])
async def test_a_vault_that_does_not_answer_is_unavailable(
    shop: StripeShop, vault: CardVault, buyer: str, operation: str, fault: str
) -> None:
    card = await vault.add(buyer, "pm_card_visa")
    await shop.double.on_requests(fault, times=None)
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "customer": lambda: vault.customer(new_id(), None),
        "add": lambda: vault.add(buyer, "pm_card_visa"),
        "renew": lambda: vault.renew(card.reference, 5, 2041),
        "remove": lambda: vault.remove(card.reference),
    }
    with pytest.raises(Unavailable):
        await calls[operation]()
