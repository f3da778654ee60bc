"""The seed catalogue: the same shop on every machine, in every subgraph, at every size."""

import re
import uuid
from collections import Counter
from datetime import UTC, datetime
from itertools import islice, pairwise

import pytest

from seeds.catalogue import catalogue, categories
from seeds.determinism import uuid7
from seeds.model import SeedProduct
from seeds.naming import option_codes, slug_of
from seeds.stock import stock_of, warehouses

CURATED = 240
LARGE = 5_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SKU = re.compile(r"[A-Z]{3}-[0-9]{4,}(-[A-Z0-9]+)*")


@pytest.fixture(scope="module")
def shop() -> list[SeedProduct]:
    return list(catalogue(LARGE))


def milliseconds(identifier: uuid.UUID) -> int:
    return identifier.int >> 80


def test_two_calls_give_the_same_catalogue(shop: list[SeedProduct]) -> None:
    assert list(catalogue(LARGE)) == shop
    assert categories() == categories()


def test_ids_do_not_change_from_release_to_release() -> None:
    """Carts, orders and bookmarks of a kept database point at these: change them only together with its data."""
    first, *_, last = catalogue()
    assert (first.id, first.slug, first.variants[0].sku) == (
        uuid.UUID("018cc778-5000-7000-8f2f-a32e8d992a7d"),
        "harbour-mug",
        "TAB-0001-NAV",
    )
    assert (str(last.id)[:18], last.slug) == ("01919648-3400-7000", "shape-sorting-house")


def test_a_large_catalogue_begins_with_the_curated_one(shop: list[SeedProduct]) -> None:
    assert shop[:CURATED] == list(catalogue())
    assert list(catalogue(7)) == shop[:7]
    assert list(catalogue(0)) == []


def test_products_are_made_as_they_are_asked_for() -> None:
    assert len(list(islice(catalogue(10**12), 3))) == 3


def test_twelve_leaf_categories_hold_twenty_curated_products_each() -> None:
    parents = {category.parent_id for category in categories()}
    leaves = {category.id for category in categories() if category.id not in parents}
    held = Counter(product.category_id for product in catalogue())
    assert held == dict.fromkeys(leaves, 20)
    assert len(leaves) == 12


def test_categories_form_a_tree_of_two_levels_with_parents_first() -> None:
    known: dict[uuid.UUID, uuid.UUID | None] = {}
    for category in categories():
        assert category.parent_id is None or known[category.parent_id] is None
        known[category.id] = category.parent_id
    places = [(category.parent_id, category.position) for category in categories()]
    assert len(set(places)) == len(places)
    assert len({category.slug for category in categories()}) == len(known) == 17


def test_slugs_skus_and_ids_are_unique_in_a_large_catalogue(shop: list[SeedProduct]) -> None:
    variants = [variant for product in shop for variant in product.variants]
    assert len({product.slug for product in shop}) == len(shop)
    assert len({variant.sku for variant in variants}) == len(variants)
    places = [category.id for category in categories()] + [warehouse.id for warehouse in warehouses()]
    ids = [product.id for product in shop] + [variant.id for variant in variants] + places
    assert len(set(ids)) == len(ids)


def test_every_id_is_a_uuid_of_version_7_that_tells_its_time(shop: list[SeedProduct]) -> None:
    for product in shop:
        for identifier in (product.id, *(variant.id for variant in product.variants)):
            assert identifier.version == 7
            assert identifier.variant == uuid.RFC_4122
            assert milliseconds(identifier) == product.created_at.timestamp() * 1000
    places = [category.id for category in categories()] + [warehouse.id for warehouse in warehouses()]
    assert {identifier.version for identifier in places} == {7}


def test_ids_sort_as_products_came_into_the_shop(shop: list[SeedProduct]) -> None:
    assert all(earlier.id < later.id and earlier.created_at < later.created_at for earlier, later in pairwise(shop))
    for product in shop:
        assert sorted(variant.id for variant in product.variants) == [variant.id for variant in product.variants]


def test_even_a_million_products_came_in_the_past() -> None:
    *_, before_last, last = catalogue(LARGE)
    pace = last.created_at - before_last.created_at
    assert last.created_at + pace * (1_000_000 - LARGE) < datetime(2026, 1, 1, tzinfo=UTC)


def test_a_sequence_that_does_not_fit_into_an_id_is_rejected() -> None:
    with pytest.raises(ValueError, match="4096"):
        uuid7(datetime(2024, 1, 1, tzinfo=UTC), 4096, "anything")


def test_slugs_and_skus_are_fit_for_addresses_and_labels(shop: list[SeedProduct]) -> None:
    for product in shop:
        assert SLUG.fullmatch(product.slug)
        for variant in product.variants:
            assert SKU.fullmatch(variant.sku)


def test_variants_are_the_choices_that_the_options_offer(shop: list[SeedProduct]) -> None:
    for product in shop:
        names = [option.name for option in product.options]
        offered = {(option.name, value) for option in product.options for value in option.values}
        chosen = [variant.selected_options for variant in product.variants]
        assert {pair for pairs in chosen for pair in pairs} == offered
        assert all([name for name, _ in pairs] == names for pairs in chosen)
        assert len(set(chosen)) == len(chosen)
        assert 1 <= len(chosen) <= 6


def test_prices_and_weights_are_those_of_a_general_store(shop: list[SeedProduct]) -> None:
    for product in shop:
        for variant in product.variants:
            assert 5_00 <= variant.price_minor <= 800_00
            assert 10 <= variant.weight_grams <= 25_000
            assert variant.currency == "EUR"


def test_every_curated_product_has_its_own_title_and_several_sentences() -> None:
    products = list(catalogue())
    assert len({product.title for product in products}) == len({product.description for product in products}) == CURATED
    for product in products:
        assert len(re.findall(r"[.!?](?= |$)", product.description)) >= 2, product.title
        assert "  " not in product.description
        assert not re.search(r"\w- |\w-$", product.description)


def test_the_newest_page_shows_the_whole_shop() -> None:
    newest = sorted(catalogue(), key=lambda product: product.created_at, reverse=True)[:12]
    assert len({product.category_id for product in newest}) == 12


def test_codes_of_options_are_short_but_tell_values_apart() -> None:
    assert option_codes(("Blue", "Red", "L")) == ("BLU", "RED", "L")
    assert option_codes(("Sky Blue", "Sky Grey")) == ("SKYB", "SKYG")
    assert slug_of("Nine Men's Café, No. 7") == "nine-mens-cafe-no-7"


def test_stock_lies_in_two_warehouses_and_is_the_same_at_every_call(shop: list[SeedProduct]) -> None:
    ids = [warehouse.id for warehouse in warehouses()]
    for product in shop[:CURATED]:
        for variant in product.variants:
            assert [warehouse_id for warehouse_id, _ in stock_of(variant)] == ids
            assert stock_of(variant) == stock_of(variant)
    assert len({(warehouse.code, warehouse.city, warehouse.country) for warehouse in warehouses()}) == 2


def test_most_variants_are_well_stocked_some_low_and_a_few_sold_out(shop: list[SeedProduct]) -> None:
    totals = [sum(quantity for _, quantity in stock_of(variant)) for product in shop for variant in product.variants]
    sold_out = sum(total == 0 for total in totals) / len(totals)
    low = sum(1 <= total <= 5 for total in totals) / len(totals)
    plenty = sum(total >= 40 for total in totals) / len(totals)
    assert 0.015 < sold_out < 0.025
    assert 0.04 < low < 0.06
    assert sold_out + low + plenty == pytest.approx(1)
