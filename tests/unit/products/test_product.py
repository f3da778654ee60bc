"""What happens to a product on sale."""

import pytest

from subgraphs.products.domain.product import MAX_PRICE_MINOR
from subgraphs.products.domain.rejections import PriceOutOfRange, ProductNotOnSale, VariantNotFound
from tests.unit.products.builders import lamp


def test_a_new_price_moves_the_span_of_prices_and_the_version() -> None:
    changed = lamp(2000, 3000).repriced("LAMP-0", 4500)
    assert (changed.min_price_minor, changed.max_price_minor, changed.version) == (3000, 4500, 2)


def test_the_same_price_again_changes_nothing() -> None:
    product = lamp(2000, 3000)
    assert product.repriced("LAMP-1", 3000) is product


@pytest.mark.parametrize("price", [-1, MAX_PRICE_MINOR + 1])
def test_a_number_that_is_no_price_is_rejected(price: int) -> None:
    with pytest.raises(PriceOutOfRange) as rejected:
        lamp(2000).repriced("LAMP-0", price)
    assert rejected.value.price_minor == price


def test_a_variant_of_another_product_is_rejected() -> None:
    with pytest.raises(VariantNotFound):
        lamp(2000).repriced("LAMP-7", 100)


def test_a_withdrawn_product_keeps_its_prices() -> None:
    with pytest.raises(ProductNotOnSale):
        lamp(2000).withdrawn().repriced("LAMP-0", 100)


def test_leaving_and_coming_back_are_changes_and_staying_is_none() -> None:
    gone = lamp(2000).withdrawn()
    assert (gone.on_sale, gone.version) == (False, 2)
    assert gone.withdrawn() is gone
    back = gone.republished()
    assert (back.on_sale, back.version) == (True, 3)
    assert back.republished() is back
