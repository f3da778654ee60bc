"""What happens to a product on sale."""

from uuid import uuid4

import pytest

from shared.errors import BadUserInput, FailedPrecondition, NotFound
from subgraphs.products.domain.product import MAX_PRICE_MINOR, Product, Variant, repriced, republished, withdrawn


def lamp(*prices: int) -> Product:
    variants = tuple(
        Variant(uuid4(), f"LAMP-{number}", f"Size {number}", price, 900) for number, price in enumerate(prices)
    )
    return Product(uuid4(), "desk-lamp", "Desk Lamp", "EUR", 1, True, variants)


def test_a_new_price_moves_the_span_of_prices_and_the_version() -> None:
    changed = repriced(lamp(2000, 3000), "LAMP-0", 4500)
    assert (changed.min_price_minor, changed.max_price_minor, changed.version) == (3000, 4500, 2)


def test_the_same_price_again_changes_nothing() -> None:
    product = lamp(2000, 3000)
    assert repriced(product, "LAMP-1", 3000) is product


@pytest.mark.parametrize("price", [-1, MAX_PRICE_MINOR + 1])
def test_a_number_that_is_no_price_is_refused(price: int) -> None:
    with pytest.raises(BadUserInput) as refusal:
        repriced(lamp(2000), "LAMP-0", price)
    assert refusal.value.field == ("priceMinor",)


def test_a_variant_of_another_product_is_refused() -> None:
    with pytest.raises(NotFound):
        repriced(lamp(2000), "LAMP-7", 100)


def test_a_withdrawn_product_keeps_its_prices() -> None:
    with pytest.raises(FailedPrecondition):
        repriced(withdrawn(lamp(2000)), "LAMP-0", 100)


def test_leaving_and_coming_back_are_changes_and_staying_is_none() -> None:
    product = lamp(2000)
    gone = withdrawn(product)
    assert (gone.on_sale, gone.version) == (False, 2)
    assert withdrawn(gone) is gone
    back = republished(gone)
    assert (back.on_sale, back.version) == (True, 3)
    assert republished(back) is back
